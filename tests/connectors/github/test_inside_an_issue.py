"""Long connections inside an issue, hidden blockers, history, milestones that are planned anew."""

from datetime import date

from connectors.contract import Page
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, event, issue, milestone, project, project_values
from tests.connectors.github.hosts import STORES, Opened, all_pages, items, titles


async def test_labels_and_dependencies_beyond_a_page_are_read_on(opened: Opened) -> None:
    long = issue(
        1,
        "Long",
        labels=[f"label {n}" for n in range(90)],
        blocked_by=[(STORES, n) for n in range(2, 132)],
        hidden_blockers=2,
    )
    host = GitHubHost({STORES: [long, *(issue(n, f"Issue {n}") for n in range(2, 132))]}, token="t")
    found = items(await opened(host, all_pages))
    one = next(one for one in found.values() if one.native_id == "1")
    assert len(one.labels) == 90
    assert len({link.ref for link in one.links}) == 130
    assert one.hidden_blockers == 2


async def test_an_issue_in_many_projects_keeps_the_values_of_ours(opened: Opened) -> None:
    planned = issue(1, "Wanted", project=project_values(due="2026-05-01"))
    projects = {f"acme/{n}": project(f"Plan {n}", [STORES]) for n in range(1, 9)}
    host = GitHubHost({STORES: [planned]}, projects, token="t")
    (page,) = await opened(host, all_pages, project="acme/8")
    assert page.items[0].due == date(2026, 5, 1)


HISTORY = [
    event("MilestonedEvent", "2026-01-02T00:00:00Z", by="ada", milestoneTitle="May"),
    event("DemilestonedEvent", "2026-01-03T00:00:00Z", milestoneTitle="May"),
    event("AssignedEvent", "2026-01-04T00:00:00Z", assignee="bob"),
    event("UnassignedEvent", "2026-01-05T00:00:00Z", assignee="bob"),
    event("ClosedEvent", "2026-01-06T00:00:00Z", stateReason="NOT_PLANNED"),
    event("ReopenedEvent", "2026-01-07T00:00:00Z", stateReason=None),
    event("LabeledEvent", "2026-01-08T00:00:00Z", label="priority: high"),
    event("LabeledEvent", "2026-01-08T00:00:00Z", label="bug"),
    event("UnlabeledEvent", "2026-01-09T00:00:00Z", label="P1"),
    event(
        "ProjectV2ItemStatusChangedEvent",
        "2026-01-10T00:00:00Z",
        previousStatus="Todo",
        status="Doing",
        project="acme/12",
    ),
    event(
        "ProjectV2ItemStatusChangedEvent",
        "2026-01-11T00:00:00Z",
        previousStatus="A",
        status="B",
        project="acme/99",
    ),
    event(
        "IssueFieldChangedEvent",
        "2026-01-12T00:00:00Z",
        previousValue="2026-02-01",
        newValue="2026-03-01",
        issueField="Target date",
    ),
    event("IssueFieldAddedEvent", "2026-01-13T00:00:00Z", value="x", issueField="Colour"),
]
CHANGES = [
    ("release", None, "May"),
    ("release", "May", None),
    ("assignee", None, "bob"),
    ("assignee", "bob", None),
    ("status", "Open", "Closed as not planned"),
    ("status", "Closed", "Open"),
    ("priority", None, "high"),
    ("priority", "P1", None),
    ("status", "Todo", "Doing"),
    ("due", "2026-02-01", "2026-03-01"),
]


def told(page: Page) -> list[tuple[str, str | None, str | None]]:
    return [(one.field, one.before, one.after) for one in page.changes]


async def test_history_is_told_of_what_changed_and_of_what_is_read_but_not_in_a_full_scan(
    opened: Opened,
) -> None:
    projects = {"acme/12": project("Plan", [STORES])}
    host = GitHubHost({STORES: [issue(1, "A", history=HISTORY)]}, projects, token="t")

    async def use(connector: GitHub) -> tuple[Page, Page, Page]:
        pages = await all_pages(connector)
        host.put(STORES, issue(1, "B", history=HISTORY))
        changed = await all_pages(connector, pages[-1].checkpoint)
        return pages[0], changed[0], await connector.read(["1"])

    scanned, changed, read = await opened(host, use, project="acme/12")
    assert told(scanned) == []
    assert told(changed) == told(read) == CHANGES
    first = read.changes[0]
    assert (first.by, first.at.isoformat()) == ("ada", "2026-01-02T00:00:00+00:00")
    assert first.item == read.items[0].identity
    assert len({one.id for one in read.changes}) == len(CHANGES)


async def test_history_is_bounded_to_the_last_twenty(opened: Opened) -> None:
    many = [event("AssignedEvent", "2026-01-04T00:00:00Z", assignee=f"u{n}") for n in range(50)]
    host = GitHubHost({STORES: [issue(1, "A", history=many)]}, token="t")
    page = await opened(host, lambda connector: connector.read(["1"]))
    assert [one.after for one in page.changes] == [f"u{n}" for n in range(30, 50)]


async def test_a_milestone_planned_anew_brings_its_open_issues(opened: Opened) -> None:
    may = milestone(3, "May", due_on="2026-05-31T00:00:00Z")
    june = milestone(3, "May", due_on="2026-06-30T00:00:00Z", updated_at="2999-01-01T00:00:00Z")
    stores = [issue(1, "A", milestone=may), issue(2, "B", milestone=may, state="closed"), issue(3, "C")]
    host = GitHubHost({STORES: stores}, token="t")

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 1, milestone=june)
        host.put_quietly(STORES, 2, milestone=june)
        changed = await all_pages(connector, done)
        return changed, await all_pages(connector, changed[-1].checkpoint)

    changed, after = await opened(host, use, epics="label")
    assert [(one.title, one.due) for page in changed for one in page.items] == [("A", date(2026, 6, 30))]
    assert titles(after) == []


async def test_a_milestone_epic_that_changed_comes_with_a_delta_and_costs_nothing_more(
    opened: Opened,
) -> None:
    host = GitHubHost({STORES: [issue(1, "A")]}, milestones={STORES: [milestone(3, "May")]}, token="t")

    async def use(connector: GitHub) -> tuple[list[str], int, list[str]]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        quiet = await all_pages(connector, done)
        cost = connector.requests - before
        host.milestones = {STORES: [milestone(3, "June", updated_at="2999-01-01T00:00:00Z")]}
        host.version += 1
        return titles(quiet), cost, titles(await all_pages(connector, quiet[-1].checkpoint))

    assert await opened(host, use, epics="milestone") == ([], 1, ["June"])
