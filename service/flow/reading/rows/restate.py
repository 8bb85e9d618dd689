"""Store what texts say of other items; those are to be judged again when it changes."""

from collections.abc import Collection, Sequence

from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.dependencies import statements
from service.store.dependencies.statements import Statement
from service.store.naming.sites import read_sites


async def restate(
    connection: Connection, source: str, ids: Collection[str], now: Sequence[Statement]
) -> set[str]:
    """``now`` is all that the texts of these items of ``source`` say. The items of which that is news."""
    before = await statements.statements_in(connection, ids)
    news = {(one.subject, one.relation, one.ref) for one in set(before) ^ set(now)}
    if not news:
        return set()
    await statements.replace(connection, ids, now)
    sites = await read_sites(connection)
    named = {sites.settle(ref, source) for subject, _, ref in news for ref in (subject, ref)}
    return set((await items.named(connection, sorted(filter(None, named)))).values())
