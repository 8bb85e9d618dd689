"""Issues, milestones and projects of the simulator as plain dicts; only what matters must be said."""

from collections.abc import Mapping, Sequence
from typing import Any

MOMENT = "2026-01-05T09:00:00Z"


def milestone(
    number: int,
    title: str,
    *,
    due_on: str | None = None,
    state: str = "open",
    description: str | None = None,
    created_at: str = MOMENT,
    updated_at: str | None = None,
    closed_at: str | None = None,
) -> dict[str, Any]:
    """``due_on`` is a moment as GitHub writes it: ``2026-03-01T08:00:00Z``."""
    return {
        "number": number,
        "title": title,
        "due_on": due_on,
        "state": state,
        "description": description,
        "created_at": created_at,
        "updated_at": updated_at or created_at,
        "closed_at": closed_at or (updated_at or created_at if state == "closed" else None),
    }


def project_values(  # noqa: PLR0913 - every keyword is a thing a row has
    *,
    status: str | None = None,
    priority: str | None = None,
    start: str | None = None,
    due: str | None = None,
    iteration: tuple[str, str, int] | None = None,
    estimate: float | None = None,
    order: float = 0,
    archived: bool = False,
    updated_at: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An issue's row in the Project: dates as ``YYYY-MM-DD``, iteration as (title, start, days).

    ``order`` sorts the rows; ``more`` holds other fields by name (a str is a single select).
    """
    values: dict[str, Any] = {"Status": status, "Priority": priority, "Start date": start, "Target date": due}
    values |= {"Iteration": iteration, "Estimate": estimate, **more}
    kept = {name: value for name, value in values.items() if value is not None}
    return {"values": kept, "order": order, "archived": archived, "updated_at": updated_at}


def issue(  # noqa: PLR0913 - every keyword is a thing an issue has
    number: int,
    title: str,
    *,
    body: str | None = "",
    labels: Sequence[str] = (),
    assignees: Sequence[str] = (),
    state: str = "open",
    state_reason: str | None = None,
    type: str | None = None,
    milestone: Mapping[str, Any] | None = None,
    parent: tuple[str, int] | None = None,
    blocked_by: Sequence[tuple[str, int]] = (),
    hidden_blockers: int = 0,
    open_pull_requests: int = 0,
    fields: Mapping[str, Any] | None = None,
    project: Mapping[str, Any] | None = None,
    history: Sequence[Mapping[str, Any]] = (),
    created_at: str = MOMENT,
    updated_at: str | None = None,
    closed_at: str | None = None,
    node_id: str | None = None,
) -> dict[str, Any]:
    """``parent`` and ``blocked_by`` name issues as ("acme/stores", 12); ``project`` is ``project_values(…)``.

    ``state_reason`` is ``completed``, ``not_planned``, ``duplicate`` or ``reopened``. ``fields``
    are the organisation's issue fields by name: a str that reads as a date is a date field, any
    other a single select, a number a number field. ``history`` holds ``event(…)``, oldest first.
    """
    updated = updated_at or closed_at or created_at
    return {
        "number": number,
        "title": title,
        "body": body,
        "labels": list(labels),
        "assignees": list(assignees),
        "state": state,
        "state_reason": state_reason,
        "type": type,
        "milestone": dict(milestone) if milestone else None,
        "parent": parent,
        "blocked_by": list(blocked_by),
        "hidden_blockers": hidden_blockers,
        "open_pull_requests": open_pull_requests,
        "fields": dict(fields or {}),
        "project": dict(project) if project else None,
        "history": [dict(one) for one in history],
        "created_at": created_at,
        "updated_at": updated,
        "closed_at": closed_at or (updated if state == "closed" else None),
        "node_id": node_id,
    }


def event(kind: str, at: str, *, by: str | None = None, **more: Any) -> dict[str, Any]:
    """One entry of an issue's timeline: ``event("MilestonedEvent", moment, milestoneTitle="May")``."""
    return {"__typename": kind, "createdAt": at, "by": by, **more}


def project(title: str, repositories: Sequence[str], drafts: int = 0) -> dict[str, Any]:
    """A Project of every issue in these repositories that has ``project`` values, in their order.

    ``drafts`` more rows stand before them that are no issues.
    """
    return {"title": title, "repositories": list(repositories), "drafts": drafts}


def node_id(one: Mapping[str, Any]) -> str:
    """An issue's node id: its own, else made of where it was first."""
    return str(one["node_id"] or f"I_{one['repository'].replace('/', '_')}_{one['number']}")
