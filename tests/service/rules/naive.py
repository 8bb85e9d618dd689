"""The rules once more, from the rulebook's sentences alone: slow, plain, nothing shared with them."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise, permutations
from typing import Any, NamedTuple

from service.domain.backlog import Backlog
from service.domain.done import Comparison
from service.domain.edge import Edge, edge_id
from service.domain.item import Item

STEPS = ["low", "medium", "high", "critical"]
Found = dict[tuple[str, tuple[str, ...]], "Expected"]


class Expected(NamedTuple):
    severity: str
    facts: dict[str, Any]
    roles: set[tuple[str, str]]
    edges: set[str]


def evaluate(backlog: Backlog, comparison: Comparison) -> Found:
    return {
        **dict(_edges(backlog)),
        **dict(_cycles(backlog)),
        **dict(_inversions(backlog)),
        **dict(_mismatches(backlog, comparison)),
    }


def _setting(backlog: Backlog, rule: str, name: str, default: Any) -> Any:
    return (backlog.plan.rules.get(rule) or {}).get(name, default)


def _is_on(backlog: Backlog, rule: str) -> bool:
    return backlog.plan.rules.get(rule, {}) is not None


def _up(base: str, *reasons: bool) -> str:
    return STEPS[min(STEPS.index(base) + [bool(reason) for reason in reasons].count(True), 3)]


def _is_open(item: Item) -> bool:
    return item.state in ("todo", "doing")


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)


# Edges


def _edges(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    for edge in backlog.edges:
        for rule, (severity, facts) in _on_edge(backlog, edge).items():
            blocker, dependent = edge.blocker.id, edge.dependent.id
            roles = {(blocker, "blocker"), (dependent, "dependent")}
            edges = {edge_id(blocker, dependent)}
            yield (rule, (blocker, dependent)), Expected(severity, facts, roles, edges)


def _on_edge(backlog: Backlog, edge: Edge) -> dict[str, tuple[str, dict[str, Any]]]:
    judged = {
        "dependency-dropped": _dropped(backlog, edge),
        "dependency-date": _date(backlog, edge),
        "dependency-overdue": _overdue(backlog, edge),
        "dependency-unplanned": _unplanned(backlog, edge),
        "dependency-unstarted": _unstarted(backlog, edge),
    }
    is_cross = edge.blocker.team != edge.dependent.team
    reporting = {
        rule: told
        for rule, told in judged.items()
        if told and _is_on(backlog, rule) and (is_cross or _setting(backlog, rule, "scope", "") == "all")
    }
    marked = [rule for rule in reporting if rule != "dependency-unstarted"]
    return {rule: told for rule, told in reporting.items() if rule not in marked[1:]}


def _dropped(backlog: Backlog, edge: Edge) -> tuple[str, dict[str, Any]] | None:
    if edge.blocker.state == "dropped" and _is_open(edge.dependent):
        return _up("high", edge.dependent.priority == 1), {"dependent_priority": edge.dependent.priority}
    return None


def _date(backlog: Backlog, edge: Edge) -> tuple[str, dict[str, Any]] | None:
    b, d = edge.blocker, edge.dependent
    if not (_is_open(b) and _is_open(d)):
        return None
    mode = _setting(backlog, "dependency-date", "mode", "sequential")
    need, need_from = d.due, d.due_from
    if mode == "sequential" and d.start is not None:
        need, need_from = d.start, d.start_from
    late = 0
    if b.due is not None and need is not None and b.due > need:
        late = (b.due - need).days
    started_before = b.start is not None and d.start is not None and d.start < b.start
    if not late and not (mode == "concurrent" and started_before):
        return None
    facts = {
        "due": _text(b.due),
        "due_from": b.due_from,
        "need_by": _text(need),
        "need_by_from": need_from if need else None,
        "days_late": late,
        "mode": mode,
    }
    return _up("medium", late > 14, d.state == "doing" or d.priority in (1, 2)), facts


def _overdue(backlog: Backlog, edge: Edge) -> tuple[str, dict[str, Any]] | None:
    b, d, today = edge.blocker, edge.dependent, backlog.plan.today
    if not (_is_open(b) and _is_open(d) and b.due is not None and b.due < today):
        return None
    days = (today - b.due).days
    facts = {"due": _text(b.due), "due_from": b.due_from, "today": _text(today), "days_late": days}
    return _up("medium", days > 14, d.state == "doing"), facts


def _unplanned(backlog: Backlog, edge: Edge) -> tuple[str, dict[str, Any]] | None:
    b, d, today = edge.blocker, edge.dependent, backlog.plan.today
    if not (_is_open(b) and _is_open(d) and b.due is None):
        return None
    day = d.start if d.start is not None else d.due
    away = None if day is None else (day - today).days
    horizon = _setting(backlog, "dependency-unplanned", "horizon", timedelta(90)).days
    if d.state != "doing" and (away is None or away > horizon):
        return None
    is_soon = away is not None and away <= 14
    facts = {"due": None, "need_by": _text(day), "today": _text(today), "horizon_days": horizon}
    return _up("low", d.state == "doing" or is_soon), facts


def _unstarted(backlog: Backlog, edge: Edge) -> tuple[str, dict[str, Any]] | None:
    if edge.dependent.state == "doing" and edge.blocker.state == "todo":
        return _up("medium", edge.dependent.priority == 1), {"blocker_state": "todo"}
    return None


# The planning graph


def _arrows(backlog: Backlog) -> set[tuple[str, str]]:
    return {
        (edge.blocker.id, edge.dependent.id)
        for edge in backlog.edges
        if _is_open(edge.blocker) and _is_open(edge.dependent)
    }


def _reachable(arrows: set[tuple[str, str]], start: str) -> set[str]:
    found: set[str] = set()
    while more := {after for before, after in arrows if before in found | {start}} - found:
        found |= more
    return found


def _cycles(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    if not _is_on(backlog, "dependency-cycle"):
        return
    arrows = _arrows(backlog)
    after = {one: _reachable(arrows, one) for one in backlog.items}
    for members in {
        tuple(sorted(other for other in after[one] if one in after[other])) for one in backlog.items
    }:
        teams = {backlog.items[one].team for one in members}
        if len(teams) > 1:
            circle = _shortest_circle(backlog, arrows, members)
            yield (
                ("dependency-cycle", members),
                Expected(
                    severity=_up("high", len(teams) >= 3),
                    facts={"circle": list(circle)},
                    roles={(one, "member") for one in members},
                    edges={edge_id(*arrow) for arrow in arrows if set(arrow) <= set(members)},
                ),
            )


def _shortest_circle(
    backlog: Backlog, arrows: set[tuple[str, str]], members: tuple[str, ...]
) -> tuple[str, ...]:
    for size in range(2, len(members) + 1):
        circles = [
            way
            for some in combinations(members, size)
            if len({backlog.items[one].team for one in some}) > 1
            for way in permutations(some)
            if all((way[place - 1], one) in arrows for place, one in enumerate(way))
        ]
        if circles:
            return min(circles)
    raise AssertionError("a component of two teams has such a circle")


def _inversions(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    if not _is_on(backlog, "priority-inversion"):
        return
    arrows = _arrows(backlog)
    for one, item in backlog.items.items():
        if not _is_open(item) or item.priority is None:
            continue
        ways = _crossing_ways(backlog, arrows, one)
        known = [(backlog.items[end].priority, way) for end, way in ways if backlog.items[end].priority]
        if not known:
            continue
        priority = min(urgency for urgency, _ in known if urgency)
        if priority >= item.priority:
            continue
        _, path = min((len(way), way) for urgency, way in known if urgency == priority)
        gap = item.priority - priority
        via = {(other, "via") for other in path if other not in (one, path[-1])}
        yield (
            ("priority-inversion", (one,)),
            Expected(
                severity={1: "low", 2: "medium"}.get(gap, "high"),
                facts={"priority": item.priority, "urgent_priority": priority, "path": list(path)},
                roles={(one, "blocker"), (path[-1], "urgent"), *via},
                edges={edge_id(*pair) for pair in pairwise(path)},
            ),
        )


def _crossing_ways(
    backlog: Backlog, arrows: set[tuple[str, str]], start: str
) -> list[tuple[str, tuple[str, ...]]]:
    """Every end of a way that crosses teams, each with the shortest way there, of several the lowest.

    Way by way, one step longer each time; a way may meet an item twice, before and after it crosses.
    """
    ways: dict[tuple[str, bool], tuple[str, ...]] = {(start, False): (start,)}
    found: dict[str, tuple[str, ...]] = {}
    for _ in range(2 * len(backlog.items)):
        longer: dict[tuple[str, bool], tuple[str, ...]] = {}
        for (last, has_crossed), way in sorted(ways.items(), key=lambda told: told[1]):
            for after in sorted(other for before, other in arrows if before == last):
                crosses = has_crossed or backlog.items[last].team != backlog.items[after].team
                longer.setdefault((after, crosses), (*way, after))
        for (last, has_crossed), way in longer.items():
            if has_crossed:
                found.setdefault(last, way)
        ways = longer
    return list(found.items())


# Definitions of Done


def _mismatches(
    backlog: Backlog, comparison: Comparison
) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    if not _is_on(backlog, "dod-mismatch"):
        return
    teams = {item.team for item in backlog.items.values()}
    for supplier, consumer in permutations(sorted(teams), 2):
        edges = [
            (before, after)
            for before, after in _arrows(backlog)
            if (backlog.items[before].team, backlog.items[after].team) == (supplier, consumer)
        ]
        groups = (_groups(backlog, supplier), _groups(backlog, consumer))
        lacking = [
            criterion.id
            for criterion in comparison.criteria
            if consumer in criterion.by_team and supplier not in criterion.by_team
        ]
        if lacking and (edges or groups[0] & groups[1]):
            facts = {"supplier": supplier, "consumer": consumer, "open_dependencies": len(edges)}
            severity = _up("medium", len(edges) > 5)
            yield ("dod-mismatch", (supplier, consumer)), Expected(severity, facts, set(), set())


def _groups(backlog: Backlog, team: str) -> set[tuple[str, str]]:
    """The epics and goals in which a team has an open item."""
    found: set[tuple[str, str]] = set()
    for item in backlog.items.values():
        if item.team != team or not _is_open(item):
            continue
        if item.id in backlog.goals:
            found.add(("goal", backlog.goals[item.id]))
        line, above = [item], item.parent
        while above is not None and above not in [one.id for one in line]:
            line.append(backlog.items[above])
            above = backlog.items[above].parent
        found |= {("epic", one.id) for one in line if one.kind == "epic"}
    return found
