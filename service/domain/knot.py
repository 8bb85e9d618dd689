"""The shortest circle of dependencies and team orders, in a part where they go round. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

Name = TypeVar("Name", int, str)

_SHORTEST = 3
"""No circle of two teams is shorter: two items in each other's way are a circle of dependencies."""


class Net(NamedTuple):
    """By node: its team, the nodes a dependency puts before and after it, and its team's order.

    A node comes before all of the same ``row`` with a later ``place``.
    """

    teams: Sequence[str]
    before: Sequence[Sequence[int]]
    after: Sequence[Sequence[int]]
    row: Sequence[int]
    place: Sequence[int]

    def is_in_order(self, earlier: int, later: int) -> bool:
        return self.row[earlier] == self.row[later] and self.place[earlier] < self.place[later]


class Knot:
    """Some nodes of a net that form a strongly connected component with two or more teams.

    A step along a row may jump, so no shortest circle has two of them in a row: whatever lies on
    one is entered or left by a dependency. Starts are tried from the lowest; each is left out
    afterwards, with whatever then lies on no circle any more.
    """

    def __init__(self, net: Net, members: Sequence[int]) -> None:
        self._net = net
        self._left = set(members)
        self._rows: dict[int, list[int]] = {}
        self._place: dict[int, int] = {}
        for node in sorted(members, key=net.place.__getitem__):
            row = self._rows.setdefault(net.row[node], [])
            self._place[node] = len(row)
            row.append(node)
        self._entering = {node: sum(one in self._left for one in net.before[node]) for node in members}
        self._leaving = {node: sum(one in self._left for one in net.after[node]) for node in members}
        self._first = dict.fromkeys(self._rows, 0)  # place of the first left that a dependency enters
        self._last = {
            number: len(row) - 1 for number, row in self._rows.items()
        }  # … the last that one leaves

    def shortest_circle(self) -> list[int]:
        """The shortest with two or more teams, from its lowest node; of several the lowest."""
        best = min(self._triangles(), default=[])
        if best:
            return best
        for row in self._rows:
            self._narrowed(row)
        self._leave_out([node for node in self._left if not self._may_lie_on_a_circle(node)])
        for start in sorted(self._left):
            if start not in self._left:
                continue
            best = self._circle(start, len(best) - 1 if best else 2 * len(self._left)) or best
            if len(best) == _SHORTEST + 1:
                break
            self._leave_out([start])
        return best

    def _triangles(self) -> Iterator[list[int]]:
        """At least the lowest circle of three: one step along a row, then over an item of another team."""
        for node in self._left:
            if not (self._entering[node] and self._leaving[node]):
                continue
            into, out = self._by_row(node, self._net.before), self._by_row(node, self._net.after)
            for row in into.keys() & out.keys():
                for earlier, later in lowest_pairs(self._placed(out[row]), self._placed(into[row])):
                    yield from_lowest([earlier, later, node])

    def _by_row(self, node: int, neighbours: Sequence[Sequence[int]]) -> dict[int, list[int]]:
        """Its neighbours of other teams, in each row's order."""
        found: dict[int, list[int]] = {}
        for other in neighbours[node]:
            if other in self._left and self._net.teams[other] != self._net.teams[node]:
                found.setdefault(self._net.row[other], []).append(other)
        for row in found.values():
            row.sort(key=self._place.__getitem__)
        return found

    def _placed(self, nodes: Sequence[int]) -> list[tuple[int, int]]:
        return [(self._place[node], node) for node in nodes]

    def _circle(self, start: int, limit: int) -> list[int]:
        """The shortest with two teams through ``start``; of several the lowest. Empty without any."""
        reached = self._spread(start, limit)
        state = 2 * start + 1
        found: list[int] = []
        while reached.get(state):
            found.append(state // 2)
            state = self._next(state, reached)
        return found

    def _spread(self, start: int, limit: int) -> dict[int, int]:
        """Steps to ``start``; a state is ``2 * node + 1`` for ways that must cross, else ``2 * node``."""
        reached = {2 * start: 0}
        frontier, steps = [2 * start], 0
        covered: dict[tuple[int, int], int] = {}
        while frontier and steps < limit and 2 * start + 1 not in reached:
            steps += 1
            before = [one for state in frontier for one in self._earlier(state, covered)]
            frontier = [one for one in dict.fromkeys(before) if one not in reached]
            reached.update(dict.fromkeys(frontier, steps))
        return reached

    def _earlier(self, state: int, covered: dict[tuple[int, int], int]) -> Iterator[int]:
        """``covered``: by row and kind of way, up to which place all was met before."""
        node, must_cross = divmod(state, 2)
        for other in self._net.before[node]:
            if other not in self._left:
                continue
            if must_cross or self._crosses(node, other):
                yield 2 * other + 1
            if not must_cross:
                yield 2 * other
        row, place = self._net.row[node], self._place[node]
        from_place = covered.get((row, must_cross), 0)
        if from_place < place:
            covered[row, must_cross] = place
            for other in self._rows[row][from_place:place]:
                if other in self._left:
                    yield 2 * other + must_cross

    def _next(self, state: int, reached: dict[int, int]) -> int:
        """The lowest node one step nearer."""
        node, must_cross = divmod(state, 2)
        wanted = reached[state] - 1
        behind = self._rows[self._net.row[node]][self._place[node] + 1 :]
        states = [2 * other + must_cross for other in behind]
        states += [
            2 * other + (must_cross and not self._crosses(node, other)) for other in self._net.after[node]
        ]
        return min(one for one in states if reached.get(one) == wanted)

    def _crosses(self, one: int, other: int) -> bool:
        return self._net.teams[one] != self._net.teams[other]

    def _leave_out(self, pending: list[int]) -> None:
        while pending:
            node = pending.pop()
            if node not in self._left:
                continue
            self._left.discard(node)
            around = []
            for other in self._net.after[node]:
                if other in self._left:
                    self._entering[other] -= 1
                    around.append(other)
            for other in self._net.before[node]:
                if other in self._left:
                    self._leaving[other] -= 1
                    around.append(other)
            for row in {self._net.row[one] for one in (node, *around)}:
                around += self._narrowed(row)
            pending += [one for one in around if one in self._left and not self._may_lie_on_a_circle(one)]

    def _narrowed(self, number: int) -> list[int]:
        """Move a row's ends in; what lay outside is to be looked at again."""
        row, passed = self._rows[number], []
        first, last = self._first[number], self._last[number]
        while first < len(row) and not (row[first] in self._left and self._entering[row[first]]):
            passed.append(row[first])
            first += 1
        while last >= 0 and not (row[last] in self._left and self._leaving[row[last]]):
            passed.append(row[last])
            last -= 1
        self._first[number], self._last[number] = first, last
        return passed

    def _may_lie_on_a_circle(self, node: int) -> bool:
        entering, leaving = self._entering[node], self._leaving[node]
        row, place = self._net.row[node], self._place[node]
        is_entered = entering or place > self._first[row]
        is_left = leaving or place < self._last[row]
        return bool(is_entered and is_left and (entering or leaving))


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
