// One view at a time, named by the address's fragment.

import { get, keepToken, Unauthorised } from "./api.js";
import { el } from "./dom.js";
import * as backlog from "./views/backlog.js";
import * as conflicts from "./views/conflicts.js";
import * as dod from "./views/dod.js";
import * as sources from "./views/sources.js";
import * as teams from "./views/teams.js";

const VIEWS = { conflicts, backlog, dod, teams, sources };
const main = document.querySelector("main");
const nav = document.querySelector("nav");
const dialog = document.querySelector("dialog");
const freshness = document.querySelector(".freshness");

nav.append(
  ...Object.entries(VIEWS).map(([name, view]) => el("a", { href: `#${name}` }, view.title)),
);

async function show() {
  const name = location.hash.slice(1) in VIEWS ? location.hash.slice(1) : "conflicts";
  for (const link of nav.children) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${VIEWS[name].title} · attune`;
  main.setAttribute("aria-busy", "true");
  try {
    main.replaceChildren(el("h1", {}, VIEWS[name].title), await VIEWS[name].render(get));
    await tellFreshness();
  } catch (error) {
    if (error instanceof Unauthorised) dialog.showModal();
    else main.replaceChildren(el("p", { role: "alert" }, error.message));
  }
  main.removeAttribute("aria-busy");
}

async function tellFreshness() {
  const { items } = await get("/v1/sources");
  const failing = items.filter((source) => source.state === "failing").map((source) => source.key);
  freshness.textContent = failing.length
    ? `Not up to date: ${failing.join(", ")}`
    : `${items.length} sources up to date`;
  freshness.classList.toggle("bad", failing.length > 0);
}

dialog.addEventListener("close", () => {
  keepToken(new FormData(dialog.querySelector("form")).get("token"));
  show();
});
addEventListener("hashchange", () => show().then(() => main.focus()));
show();
