"""The lowest circle of three or four in a net, found from its dependencies, however long its rows. Pure."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from math import inf
from typing import TypeVar

from service.domain.graph.net import Net

Name = TypeVar("Name", int, str)

_Placed = list[tuple[int, int]]
"""Places and nodes of one row, by place."""

_Arcs = list[tuple[int, int, int]]
"""Dependencies with their lower end first of all, by that."""


class Small:
    """Circles with two or more teams among ``members``; between these no dependencies go round."""

    def __init__(self, net: Net, members: Collection[int]) -> None:
        self._net = net
        self._members = members
        self._into = {node: self._by_row(net.before[node]) for node in members}
        self._out = {node: self._by_row(net.after[node]) for node in members}

    def _by_row(self, nodes: Sequence[int]) -> dict[int, _Placed]:
        found: dict[int, _Placed] = {}
        for node in nodes:
            if node in self._members:
                found.setdefault(self._net.row[node], []).append((self._net.place[node], node))
        for placed in found.values():
            placed.sort()
        return found

    def lowest(self) -> list[int]:
        """Of three, else of four, else empty; from its lowest node."""
        return min(self._threes(), default=[]) or min(chain(self._tailed(), self._crossed()), default=[])

    def _threes(self) -> Iterator[list[int]]:
        for node in self._members:
            yield from self._over([node])

    def _tailed(self) -> Iterator[list[int]]:
        """Of four, with one step along a row."""
        for one, other in self._arcs():
            yield from self._over([one, other])

    def _arcs(self) -> Iterator[tuple[int, int]]:
        for one in self._members:
            yield from ((one, other) for other in self._net.after[one] if other in self._members)

    def _over(self, way: list[int]) -> Iterator[list[int]]:
        """At least the lowest circle of this way, one step along a row, and dependencies between them."""
        into, out = self._into[way[0]], self._out[way[-1]]
        teams = {self._net.teams[node] for node in way}
        for row in into.keys() & out.keys():
            _, one = into[row][0]
            if teams == {self._net.teams[one]}:
                continue
            for earlier, later in lowest_pairs(out[row], into[row]):
                yield from_lowest([earlier, later, *way])

    def _crossed(self) -> Iterator[list[int]]:
        """Of four, with two steps along rows."""
        between: dict[tuple[int, int], _Arcs] = {}
        teams, row = self._net.teams, self._net.row
        for one, other in self._arcs():
            if teams[one] != teams[other]:
                between.setdefault((row[one], row[other]), []).append((min(one, other), one, other))
        for (one, other), there in between.items():
            if one < other and (back := between.get((other, one))):
                yield from self._squares(sorted(there), sorted(back))

    def _squares(self, there: _Arcs, back: _Arcs) -> Iterator[list[int]]:
        """At least the lowest of a dependency there and one back."""
        place, lowest = self._net.place, inf
        for low, leaving, entered in there:
            for other_low, last, first in back:
                if low > lowest < other_low:
                    break
                if place[first] < place[leaving] and place[entered] < place[last]:
                    lowest = min(lowest, low, other_low)
                    yield from_lowest([first, leaving, entered, last])


def lowest_pairs(
    earlier: Sequence[tuple[int, Name]], later: Sequence[tuple[int, Name]]
) -> Iterator[tuple[Name, Name]]:
    """For each of one row's ``earlier`` the lowest of ``later`` behind it, and the other way round.

    Both hold places and names, by place.
    """
    for one, other in _lowest_before(earlier, later):
        yield other, one
    yield from _lowest_before(
        [(-place, name) for place, name in reversed(later)],
        [(-place, name) for place, name in reversed(earlier)],
    )


def _lowest_before(
    earlier: Sequence[tuple[int, Name]], later: Sequence[tuple[int, Name]]
) -> Iterator[tuple[Name, Name]]:
    """For each of ``later`` the lowest of ``earlier`` before it."""
    lowest: Name | None = None
    met = 0
    for place, name in later:
        while met < len(earlier) and earlier[met][0] < place:
            one = earlier[met][1]
            lowest = one if lowest is None else min(lowest, one)
            met += 1
        if lowest is not None:
            yield name, lowest


def from_lowest(circle: list[Name]) -> list[Name]:
    turn = circle.index(min(circle))
    return circle[turn:] + circle[:turn]
