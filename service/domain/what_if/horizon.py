"""All that a what-if compares of the whole backlog, kept ready: order, circles and forecasts. Pure."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from service.domain.graph.backlog import Backlog
from service.domain.plan.dates import date_mode
from service.domain.plan.product import Plan
from service.domain.what_if.binding import Binding, binding_after, unbound
from service.domain.what_if.board import Board, Change, everything
from service.domain.what_if.circles import Circle, Circles, circles_after
from service.domain.what_if.epic_forecast import Outlook, Ready, outlooks
from service.domain.what_if.moves import Move, moves
from service.domain.what_if.standing import Standing, standing_after
from service.domain.what_if.update import update
from service.domain.what_if.values import NOTHING, Values, values_after
from service.domain.what_if.wishes import Wishes, wishes_after


@dataclass(frozen=True)
class Horizon:
    """Never changes; ``after`` gives the one that a change leads to, which is that of the changed backlog."""

    plan: Plan
    pins: Sequence[str]
    board: Board = field(default_factory=Board)
    values: Values = NOTHING
    binding: Binding = field(default_factory=unbound)
    wishes: Wishes = field(default_factory=Wishes)
    circles: Circles = field(default_factory=Circles)
    standing: Standing = field(default_factory=Standing)
    region: frozenset[int] = frozenset()  # that the change which led here reached

    def after(self, change: Change) -> "Horizon":
        done = update(self.board, change)
        values = values_after(self.values, done, date_mode(self.plan))
        binding = binding_after(self.binding, done)
        wishes = wishes_after(self.wishes, done, values, binding, self.plan, self.pins)
        return replace(
            self,
            board=done.after,
            values=values,
            binding=binding,
            wishes=wishes,
            circles=circles_after(self.circles, done, binding.knots),
            standing=standing_after(
                self.standing.without(done.gone),
                binding.following,
                wishes.order,
                _unsettled(binding, wishes, done.gone),
            ),
            region=done.region,
        )


def _unsettled(binding: Binding, wishes: Wishes, gone: Set[int]) -> Set[int] | None:
    if binding.unsettled is None or wishes.unsettled is None:
        return None
    return (binding.unsettled | wishes.unsettled) - gone


def horizon_of(backlog: Backlog) -> Horizon:
    return Horizon(backlog.plan, tuple(backlog.pins)).after(everything(backlog))


class Difference(NamedTuple):
    """Between a horizon and one that a change leads to: circles only the other has, or only the one."""

    outlooks: Sequence[Outlook]
    opened: Sequence[Circle]
    resolved: Sequence[Circle]


def difference(before: Horizon, after: Horizon) -> Difference:
    was, will = set(before.circles.shortest.values()), set(after.circles.shortest.values())
    return Difference(
        outlooks=list(
            outlooks(
                Ready(before.board, before.values.ready),
                Ready(after.board, after.values.ready),
                sorted(after.region),
            )
        ),
        opened=sorted(will - was),
        resolved=sorted(was - will),
    )


def moved(before: Horizon, after: Horizon) -> Iterator[Move]:
    """Items that stand elsewhere, with their places before and after."""
    return moves(before.standing.nodes, after.standing.nodes, before.standing.positions)
