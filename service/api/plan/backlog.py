"""The overarching backlog."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.params import Words
from service.api.models.base import Kind
from service.api.models.items import ItemList
from service.api.plan import backlog_at
from service.domain.plan.item import OPEN
from service.store.backlog import backlog
from service.store.backlog.backlog import Filters, Listed, LiveFacts, PageEnd, Sort
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/backlog", tags=["backlog"])

_VALUES: Mapping[Sort, tuple[type, ...]] = {
    "position": paging.NUMBER,
    "due": paging.TEXT,
    "priority": paging.NUMBER,
    "updated": paging.MOMENT,
}


class BacklogQuery(paging.PageQuery, BaseModel):
    """Several values of one filter: any of them. Different filters: all of them."""

    team: Words = []
    source: Words = []
    kind: list[Kind] = []
    state: list[Literal["todo", "doing", "done", "dropped", "any"]] = Field(
        [], description="Default: open (`todo` and `doing`); `any` for all"
    )
    goal: Words = []
    parent: Words = []
    label: Words = []
    priority_max: int | None = Field(None, ge=1, le=5)
    has_conflicts: bool | None = None
    updated_since: datetime | None = None
    stale: bool | None = Field(None, description="Open, and nobody has touched it for 180 days")
    at: date | None = Field(
        None,
        description="Dates, states, priorities, teams and the order they give as they stood at the end of "
        "this day, as far as item histories tell. Titles, labels, links, ranks, goals and pins are today's; "
        "items that left the backlog since are absent, and `conflicts` counts today's",
    )
    q: str = Field("", max_length=300, description="Words in title or key; all must occur, in any case")
    sort: Sort = Field("position", description="`updated`: newest first; items without the value come last")

    def filters(self, stale_before: float) -> Filters:
        return Filters(
            teams=self.team,
            sources=self.source,
            kinds=self.kind,
            states=() if "any" in self.state else self.state or sorted(OPEN),
            goals=self.goal,
            parents=self.parent,
            labels=self.label,
            priority_max=self.priority_max,
            has_conflicts=self.has_conflicts,
            updated_since=seconds(self.updated_since),
            is_stale=self.stale,
            stale_before=stale_before,
            words=self.q.split(),
        )


def seconds(at: datetime | None) -> float | None:
    """A time without a zone is UTC."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


@router.get(
    "",
    operation_id="listBacklog",
    summary="All teams' items in one order",
    responses={200: {"model": ItemList}},
)
async def list_backlog(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[BacklogQuery, Query()]
) -> Response:
    if query.at is not None:
        filters = query.filters(context.stale_before)
        return await backlog_at.answer(request, context, query, filters, query.at, query.sort)
    after = _place(query)

    async def build(connection: Connection) -> respond.RenderedPage:
        filters = query.filters(context.stale_before)
        listed = await backlog.page(connection, filters, query.sort, after, query.limit + 1)
        following = _cursor(query.sort, listed[query.limit - 1]) if len(listed) > query.limit else None
        items = await rendered(connection, listed[: query.limit])
        return respond.RenderedPage(paging.page(items, following), following)

    return await respond.answer(request, build)


async def rendered(connection: Connection, listed: list[Listed]) -> list[bytes]:
    keys = [one.position for one in listed if one.position is not None]
    ordinals = await backlog.ordinals(connection, keys)
    in_teams = await backlog.team_positions(connection, [one.id for one in listed])
    return [
        backlog.join(
            LiveFacts(
                None if item.position is None else ordinals.get(item.position),
                in_teams.get(item.id),
                item.conflicts,
                item.is_stale,
            ),
            item.record,
            item.derived,
        )
        for item in listed
    ]


def _cursor(sort: Sort, last: Listed) -> str:
    return paging.encode_cursor({"of": f"backlog:{sort}", "value": last.sort, "id": last.id})


def _place(query: BacklogQuery) -> PageEnd | None:
    value = (*_VALUES[query.sort], NoneType)
    place = paging.place_of(query.cursor, f"backlog:{query.sort}", value=value, id=paging.TEXT)
    return None if place is None else PageEnd(*place)
