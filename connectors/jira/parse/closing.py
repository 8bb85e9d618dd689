"""When an issue closed that has no resolution date: its history tells when its status became a closed one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from connectors.jira.parse.values import as_moment

Json = Mapping[str, Any]
IsClosed = Callable[[Json], bool | None]
"""Whether a status closes an issue; None where nobody says."""

_SHIPPED = {
    **dict.fromkeys(("open", "reopened", "to do", "backlog", "selected for development"), "new"),
    **dict.fromkeys(("in progress", "in review"), "indeterminate"),
    **dict.fromkeys(("resolved", "closed", "done"), "done"),
}
"""Jira's own statuses, for sites that have removed them since."""


class _Step(NamedTuple):
    at: datetime
    before: Json  # statuses, as ``Statuses.find`` gives them
    after: Json
    is_resolving: bool  # a resolution was set with it


class Statuses:
    """The statuses of a site (``GET /status``), found by id, for they are renamed, else by name."""

    def __init__(self, listed: Iterable[Any]) -> None:
        statuses = [one for one in listed if isinstance(one, Mapping) and one.get("name")]
        self._by_name = {str(one["name"]).strip().casefold(): one for one in statuses}
        self._by_id = {str(one.get("id")): one for one in statuses}

    def find(self, status_id: Any, name: Any) -> Json:
        """One that the site no longer has keeps its name, and a category if it was one of Jira's own."""
        word = str(name).strip().casefold()
        shipped = {"name": str(name), "statusCategory": {"key": _SHIPPED.get(word)}}
        return self._by_id.get(str(status_id)) or self._by_name.get(word) or shipped


def find_closing(histories: Iterable[Any], statuses: Statuses, is_closed: IsClosed) -> datetime | None:
    """When an issue that is closed now entered its last unbroken run of closed statuses.

    None where its history does not tell: it has none, it contradicts the present status, the issue was
    closed before its history begins, or nobody knows any more what a status meant. Raises one of the
    errors of a record of another shape.
    """
    steps = sorted(_steps(histories, statuses), key=lambda step: step.at, reverse=True)
    if not steps or not is_closed(steps[0].after):
        return None
    for step, entering in zip(steps, [*steps[1:], None], strict=True):
        was_closed = is_closed(step.before)
        if was_closed is None:
            was_closed = _tell_by_resolution(step, entering)
        if not was_closed:
            return step.at if was_closed is False else None
    return None


def _tell_by_resolution(leaving: _Step, entering: _Step | None) -> bool | None:
    """Of a status that is gone: a resolution set with it closed the issue, one set after it had not yet."""
    if leaving.is_resolving:
        return False
    return True if entering and entering.is_resolving else None


def _steps(histories: Iterable[Any], statuses: Statuses) -> list[_Step]:
    return [
        _Step(
            as_moment(history["created"]),
            statuses.find(entry.get("from"), entry.get("fromString")),
            statuses.find(entry.get("to"), entry.get("toString")),
            any(_is_about("resolution", one) and one.get("toString") for one in history["items"]),
        )
        for history in histories
        for entry in history.get("items") or ()
        if _is_about("status", entry)
    ]


def _is_about(field: str, entry: Json) -> bool:
    return str(entry.get("fieldId") or entry.get("field")).casefold() == field
