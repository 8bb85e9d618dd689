"""The shortest circle of dependencies and team orders, in a part where they go round. Pure."""

from collections.abc import Iterator, Sequence

from service.domain.graph.net import Net
from service.domain.graph.small_circles import Small

_SHORTEST = 5
"""Shorter ones are found without a search."""


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
        best = Small(self._net, self._left).lowest()
        if best:
            return best
        for row in self._rows:
            self._narrowed(row)
        self._leave_out([node for node in self._left if not self._may_lie_on_a_circle(node)])
        for start in sorted(self._left):
            if start not in self._left:
                continue
            best = self._circle(start, len(best) - 1 if best else 2 * len(self._left)) or best
            if len(best) == _SHORTEST:
                break
            self._leave_out([start])
        return best

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
        """``covered``: by row and kind of way, up to which place all was met before.

        Along a row only what a dependency enters: another step along the row would be one too many.
        """
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
                if other in self._left and self._entering[other]:
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
