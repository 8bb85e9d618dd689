import { el, said, table } from "../dom.js";

export const title = "Definitions of Done";

export async function render(get) {
  const { criteria, teams, differences } = await get("/v1/dod");
  return el(
    "div",
    {},
    table(
      "Each criterion once, with every team's own wording",
      ["Criterion", ...teams.map((one) => one.team)],
      criteria.map((criterion) => [
        said(criterion.text),
        ...teams.map((one) => wording(criterion.by_team[one.team])),
      ]),
    ),
    el("p", {}, `${differences.length} differences`),
  );
}

function wording(found) {
  return found ? said(found.text) : el("span", { class: "bad" }, "missing");
}
