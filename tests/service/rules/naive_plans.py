"""Rules of epics and of pairs, from the rulebook's sentences alone."""

from itertools import combinations
from typing import Any

from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from tests.service.rules.naive_base import Expected, Found, is_on, is_open, text, up


def epics(backlog: Backlog) -> Found:
    found: Found = {}
    for item in backlog.items.values():
        over = epics_above(backlog, item)
        for epic in over[:1] if is_on(backlog, "epic-overrun") else []:
            if is_open(item) and is_open(epic) and item.team != epic.team and item.due and epic.due:
                late = (item.due - epic.due).days
                if late > 0:
                    facts: dict[str, Any] = {
                        "due": text(item.due),
                        "epic_due": text(epic.due),
                        "days_late": late,
                    }
                    found["epic-overrun", (epic.id, item.id)] = _under(
                        epic, item, up("medium", late > 14), facts
                    )
        for epic in over if is_on(backlog, "epic-closed-early") else []:
            if is_open(item) and epic.state in ("done", "dropped") and item.team != epic.team:
                facts = {"epic_state": epic.state, "item_state": item.state}
                severity = up("low", epic.state == "dropped")
                found["epic-closed-early", (epic.id, item.id)] = _under(epic, item, severity, facts)
    return found


def _under(epic: Item, item: Item, severity: str, facts: dict[str, Any]) -> Expected:
    return Expected(severity, facts, {(epic.id, "epic"), (item.id, "item")}, set())


def epics_above(backlog: Backlog, item: Item) -> list[Item]:
    """Nearest first; nothing lies above itself."""
    line: list[Item] = []
    above = backlog.items.get(item.parent or "")
    while above is not None and above.id not in (item.id, *(one.id for one in line)):
        line.append(above)
        above = backlog.items.get(above.parent or "")
    return [one for one in line if one.kind == "epic"]


def pairs(backlog: Backlog) -> Found:
    found: Found = {}
    for one, other in combinations(sorted(backlog.items), 2):
        first, second = backlog.items[one], backlog.items[other]
        ties = [tie for tie in backlog.ties if {tie.one, tie.other} == {one, other}]
        roles = {(one, "item"), (other, "item")}
        if first.team == second.team:
            continue
        says_so = any(tie.relation == "conflicts" for tie in ties)
        if is_on(backlog, "exclusive-plans") and says_so and is_open(first) and is_open(second):
            found["exclusive-plans", (one, other)] = Expected("high", {}, roles, set())
        same = [
            tie
            for tie in ties
            if tie.origin != "text"
            and (
                tie.relation in ("mirrors", "duplicates")
                or (tie.relation == "clones" and _have_like_titles(first, second))
            )
        ]
        if is_on(backlog, "mirror-drift") and same and not (first.is_duplicate or second.is_duplicate):
            differing = _differing(first, second)
            if differing and (is_open(first) or is_open(second)):
                severity = up("low", "state" in differing)
                facts = {"differing": differing}
                found["mirror-drift", (one, other)] = Expected(severity, facts, roles, set())
    return found


def _have_like_titles(one: Item, other: Item) -> bool:
    first, second = (set(item.title.lower().removeprefix("clone - ").split()) for item in (one, other))
    return len(first & second) / len(first | second) >= 0.6


def _differing(one: Item, other: Item) -> list[str]:
    told = {
        "state": (is_open(one), is_open(other)),
        "priority": (one.priority, other.priority),
        "due": (one.due, other.due),
    }
    return [name for name, (mine, theirs) in told.items() if None not in (mine, theirs) and mine != theirs]
