"""Where a read of GitHub stands, as JSON. Pure.

``{"scan": cursor, "began": moment}`` inside a full scan; ``{"since": moment, "seen": {…}}`` after
one. ``seen`` holds number → updatedAt of what the next delta's overlap will show again.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

OVERLAP = timedelta(minutes=5)
_MOST_SEEN = 2000


def scanning(cursor: str | None, began: datetime) -> dict[str, Any]:
    return {"scan": cursor, "began": began.isoformat()}


def finished(began: datetime, seen: Mapping[str, str]) -> dict[str, Any]:
    newest = sorted(seen.items(), key=lambda one: one[1])[-_MOST_SEEN:]
    return {"since": began.isoformat(), "seen": dict(newest)}


def ask_since(checkpoint: Mapping[str, Any]) -> str:
    """GitHub's ``since`` is inclusive; the overlap covers clocks and late indexes."""
    return _overlapped(datetime.fromisoformat(checkpoint["since"]))


def _overlapped(moment: datetime) -> str:
    return (moment - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unseen(nodes: Iterable[Any], seen: Mapping[str, str]) -> list[Any]:
    """Without those that an earlier read has handed over as they are."""
    return [one for one in nodes if not _is_seen(one, seen)]


def _is_seen(node: Any, seen: Mapping[str, str]) -> bool:
    return isinstance(node, dict) and seen.get(str(node.get("number"))) == node.get("updatedAt", "")


def remember(nodes: Iterable[Any], seen: dict[str, str], began: datetime) -> None:
    """Add what the next delta's overlap will show again; older ones need no memory."""
    since = _overlapped(began)
    for one in nodes:
        if isinstance(one, dict) and str(one.get("updatedAt", "")) >= since:
            seen[str(one["number"])] = one["updatedAt"]
