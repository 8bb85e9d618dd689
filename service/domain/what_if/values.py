"""What dependencies make of open items: how urgent they are, when needed, when ready. Pure."""

from dataclasses import dataclass

from service.domain.graph.forecast import forecasts
from service.domain.graph.graph import lowest
from service.domain.order.priority import effective
from service.domain.plan.dates import Mode, need_of
from service.domain.what_if.update import Update


@dataclass(frozen=True, slots=True)
class Values:
    """By node: effective priority; the earliest of its own due and every need-by downstream; its forecast.

    Days are ordinals.
    """

    urgency: list[int | None]
    needed: list[int | None]
    ready: list[int | None]


NOTHING = Values([None], [None], [None])


def values_after(before: Values, update: Update, mode: Mode) -> Values:
    more: list[int | None] = [None] * (len(update.after.items) - len(before.urgency))
    found = Values([*before.urgency, *more], [*before.needed, *more], [*before.ready, *more])
    graph = update.graph
    due = [item.due.toordinal() if item.due else None for item in graph.items]
    needs = [need.day.toordinal() if (need := need_of(item, mode)) else None for item in graph.items]
    urgency, needed = effective(graph).values, lowest(graph, due, needs).values
    ready = forecasts(graph, mode).days
    for place, node in enumerate(update.near):
        found.urgency[node], found.needed[node], found.ready[node] = (
            urgency[place],
            needed[place],
            ready[place],
        )
    for node in update.region.difference(update.near):
        found.urgency[node] = found.needed[node] = found.ready[node] = None
    return found
