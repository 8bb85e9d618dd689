"""Items leave one source; where another source may hold them, it is asked for them."""

from collections.abc import Sequence

import orjson

from service.flow.context import Context
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.process import jobs, touched
from service.store.sources import sources, unread_parts


async def remove(context: Context, connection: Connection, source: str, ids: Sequence[str]) -> int:
    """How many were there.

    An item of two sources' selections belongs to one of them: when it leaves that one, no change of its
    own would bring it in by the other.
    """
    told = await items.named_natively(connection, ids)
    gone = await items.remove(connection, ids)
    await unread_parts.forget(connection, gone)
    await touched.mark(connection, gone)
    if told:
        await _ask_others(context, connection, source, told)
    return len(gone)


async def _ask_others(
    context: Context, connection: Connection, source: str, told: Sequence[tuple[str, str]]
) -> None:
    """``told``: (identity, native id) of what left."""
    types = {options.key: options.type for options in context.product.sources}
    said = {row.key: orjson.loads(row.capabilities or "{}") for row in await sources.all_sources(connection)}
    home = said[source].get("site")
    held = set(said[source].get("holds", ()))
    everywhere = {native_id for identity, native_id in told if identity.endswith(f"{home}/id/{native_id}")}
    for key, one in said.items():
        if key == source or types.get(key) != types.get(source) or one.get("site") != home:
            continue
        shares = not held.isdisjoint(one.get("holds", ()))
        wanted = {native_id for _, native_id in told} if shares else everywhere
        if wanted:
            await jobs.announce(connection, key, wanted, context.clock())
            await jobs.enqueue(connection, "read", f"read:{key}", {"source": key})
