"""Items leave one source; where another source may hold them, it is asked for them."""

from collections.abc import Sequence

from service.flow.reading.rows.restate import restate
from service.flow.unit_of_work import Work
from service.store.backlog import items
from service.store.naming.sites import read_sites
from service.store.sources import unread_parts


async def remove(work: Work, source: str, ids: Sequence[str]) -> int:
    """How many were there.

    An item of two sources' selections belongs to one of them: when it leaves that one, no change of its
    own would bring it in by the other.
    """
    named = await items.named_natively(work.connection, ids)
    spoken_of = await restate(work.connection, source, ids, [])
    removed = await items.remove(work.connection, ids)
    await unread_parts.forget(work.connection, removed)
    work.touch({*removed, *spoken_of})
    if named:
        await _ask_others(work, source, named)
    return len(removed)


async def _ask_others(work: Work, source: str, named: Sequence[tuple[str, str]]) -> None:
    """``named``: (identity, native id) of what left."""
    types = {options.key: options.type for options in work.context.product.sources}
    sites = await read_sites(work.connection)
    home, held = sites.home.get(source), sites.holds.get(source, frozenset())
    everywhere = {native_id for identity, native_id in named if identity.endswith(f"{home}/id/{native_id}")}
    for key, site in sites.home.items():
        if key == source or types.get(key) != types.get(source) or site != home:
            continue
        shares = not held.isdisjoint(sites.holds[key])
        work.announce(key, {native_id for _, native_id in named} if shares else everywhere)
