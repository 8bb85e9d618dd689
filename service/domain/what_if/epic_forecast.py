"""When epics will be ready, with a change and without it. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from service.domain.order.numbering import UNKNOWN
from service.domain.what_if.open_plan import OpenPlan


class EpicForecast(NamedTuple):
    """The latest forecast of an epic and the open items under it; None where nothing is known."""

    epic: str
    key: str
    before: date | None
    after: date | None


def changed_forecasts(before: OpenPlan, after: OpenPlan) -> Iterator[EpicForecast]:
    """Of the epics whose forecast is another, by id."""
    epics = {
        epic
        for item_id in _ready_otherwise(before, after)
        for plan in (before, after)
        for epic in epics_over(plan, item_id)
    }
    for epic in sorted(epics):
        day_before, day_after = _latest(before, epic), _latest(after, epic)
        if day_before != day_after:
            key = (before.items.get(epic) or after.items[epic]).key
            yield EpicForecast(epic, key, _day(day_before), _day(day_after))


def _ready_otherwise(before: OpenPlan, after: OpenPlan) -> Iterator[str]:
    """Items that open or close, and those with another forecast."""
    numbering = before.order.numbering
    if numbering is after.order.numbering:
        yield from map(numbering.ids.__getitem__, np.flatnonzero(before.ready != after.ready).tolist())
        return
    yield from before.items.keys() ^ after.items.keys()
    for item_id, day in zip(after.order.numbering.ids, after.ready.tolist(), strict=True):
        node = numbering.number.get(item_id)
        if node is not None and before.ready[node] != day:
            yield item_id


def epics_over(plan: OpenPlan, item_id: str) -> list[str]:
    """The epics above it through open parents, and itself if it is one. Parents may form circles."""
    is_epic: dict[str, bool] = {}
    item = plan.items.get(item_id)
    while item is not None and item.id not in is_epic:
        is_epic[item.id] = item.kind == "epic"
        item = plan.items.get(item.parent) if item.parent else None
    return [above for above, is_one in is_epic.items() if is_one]


def _latest(plan: OpenPlan, epic: str) -> int | None:
    """As an ordinal; None also of an epic that is not open."""
    if epic not in plan.items:
        return None
    number = plan.order.numbering.number
    days = plan.ready[[number[item_id] for item_id in {epic} | plan.below([epic])]]
    known = days[days != UNKNOWN]
    return int(known.max()) if known.size else None


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(min(ordinal, date.max.toordinal()))
