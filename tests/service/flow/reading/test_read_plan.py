"""What a run has to read, as a table."""

from dataclasses import replace

import pytest

from service.flow.reading.read_plan import (
    SECOND_LOOK_SECONDS,
    Delta,
    Full,
    ReadPlan,
    ReadState,
    Reread,
    Resume,
    plan_read,
)
from service.flow.reading.source_digest import SourceDigest

DAY = 86400.0
NOW = 10 * DAY
MARK = {"since": 1.0}
SAME = SourceDigest("asked", "understood")
OTHER_WORDS = SourceDigest("asked", "otherwise")  # a mapping changed
OTHER_QUESTION = SourceDigest("something else", "understood")  # a filter, or a mapped field

NEW = ReadState(None, None, False, None, None, None)
READ = ReadState(MARK, None, True, None, NOW - 100, SAME)
CUT_OFF = ReadState(MARK, NOW - 50, False, None, None, SAME)
CUT_OFF_LATER = replace(CUT_OFF, is_complete=True, last_full_scan=NOW - 2 * DAY)
DOUBTED = replace(READ, suspected=NOW - 10)

CASES: dict[str, tuple[ReadState, SourceDigest, bool, ReadPlan]] = {
    "nothing was read yet": (NEW, SAME, False, Full(NOW)),
    "a scan that ended before its first page": (replace(NEW, scan=NOW - 5), SAME, False, Full(NOW)),
    "all is read": (READ, SAME, False, Delta(MARK)),
    "an older attune left no digest": (replace(READ, digest=None), SAME, False, Delta(MARK)),
    "everything is asked for": (READ, SAME, True, Full(NOW)),
    "the last full scan is long ago": (replace(READ, last_full_scan=NOW - DAY - 1), SAME, False, Full(NOW)),
    "the last full scan is a day ago": (replace(READ, last_full_scan=NOW - DAY), SAME, False, Delta(MARK)),
    "words are mapped otherwise": (READ, OTHER_WORDS, False, Reread(MARK)),
    "words are mapped otherwise, and all is asked for": (READ, OTHER_WORDS, True, Full(NOW)),
    "something else is asked of the tracker": (READ, OTHER_QUESTION, False, Full(NOW)),
    "a scan was cut off": (CUT_OFF, SAME, False, Resume(NOW - 50, MARK)),
    "a scan was cut off, and all is asked for": (CUT_OFF, SAME, True, Resume(NOW - 50, MARK)),
    "a later scan was cut off": (CUT_OFF_LATER, SAME, False, Resume(NOW - 50, MARK)),
    "a scan was cut off, and words mean something else now": (CUT_OFF, OTHER_WORDS, False, Full(NOW)),
    "a scan was cut off, and another is wanted now": (CUT_OFF, OTHER_QUESTION, False, Full(NOW)),
    "the last scan is doubted": (DOUBTED, SAME, False, Delta(MARK)),
    "the last scan is doubted long enough": (
        replace(DOUBTED, suspected=NOW - SECOND_LOOK_SECONDS), SAME, False, Full(NOW),
    ),
    "the last scan is doubted, and words mean something else": (DOUBTED, OTHER_WORDS, False, Full(NOW)),
    "no full scan ended, but all pages are in": (
        replace(READ, is_complete=False, last_full_scan=None), OTHER_WORDS, False, Full(NOW),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("state", "digest", "is_full_wanted", "plan"), CASES.values(), ids=CASES.keys())
def test_what_is_read_follows_from_how_far_a_source_is_read(
    state: ReadState, digest: SourceDigest, is_full_wanted: bool, plan: ReadPlan
) -> None:
    assert plan_read(state, digest, NOW, DAY, is_full_wanted=is_full_wanted) == plan
