"""What a step towards an agreement is called in a message."""

from datetime import date
from typing import get_args

import pytest

from service.domain.conflict.agreement import Action
from service.domain.conflict.agreement_words import title
from service.domain.plan.relations import Agreement
from service.domain.plan.wording import Language

NAMES = {"blocker": "ONL-1", "dependent": "STO-2", "asked": "Online {shop}", "asker": "Stores"}
ABOUT = Agreement("proposed", date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 2))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("action", get_args(Action))
def test_every_step_names_both_items_both_teams_and_a_day(action: Action, language: Language) -> None:
    found = title(action, ABOUT, NAMES, language)
    assert all(one in found for one in NAMES.values())
    assert "13 m" in found.lower() or "20 m" in found.lower()
    assert found.endswith(".")
    assert found != title(action, ABOUT, NAMES, "nl" if language == "en" else "en")


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("request", "Stores asks Online {shop} to have ONL-1 by Fri 13 Mar 2026 for STO-2."),
        ("commit", "Online {shop} commits to Stores to have ONL-1 by Fri 20 Mar 2026 for STO-2."),
        (
            "decline",
            "Online {shop} declines the request of Stores to have ONL-1 by Fri 13 Mar 2026 for STO-2.",
        ),
        ("accept", "Stores accepts that Online {shop} has ONL-1 by Fri 20 Mar 2026 for STO-2."),
        ("withdraw", "Stores no longer asks Online {shop} to have ONL-1 by Fri 13 Mar 2026 for STO-2."),
    ],
)
def test_a_request_is_about_the_day_needed_and_an_answer_about_the_day_given(
    action: Action, told: str
) -> None:
    assert title(action, ABOUT, NAMES, "en") == told
