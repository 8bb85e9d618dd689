// Building elements. Text from trackers only ever becomes text, isolated from its surroundings.

export function el(name, attributes = {}, ...children) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) found.setAttribute(key, value);
  }
  found.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return found;
}

export function said(text) {
  return el("bdi", {}, text ?? "");
}

export function link(item) {
  const key = said(item.key);
  return /^https?:\/\//.test(item.url ?? "")
    ? el("a", { href: item.url, rel: "noopener noreferrer", target: "_blank" }, key)
    : key;
}

export function table(caption, heads, rows) {
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell ?? ""))))),
    ),
  );
}

// A list that fetches its next page when asked.
export function pages(get, path, draw) {
  const root = el("div");
  const more = el("button", { type: "button", class: "more" }, "Show more");
  let cursor = null;
  let all = [];
  const load = async () => {
    more.disabled = true;
    const joint = path.includes("?") ? "&" : "?";
    const page = await get(cursor ? `${path}${joint}cursor=${encodeURIComponent(cursor)}` : path);
    all = all.concat(page.items);
    cursor = page.next;
    root.replaceChildren(draw(all), ...(cursor ? [more] : []));
    more.disabled = false;
  };
  more.addEventListener("click", load);
  return load().then(() => root);
}
