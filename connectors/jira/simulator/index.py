"""The search index of a simulated Jira: it may show a change later than it happened."""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.jira.simulator import fields as known
from connectors.jira.simulator.jql import Row, parse, sort

_KEPT_QUERIES = 50
_WRITTEN_ID = re.compile(r"\bid=(\d+)")


class Index:
    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._coming: deque[tuple[float, Row]] = deque()
        self._found: dict[str, list[int]] = {}

    def put(self, issue: dict[str, Any], visible: float) -> None:
        """Shown from epoch second ``visible`` on; 0: at once."""
        row = _row(issue)
        if visible > 0:
            self._coming.append((visible, row))
            return
        self._rows[row.id] = row
        self._found.clear()

    def forget(self, number: int) -> None:
        self._rows.pop(number, None)
        self._coming = deque(one for one in self._coming if one[1].id != number)
        self._found.clear()

    def reconcile(self, numbers: Iterable[int]) -> None:
        """These as they are now (``reconcileIssues``)."""
        wanted = set(numbers)
        for one in [one for one in self._coming if one[1].id in wanted]:
            self._rows[one[1].id] = one[1]
            self._coming.remove(one)
            self._found.clear()

    def search(self, query: str, zone: ZoneInfo, now: float, present_keys: Mapping[str, str]) -> list[int]:
        """Ids in the query's order; projects also by their former keys. Raises QueryError."""
        for former, present in present_keys.items():
            query = query.replace(f'project = "{former}"', f'project = "{present}"')
        while self._coming and self._coming[0][0] <= now:
            row = self._coming.popleft()[1]
            self._rows[row.id] = row
            self._found.clear()
        if query not in self._found:
            if len(self._found) > _KEPT_QUERIES:
                self._found.clear()
            test, order = parse(query, zone)
            rows = [row for row in self._rows.values() if test(row)]
            self._found[query] = [row.id for row in sort(rows, order)]
        return self._found[query]


def _row(issue: dict[str, Any]) -> Row:
    fields = issue["fields"]
    project, _, number = issue["key"].rpartition("-")
    words = {
        "project": {project, *_names([fields["project"]], "id", "name")},
        "issuetype": _names([fields.get("issuetype")], "name", "id"),
        "status": _names([fields.get("status")], "name", "id"),
        "statuscategory": _names([(fields.get("status") or {}).get("statusCategory")], "name", "key"),
        "priority": _names([fields.get("priority")], "name", "id"),
        "resolution": _names([fields.get("resolution")], "name", "id"),
        "labels": set(fields.get("labels") or ()),
        "component": _names(fields.get("components") or (), "name", "id"),
        "level": _names([fields.get("security")], "name", "id"),
        "fixversion": _names(fields.get("fixVersions") or (), "name", "id"),
        "sprint": _sprints(fields.get(known.SPRINT)),
    }
    return Row(
        id=int(issue["id"]),
        key=issue["key"],
        project=project,
        number=int(number),
        created=_milliseconds(fields["created"]),
        updated=_milliseconds(fields["updated"]),
        words={name: frozenset(word.casefold() for word in found) for name, found in words.items()},
    )


def _names(values: Iterable[Mapping[str, Any] | None], *keys: str) -> set[str]:
    return {str(one[key]) for one in values if one for key in keys if key in one}


def _sprints(value: Sequence[Any] | None) -> set[str]:
    written = {found[1] for one in value or () if isinstance(one, str) and (found := _WRITTEN_ID.search(one))}
    return written | _names([one for one in value or () if isinstance(one, Mapping)], "id", "name")


def _milliseconds(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)
