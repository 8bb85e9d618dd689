"""What open items wait for and no source holds: how often, by whom, and the line that would read it."""

from typing import Any

import pytest

from connectors.item import Link
from service.flow.unconfigured import UnconfiguredReferences, suggest_source, unconfigured_references
from service.store.database.engine import Database
from service.store.naming.unconfigured import UnconfiguredProject
from tests.support.flow import ask_and_judge, flow_context, read_and_judge, source
from tests.support.tiny import TinyTracker


def waits(ref: str, relation: Any = "blocked-by", origin: Any = "text") -> Link:
    return Link(relation, ref, origin, relation)


async def found(database: Database, tracker: TinyTracker, **onl: Any) -> list[UnconfiguredReferences]:
    context = await flow_context(database, tracker, source("onl", **onl), source("sto"))
    await read_and_judge(context)
    await ask_and_judge(context)
    async with database.read() as connection:
        return await unconfigured_references(connection)


async def test_what_is_referenced_and_not_configured_is_listed_most_referenced_first(
    database: Database,
) -> None:
    tracker = TinyTracker()
    tracker.add("OPS", number=7)
    tracker.add("ONL", number=2, blocked_by=(1,))
    tracker.add("ONL", number=3, texts=(waits("jira:OPS-7"), waits("jira://tiny.example/OPS-9")))
    tracker.add("STO", number=4, texts=(waits("jira://other.example/jira/PAY-1", "blocks"),))
    tracker.add("STO", number=5, texts=(waits("github:acme/web#3"),))
    shown = [(one.site, one.project, one.references, one.items) for one in await found(database, tracker)]
    assert shown == [
        ("tiny.example", "OPS", 3, ("ONL-2", "ONL-3")),
        (None, "acme/web", 1, ("STO-5",)),
        ("other.example/jira", "PAY", 1, ("STO-4",)),
    ]


NOTHING = {
    "a source's own": waits("jira:STO-99"),
    "a source's own, with its site": waits("jira://tiny.example/STO-99"),
    "no dependency": waits("jira:OPS-7", "relates"),
    "not in upper case": waits("jira:covid-19"),
    "a pull request": waits("jira:PRS-8"),
    "an old name of an item": waits("jira:WAS-4"),
}


@pytest.mark.parametrize("link", NOTHING.values(), ids=NOTHING.keys())
async def test_what_is_none_is_not_listed(database: Database, link: Link) -> None:
    tracker = TinyTracker(redirects={"WAS-4": "STO-4"})
    tracker.add("STO", number=4)
    tracker.add("PRS", number=8, is_pull_request=True)
    tracker.add("ONL", number=2, texts=(link,))
    assert await found(database, tracker) == []


async def test_what_closed_items_name_is_not_listed(database: Database) -> None:
    tracker = TinyTracker()
    tracker.add("ONL", state="done", texts=(waits("jira:OPS-7"),))
    assert await found(database, tracker) == []


async def test_a_project_whose_name_begins_like_a_source_s_is_another(database: Database) -> None:
    tracker = TinyTracker()
    tracker.add("ONL", texts=(waits("jira:ONLY-7"), waits("jira:ON_-7")))
    assert {one.project for one in await found(database, tracker)} == {"ONLY", "ON_"}


@pytest.mark.parametrize(
    ("project", "line"),
    [
        (
            UnconfiguredProject("jira", "acme.atlassian.net", "OPS", 3, ()),
            '- {key: ops, type: jira, url: "https://acme.atlassian.net", project: OPS, '
            'team: …, auth: {token: "${OPS_TOKEN}"}}',
        ),
        (
            UnconfiguredProject("github", None, "acme/Web.shop", 3, ()),
            "- {key: web-shop, type: github, repository: acme/Web.shop, "
            'team: …, auth: {token: "${WEB_SHOP_TOKEN}"}}',
        ),
    ],
)
def test_the_line_to_add_is_one_of_the_product_file(project: UnconfiguredProject, line: str) -> None:
    assert suggest_source(project) == line
