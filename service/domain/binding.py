"""What the overarching order must keep, as a graph that a change alters only where it must. Pure.

The same constraints as ``constraints.py`` finds: dependencies, cycles of them broken; and each run of a
team's chain before the next, a run being what lies in one knot of dependencies and chains. Between runs
of which one is longer than a single node stands a gate.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from operator import ne
from typing import Any

import rustworkx

from service.domain.board import Arc, Board, Chain
from service.domain.cycles import break_cycles
from service.domain.knots import Knots, knots_after, no_knots, successive
from service.domain.update import Update

_Run = Sequence[int]

GATE = 0
"""What the graph holds for a gate, and for what has left; else a node's number."""


@dataclass(frozen=True, slots=True)
class Binding:
    """``index`` says where in the graph a node is. ``dropped`` dependencies do not count, ``instead`` do."""

    graph: rustworkx.PyDiGraph
    index: Sequence[int]
    gates: Mapping[Chain, Sequence[int]] = field(default_factory=dict)
    knots: Knots = field(default_factory=no_knots)
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
    knots = _knots_after(before.knots, update)
    graph = before.graph.copy()
    index = [*before.index, *graph.add_nodes_from(range(len(before.index), len(update.after.items)))]
    for node in update.touched:
        if not update.after.is_on(node):
            graph[index[node]] = GATE
    for was, will in (
        (arcs_of(update.before, update) - before.dropped, arcs_of(update.after, update) - dropped),
        (before.instead, instead),
    ):
        _retie(graph, index, was, will)
    gates = _relink(before, knots, update, graph, index)
    return Binding(graph, index, gates, knots, dropped, instead)


def arcs_of(board: Board, update: Update) -> set[Arc]:
    """Within the region, which no dependency leaves."""
    return {(node, other) for node in update.region if board.is_on(node) for other in board.dependents[node]}


def _broken(before: Binding, update: Update) -> tuple[frozenset[Arc], frozenset[Arc]]:
    """No cycle lies partly outside the region."""
    near, region = update.near, update.region
    breaks = break_cycles(update.graph)
    kept = [{arc for arc in arcs if arc[0] not in region} for arcs in (before.dropped, before.instead)]
    found = [{(near[one], near[other]) for one, other in arcs} for arcs in (breaks.dropped, breaks.added)]
    return frozenset(kept[0] | found[0]), frozenset(kept[1] | found[1])


def _knots_after(before: Knots, update: Update) -> Knots:
    told = (update.before, update.after)
    dependencies = [arcs_of(board, update) for board in told]
    chains = [successive(board.chains.get(one, ()) for one in update.chains) for board in told]
    added = [*(dependencies[1] - dependencies[0]), *(chains[1] - chains[0])]
    removed = [*(dependencies[0] - dependencies[1]), *(chains[0] - chains[1])]
    return knots_after(before, len(update.after.items), added, removed)


def _retie(graph: rustworkx.PyDiGraph, index: Sequence[int], was: Iterable[Arc], will: Iterable[Arc]) -> None:
    was, will = frozenset(was), frozenset(will)
    for one, other in was - will:
        graph.remove_edge(index[one], index[other])
    graph.add_edges_from_no_data([(index[one], index[other]) for one, other in will - was])


def _relink(
    before: Binding, knots: Knots, update: Update, graph: rustworkx.PyDiGraph, index: Sequence[int]
) -> Mapping[Chain, Sequence[int]]:
    gates = {**before.gates}
    for chain in update.chains | _knotted_otherwise(before.knots, knots, update):
        graph.remove_nodes_from(gates.get(chain, ()))
        was, _ = _links(update.before.chains.get(chain, ()), before.knots.of)
        will, many = _links(update.after.chains.get(chain, ()), knots.of)
        _retie(graph, index, was, will)
        gates[chain] = [_gate(graph, index, *runs) for runs in many]
    return gates


def _knotted_otherwise(before: Knots, after: Knots, update: Update) -> set[Chain]:
    """Of the chains that are in the same order."""
    if before.members is after.members:
        return set()
    was, will = before.of.__getitem__, after.of.__getitem__
    return {
        chain
        for chain, nodes in update.after.chains.items()
        if chain not in update.chains and any(map(ne, map(was, nodes), map(will, nodes)))
    }


def _gate(graph: rustworkx.PyDiGraph, index: Sequence[int], earlier: _Run, later: _Run) -> int:
    gate: int = graph.add_node(GATE)
    graph.add_edges_from_no_data([(index[node], gate) for node in earlier])
    graph.add_edges_from_no_data([(gate, index[node]) for node in later])
    return gate


def _links(chain: Sequence[int], knot: Sequence[int]) -> tuple[list[Arc], list[tuple[_Run, _Run]]]:
    """Of runs that follow each other: those of single nodes, and all others."""
    names = [knot[node] for node in chain]
    starts = [0, *compress(count(1), map(ne, names, names[1:])), len(chain)]
    both = list(zip(starts, starts[1:], starts[2:], strict=False))
    single = [(chain[start], chain[middle]) for start, middle, end in both if end - start == 2]
    many = [(chain[start:middle], chain[middle:end]) for start, middle, end in both if end - start > 2]
    return single, many
