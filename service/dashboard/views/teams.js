import { said, table } from "../dom.js";

export const title = "Teams";

export async function render(get) {
  const { items } = await get("/v1/teams");
  return table(
    "Who owns what, and whom to ask",
    ["Team", "Owner", "Area", "Components", "Open items", "Open conflicts"],
    items.map((team) => [
      said(team.name),
      said(team.owner?.name ?? "nobody"),
      said(team.area),
      said((team.components ?? []).join(", ")),
      String(team.open_items ?? ""),
      String(Object.values(team.open_conflicts).reduce((sum, count) => sum + count, 0)),
    ]),
  );
}
