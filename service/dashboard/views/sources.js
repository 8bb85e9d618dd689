import { el, said, table } from "../dom.js";

export const title = "Sources";

export async function render(get) {
  const { items } = await get("/v1/sources");
  return table(
    "How fresh and how complete each tracker's data is",
    ["Source", "State", "Items", "Last read", "Rejected", "Trouble"],
    items.map((source) => [
      source.key,
      el("span", { class: source.state === "failing" ? "bad" : "" }, source.state),
      String(source.items ?? ""),
      source.last_delta ?? "never",
      String(source.rejected?.length ?? source.rejected ?? 0),
      said(source.error),
    ]),
  );
}
