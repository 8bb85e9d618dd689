"""Where a read of GitHub stands, as JSON. Pure.

Inside a full scan ``{"scan": cursor, "at": repository, "began": moment, "newest": {repository: moment}}``,
after one ``{"since": {repository: moment}, "newest": {…}, "seen": {…}}``. A repository is its name, or
"" for a Project alone; one that is not in ``since`` is read from its beginning. ``newest`` is the
latest ``updatedAt`` read: it takes over when ``since`` lies in the future because a clock was
wrong. ``seen`` holds node id → updatedAt of what the next delta's overlap will show again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

OVERLAP = timedelta(minutes=5)
BEGINNING = "1970-01-01T00:00:00Z"
_MOST_SEEN = 2000


def written(moment: datetime) -> str:
    """As GitHub writes moments, so that they compare as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Mark:
    """A checkpoint while it moves on. ``repository`` None: no full scan is under way."""

    began: datetime
    repository: str | None = None
    cursor: str | None = None
    since: dict[str, str] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # what the repositories were called when it began
    page: int = 0  # of the full scan, in this repository

    @property
    def is_scan(self) -> bool:
        return self.repository is not None

    def note(self, repository: str, nodes: Iterable[Any]) -> None:
        """Remember what was read: the newest moment, and what the next overlap shows again."""
        start = overlapped(written(self.began))
        for one in nodes:
            if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                continue
            moment = str(one.get("updatedAt", ""))
            self.newest[repository] = max(self.newest.get(repository, ""), moment)
            if moment >= start or not self.is_scan:
                self.seen[one["id"]] = moment

    def unseen(self, nodes: Iterable[Any]) -> list[Any]:
        """Without those that an earlier read has handed over as they are."""
        return [one for one in nodes if not self._is_seen(one)]

    def _is_seen(self, node: Any) -> bool:
        return isinstance(node, dict) and self.seen.get(str(node.get("id"))) == node.get("updatedAt", "")

    def ask_since(self, repository: str, now: datetime) -> str:
        """GitHub's ``since`` is inclusive; the overlap covers clocks and late indexes."""
        since = self.since.get(repository, BEGINNING)
        if since > written(now) and (newest := self.newest.get(repository)):
            since = min(since, newest)
        return overlapped(since)

    def scanning(self, repository: str, cursor: str | None) -> dict[str, Any]:
        began = written(self.began)
        newest = dict(self.newest)
        place = {"scan": cursor, "at": repository, "page": self.page}
        return {**place, "began": began, "newest": newest, "names": self.names}

    def passed(self, repository: str, nodes: Iterable[Any]) -> dict[str, Any]:
        """Inside a delta, whose pages rise by ``updatedAt``: it can go on where this page ended."""
        moments = [str(one.get("updatedAt", "")) for one in nodes if isinstance(one, dict)]
        since = self.since | ({repository: max(moments)} if moments else {})
        return self._after(since)

    def finished(self, repositories: Iterable[str]) -> dict[str, Any]:
        return self._after(dict.fromkeys(repositories, written(self.began)))

    def _after(self, since: Mapping[str, str]) -> dict[str, Any]:
        start = overlapped(min(since.values(), default=BEGINNING))
        kept = sorted((one for one in self.seen.items() if one[1] >= start), key=lambda one: one[1])
        seen = dict(kept[-_MOST_SEEN:])
        return {"since": dict(since), "newest": dict(self.newest), "seen": seen, "names": self.names}


def begun(
    checkpoint: Mapping[str, Any] | None, repositories: list[str], now: datetime, names: Mapping[str, str]
) -> Mark:
    """Continue from a checkpoint; a full scan when there is none, or its repository is gone.

    A repository that was renamed since (``names``: as they are called now) is read from its beginning, so
    that its items are known under its present name.
    """
    if checkpoint is None:
        return Mark(now, repositories[0], names=dict(names))
    newest = dict(checkpoint.get("newest") or {})
    if "since" not in checkpoint:
        repository = checkpoint.get("at", repositories[0])
        if repository not in repositories:
            return Mark(now, repositories[0], names=dict(names))
        began = datetime.fromisoformat(checkpoint["began"])
        page = int(checkpoint.get("page", 0))
        before = dict(checkpoint.get("names") or names)
        return Mark(began, repository, checkpoint["scan"], newest=newest, page=page, names=before)
    since = checkpoint["since"]
    if isinstance(since, str):
        since = dict.fromkeys(repositories, since)
    before = checkpoint.get("names") or {}
    renamed = {name for name, present in names.items() if before.get(name, name.lower()) != present}
    moments = {
        repository: written(datetime.fromisoformat(moment))
        for repository, moment in since.items()
        if repository not in renamed
    }
    seen = {} if renamed else dict(checkpoint.get("seen") or {})
    return Mark(now, since=moments, newest=newest, seen=seen, names=dict(names))


def overlapped(moment: str) -> str:
    try:
        return written(datetime.fromisoformat(moment) - OVERLAP)
    except OverflowError:
        return moment
