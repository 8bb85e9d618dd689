"""What lies around supposed changes, read in one transaction: enough to judge it with them and without."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import orjson

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.what_if.hypothesis import Supposed
from service.store.backlog import relatives as kin
from service.store.backlog import snapshot
from service.store.backlog.snapshot import Derived
from service.store.database.engine import Connection
from service.store.dependencies import agreements
from service.store.dependencies import joined as neighbourhood
from service.store.dependencies.joined import Stored, TooLargeError

_DEEPEST = 20  # steps from an item to its highest ancestor
_PLANNING = {"due", "start", "state"}


@dataclass(frozen=True, slots=True)
class Scene:
    """``backlog`` is a part of the whole: its edges are all that dependencies join to the changed items."""

    backlog: Backlog

    def goals(self, ids: Collection[str]) -> dict[str, str]:
        return {one: goal for one, goal in self.backlog.goals.items() if one in ids}


async def take_scene(connection: Connection, supposed: Supposed, plan: Plan) -> Scene:
    ids = supposed.ids
    stored = await _joined(connection, ids)
    found, derived = await _with_ancestors(
        connection,
        {
            *ids,
            *(end for one in stored for end in one.pair),
            *await _below(connection, supposed),
            *await _beside(connection, supposed, plan),
        },
    )
    ties = [
        tie for tie in await kin.ties_of(connection, supposed.values) if {tie.one, tie.other} <= found.keys()
    ]
    edges = [
        Edge(found[one.blocker], found[one.dependent], tuple(orjson.loads(one.origins)))
        for one in sorted(stored, key=lambda one: one.pair)
        if one.blocker in found and one.dependent in found
    ]
    backlog = Backlog(
        plan=plan,
        items=found,
        edges=edges,
        goals={one: told.goal for one, told in derived.items() if told.goal is not None},
        ties=ties,
        agreements=await agreements.binding(connection, {one.id for one in stored}),
    )
    return Scene(backlog)


async def _joined(connection: Connection, ids: Collection[str]) -> list[Stored]:
    """The dependencies of all that open ones join to these, now or once what is closed here is open."""
    own = await neighbourhood.dependencies_of(connection, ids)
    start = {*ids, *(end for one in own for end in one.pair)}
    try:
        nodes = await neighbourhood.joined_to(connection, start)
    except TooLargeError:
        return await kin.all_dependencies(connection)
    return await neighbourhood.dependencies_of(connection, nodes)


async def _below(connection: Connection, supposed: Supposed) -> set[str]:
    """What is under the items whose dates or state change: epics are compared with it."""
    ids = [one for one, told in supposed.values.items() if told.keys() & {"due", "state"}]
    return await kin.below(connection, ids)


async def _beside(connection: Connection, supposed: Supposed, plan: Plan) -> set[str]:
    """Who else carries a link with a changed item, or works on a shared component of one."""
    ids = list(supposed.values)
    linked = {end for tie in await kin.ties_of(connection, ids) for end in (tie.one, tie.other)}
    shared = {one.strip().casefold(): one for one in plan.shared}
    planned = [one for one, told in supposed.values.items() if told.keys() & _PLANNING]
    if not shared or not planned:
        return linked
    changed, _ = await snapshot.some_items(connection, planned)
    carried = {name.strip().casefold() for item in changed.values() for name in item.components}
    return linked | await kin.planned_on(connection, [shared[one] for one in sorted(carried & shared.keys())])


async def _with_ancestors(
    connection: Connection, ids: Iterable[str]
) -> tuple[dict[str, Item], dict[str, Derived]]:
    found, derived = await snapshot.some_items(connection, set(ids))
    for _ in range(_DEEPEST):
        missing = {item.parent for item in found.values() if item.parent} - found.keys()
        if not missing:
            break
        above, said = await snapshot.some_items(connection, missing)
        found |= above
        derived |= said
        if not above:
            break
    return found, derived
