import { el, said, table } from "../dom.js";

export const title = "Sources";

export async function render(get) {
  const { items } = await get("/v1/sources");
  return el("div", {}, freshness(items), unconfigured(items));
}

function freshness(sources) {
  return table(
    "How fresh and how complete each tracker's data is",
    ["Source", "State", "Items", "Stale", "Last read", "Rejected", "Left of its limit", "To know"],
    sources.map((source) => [
      source.key,
      el("span", { class: source.state === "failing" ? "bad" : "" }, source.state),
      String(source.items),
      String(source.stale_items),
      source.last_delta ?? "never",
      String(source.rejected_count),
      quota(source.quota),
      remarks(source),
    ]),
  );
}

function quota(left) {
  return left ? `${left.remaining} of ${left.limit} until ${left.resets_at}` : "";
}

function remarks(source) {
  const trouble = source.error && source.state === "failing" ? [el("li", { class: "bad" }, said(source.error))] : [];
  const told = [...trouble, ...source.warnings.map((warning) => el("li", {}, said(warning)))];
  return told.length ? el("ul", {}, told) : "";
}

// What open items wait for and no source reads, with the line that would read it.
function unconfigured(sources) {
  const rows = sources.flatMap((source) => source.unconfigured.map((project) => ({ ...project, source: source.key })));
  if (!rows.length) return null;
  return table(
    "Open items wait for these, and no source reads them",
    ["Project", "Site", "Named", "By", "Source", "Line to add to the product file"],
    rows.map((row) => [
      said(row.project),
      said(row.site ?? "not said"),
      String(row.references),
      said(row.items.join(", ")),
      row.source,
      el("code", {}, said(row.suggestion)),
    ]),
  );
}
