from datetime import date, timedelta

import pytest

from service.demo.story import Story, tell
from service.demo.story.calendar import Calendar

DAYS = [
    date(2026, 11, 24),
    date(2027, 1, 3),  # a Sunday, in week 53
    date(2027, 12, 31),
    date(2028, 2, 29),
]


@pytest.fixture(params=DAYS, ids=str)
def story(request: pytest.FixtureRequest) -> Story:
    return tell(request.param)


def test_the_same_day_tells_the_same_story(story: Story) -> None:
    assert tell(story.today) == story


def test_four_teams_have_about_three_hundred_tickets_with_keys_of_their_own(story: Story) -> None:
    assert list(story.teams) == ["online", "stores", "backoffice", "data"]
    assert 250 <= len(story.tickets) <= 350
    keys = [ticket.key for ticket in story.tickets.values() if ticket.kind != "epic"]
    assert len(set(keys)) == len(keys)


def test_every_blocker_and_epic_that_is_named_exists(story: Story) -> None:
    for ticket in story.tickets.values():
        assert set(ticket.blocked_by) <= set(story.tickets)
        assert ticket.epic is None or story.tickets[ticket.epic].kind == "epic"
        assert "{" not in ticket.text


def test_titles_are_unique_and_short_enough_to_read_in_a_table(story: Story) -> None:
    titles = [ticket.title for ticket in story.tickets.values()]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 70


def test_nothing_happened_in_the_future(story: Story) -> None:
    for ticket in story.tickets.values():
        assert ticket.created <= ticket.updated
        assert ticket.updated.date() <= story.today
        assert (ticket.closed is not None) is (not ticket.is_open)


def test_a_running_sprint_holds_today_and_finished_work_lies_behind(story: Story) -> None:
    for team in story.teams.values():
        for sprint in team.sprints:
            assert (sprint.start <= story.today <= sprint.end) is (sprint.state == "active")


def test_the_story_keeps_its_distances_whatever_the_day() -> None:
    told = [tell(day) for day in DAYS]
    due = [[ticket.due for ticket in one.tickets.values()] for one in told]
    mondays = [Calendar(day).monday for day in DAYS]
    distances = [[day and day - monday for day in days] for days, monday in zip(due, mondays, strict=True)]
    assert all(one == distances[0] for one in distances)


def test_a_day_is_a_week_and_a_weekday_counted_from_this_one() -> None:
    calendar = Calendar(date(2028, 2, 29))
    assert calendar.day("w0 mon") == date(2028, 2, 28)
    assert calendar.day("w-1 fri") == date(2028, 2, 25)
    assert calendar.day("w4 fri") - calendar.monday == timedelta(weeks=4, days=4)


@pytest.mark.parametrize("words", ["friday", "w4", "w4 frd", "4 fri"])
def test_a_day_that_is_none_says_so(words: str) -> None:
    with pytest.raises(ValueError, match="no day of the story"):
        Calendar(date(2026, 1, 1)).day(words)
