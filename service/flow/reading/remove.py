"""Items leave one source; where another source may hold them, it is asked for them."""

from collections.abc import Sequence

import orjson

from service.flow.reading.rows.restate import restate
from service.flow.unit_of_work import Work
from service.store.backlog import items
from service.store.sources import sources, unread_parts


async def remove(work: Work, source: str, ids: Sequence[str]) -> int:
    """How many were there.

    An item of two sources' selections belongs to one of them: when it leaves that one, no change of its
    own would bring it in by the other.
    """
    connection = work.connection
    told = await items.named_natively(connection, ids)
    spoken_of = await restate(connection, source, ids, [])
    gone = await items.remove(connection, ids)
    await unread_parts.forget(connection, gone)
    work.touch({*gone, *spoken_of})
    if told:
        await _ask_others(work, source, told)
    return len(gone)


async def _ask_others(work: Work, source: str, told: Sequence[tuple[str, str]]) -> None:
    """``told``: (identity, native id) of what left."""
    types = {options.key: options.type for options in work.context.product.sources}
    said = {
        row.key: orjson.loads(row.capabilities or "{}") for row in await sources.all_sources(work.connection)
    }
    home = said[source].get("site")
    held = set(said[source].get("holds", ()))
    everywhere = {native_id for identity, native_id in told if identity.endswith(f"{home}/id/{native_id}")}
    for key, one in said.items():
        if key == source or types.get(key) != types.get(source) or one.get("site") != home:
            continue
        shares = not held.isdisjoint(one.get("holds", ()))
        wanted = {native_id for _, native_id in told} if shares else everywhere
        work.announce(key, wanted)
