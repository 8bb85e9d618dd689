"""What changes would do to the plan, before anybody makes them."""

from collections.abc import Sequence
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
from service.domain.what_if import hypothesis
from service.domain.what_if.hypothesis import (
    AddDependency,
    ImpossibleChangesError,
    Problem,
    RemoveDependency,
    SetValues,
)
from service.flow.what_if.answer import StoredConflict, SupposedConflict, WhatIf
from service.flow.what_if.ask import what_if

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

    def as_supposed(self) -> hypothesis.SupposedChange:
        if self.add_dependency is not None:
            return AddDependency(self.add_dependency.blocker, self.add_dependency.dependent)
        if self.remove_dependency is not None:
            return RemoveDependency(self.remove_dependency.blocker, self.remove_dependency.dependent)
        if self.item is None or self.set is None:
            raise AssertionError("is_one_change lets nothing else pass")
        return SetValues(self.item, self.set.model_dump(exclude_unset=True))


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
    try:
        found = await what_if(context, [change.as_supposed() for change in body.changes])
    except ImpossibleChangesError as error:
        raise invalid([_error(problem, body.changes) for problem in error.problems]) from error
    return Response(orjson.dumps(_told(found)), media_type="application/json")


def _error(problem: Problem, changes: Sequence[SupposedChange]) -> dict[str, str]:
    change = changes[problem.number]
    names = [name for name in ("add_dependency", "remove_dependency") if getattr(change, name) is not None]
    parts = [*names, *([problem.part] if problem.part else [])]
    return {"field": ".".join(["changes", str(problem.number), *parts]), "message": problem.message}


def _told(found: WhatIf) -> dict[str, Any]:
    return {
        "opened": list(map(_found, found.opened)),
        "resolved": [
            _found(conflict) if isinstance(conflict, SupposedConflict) else _stored(conflict)
            for conflict in found.resolved
        ],
        "changed": [
            {**_found(changed.conflict), "severity_before": changed.severity_before}
            for changed in found.changed
        ],
        "moved": [
            {"item": move.item, "key": move.key, "from": move.before, "to": move.after}
            for move in found.moved
        ],
        "forecast": [
            {"item": epic.epic, "key": epic.key, "before": epic.before, "after": epic.after}
            for epic in found.forecast
        ],
    }


def _found(conflict: SupposedConflict) -> dict[str, Any]:
    return {"id": conflict.id, "kind": conflict.kind, "severity": conflict.severity, **conflict.body}


def _stored(conflict: StoredConflict) -> orjson.Fragment:
    """Its body goes into the answer as it was stored."""
    head = orjson.dumps({"id": conflict.id, "kind": conflict.kind, "severity": conflict.severity})
    return orjson.Fragment(head[:-1] + b"," + conflict.body.encode()[1:])
