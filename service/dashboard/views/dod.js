import { el, said, table } from "../dom.js";

export const title = "Definitions of Done";

export async function render(get) {
  const { criteria, teams, differences } = await get("/v1/dod");
  const keys = teams.map((team) => team.key ?? team);
  return el(
    "div",
    {},
    table(
      "Each criterion once, with every team's own wording",
      ["Criterion", ...teams.map((team) => team.name ?? team)],
      criteria.map((criterion) => [
        said(criterion.text),
        ...keys.map((key) => wording(criterion.teams[key])),
      ]),
    ),
    el("p", {}, `${differences.length} differences`),
  );
}

function wording(found) {
  return found ? said(found.text) : el("span", { class: "bad" }, "missing");
}
