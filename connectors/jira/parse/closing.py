"""When an issue closed that has no resolution date: its history tells when its status became a closed one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from connectors.jira.parse.values import as_moment

Json = Mapping[str, Any]
IsClosed = Callable[[Json], bool]


class _Step(NamedTuple):
    at: datetime
    before: Json  # statuses, as ``Statuses.find`` gives them
    after: Json


class Statuses:
    """The statuses of a site (``GET /status``), found by id, for they are renamed, else by name."""

    def __init__(self, listed: Iterable[Any]) -> None:
        statuses = [one for one in listed if isinstance(one, Mapping) and one.get("name")]
        self._by_name = {str(one["name"]).strip().casefold(): one for one in statuses}
        self._by_id = {str(one.get("id")): one for one in statuses}

    def find(self, status_id: Any, name: Any) -> Json:
        """One that the site no longer has is known by its name alone, without a category."""
        by_name = self._by_name.get(str(name).strip().casefold(), {"name": str(name)})
        return self._by_id.get(str(status_id), by_name)


def find_closing(histories: Iterable[Any], statuses: Statuses, is_closed: IsClosed) -> datetime | None:
    """When an issue that is closed now entered its last unbroken run of closed statuses.

    None where its history does not tell: it has none, it cannot be read, it contradicts the present
    status, or the issue was closed before its history begins.
    """
    since: datetime | None = None
    for step in sorted(_steps(histories, statuses), key=lambda step: step.at, reverse=True):
        if not is_closed(step.after):
            return None
        since = step.at
        if not is_closed(step.before):
            return since
    return None


def _steps(histories: Iterable[Any], statuses: Statuses) -> list[_Step]:
    """Raises one of the errors of a record of another shape."""
    return [
        _Step(
            as_moment(history["created"]),
            statuses.find(entry.get("from"), entry.get("fromString")),
            statuses.find(entry.get("to"), entry.get("toString")),
        )
        for history in histories
        for entry in history.get("items") or ()
        if str(entry.get("fieldId") or entry.get("field")).casefold() == "status"
    ]
