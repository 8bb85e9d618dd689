"""What lies on the shortest circles through one node, found without a search of its whole knot. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.domain.what_if.board import Board, Chain, chain_of

_Covered = dict[tuple[Chain, int], int]
"""By row and kind of way: up to which place, or from which on, all was met."""


@dataclass(frozen=True, slots=True)
class Around:
    """Steps and states are those of ``knot.py``; ``rows`` hold all of the knot, and may hold more."""

    board: Board
    rows: Mapping[Chain, Sequence[int]]
    knot: Collection[int]

    def on_shortest(self, start: int, limit: float) -> set[int]:
        """All nodes of the shortest circles with two or more teams through ``start``, up to ``limit`` long.

        Not where no dependency leads to ``start``: there a shorter one passes it over along its row.
        """
        reached = self._reached(start, limit)
        frontier, found = {2 * start + 1}, set[int]()
        for steps in range(reached.get(2 * start + 1, 0) - 1, -1, -1):
            covered: _Covered = {}
            nearer = (one for state in frontier for one in self._later(state, covered))
            frontier = {one for one in nearer if reached.get(one) == steps}
            found |= frontier
        return {state // 2 for state in found}

    def _reached(self, start: int, limit: float) -> dict[int, int]:
        """By state the steps to ``start``, as far as it takes to come back to it."""
        reached = {2 * start: 0}
        covered: _Covered = {}
        pending = [2 * start]
        for state in pending:
            if reached[state] == limit or 2 * start + 1 in reached:
                break
            for earlier in self._earlier(state, covered):
                if earlier not in reached:
                    reached[earlier] = reached[state] + 1
                    pending.append(earlier)
        return reached

    def _earlier(self, state: int, covered: _Covered) -> Iterator[int]:
        """Along a row only what a dependency leads to: another step along the row would be one too many."""
        node, must_cross = divmod(state, 2)
        for other in self.board.blockers[node]:
            if other in self.knot:
                if must_cross or self._crosses(node, other):
                    yield 2 * other + 1
                if not must_cross:
                    yield 2 * other
        row, place = (chain_of(self.board.item(node)), must_cross), self.board.places[node]
        met = covered.get(row, 0)
        if met < place:
            covered[row] = place
            for other in self._between(row[0], met, place):
                if self.board.blockers[other] and other in self.knot:
                    yield 2 * other + must_cross

    def _later(self, state: int, covered: _Covered) -> Iterator[int]:
        node, must_cross = divmod(state, 2)
        for other in self.board.dependents[node]:
            yield 2 * other + (must_cross and not self._crosses(node, other))
        row, place = (chain_of(self.board.item(node)), must_cross), self.board.places[node] + 1
        met = covered.get(row, len(self.board.places))
        if place < met:
            covered[row] = place
            for other in self._between(row[0], place, met):
                yield 2 * other + must_cross

    def _between(self, row: Chain, first: int, end: int) -> Sequence[int]:
        nodes, place = self.rows[row], self.board.places.__getitem__
        return nodes[bisect_left(nodes, first, key=place) : bisect_left(nodes, end, key=place)]

    def _crosses(self, one: int, other: int) -> bool:
        return self.board.item(one).team != self.board.item(other).team
