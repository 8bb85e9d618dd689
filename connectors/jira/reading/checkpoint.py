"""Where a reading stands, as the JSON that is stored with each page.

``{"scan": {"created": 1772355600.0, "watermark": 1772359200.0}}`` inside an unfinished full scan,
``{"updated": 1772359200.0, "seen": {"10023": "2026-03-01T10:00:00.000+0000"}}`` after one: everything
changed before ``updated`` is in, and of the overlap read again these versions are. Epoch seconds.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.contract import Checkpoint
from connectors.jira.parse import values

OVERLAP = 600.0  # seconds that Cloud's index may lag; JQL knows only minutes besides
_SEEN = 5000  # versions kept; one forgotten is only read again
_MINUTE = 60.0

Issue = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scan:
    """A full scan reads by creation; ``watermark`` is when it began, by the tracker's clock."""

    watermark: float
    created: float | None = None

    def checkpoint(self) -> Checkpoint:
        return {"scan": {"created": self.created, "watermark": self.watermark}}

    def after(self, issues: Iterable[Issue]) -> "Scan":
        dated = [at for one in issues if (at := moment_of(one, "created")) is not None]
        credible = [at for at in dated if at <= self.watermark]
        return Scan(self.watermark, max(credible)) if credible else self


@dataclass(frozen=True, slots=True)
class Delta:
    """Reads by update."""

    updated: float
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def since(self) -> float:
        return self.updated - OVERLAP

    def checkpoint(self) -> Checkpoint:
        return {"updated": self.updated, "seen": dict(self.seen)}

    def fresh(self, issues: Iterable[Issue]) -> list[Issue]:
        """Those of which this version is not in yet."""
        return [one for one in issues if not self._is_in(one)]

    def _is_in(self, issue: Issue) -> bool:
        """A record that does not say when it was updated is in once it was met, whatever it holds."""
        version, before = _version(issue), self.seen.get(_name(issue))
        return before is not None and (version is None or version == before)

    def after(self, issues: Sequence[Issue], began: float) -> "Delta":
        """The watermark follows the newest update, but never beyond when this read ``began``.

        What changed since then may not be in the index yet, while younger changes are.
        """
        newest = max([self.updated, *(moment_of(one, "updated") or 0.0 for one in issues)])
        updated = min(newest, began)
        began_at = datetime.fromtimestamp(began, UTC).isoformat()
        seen = {**self.seen, **{_name(one): _version(one) or began_at for one in issues}}
        return Delta(updated, _recent(seen, updated - OVERLAP - _MINUTE))

    def settled(self, began: float) -> "Delta":
        """Everything up to when this read ``began`` is in, but for what the overlap brings next time.

        A watermark from the future (a clock was wrong) comes back to the present.
        """
        return Delta(began, _recent(self.seen, began - OVERLAP - _MINUTE))


def resume(since: Checkpoint) -> Scan | Delta:
    if "scan" in since:
        scan = since["scan"]
        return Scan(float(scan["watermark"]), scan["created"])
    return Delta(float(since["updated"]), since.get("seen") or {})


def moment_of(issue: Issue, by: str) -> float | None:
    """Epoch seconds; None for a record that does not say."""
    try:
        return values.moment(issue["fields"][by]).timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _name(issue: Issue) -> str:
    """Its id; of a record without one a digest of what it holds."""
    if issue.get("id"):
        return str(issue["id"])
    return "?" + hashlib.sha256(repr(issue).encode("utf-8", "replace")).hexdigest()[:16]


def _version(issue: Issue) -> str | None:
    updated = (issue.get("fields") or {}).get("updated")
    return updated if isinstance(updated, str) and _stamp(updated) > 0 else None


def _recent(seen: Mapping[str, str], bound: float) -> dict[str, str]:
    dated = ((_stamp(version), number, version) for number, version in seen.items())
    kept = sorted((one for one in dated if one[0] >= bound), reverse=True)[:_SEEN]
    return {number: version for _, number, version in kept}


def _stamp(version: str) -> float:
    try:
        return values.moment(version).timestamp()
    except (ValueError, OverflowError):
        return 0.0
