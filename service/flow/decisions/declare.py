"""Dependencies that no tracker holds, declared by people and judged before they are answered."""

from service.domain.plan.dependency import dependency_id
from service.errors import AttuneError, NotFound
from service.flow.analysis.rejudge import follow_decision
from service.flow.context import Context
from service.flow.unit_of_work import unit_of_work
from service.store.dependencies import dependency_lists as edges
from service.store.dependencies.dependency_lists import ListedDependency


class OriginError(AttuneError):
    """The dependency comes from a tracker: only what was declared here can be taken back here."""


async def declare(context: Context, blocker: str, dependent: str, by: str) -> tuple[ListedDependency, bool]:
    """The judged dependency, and whether the declaration is new. Both items exist and differ."""
    found = dependency_id(blocker, dependent)
    async with unit_of_work(context) as work:
        is_new = await edges.declare(work.connection, found, blocker, dependent, by, context.clock())
        if is_new:
            work.touch([blocker, dependent])
    if is_new:
        await follow_decision(context)
    async with context.database.read() as connection:
        edge = await edges.get(connection, found)
    if edge is None:  # one of its items left the backlog meanwhile
        raise NotFound("dependency", found)
    return edge, is_new


async def take_back(context: Context, found: str) -> None:
    """Raises NotFound for an unknown dependency, OriginError for one that trackers alone hold."""
    async with unit_of_work(context) as work:
        edge = await edges.get(work.connection, found)
        if edge is None:
            raise NotFound("dependency", found)
        if not await edges.take_back(work.connection, found):
            raise OriginError(found)
        work.touch([edge.blocker, edge.dependent])
    await follow_decision(context)
