"""The neighbourhood of supposed changes: enough to judge it with them and without."""

from collections.abc import Collection, Iterable

import orjson

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.what_if.hypothesis import Hypothesis
from service.flow.analysis.originals import add_originals
from service.store.backlog import relatives, snapshot
from service.store.backlog.snapshot import Derived
from service.store.database.engine import Connection
from service.store.dependencies import agreements, joined
from service.store.dependencies.joined import Stored, TooLargeError

_STEPS_UP = 20  # from an item to its highest ancestor
_PLANNING = {"due", "start", "state"}


async def take_supposed(connection: Connection, hypothesis: Hypothesis, plan: Plan) -> Backlog:
    """A part of the whole: its edges are all that dependencies join to the changed items."""
    stored = await _joined(connection, hypothesis.ids)
    items, derived = await _with_ancestors(
        connection,
        {
            *hypothesis.ids,
            *(end for dependency in stored for end in dependency.pair),
            *await _below(connection, hypothesis),
            *await _beside(connection, hypothesis, plan),
        },
    )
    links = await relatives.ties_of(connection, hypothesis.values)
    links += await add_originals(connection, list(items), items, derived)
    return Backlog(
        plan=plan,
        items=items,
        edges=[
            Dependency(
                items[dependency.blocker],
                items[dependency.dependent],
                tuple(orjson.loads(dependency.origins)),
            )
            for dependency in sorted(stored, key=lambda dependency: dependency.pair)
            if dependency.blocker in items and dependency.dependent in items
        ],
        goals={item_id: told.goal for item_id, told in derived.items() if told.goal is not None},
        ties=[link for link in links if {link.one, link.other} <= items.keys()],
        agreements=await agreements.binding(connection, {dependency.id for dependency in stored}),
    )


async def _joined(connection: Connection, ids: Collection[str]) -> list[Stored]:
    """The dependencies of all that open ones join to these, now or once what is closed here is open."""
    own = await joined.dependencies_of(connection, ids)
    start = {*ids, *(end for dependency in own for end in dependency.pair)}
    try:
        reached = await joined.joined_to(connection, start)
    except TooLargeError:
        return await relatives.all_dependencies(connection)
    return await joined.dependencies_of(connection, reached)


async def _below(connection: Connection, hypothesis: Hypothesis) -> set[str]:
    """What is under the items whose due date or state changes: epics are compared with it."""
    ids = [item_id for item_id, values in hypothesis.values.items() if values.keys() & {"due", "state"}]
    return await relatives.below(connection, ids)


async def _beside(connection: Connection, hypothesis: Hypothesis, plan: Plan) -> set[str]:
    """Who else carries a link with a changed item, or works on a shared component of one."""
    links = await relatives.ties_of(connection, list(hypothesis.values))
    linked = {end for link in links for end in (link.one, link.other)}
    shared = {name.strip().casefold(): name for name in plan.shared}
    planned = [item_id for item_id, values in hypothesis.values.items() if values.keys() & _PLANNING]
    if not shared or not planned:
        return linked
    changed, _ = await snapshot.some_items(connection, planned)
    carried = {name.strip().casefold() for item in changed.values() for name in item.components}
    names = [shared[name] for name in sorted(carried & shared.keys())]
    return linked | await relatives.planned_on(connection, names)


async def _with_ancestors(
    connection: Connection, ids: Iterable[str]
) -> tuple[dict[str, Item], dict[str, Derived]]:
    items, derived = await snapshot.some_items(connection, set(ids))
    for _ in range(_STEPS_UP):
        missing = {item.parent for item in items.values() if item.parent} - items.keys()
        above, derived_above = await snapshot.some_items(connection, missing)
        if not above:
            break
        items |= above
        derived |= derived_above
    return items, derived
