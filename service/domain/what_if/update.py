"""From one board to the next. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from service.domain.graph.graph import Graph
from service.domain.graph.team_order import chains
from service.domain.plan.item import Item
from service.domain.what_if.board import Arc, Board, Chain, Change, chain_of
from service.domain.what_if.hypothesis import Pair

Of = TypeVar("Of")


class Update(NamedTuple):
    """``touched`` are nodes whose item, goal or dependencies are others, ``chains`` those in another order.

    ``near`` is all that dependencies join to the touched, sorted by ids: the nodes of ``graph``. The
    ``region`` is that and what has left.
    """

    before: Board
    after: Board
    touched: frozenset[int]
    chains: frozenset[Chain]
    near: Sequence[int]
    graph: Graph
    region: frozenset[int]

    @property
    def gone(self) -> set[int]:
        """What has left."""
        return {node for node in self.touched if not self.after.is_on(node)}


def update(before: Board, change: Change) -> Update:
    draft = _Draft(before)
    for one, item in change.items.items():
        draft.put(one, item)
    for one, goal in change.goals.items():
        draft.aim(one, goal)
    for pair in change.removed:
        draft.part(pair)
    for pair, origins in change.added.items():
        draft.join(pair, origins)
    moved = draft.order()
    after = draft.board()
    touched = frozenset(draft.touched)
    near = sorted(_joined(after, touched), key=lambda node: after.item(node).id)
    return Update(before, after, touched, moved, near, _graph(after, near), touched.union(near))


def _joined(board: Board, start: Iterable[int]) -> set[int]:
    found = {node for node in start if board.is_on(node)}
    pending = list(found)
    while pending:
        node = pending.pop()
        for other in (*board.blockers[node], *board.dependents[node]):
            if other not in found:
                found.add(other)
                pending.append(other)
    return found


def _graph(board: Board, nodes: Sequence[int]) -> Graph:
    place = {node: number for number, node in enumerate(nodes)}
    return Graph(
        [board.item(node) for node in nodes],
        [sorted([place[other] for other in board.blockers[node]]) for node in nodes],
        [sorted([place[other] for other in board.dependents[node]]) for node in nodes],
    )


class _Draft:
    """A board in the making. What hangs on a node, a parent or a chain is put together at the end."""

    def __init__(self, before: Board) -> None:
        self._before = before
        self._items, self._number, self._goals = list(before.items), {**before.number}, {**before.goals}
        self._origins, self._chains = {**before.origins}, {**before.chains}
        self._children: _Hanging[str] = _Hanging()
        self._blockers: _Hanging[int] = _Hanging()
        self._dependents: _Hanging[int] = _Hanging()
        self._members: _Hanging[Chain] = _Hanging()
        self._rows: list[int] = []
        self._places: list[int] = []
        self.touched: set[int] = set()

    def put(self, one: str, item: Item | None) -> None:
        node = self._number.get(one, 0)
        was = self._items[node]
        if was == item:
            return
        if was is None:
            node = len(self._items)
            self._items.append(None)
            self._number[one] = node
        self.touched.add(node)
        self._items[node] = item
        self._members.move(node, was and chain_of(was), item and chain_of(item))
        if (was and was.parent) != (item and item.parent):
            self._children.move(node, was and was.parent, item and item.parent)
        if item is None:
            self._leave(node, one)

    def _leave(self, node: int, one: str) -> None:
        del self._number[one]
        self._goals.pop(one, None)
        for arc in self._before.arcs(node):
            self._cut(arc)

    def aim(self, one: str, goal: str | None) -> None:
        if one not in self._number or self._goals.get(one) == goal:
            return
        self.touched.add(self._number[one])
        if goal is None:
            del self._goals[one]
        else:
            self._goals[one] = goal

    def part(self, pair: Pair) -> None:
        self._cut(self._arc(pair))

    def _cut(self, arc: Arc) -> None:
        if self._origins.pop(arc, None) is not None:
            self.touched.update(arc)
            self._dependents.move(arc[1], arc[0], None)
            self._blockers.move(arc[0], arc[1], None)

    def join(self, pair: Pair, origins: Sequence[str]) -> None:
        arc = self._arc(pair)
        if 0 in arc or arc[0] == arc[1]:
            return
        if arc not in self._origins:
            self.touched.update(arc)
            self._dependents.move(arc[1], None, arc[0])
            self._blockers.move(arc[0], None, arc[1])
        self._origins[arc] = origins

    def _arc(self, pair: Pair) -> Arc:
        return self._number.get(pair[0], 0), self._number.get(pair[1], 0)

    def order(self) -> frozenset[Chain]:
        """Put the chains in order; which of them have another one than they had."""
        self._rows, self._places = (
            [*told, *[0] * self._more] for told in (self._before.rows, self._before.places)
        )
        moved = set()
        for chain, members in self._members.applied(lambda one: self._chains.get(one, ())):
            items = [item for node in members if (item := self._items[node])]
            order = [members[place] for found in chains(items) for place in found]
            if order != self._chains.get(chain):
                moved.add(chain)
                self._chains[chain] = order
        for row, chain in enumerate(self._chains):
            if chain in moved:
                for place, node in enumerate(self._chains[chain]):
                    self._rows[node], self._places[node] = row, place
        return frozenset(moved)

    def board(self) -> Board:
        children = self._before.children
        if others := self._children.applied(lambda one: children.get(one, ())):
            children = {**children, **dict(others)}
        return Board(
            items=self._items,
            number=self._number,
            goals=self._goals,
            blockers=self._hung(self._before.blockers, self._blockers),
            dependents=self._hung(self._before.dependents, self._dependents),
            origins=self._origins,
            chains=self._chains,
            rows=self._rows,
            places=self._places,
            children=children,
        )

    @property
    def _more(self) -> int:
        return len(self._items) - len(self._before.items)

    def _hung(self, before: Sequence[Sequence[int]], hanging: "_Hanging[int]") -> list[Sequence[int]]:
        found = [*before, *[()] * self._more]
        for node, others in hanging.applied(found.__getitem__):
            found[node] = others
        return found


class _Hanging(Generic[Of]):
    """Which nodes hang on something else than they did."""

    def __init__(self) -> None:
        self._gained: dict[Of, list[int]] = {}
        self._lost: dict[Of, set[int]] = {}

    def move(self, node: int, old: Of | None, new: Of | None) -> None:
        """Where both are the same, it is looked at again."""
        if old is not None:
            self._lost.setdefault(old, set()).add(node)
        if new is not None:
            self._gained.setdefault(new, []).append(node)

    def applied(self, before: Callable[[Of], Sequence[int]]) -> list[tuple[Of, Sequence[int]]]:
        found: list[tuple[Of, Sequence[int]]] = []
        for one in self._gained.keys() | self._lost.keys():
            lost = self._lost.get(one, ())
            kept = [node for node in before(one) if node not in lost]
            found.append((one, (*kept, *self._gained.get(one, ()))))
        return found
