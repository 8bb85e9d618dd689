"""What the rules find with supposed changes or without, each in as little as it needs. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from service.domain.conflict.finding import Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.what_if.open_plan import Circle, OpenPlan
from service.rules import Scope, evaluate, rules, shape_findings
from service.rules.shapes.suppliers import Teams
from service.rules.shapes.urgency import urgencies

_NO_COMPARISON = Comparison((), ())


def nearby_findings(near: Backlog) -> list[Finding]:
    """Of the rules that look no further than a neighbourhood."""
    plan = _only(near.plan, lambda name: rules()[name].is_judged_nearby)
    return evaluate(replace(near, plan=plan), _NO_COMPARISON)


def team_findings(whole: OpenPlan, plan: Plan, teams: Collection[str]) -> list[Finding]:
    """Of the rules that look at the open items of a team."""
    items = (item for (team, _), members in whole.teams.items() if team in teams for item in members)
    view = Teams({}, _NO_COMPARISON, urgencies(items))
    return shape_findings("team", view, _only(plan, rules_of("team").__contains__))


def deadlock_findings(
    circles: Iterable[Circle],
    items: Mapping[str, Item],
    origins: Mapping[tuple[str, str], Sequence[str]],
    plan: Plan,
) -> Iterator[Finding]:
    """Of the rules that look at all teams' orders: a deadlock by itself is one of its own component."""
    only = _only(plan, rules_of("order").__contains__)
    for circle in circles:
        steps = sorted(pairwise([*circle, circle[0]]))
        edges = [
            Dependency(items[a], items[b], tuple(origins[a, b]))
            for a, b in sorted(steps)
            if (a, b) in origins
        ]
        yield from evaluate(Backlog(only, {one: items[one] for one in circle}, edges), _NO_COMPARISON)


def rules_of(scope: Scope) -> list[str]:
    return [name for name, rule in rules().items() if rule.scope == scope]


def _only(plan: Plan, is_wanted: Callable[[str], bool]) -> Plan:
    off = {name: None for name in rules() if not is_wanted(name)}
    return replace(plan, rules={**plan.rules, **off})
