"""Open and untouched for 180 days is said of a finding's items, and changes nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.graph.backlog import Backlog
from service.domain.plan.staleness import stale_before
from service.rules import evaluate, lasting_facts, told_with_staleness
from tests.service.rules import board

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2027, 3, 1)
DAY_180_AGO = datetime(2026, 9, 2, tzinfo=AMSTERDAM)


def backlog(language: str = "en", **items: Mapping[str, object]) -> Backlog:
    plan = replace(board.plan(TODAY, language), stale_before=stale_before(TODAY, AMSTERDAM))
    return board.backlog(plan, [board.item(name, **told) for name, told in items.items()], ["O1 > S1"])


@pytest.mark.parametrize(
    ("moment", "is_stale"),
    [
        (DAY_180_AGO.replace(hour=0), True),
        (DAY_180_AGO.replace(hour=23, minute=59, second=59), True),
        (DAY_180_AGO.replace(day=3), False),
        (datetime(2026, 9, 2, 22, 30, tzinfo=UTC), False),  # the 3rd in Amsterdam
        (datetime(2021, 1, 1, tzinfo=UTC), True),
    ],
)
def test_the_days_are_counted_in_the_products_time_zone(moment: datetime, is_stale: bool) -> None:
    assert (moment.timestamp() < stale_before(TODAY, AMSTERDAM)) is is_stale


def test_a_finding_says_which_of_its_items_are_stale_and_stays_what_it_was() -> None:
    old, new = {"updated": 1.0}, {"updated": 2e9}
    fresh = backlog(O1={"state": "dropped", **new}, S1=new)
    stale = backlog(O1={"state": "dropped", **old}, S1=old)
    [before], [after] = evaluate(fresh, board.comparison({})), evaluate(stale, board.comparison({}))
    text, facts = told_with_staleness(after, stale.items, stale.plan)
    assert text.explanation.endswith("STO-1 is stale: nobody has touched it for 180 days.")
    assert facts["stale"] == ["S1"]  # what is closed is not stale
    assert (after.id, after.severity, lasting_facts(after)) == (
        before.id,
        before.severity,
        lasting_facts(before),
    )
    assert told_with_staleness(before, fresh.items, fresh.plan) == (before.wording(), before.facts)


def test_of_several_it_says_so_in_one_sentence_in_dutch_too() -> None:
    told = backlog("nl", O1={"due": date(2027, 3, 12), "updated": 1.0}, S1={"start": TODAY, "updated": 1.0})
    [finding] = evaluate(told, board.comparison({}))
    text, _ = told_with_staleness(finding, told.items, told.plan)
    assert text.explanation.endswith("Aan elk van ONL-1 en STO-1 is al 180 dagen niets veranderd.")
