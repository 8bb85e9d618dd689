"""What changes would do to the plan, before anybody makes them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.problems import invalid
from service.api.models.base import Decider, Owner, Severity, State
from service.api.models.conflicts import ConflictItem, Fix
from service.api.plan.order import ItemId
from service.domain.what_if.hypothesis import Pair, Supposed
from service.flow.context import Context
from service.flow.what_if.ask import what_if
from service.store.backlog import backlog
from service.store.dependencies import joined as neighbourhood

router = APIRouter(prefix="/v1/what-if", tags=["backlog"])

MOST_CHANGES = 500

_DESCRIPTION = f"""\
Answers which conflicts several changes together would open, resolve or change, which items would move \
in the overarching order, and when affected epics would be ready. Changes count in their order; nothing is \
stored and no event raised. At most {MOST_CHANGES} changes.

Judged is all that dates, priorities, states and dependencies can bring about, but for Definitions of Done, \
unowned components, and blockers that an item which opens names in vain. `moved` names the items that change \
places with others, not those that make room.
"""


Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]


class Values(BaseModel):
    """What is left out stays as it is; null clears a date or a priority."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    due: Day | None = None
    start: Day | None = None
    priority: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    state: State | None = None

    @model_validator(mode="after")
    def says_something(self) -> "Values":
        if not self.model_fields_set:
            raise ValueError("set at least one of due, start, priority and state")
        if "state" in self.model_fields_set and self.state is None:
            raise ValueError("a state cannot be cleared")
        return self


class Ends(BaseModel):
    model_config = ConfigDict(extra="forbid")

    blocker: ItemId
    dependent: ItemId


class SupposedChange(BaseModel):
    """Either ``item`` with ``set``, or ``add_dependency``, or ``remove_dependency``."""

    model_config = ConfigDict(extra="forbid")

    item: ItemId | None = None
    set: Values | None = None
    add_dependency: Ends | None = None
    remove_dependency: Ends | None = None

    @model_validator(mode="after")
    def is_one_change(self) -> "SupposedChange":
        told = {name for name in type(self).model_fields if getattr(self, name) is not None}
        if told not in ({"item", "set"}, {"add_dependency"}, {"remove_dependency"}):
            raise ValueError("give item and set, or add_dependency, or remove_dependency")
        return self


class Question(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "changes": [
                        {"item": "back-jira:2", "set": {"due": "2026-03-13", "priority": 1}},
                        {"add_dependency": {"blocker": "back-jira:3", "dependent": "stores-gh:3"}},
                    ]
                }
            ]
        },
    )

    changes: Annotated[list[SupposedChange], Field(min_length=1, max_length=MOST_CHANGES)]


class FoundConflict(BaseModel):
    """A conflict without its life: nothing is stored of it."""

    id: str = Field(description="That of the conflict, should it come to be", examples=["cfl_6d20e5f10f3c"])
    kind: str = Field(examples=["dependency-date"])
    rule_version: int | str
    severity: Severity
    title: str
    explanation: str
    suggestions: list[str]
    fixes: list[Fix] = Field(description="What each suggestion changes, in the same order")
    items: list[ConflictItem]
    teams: list[str]
    owners: list[Owner]
    decider: Decider | None
    dependencies: list[str]
    facts: dict[str, Any]


class ChangedConflict(FoundConflict):
    severity_before: Severity


class Moved(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    item: str
    key: str
    was: int | None = Field(alias="from", description="Position from 1; null: closed until then")
    to: int | None = Field(description="Null: it would be closed")


class EpicForecast(BaseModel):
    item: str
    key: str
    before: date | None = Field(description="When it and all open items under it are ready; null: unknown")
    after: date | None


class Consequences(BaseModel):
    opened: list[FoundConflict]
    resolved: list[FoundConflict]
    changed: list[ChangedConflict] = Field(description="As they would be")
    moved: list[Moved]
    forecast: list[EpicForecast] = Field(description="Of epics that would be ready on another day")


@router.post(
    "",
    operation_id="askWhatIf",
    summary="What changes would open, resolve and move; nothing is stored",
    description=_DESCRIPTION,
    responses={200: {"model": Consequences}},
)
async def ask_what_if(context: InContext, _asking: Viewer, body: Question) -> Response:
    supposed = await _supposed(context, body.changes)
    found = await what_if(context, supposed)
    told = {name: getattr(found, name) for name in Consequences.model_fields}
    told["moved"] = orjson.Fragment(found.moved)
    return Response(orjson.dumps(told), media_type="application/json")


async def _supposed(context: Context, changes: list[SupposedChange]) -> Supposed:
    """422 for items and dependencies that do not exist."""
    named = [name for n, change in enumerate(changes) for name in _named(n, change)]
    ids = sorted({one for _, one in named})
    async with context.database.read() as connection:
        known = await backlog.teams_of(connection, ids)
        ends = {end for change in changes if change.set is None for _, end in _named(0, change)}
        stored = {one.pair for one in await neighbourhood.dependencies_of(connection, ends)}
    errors = [
        {"field": field, "message": "there is no such item"} for field, one in named if one not in known
    ]
    errors += _joined_to_themselves(changes)
    if errors:
        raise invalid(errors)
    return _together(changes, stored)


def _named(number: int, change: SupposedChange) -> Iterator[tuple[str, str]]:
    """The items of a change, with the fields that name them."""
    if change.item is not None:
        yield f"changes.{number}.item", change.item
    for name in ("add_dependency", "remove_dependency"):
        if (ends := getattr(change, name)) is not None:
            yield f"changes.{number}.{name}.blocker", ends.blocker
            yield f"changes.{number}.{name}.dependent", ends.dependent


def _joined_to_themselves(changes: list[SupposedChange]) -> list[dict[str, str]]:
    return [
        {"field": f"changes.{n}.add_dependency.dependent", "message": "an item cannot wait for itself"}
        for n, change in enumerate(changes)
        if (ends := change.add_dependency) is not None and ends.blocker == ends.dependent
    ]


def _together(changes: list[SupposedChange], stored: set[Pair]) -> Supposed:
    """Of several changes to the same the last counts."""
    values: dict[str, dict[str, Any]] = {}
    there = set(stored)
    for number, change in enumerate(changes):
        if change.item is not None and change.set is not None:
            values.setdefault(change.item, {}).update(change.set.model_dump(exclude_unset=True))
        if change.add_dependency is not None:
            there.add(_pair(change.add_dependency))
        if change.remove_dependency is not None:
            pair = _pair(change.remove_dependency)
            if pair not in there:
                field = f"changes.{number}.remove_dependency"
                raise invalid([{"field": field, "message": "there is no such dependency"}])
            there.discard(pair)
    told: Mapping[str, Mapping[str, Any]] = values
    return Supposed(told, frozenset(there - stored), frozenset(stored - there))


def _pair(ends: Ends) -> Pair:
    return ends.blocker, ends.dependent
