"""The rules once more, from the rulebook's sentences alone: slow, plain, nothing shared with them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise, permutations
from typing import Any

from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency, dependency_id
from tests.service.rules import naive_agreements, naive_chain, naive_components, naive_deadlock, naive_plans
from tests.service.rules.naive_base import (
    Expected,
    Found,
    arrows,
    is_on,
    is_open,
    reachable,
    setting,
    text,
    up,
)

__all__ = ["Expected", "Found", "evaluate"]

MARKED = {"dependency-dropped", "dependency-date", "dependency-overdue", "dependency-unplanned"}


def evaluate(backlog: Backlog, comparison: Comparison) -> Found:
    return {
        **dict(_edges(backlog)),
        **dict(_cycles(backlog)),
        **dict(_inversions(backlog)),
        **dict(_mismatches(backlog, comparison)),
        **naive_chain.chains(backlog, _reported(backlog)),
        **naive_deadlock.deadlocks(backlog),
        **naive_agreements.agreements(backlog),
        **naive_agreements.unresolved(backlog),
        **naive_plans.epics(backlog),
        **naive_plans.pairs(backlog),
        **naive_components.components(backlog),
        **naive_components.inflated(backlog),
    }


# Edges


def _edges(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    for edge in backlog.edges:
        for rule, (severity, facts) in _on_dependency(backlog, edge).items():
            blocker, dependent = edge.blocker.id, edge.dependent.id
            roles = {(blocker, "blocker"), (dependent, "dependent")}
            edges = {dependency_id(blocker, dependent)}
            yield (rule, (blocker, dependent)), Expected(severity, facts, roles, edges)


def _on_dependency(backlog: Backlog, edge: Dependency) -> dict[str, tuple[str, dict[str, Any]]]:
    judged = {
        "dependency-dropped": _dropped(backlog, edge),
        "dependency-date": _date(backlog, edge),
        "dependency-overdue": _overdue(backlog, edge),
        "dependency-unplanned": _unplanned(backlog, edge),
        "dependency-unstarted": _unstarted(backlog, edge),
        "dependency-contradiction": _contradiction(backlog, edge),
    }
    is_cross = edge.blocker.team != edge.dependent.team
    reporting = {
        rule: told
        for rule, told in judged.items()
        if told and is_on(backlog, rule) and (is_cross or setting(backlog, rule, "scope", "") == "all")
    }
    marked = [rule for rule in reporting if rule in MARKED]
    return {rule: told for rule, told in reporting.items() if rule not in marked[1:]}


def _dropped(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    if edge.blocker.state == "dropped" and is_open(edge.dependent):
        return up("high", edge.dependent.priority == 1), {"dependent_priority": edge.dependent.priority}
    return None


def _date(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    b, d = edge.blocker, edge.dependent
    if not (is_open(b) and is_open(d)):
        return None
    mode = setting(backlog, "dependency-date", "mode", "sequential")
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
        "due": text(b.due),
        "due_from": b.due_from,
        "need_by": text(need),
        "need_by_from": need_from if need else None,
        "days_late": late,
        "mode": mode,
    }
    return up("medium", late > 14, d.state == "doing" or d.priority in (1, 2)), facts


def _overdue(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    b, d, today = edge.blocker, edge.dependent, backlog.plan.today
    if not (is_open(b) and is_open(d) and b.due is not None and b.due < today):
        return None
    days = (today - b.due).days
    facts = {"due": text(b.due), "due_from": b.due_from, "today": text(today), "days_late": days}
    return up("medium", days > 14, d.state == "doing"), facts


def _unplanned(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    b, d, today = edge.blocker, edge.dependent, backlog.plan.today
    if not (is_open(b) and is_open(d) and b.due is None):
        return None
    day = d.start if d.start is not None else d.due
    away = None if day is None else (day - today).days
    horizon = setting(backlog, "dependency-unplanned", "horizon", timedelta(90)).days
    if d.state != "doing" and (away is None or away > horizon):
        return None
    is_soon = away is not None and away <= 14
    facts = {"due": None, "need_by": text(day), "today": text(today), "horizon_days": horizon}
    return up("low", d.state == "doing" or is_soon), facts


def _unstarted(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    if edge.dependent.state == "doing" and edge.blocker.state == "todo":
        return up("medium", edge.dependent.priority == 1), {"blocker_state": "todo"}
    return None


def _contradiction(backlog: Backlog, edge: Dependency) -> tuple[str, dict[str, Any]] | None:
    closed = edge.dependent.closed_on
    if edge.dependent.state != "done" or closed is None or not is_open(edge.blocker):
        return None
    if closed >= backlog.plan.today - timedelta(30):
        return "low", {"closed_on": text(closed), "blocker_state": edge.blocker.state}
    return None


def _reported(backlog: Backlog) -> set[tuple[str, str]]:
    """Edges on which a rule marked in the rulebook reports."""
    return {
        (edge.blocker.id, edge.dependent.id)
        for edge in backlog.edges
        if MARKED & set(_on_dependency(backlog, edge))
    }


# The planning graph


def _cycles(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    if not is_on(backlog, "dependency-cycle"):
        return
    open_arrows = arrows(backlog)
    after = {one: reachable(open_arrows, one) for one in backlog.items}
    for members in {
        tuple(sorted(other for other in after[one] if one in after[other])) for one in backlog.items
    }:
        teams = {backlog.items[one].team for one in members}
        if len(teams) > 1:
            circle = _shortest_circle(backlog, open_arrows, members)
            yield (
                ("dependency-cycle", members),
                Expected(
                    severity=up("high", len(teams) >= 3),
                    facts={"circle": list(circle)},
                    roles={(one, "member") for one in members},
                    edges={dependency_id(*arrow) for arrow in open_arrows if set(arrow) <= set(members)},
                ),
            )


def _shortest_circle(
    backlog: Backlog, pairs: set[tuple[str, str]], members: tuple[str, ...]
) -> tuple[str, ...]:
    for size in range(2, len(members) + 1):
        circles = [
            way
            for some in combinations(members, size)
            if len({backlog.items[one].team for one in some}) > 1
            for way in permutations(some)
            if all((way[place - 1], one) in pairs for place, one in enumerate(way))
        ]
        if circles:
            return min(circles)
    raise AssertionError("a component of two teams has such a circle")


def _inversions(backlog: Backlog) -> Iterator[tuple[tuple[str, tuple[str, ...]], Expected]]:
    if not is_on(backlog, "priority-inversion"):
        return
    open_arrows = arrows(backlog)
    for one, item in backlog.items.items():
        if not is_open(item) or item.priority is None:
            continue
        ways = _crossing_ways(backlog, open_arrows, one)
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
                edges={dependency_id(*pair) for pair in pairwise(path)},
            ),
        )


def _crossing_ways(
    backlog: Backlog, pairs: set[tuple[str, str]], start: str
) -> list[tuple[str, tuple[str, ...]]]:
    """Every end of a way that crosses teams, each with the shortest way there, of several the lowest.

    Way by way, one step longer each time; a way may meet an item twice, before and after it crosses.
    """
    ways: dict[tuple[str, bool], tuple[str, ...]] = {(start, False): (start,)}
    found: dict[str, tuple[str, ...]] = {}
    for _ in range(2 * len(backlog.items)):
        longer: dict[tuple[str, bool], tuple[str, ...]] = {}
        for (last, has_crossed), way in sorted(ways.items(), key=lambda told: told[1]):
            for after in sorted(other for before, other in pairs if before == last):
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
    if not is_on(backlog, "dod-mismatch"):
        return
    teams = {item.team for item in backlog.items.values()}
    for supplier, consumer in permutations(sorted(teams), 2):
        edges = [
            (before, after)
            for before, after in arrows(backlog)
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
            severity = up("medium", len(edges) > 5)
            yield ("dod-mismatch", (supplier, consumer)), Expected(severity, facts, set(), set())


def _groups(backlog: Backlog, team: str) -> set[tuple[str, str]]:
    """The epics and goals in which a team has an open item."""
    found: set[tuple[str, str]] = set()
    for item in backlog.items.values():
        if item.team != team or not is_open(item):
            continue
        if item.id in backlog.goals:
            found.add(("goal", backlog.goals[item.id]))
        line, above = [item], item.parent
        while above is not None and above not in [one.id for one in line]:
            line.append(backlog.items[above])
            above = backlog.items[above].parent
        found |= {("epic", one.id) for one in line if one.kind == "epic"}
    return found
