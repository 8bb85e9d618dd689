"""What a run over a source has to read: all, the rest of a scan, what changed, or kept answers too. Pure."""

from dataclasses import dataclass

from connectors.contract import Checkpoint
from service.flow.reading.source_digest import SourceDigest

SECOND_LOOK_SECONDS = 1800.0  # after a suspicious full scan, so that it was not the same moment's fault


@dataclass(frozen=True, slots=True)
class Full:
    """Everything. ``scan`` is when it began: what it does not meet has left the source."""

    scan: float
    checkpoint: None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """The rest of a full scan that was cut off."""

    scan: float
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed after the checkpoint."""

    checkpoint: Checkpoint
    scan: None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """The answers that are kept, as the product file has them understood now; then what changed."""

    checkpoint: Checkpoint
    scan: None = None


ReadPlan = Full | Resume | Delta | Reread


@dataclass(frozen=True, slots=True)
class ReadState:
    """How far a source is read. Moments are epoch seconds; ``digest`` None: nothing was read yet."""

    checkpoint: Checkpoint | None
    scan: float | None  # when the full scan began that has not ended
    is_complete: bool  # a full scan has ended once
    suspected: float | None  # a full scan that lacked so much that a second one is to agree
    last_full_scan: float | None
    digest: SourceDigest | None


def plan_read(
    state: ReadState, digest: SourceDigest, now: float, full_scan_seconds: float, *, is_full_wanted: bool
) -> ReadPlan:
    """A scan that was cut off goes on, unless what it has read so far means something else by now.

    ``digest`` is of the product file as it is. While not all that is kept of a source is sure to be its own,
    every change of it asks for everything anew; else only one of what is asked of the tracker does.
    """
    before = state.digest or digest
    checkpoint, scan = state.checkpoint, state.scan
    if checkpoint is None or _is_other(state, before, digest):
        return Full(now)
    if scan is not None:
        return Resume(scan, checkpoint)
    if is_full_wanted or _is_scan_due(state, now, full_scan_seconds):
        return Full(now)
    return Delta(checkpoint) if before == digest else Reread(checkpoint)


def _is_other(state: ReadState, before: SourceDigest, now: SourceDigest) -> bool:
    is_unsettled = state.scan is not None or not state.is_complete or state.suspected is not None
    return before != now if is_unsettled else before.asked != now.asked


def _is_scan_due(state: ReadState, now: float, full_scan_seconds: float) -> bool:
    if state.suspected is not None:
        return now - state.suspected >= SECOND_LOOK_SECONDS
    return state.last_full_scan is not None and now - state.last_full_scan > full_scan_seconds
