"""What the overarching order must keep, altered by a change only where it must be. Pure.

The same constraints as ``constraints.py`` finds: dependencies, cycles of them broken; and each run of a
team's chain before the next, a run being what lies in one knot of dependencies and chains.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from operator import ne

from service.domain.graph.dependency_cycles import break_cycles, cycles_of
from service.domain.order.constraints import NOTHING, Following, gate, link, tie, unchained, ungate
from service.domain.what_if.board import Arc, Board, Chain
from service.domain.what_if.knots import Knots, dependencies, knots_after, steps, ways_back
from service.domain.what_if.update import Update

_MANY = 10_000  # items of another knot, from which on it is quicker to take all for unsettled


@dataclass(frozen=True, slots=True)
class Binding:
    """``following`` is by the board's nodes. ``dropped`` dependencies do not count, ``instead`` do.

    ``unsettled`` are those that something else must precede than in the binding before; None: very many.
    """

    following: Following
    knots: Knots = field(default_factory=Knots)
    dropped: frozenset[Arc] = frozenset()
    instead: frozenset[Arc] = frozenset()
    unsettled: Set[int] | None = None


def unbound() -> Binding:
    return Binding(unchained(1))


def binding_after(before: Binding, update: Update) -> Binding:
    dropped, instead = _broken(before, update)
    arcs = _arcs(update.before, update), _arcs(update.after, update)
    knots = knots_after(before.knots, update.after, *arcs, partial(ways_back, update.after))
    following = _extended(before.following, len(update.after.items))
    _retie(following, update, dropped, instead)
    names = dict(_linked_otherwise(before.knots, knots, update))
    _relink(following, update, names)
    is_much = _tied_otherwise(before.knots, knots) > _MANY
    unsettled = None if is_much else _unsettled(before.following, following, update, names)
    return Binding(following, knots, dropped, instead, unsettled)


def _extended(before: Following, size: int) -> Following:
    more = unchained(size - len(before.chained))
    return Following(
        [*before.chained, *more.chained],
        [*before.needs, *more.needs],
        [*before.waits, *more.waits],
        {**before.gates},
    )


def _retie(following: Following, update: Update, dropped: Set[Arc], instead: Set[Arc]) -> None:
    """Within the region, which no dependency leaves."""
    region = update.region
    counting = set(dependencies(update.after, region)) - dropped | {
        arc for arc in instead if arc[0] in region
    }
    for node in region:
        following.needs[node], following.waits[node] = (), 1
    tie(following, counting)


def _relink(following: Following, update: Update, names: Mapping[Chain, list[int]]) -> None:
    """``names`` are of knots, by the nodes of the chains that are to be linked."""
    rows = {row for row, chain in enumerate(update.before.chains) if chain in names}
    for number in [one for one, (_, run) in following.gates.items() if update.before.rows[run[0]] in rows]:
        ungate(following, number)
    for node in update.gone:
        following.chained[node] = NOTHING
    for chain, of in names.items():
        if chain in update.chains:
            link(following, update.after.chains[chain])
        if of:
            gate(following, update.after.chains[chain], of)


def _arcs(board: Board, update: Update) -> set[Arc]:
    """Dependencies within the region, which none leaves, and what may stand elsewhere in chains."""
    return {*dependencies(board, update.region), *steps(board, update.chains)}


def _broken(before: Binding, update: Update) -> tuple[frozenset[Arc], frozenset[Arc]]:
    """No cycle lies partly outside the region."""
    near, region = update.near, update.region
    breaks = break_cycles(update.graph, cycles_of(update.graph))
    kept = [{arc for arc in arcs if arc[0] not in region} for arcs in (before.dropped, before.instead)]
    found = [{(near[one], near[other]) for one, other in arcs} for arcs in (breaks.dropped, breaks.added)]
    return frozenset(kept[0] | found[0]), frozenset(kept[1] | found[1])


def _linked_otherwise(before: Knots, after: Knots, update: Update) -> Iterator[tuple[Chain, list[int]]]:
    """Chains in another order or with other knots, and the names of their nodes' knots."""
    for chain, nodes in update.after.chains.items():
        if chain in update.chains:
            yield chain, list(map(after.of.__getitem__, nodes))
        elif before.members is not after.members:
            names = list(map(after.of.__getitem__, nodes))
            if names != list(map(before.of.__getitem__, nodes)):
                yield chain, names


def _tied_otherwise(before: Knots, after: Knots) -> int:
    """How many items are of another knot."""
    return sum(map(ne, before.of, after.of)) if after.members is not before.members else 0


def _unsettled(before: Following, after: Following, update: Update, chains: Iterable[Chain]) -> set[int]:
    """``chains`` are those that were linked otherwise. What is new or of another chain counts as well."""
    old, rows = len(before.chained), (update.before.rows, update.after.rows)
    needs = ((before.needs[node] if node < old else (), after.needs[node]) for node in update.region)
    found = {other for was, will in needs for other in {*was} ^ {*will}}
    found.update(node for node in update.touched if node >= old or rows[0][node] != rows[1][node])
    known = [*before.chained, *[NOTHING] * (len(after.chained) - old)]
    nodes = _of_chains(update.before, chains) | _of_chains(update.after, chains)
    linked = zip(map(known.__getitem__, nodes), map(after.chained.__getitem__, nodes), strict=True)
    otherwise = {(was, will) for was, will in linked if was != will}
    for was, will in otherwise:
        found.update(before.behind(was), after.behind(will))
    return found


def _of_chains(board: Board, chains: Iterable[Chain]) -> set[int]:
    return {node for chain in chains for node in board.chains.get(chain, ())}
