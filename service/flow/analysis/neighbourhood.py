"""The neighbourhood of the items that changed since the last judgement, read in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from service.domain.plan.relations import Agreement, Tie
from service.flow.analysis.originals import add_originals
from service.flow.analysis.references import pair_of, settled
from service.flow.analysis.statements import attributed
from service.flow.context import Context
from service.store.backlog import items, snapshot
from service.store.backlog.snapshot import Derived
from service.store.database.engine import Connection
from service.store.dependencies import agreements, joined, statements
from service.store.naming.claims import BLOCKING
from service.store.naming.sites import read_sites
from service.store.process import revision, touched

Pair = tuple[str, str]
"""Item ids of a blocker and of what waits for it."""

ANCESTORS_AT_MOST = 20  # steps from an item to its highest ancestor


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """``nodes`` are the touched and all that open dependencies join to them, before or now.

    ``pairs`` are all dependencies that have an end among ``nodes``, with their origins; ``gone`` those of
    touched items that are no more. ``items`` holds both ends of every pair, and ancestors.
    """

    analysed: int
    until: int
    touched: frozenset[str]
    nodes: frozenset[str]
    items: Mapping[str, Item]
    derived: Mapping[str, Derived]
    pairs: Mapping[Pair, tuple[str, ...]]
    before: Mapping[str, Pair]  # by id, dependencies of touched items as they are stored
    gone: frozenset[Pair]
    agreements: Mapping[str, Agreement]  # by dependency, of ``pairs``
    ties: Sequence[Tie]  # of blockers that were closed as duplicates


async def read_neighbourhood(context: Context) -> Neighbourhood | None:
    """None when too much changed to be named. Raises TooLargeError."""
    async with context.database.read() as connection:
        analysed = await revision.analysed(connection)
        marked = await touched.read(connection)
        if marked.ids is None or not analysed:
            return None
        fresh = await _pairs_of(context, connection, marked.ids)
        before = {one.id: one.pair for one in await joined.dependencies_of(connection, marked.ids)}
        start = {*marked.ids, *_ends(fresh), *_ends(before.values())}
        nodes = await joined.joined_to(connection, start)
        kept = {
            one.pair: tuple(orjson.loads(one.origins))
            for one in await joined.dependencies_of(connection, nodes)
            if marked.ids.isdisjoint(one.pair)
        }
        pairs = {**kept, **fresh}
        found, derived = await _with_ancestors(connection, {*nodes, *_ends(pairs)})
        ties = await add_originals(connection, {blocker for blocker, _ in pairs}, found, derived)
        agreed = await agreements.binding(connection, [dependency_id(*pair) for pair in pairs])
    return Neighbourhood(
        analysed=analysed,
        until=marked.until,
        touched=marked.ids,
        nodes=frozenset(nodes),
        items=found,
        derived=derived,
        pairs=pairs,
        before=before,
        gone=frozenset(before.values()) - pairs.keys(),
        agreements=agreed,
        ties=ties,
    )


def _ends(pairs: Iterable[Pair]) -> set[str]:
    return {end for pair in pairs for end in pair}


async def _pairs_of(
    context: Context, connection: Connection, ids: frozenset[str]
) -> dict[Pair, tuple[str, ...]]:
    """What trackers, texts and declarations say now of these items, with the origins of each pair."""
    said = await joined.links_of(connection, ids)
    claims = await joined.claims_of(connection, ids)
    spoken = [one for one in await statements.statements_near(connection, ids) if one.relation in BLOCKING]
    if claims or spoken:
        homes = await items.sources_of(
            connection, {one.item for one in claims} | {one.item for one in spoken}
        )
        sites = await read_sites(connection)
        meant = settled(claims, sites, homes)
        for ref, attributes in (await attributed(connection, spoken, sites, homes)).items():
            meant.setdefault(ref, []).extend(attributes)
        for ref, item_id in (await items.named(connection, list(meant))).items():
            said += [(*pair_of(claim, item_id), claim.origin) for claim in meant[ref]]
    origins: dict[Pair, set[str]] = {}
    for blocker, dependent, origin in said:
        if blocker != dependent and not ids.isdisjoint((blocker, dependent)):
            origins.setdefault((blocker, dependent), set()).add(origin)
    return {pair: tuple(sorted(found)) for pair, found in origins.items()}


async def _with_ancestors(
    connection: Connection, ids: set[str]
) -> tuple[dict[str, Item], dict[str, Derived]]:
    found, derived = await snapshot.some_items(connection, ids)
    for _ in range(ANCESTORS_AT_MOST):
        missing = {item.parent for item in found.values() if item.parent} - found.keys()
        if not missing:
            break
        above, said = await snapshot.some_items(connection, missing)
        if not above:
            break
        found |= above
        derived |= said
    return found, derived
