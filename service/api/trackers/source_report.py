"""How fresh and how honest each source is: all that is to be said of it, in one typed row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.contract import Quota
from connectors.options import SourceOptions
from service.flow.unconfigured import UnconfiguredReferences
from service.store.backlog.overview import Coverage
from service.store.sources.rejected_records import RejectedRecord
from service.store.sources.sources import SourceRow

LATE_POLLS = 3  # polls that did not come, until what is known counts as stale

SourceState = Literal["never", "ok", "syncing", "stale", "failing"]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """``unread`` and ``unasked`` are work that is left for the background, not faults.

    ``unread``: by part ("remote-links"), of how many items it is still to be read. ``unasked``: how many
    names that items mention the tracker is still to be asked about.
    """

    options: SourceOptions
    row: SourceRow
    state: SourceState
    items: int
    stale_items: int
    coverage: Coverage
    rejected: Sequence[RejectedRecord]
    unread: Mapping[str, int]
    unasked: int
    unconfigured: Sequence[UnconfiguredReferences]
    quota: Quota | None


def state_of(row: SourceRow, options: SourceOptions, now: float) -> SourceState:
    """``stale``: it was read well, but not for some polls now (its worker may be away)."""
    allowed = LATE_POLLS * options.poll.total_seconds()
    is_late = row.last_delta is not None and now - row.last_delta > allowed
    return "stale" if row.state == "ok" and is_late else row.state


def quota_of(options: SourceOptions, rows: Iterable[tuple[SourceOptions, SourceRow]]) -> Quota | None:
    """What any source of the same credential was told last: of the newest window the lowest figure."""
    quotas = [row.quota for other, row in rows if options.shares_limits(other)]
    return min(
        (quota for quota in quotas if quota is not None),
        key=lambda quota: (-quota.resets_at.timestamp(), quota.remaining),
        default=None,
    )
