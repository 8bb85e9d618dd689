import pytest

from service.domain.notification.digest import condensed
from service.domain.notification.event import Event, Interest, covers_some_type

OPENED = Event("conflict.opened", 0.0, ("online", "stores"), "dependency-date", "high")
FAILING = Event("source.failing", 0.0, ("stores",))
GONE = Event("webhook.disabled", 0.0)


@pytest.mark.parametrize(
    ("interest", "event", "is_covered"),
    [
        (Interest(), OPENED, True),
        (Interest(events=("conflict.*",)), OPENED, True),
        (Interest(events=("conflict.*",)), FAILING, False),
        (Interest(events=("*.failing", "dod.changed")), FAILING, True),
        (Interest(events=("conflict",)), OPENED, False),
        (Interest(events=("conflict?opened",)), OPENED, False),
        (Interest(teams=("stores",)), OPENED, True),
        (Interest(teams=("other",)), OPENED, False),
        (Interest(teams=("stores",)), GONE, False),
        (Interest(kinds=("dependency-date",)), OPENED, True),
        (Interest(kinds=("duplicate-work",)), OPENED, False),
        (Interest(kinds=("duplicate-work",)), FAILING, True),
        (Interest(min_severity="high"), OPENED, True),
        (Interest(min_severity="critical"), OPENED, False),
        (Interest(min_severity="critical"), FAILING, True),
    ],
)
def test_a_subscription_gets_what_it_asked_for(interest: Interest, event: Event, is_covered: bool) -> None:
    assert interest.covers(event) is is_covered


def test_a_glob_that_can_match_nothing_is_told() -> None:
    assert covers_some_type("conflict.*")
    assert not covers_some_type("conflicts.*")


def opened(count: int, severity: str = "low") -> list[Event]:
    return [
        Event(
            "conflict.opened",
            1.0,
            ("online",),
            "duplicate-work",
            severity,
            {"id": f"cfl_{n}", "title": f"{n}"},
        )
        for n in range(count)
    ]


def test_twenty_opened_conflicts_are_told_one_by_one() -> None:
    events = opened(20)
    assert condensed(events, "whk_1", 2.0) == events


def test_more_than_twenty_become_one_digest_and_the_rest_stays() -> None:
    resolved = Event("conflict.resolved", 1.0, ("online",), "duplicate-work", "low")
    digest, other = condensed([*opened(30), *opened(1, "critical"), resolved], "whk_1", 2.0)
    assert other is resolved
    assert digest.type == "digest"
    assert digest.severity == "critical"
    assert digest.data["count"] == 31
    assert digest.data["by_severity"] == {"critical": 1, "low": 30}
    assert digest.data["by_kind"] == {"duplicate-work": 31}
    assert len(digest.data["first"]) == 20
    assert digest.data["first"][0]["severity"] == "critical"
