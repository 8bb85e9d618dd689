from datetime import date

import pytest

from service.domain.conflict.finding import Finding, Severity, Text
from service.domain.conflict.lifecycle import CurrentLife, StoredLife, Turn, fingerprint, turn

TODAY = date(2026, 3, 2)


def finding(severity: Severity = "medium", **facts: object) -> Finding:
    return Finding(
        rule="dependency-date",
        identity=("dep_1",),
        severity=severity,
        roles=(),
        teams=("online",),
        wording=lambda: Text("", ""),
        facts=facts,
    )


def known(
    state: str = "open",
    found: Finding | None = None,
    until: date | None = None,
    accepted: Severity | None = None,
) -> StoredLife:
    found = found or finding()
    return StoredLife(found.id, state, fingerprint(found.severity, found.facts), until, accepted)


def current(found: Finding | None) -> CurrentLife | None:
    return CurrentLife(found.severity, fingerprint(found.severity, found.facts)) if found else None


@pytest.mark.parametrize(
    ("before", "found", "step"),
    [
        pytest.param(None, finding(), Turn("opened", "open"), id="a new finding opens"),
        pytest.param(known(), finding(), Turn("kept", "open"), id="the same finding is kept"),
        pytest.param(known(), finding("high"), Turn("changed", "open"), id="another severity is a change"),
        pytest.param(
            known(), finding(due="2026-03-01"), Turn("changed", "open"), id="another fact is a change"
        ),
        pytest.param(known(), None, Turn("resolved", "resolved"), id="no longer found: resolved"),
        pytest.param(
            known("acknowledged"), None, Turn("resolved", "resolved"), id="acknowledged resolves too"
        ),
        pytest.param(known("accepted"), None, Turn("resolved", "resolved"), id="accepted resolves too"),
        pytest.param(known("resolved"), None, None, id="resolved stays resolved"),
        pytest.param(
            known("resolved"), finding(), Turn("reopened", "open", "found again"), id="found again: reopened"
        ),
        pytest.param(
            known("acknowledged"),
            finding("high"),
            Turn("changed", "acknowledged"),
            id="a change keeps the acknowledgement",
        ),
        pytest.param(
            known("accepted", until=date(2026, 3, 2)),
            finding(),
            Turn("kept", "accepted"),
            id="accepted lasts through its last day",
        ),
        pytest.param(
            known("accepted", until=date(2026, 3, 1)),
            finding(),
            Turn("reopened", "open", "accepted until 2026-03-01"),
            id="accepted ends when until passes",
        ),
        pytest.param(
            known("accepted", accepted="medium"),
            finding("high"),
            Turn("reopened", "open", "its severity rose from medium to high"),
            id="accepted ends when the severity rises",
        ),
        pytest.param(
            known("accepted", accepted="medium"),
            finding("low"),
            Turn("changed", "accepted"),
            id="accepted survives a fall in severity",
        ),
    ],
)
def test_one_turn(before: StoredLife | None, found: Finding | None, step: Turn | None) -> None:
    assert turn(before, current(found), TODAY, is_held=False) == step


def test_nothing_is_resolved_while_a_source_it_involves_is_unsure() -> None:
    assert turn(known(), None, TODAY, is_held=True) is None


def test_a_held_conflict_still_changes() -> None:
    assert turn(known(), current(finding("high")), TODAY, is_held=True) == Turn("changed", "open")
