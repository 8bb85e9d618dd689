"""Dependencies that no tracker holds, declared by people and judged before they are answered."""

from service.domain.plan.dependency import edge_id
from service.errors import AttuneError, NotFound
from service.flow.analysis.rejudge import rejudge
from service.flow.context import Context
from service.store.dependencies import dependency_lists as edges
from service.store.dependencies.dependency_lists import Edge
from service.store.process import revision, touched


class OriginError(AttuneError):
    """The dependency comes from a tracker: only what was declared here can be taken back here."""


async def declare(context: Context, blocker: str, dependent: str, by: str) -> tuple[Edge, bool]:
    """The judged dependency, and whether the declaration is new. Both items exist and differ."""
    found = edge_id(blocker, dependent)
    async with context.database.write() as connection:
        is_new = await edges.declare(connection, found, blocker, dependent, by, context.clock())
        if is_new:
            await touched.mark(connection, [blocker, dependent])
            await revision.grow(connection)
    if is_new:
        await rejudge(context)
    async with context.database.read() as connection:
        edge = await edges.get(connection, found)
    if edge is None:  # one of its items left the backlog meanwhile
        raise NotFound("dependency", found)
    return edge, is_new


async def take_back(context: Context, found: str) -> None:
    """Raises NotFound for an unknown dependency, OriginError for one that trackers alone hold."""
    async with context.database.write() as connection:
        edge = await edges.get(connection, found)
        if edge is None:
            raise NotFound("dependency", found)
        if not await edges.take_back(connection, found):
            raise OriginError(found)
        await touched.mark(connection, [edge.blocker, edge.dependent])
        await revision.grow(connection)
    await rejudge(context)
