"""What the overarching order must keep, as a graph that a change alters only where it must. Pure.

The same constraints as ``constraints.py`` finds: dependencies, cycles of them broken; and each run of a
team's chain before the next, a run being what lies in one knot of dependencies and chains. Between runs
of which one is longer than a single node stands a gate.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, count
from operator import ne
from typing import Any

import rustworkx

from service.domain.board import Arc, Board
from service.domain.cycles import break_cycles, cycles_of
from service.domain.knots import Knots, dependencies, knots_after, steps, ways_back
from service.domain.update import Update

_Run = Sequence[int]

GATE = 0
"""What the graph holds for a gate, and for what has left; else a node's number."""


@dataclass(frozen=True, slots=True)
class Binding:
    """``index`` says where in the graph a node is; ``gates`` where those are, by the last node before them.

    ``dropped`` dependencies do not count, ``instead`` do.
    """

    graph: rustworkx.PyDiGraph
    index: Sequence[int]
    gates: Mapping[int, int] = field(default_factory=dict)
    knots: Knots = field(default_factory=Knots)
    dropped: frozenset[Arc] = frozenset()
    instead: frozenset[Arc] = frozenset()

    def sequence(self, wish: Callable[[Any], str]) -> list[int]:
        """Of the nodes that nothing unplaced must precede, always the one with the lowest wish."""
        return list(filter(None, rustworkx.lexicographical_topological_sort(self.graph, wish)))

    def needed(self, pins: Iterable[int]) -> dict[int, int]:
        """``pins`` and all that must come before them → the first place in ``pins`` each is needed for."""
        found: dict[int, int] = {}
        for place, pin in enumerate(pins):
            if pin not in found:
                before = rustworkx.ancestors(self.graph, self.index[pin])
                needed = {self.graph[one] for one in before} - found.keys() - {GATE}
                found |= dict.fromkeys((pin, *needed), place)
        return found


def unbound() -> Binding:
    return Binding(rustworkx.PyDiGraph(), (GATE,))


def binding_after(before: Binding, update: Update) -> Binding:
    dropped, instead = _broken(before, update)
    arcs = _arcs(update.before, update), _arcs(update.after, update)
    knots = knots_after(before.knots, update.after, *arcs, partial(ways_back, update.after))
    graph = before.graph.copy()
    index = [*before.index, *graph.add_nodes_from(range(len(before.index), len(update.after.items)))]
    for node in update.touched:
        if not update.after.is_on(node):
            graph[index[node]] = GATE
    for was, will in (
        (_counting(update.before, update, before.dropped), _counting(update.after, update, dropped)),
        (before.instead, instead),
    ):
        _retie(graph, index, was, will)
    gates = _relink(before, knots, update, graph, index)
    return Binding(graph, index, gates, knots, dropped, instead)


def _arcs(board: Board, update: Update) -> set[Arc]:
    """Dependencies within the region, which none leaves, and what may stand elsewhere in chains."""
    return {*dependencies(board, update.region), *steps(board, update.chains)}


def _counting(board: Board, update: Update, dropped: Collection[Arc]) -> set[Arc]:
    return set(dependencies(board, update.region)).difference(dropped)


def _broken(before: Binding, update: Update) -> tuple[frozenset[Arc], frozenset[Arc]]:
    """No cycle lies partly outside the region."""
    near, region = update.near, update.region
    breaks = break_cycles(update.graph, cycles_of(update.graph))
    kept = [{arc for arc in arcs if arc[0] not in region} for arcs in (before.dropped, before.instead)]
    found = [{(near[one], near[other]) for one, other in arcs} for arcs in (breaks.dropped, breaks.added)]
    return frozenset(kept[0] | found[0]), frozenset(kept[1] | found[1])


def _retie(graph: rustworkx.PyDiGraph, index: Sequence[int], was: Iterable[Arc], will: Iterable[Arc]) -> None:
    old, new = frozenset(was), frozenset(will)
    graph.remove_edges_from([(index[one], index[other]) for one, other in old - new])
    graph.add_edges_from_no_data([(index[one], index[other]) for one, other in new - old])


def _relink(
    before: Binding, knots: Knots, update: Update, graph: rustworkx.PyDiGraph, index: Sequence[int]
) -> Mapping[int, int]:
    gates = {**before.gates}
    otherwise = [
        (_links(was, before.knots.of), _links(will, knots.of))
        for was, will in _linked_otherwise(before.knots, knots, update)
    ]
    for (_, runs), _ in otherwise:
        graph.remove_nodes_from([gates.pop(earlier[-1]) for earlier, _ in runs])
    for (was, _), (will, runs) in otherwise:
        _retie(graph, index, was, will)
        gates |= {earlier[-1]: _gate(graph, index, earlier, later) for earlier, later in runs}
    return gates


def _linked_otherwise(before: Knots, after: Knots, update: Update) -> Iterator[tuple[_Run, _Run]]:
    """Of chains in another order all, before and after; of the others the stretch that may be."""
    for chain in update.chains:
        yield update.before.chains.get(chain, ()), update.after.chains.get(chain, ())
    if before.members is not after.members:
        for chain, nodes in update.after.chains.items():
            if chain not in update.chains and (stretch := _knotted_otherwise(nodes, before.of, after.of)):
                yield stretch, stretch


def _knotted_otherwise(chain: Sequence[int], was: Sequence[int], will: Sequence[int]) -> Sequence[int]:
    """The stretch, with two whole runs at either end: what is further stays linked as it is."""
    old, new = list(map(was.__getitem__, chain)), list(map(will.__getitem__, chain))
    places = list(compress(count(), map(ne, old, new)))
    if not places:
        return ()
    first, last = places[0], places[-1] + 1
    for _ in range(2):
        first, last = _run_start(old, first), len(old) - _run_start(old[::-1], len(old) - last)
    return chain[first:last]


def _run_start(names: Sequence[int], end: int) -> int:
    """Of the run that ends before ``end``."""
    start = end
    while start and names[start - 1] == names[end - 1]:
        start -= 1
    return start


def _gate(graph: rustworkx.PyDiGraph, index: Sequence[int], earlier: _Run, later: _Run) -> int:
    gate: int = graph.add_node(GATE)
    graph.add_edges_from_no_data([(index[node], gate) for node in earlier])
    graph.add_edges_from_no_data([(gate, index[node]) for node in later])
    return gate


def _links(chain: Sequence[int], knot: Sequence[int]) -> tuple[list[Arc], list[tuple[_Run, _Run]]]:
    """Of runs that follow each other: those of single nodes, and all others."""
    names = list(map(knot.__getitem__, chain))
    starts = [0, *compress(count(1), map(ne, names, names[1:])), len(chain)]
    both = list(zip(starts, starts[1:], starts[2:], strict=False))
    single = [(chain[start], chain[middle]) for start, middle, end in both if end - start == 2]
    many = [(chain[start:middle], chain[middle:end]) for start, middle, end in both if end - start > 2]
    return single, many
