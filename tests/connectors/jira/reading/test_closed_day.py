"""The day an issue closed, on every flavour, where the workflow sets no resolution."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.item import TrackerItem
from connectors.jira.simulator import Fault, Flavour, JiraSite, issue
from tests.connectors.jira.helpers import FLAVOURS, Clock, Reading, everything

both = pytest.mark.parametrize("flavour", FLAVOURS)
START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the 2nd in Amsterdam
UNRESOLVED = {"resolution": None, "resolutiondate": None}


class Story:
    """A site with ONL-1, whose statuses follow one another a day apart."""

    def __init__(self, flavour: Flavour) -> None:
        self.flavour, self.clock = flavour, Clock(START)
        first = issue("ONL-1", "Search", flavour, created=START)
        self.site = JiraSite(flavour, {"ONL": "Online"}, [first], clock=self.clock)

    def goes(self, *statuses: str, **more: Any) -> "Story":
        for status in statuses:
            self.site.put(issue("ONL-1", "Search", self.flavour, status=status, more={**UNRESOLVED, **more}))
            self.clock.forward(days=1)
        return self


async def full(reading: Reading, site: JiraSite, **more: Any) -> TrackerItem:
    async with reading(site, remote_links="never", **more) as connector:
        (item,) = [one for page in await everything(connector) for one in page.items]
        again = await connector.read([item.native_id])
        assert list(again.items) == [item]
        assert list((await connector.reread({item.native_id: item.raw})).items) == [item]
    return item


@both
@pytest.mark.parametrize(
    ("statuses", "day"),
    [
        (["In Progress", "Done"], 3),
        (["Done", "In Progress", "Done"], 4),
        (["In Progress", "Done", "Closed"], 3),
        (["Done", "Closed", "In Progress", "Resolved", "Done"], 5),
    ],
)
async def test_the_history_says_when_it_closed(
    reading: Reading, flavour: Flavour, statuses: list[str], day: int
) -> None:
    item = await full(reading, Story(flavour).goes(*statuses).site)
    assert (item.state, item.closed_on, item.unread) == ("done", date(2026, 3, day), ())


@both
async def test_a_delta_says_it_too(reading: Reading, flavour: Flavour) -> None:
    story = Story(flavour)
    async with reading(story.site) as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        story.goes("Done")
        (item,) = [one for page in await everything(connector, checkpoint) for one in page.items]
    assert item.closed_on == date(2026, 3, 2)


@both
async def test_a_date_of_its_own_goes_before(reading: Reading, flavour: Flavour) -> None:
    story = Story(flavour).goes("Done", statuscategorychangedate="2026-03-07T10:00:00.000+0000")
    assert (await full(reading, story.site)).closed_on == date(2026, 3, 7)
    story = Story(flavour).goes("Done", resolutiondate="2026-03-06T10:00:00.000+0000")
    assert (await full(reading, story.site)).closed_on == date(2026, 3, 6)
    assert not [path for _, path, _ in story.site.requests if path.endswith("/status")]


@both
async def test_a_status_that_the_mapping_closes_counts(reading: Reading, flavour: Flavour) -> None:
    story = Story(flavour).goes("Parked", "Done")
    item = await full(reading, story.site, mapping={"state": {"parked": "dropped"}})
    assert (item.state, item.closed_on) == ("done", date(2026, 3, 2))
    story = Story(flavour).goes("Done", "Parked")
    item = await full(reading, story.site, mapping={"state": {"parked": "dropped", "done": "doing"}})
    assert (item.state, item.closed_on) == ("dropped", date(2026, 3, 3))


@both
async def test_a_status_no_issue_is_in_any_more_is_known_by_its_id(
    reading: Reading, flavour: Flavour
) -> None:
    story = Story(flavour).goes("Shipped", "Done")
    old = issue("ONL-9", "Any", flavour, status="Shipped", category="done")["fields"]["status"]
    story.site.statuses = [{**old, "name": "Renamed since"}]
    assert (await full(reading, story.site)).closed_on == date(2026, 3, 2)


@both
async def test_what_a_status_meant_that_is_gone_is_not_guessed(reading: Reading, flavour: Flavour) -> None:
    now = issue("ONL-1", "Search", flavour, status="Done", created=START, more=UNRESOLVED)
    entry = {"field": "status", "fieldId": "status", "from": "77", "fromString": "Ready"}
    entry |= {"to": now["fields"]["status"]["id"], "toString": "Done"}
    history = {"id": "1", "created": "2026-03-05T10:00:00.000+0000", "items": [entry]}
    site = JiraSite(flavour, {"ONL": "Online"}, [{**now, "changelog": {"histories": [history]}}])
    item = await full(reading, site)
    assert (item.closed_on, item.unread) == (None, ())
    mapped = await full(reading, site, mapping={"state": {"ready": "doing"}})
    assert mapped.closed_on == date(2026, 3, 5)


@both
async def test_without_any_history_nothing_is_guessed(reading: Reading, flavour: Flavour) -> None:
    closed = issue("ONL-1", "Imported", flavour, status="Done", more=UNRESOLVED)
    item = await full(reading, JiraSite(flavour, {"ONL": "Online"}, [closed]))
    assert (item.state, item.closed_on, item.unread) == ("done", None, ())


@both
async def test_what_is_open_costs_no_history(reading: Reading, flavour: Flavour) -> None:
    story = Story(flavour).goes("Done", "In Progress")
    async with reading(story.site) as connector:
        (item,) = [one for page in await everything(connector) for one in page.items]
    assert item.closed_on is None
    assert not [path for _, path, _ in story.site.requests if path.endswith("/status")]


@both
async def test_a_history_that_fails_is_named_and_read_later(reading: Reading, flavour: Flavour) -> None:
    story = Story(flavour).goes("In Progress", "Done")
    good = issue("ONL-2", "Other", flavour, status="In Progress", created=START)
    story.site.put(good)
    story.site.put(issue("ONL-2", "Other", flavour, status="Done", created=START, more=UNRESOLVED))
    story.site.broken_histories = {"ONL-1"}
    async with reading(story.site, remote_links="never") as connector:
        items = {one.key: one for page in await everything(connector) for one in page.items}
        assert (items["ONL-1"].closed_on, items["ONL-1"].unread) == (None, ("history",))
        assert items["ONL-2"].closed_on is not None
        assert items["ONL-2"].unread == ()
        story.site.broken_histories = set()
        (item,) = (await connector.read([items["ONL-1"].native_id])).items
    assert (item.closed_on, item.unread) == (date(2026, 3, 3), ())


@both
@pytest.mark.parametrize("status", [403, 500])
async def test_a_site_that_tells_no_statuses_is_read_by_what_it_tells(
    reading: Reading, flavour: Flavour, status: int
) -> None:
    refused = Fault("status", status, path="/rest/api/2/status", lasts=True)
    story = Story(flavour).goes("In Progress", "Done")
    story.site.faults.append(refused)
    assert (await full(reading, story.site)).closed_on == date(2026, 3, 3)
    story = Story(flavour).goes("Testing", "Done")
    story.site.faults.append(refused)
    item = await full(reading, story.site)
    assert (item.state, item.closed_on, item.unread) == ("done", None, ())
