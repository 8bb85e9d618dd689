import { el, pages, said } from "../dom.js";

export const title = "Conflicts";

export function render(get) {
  return pages(get, "/v1/conflicts", (all) =>
    all.length === 0
      ? el("p", { class: "calm" }, "No open conflicts: the plans fit together.")
      : el("ol", { class: "cards" }, all.map(card)),
  );
}

function card(conflict) {
  return el(
    "li",
    { class: `card ${conflict.severity}` },
    el(
      "p",
      { class: "labels" },
      el("strong", { class: "severity" }, conflict.severity),
      el("span", {}, conflict.kind),
      el("span", {}, conflict.teams.join(", ")),
      conflict.state === "open" ? null : el("span", {}, conflict.state),
    ),
    el("h2", {}, said(conflict.title)),
    el("p", {}, said(conflict.explanation)),
    conflict.suggestions.length
      ? el("ul", {}, conflict.suggestions.map((suggestion) => el("li", {}, said(suggestion))))
      : null,
    el(
      "p",
      { class: "who" },
      "Talk to ",
      said(conflict.owners.map((owner) => owner.name).join(" and ") || "nobody: no owner is named"),
      conflict.decider ? ["; decided by ", said(conflict.decider.name ?? conflict.decider.email)] : null,
    ),
  );
}
