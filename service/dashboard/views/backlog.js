import { el, link, pages, said, table } from "../dom.js";

export const title = "Backlog";

const STALE = "Nobody has touched it for 180 days";

export function render(get) {
  return pages(get, "/v1/backlog", (all) =>
    table(
      "All open work of all teams, in the one overarching order",
      ["#", "Key", "Team", "Title", "Priority", "Due", "Goal", "Conflicts"],
      all.map((item) => [
        String(item.position),
        link(item),
        item.team,
        [said(item.title), item.stale ? el("span", { class: "stale", title: STALE }, "stale") : null],
        priority(item),
        item.due ? `${item.due} (${item.due_from})` : "",
        item.goal ?? "",
        item.conflicts ? el("a", { href: "#conflicts", class: "bad" }, String(item.conflicts)) : "",
      ]),
    ),
  );
}

function priority(item) {
  const own = item.priority === null ? "–" : String(item.priority);
  const raised = item.effective_priority !== null && item.effective_priority !== item.priority;
  return raised ? `${own} → ${item.effective_priority}` : own;
}
