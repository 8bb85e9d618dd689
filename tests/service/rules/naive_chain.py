"""The forecast and ``dependency-chain`` once more, from the rulebook's sentences alone."""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from tests.service.rules.naive_base import Expected, Found, arrows, is_on, reachable, setting, text, up


class Told(NamedTuple):
    """Of one item; ``ways`` are all that carry the forecast, from each source to the item."""

    day: date
    ways: list[tuple[str, ...]]


def forecasts(backlog: Backlog) -> dict[str, Told]:
    pairs = arrows(backlog)
    on_cycle = {one for one in backlog.items if one in reachable(pairs, one)}
    found: dict[str, Told | None] = {}

    def forecast(one: str) -> Told | None:
        if one not in found:
            found[one] = None if one in on_cycle else _forecast(backlog, one, waits_for(one))
        return found[one]

    def waits_for(one: str) -> list[tuple[str, Told]]:
        blockers = sorted(before for before, after in pairs if after == one)
        return [(before, told) for before in blockers if (told := forecast(before))]

    every = [one for one, item in backlog.items.items() if item.state in ("todo", "doing")]
    return {one: told for one in every if (told := forecast(one))}


def _forecast(backlog: Backlog, one: str, waits_for: list[tuple[str, Told]]) -> Told | None:
    item = backlog.items[one]
    days = [told.day + _span(backlog, item) for _, told in waits_for]
    if item.due is not None and all(item.due >= day for day in days):
        return Told(item.due, [(one,)])
    if not days:
        return None
    latest = max(days)
    ways = [
        (*way, one)
        for (_, told), day in zip(waits_for, days, strict=True)
        for way in told.ways
        if day == latest
    ]
    return Told(latest, ways)


def _span(backlog: Backlog, item: Item) -> timedelta:
    if _mode(backlog) == "sequential" and item.start is not None and item.due is not None:
        return max(timedelta(0), item.due - item.start)
    return timedelta(0)


def _mode(backlog: Backlog) -> str:
    return str(setting(backlog, "dependency-date", "mode", "sequential"))


def _need(backlog: Backlog, item: Item) -> date | None:
    if _mode(backlog) == "sequential" and item.start is not None:
        return item.start
    return item.due


class Danger(NamedTuple):
    """The later the worse; of one day the shortest path, of those the lowest."""

    early: int  # days late, negative
    length: int
    path: tuple[str, ...]


def chains(backlog: Backlog, reported: set[tuple[str, str]]) -> Found:
    if not is_on(backlog, "dependency-chain"):
        return {}
    told = forecasts(backlog)
    dangers: dict[str, dict[str, Danger]] = {}
    for before, after in arrows(backlog) - reported:
        need = _need(backlog, backlog.items[after])
        if need is None or before not in told or told[before].day <= need:
            continue
        for way in told[before].ways:
            path = (*way, after)
            if len(path) > 2 and len({backlog.items[one].team for one in path}) > 1:
                danger = Danger(-(told[before].day - need).days, len(path), path)
                endangered = dangers.setdefault(way[0], {})
                endangered[after] = min(danger, endangered.get(after, danger))
    return {
        ("dependency-chain", (source,)): _expected(backlog, source, endangered)
        for source, endangered in dangers.items()
    }


def _expected(backlog: Backlog, source: str, endangered: dict[str, Danger]) -> Expected:
    on_paths = {one for danger in endangered.values() for one in danger.path}
    via = on_paths - {source, *endangered}
    most = max(-danger.early for danger in endangered.values())
    teams = {backlog.items[one].team for one in on_paths}
    return Expected(
        severity=up("medium", most > 14, len(teams) > 2),
        facts={
            "due": text(backlog.items[source].due),
            "days_late": most,
            "endangered_count": len(endangered),
            "paths": {one: list(danger.path) for one, danger in endangered.items()},
            "days": {one: -danger.early for one, danger in endangered.items()},
        },
        roles={
            (source, "source"),
            *((one, "endangered") for one in endangered),
            *((one, "via") for one in via),
        },
        edges={dependency_id(*pair) for danger in endangered.values() for pair in pairwise(danger.path)},
    )
