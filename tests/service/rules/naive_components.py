"""Rules of components and of teams, from the rulebook's sentences alone."""

from datetime import date, timedelta

from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from tests.service.rules.naive_base import Expected, Found, is_on, is_open, up
from tests.service.rules.naive_plans import epics_above


def components(backlog: Backlog) -> Found:
    found: Found = {}
    if is_on(backlog, "component-collision"):
        for component, most in backlog.plan.shared.items():
            found |= _collisions(backlog, component.strip().casefold(), most)
    names = {name for item in backlog.items.values() for name in _of(item)}
    claims = {team.key: {name.strip().casefold() for name in team.components} for team in backlog.plan.teams}
    names |= {name for claimed in claims.values() for name in claimed}
    for name in names:
        owners = [team for team, claimed in claims.items() if name in claimed]
        users = {one.team for one in backlog.items.values() if is_open(one) and name in _of(one)}
        if len(owners) > 1 and is_on(backlog, "ownership-overlap"):
            found["ownership-overlap", (name,)] = Expected("high", {"component": name}, set(), set())
        if not owners and len(users) > 1 and is_on(backlog, "ownership-gap"):
            counts = {
                team: len([one for one in backlog.items.values() if _counts(one, team, name)])
                for team in users
            }
            listed = [{"team": team, "count": counts[team]} for team in claims if team in users]
            facts = {"component": name, "open_items": listed}
            found["ownership-gap", ("component", name)] = Expected("medium", facts, set(), set())
    for team in backlog.plan.teams:
        if team.owner is None and is_on(backlog, "ownership-gap"):
            found["ownership-gap", ("team", team.key)] = Expected("medium", {"team": team.key}, set(), set())
    return found


def _counts(item: Item, team: str, name: str) -> bool:
    return item.team == team and is_open(item) and name in _of(item)


def _of(item: Item) -> set[str]:
    return {name.strip().casefold() for name in item.components}


def _collisions(backlog: Backlog, component: str, most: int) -> Found:
    candidates = [
        item
        for item in backlog.items.values()
        if is_open(item)
        and component in _of(item)
        and (
            item.kind == "epic" or (item.kind in ("story", "task", "bug") and not epics_above(backlog, item))
        )
        and item.start is not None
        and item.due is not None
        and item.start <= item.due
    ]
    on_a_day = [{item.id for item in candidates if _runs(item, day)} for day in _days(candidates)]
    found: Found = {}
    for members in on_a_day:
        teams = {backlog.items[one].team for one in members}
        if len(members) > most and len(teams) > 1 and not any(members < other for other in on_a_day):
            facts = {"component": component, "max_parallel": most}
            roles = {(one, "member") for one in members}
            found["component-collision", (component, *sorted(members))] = Expected(
                up("medium", len(teams) >= 3), facts, roles, set()
            )
    return found


def _days(items: list[Item]) -> list[date]:
    firsts = [item.start for item in items if item.start]
    lasts = [item.due for item in items if item.due]
    if not firsts:
        return []
    return [min(firsts) + timedelta(days) for days in range((max(lasts) - min(firsts)).days + 1)]


def _runs(item: Item, day: date) -> bool:
    return item.start is not None and item.due is not None and item.start <= day <= item.due


def inflated(backlog: Backlog) -> Found:
    found: Found = {}
    for team in {item.team for item in backlog.items.values()}:
        mine = [item for item in backlog.items.values() if item.team == team and is_open(item)]
        urgent = [item for item in mine if item.priority in (1, 2)]
        if len(mine) >= 20 and len(urgent) > len(mine) / 2 and is_on(backlog, "priority-inflation"):
            facts = {"team": team, "open_items": len(mine), "urgent_items": len(urgent)}
            found["priority-inflation", (team,)] = Expected("low", facts, set(), set())
    return found
