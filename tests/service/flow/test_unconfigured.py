"""What open items wait for and no source holds: how often, by whom, and the line that would read it."""

import re
from pathlib import Path
from typing import Any

import pytest

from config.product import load_product
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


LINES = {
    ("jira", "acme.atlassian.net", "OPS"): '- {key: ops, type: jira, url: "https://acme.atlassian.net", '
    'project: OPS, team: …, auth: {email: "${OPS_EMAIL}", token: "${OPS_TOKEN}"}}',
    (
        "jira",
        "intranet.example/jira",
        "OPS",
    ): '- {key: ops, type: jira, url: "https://intranet.example/jira", '
    'project: OPS, team: …, auth: {token: "${OPS_TOKEN}"}}',
    ("jira", None, "OPS_2"): '- {key: ops-2, type: jira, url: "https://…", project: OPS_2, '
    'team: …, auth: {token: "${OPS_2_TOKEN}"}}',
    ("github", None, "acme/Web.shop"): "- {key: web-shop, type: github, repository: acme/Web.shop, "
    'team: …, auth: {token: "${WEB_SHOP_TOKEN}"}}',
    ("github", "github.com", "acme/web"): "- {key: web, type: github, repository: acme/web, "
    'team: …, auth: {token: "${WEB_TOKEN}"}}',
    ("github", "acme.ghe.com", "acme/web"): '- {key: web, type: github, url: "https://api.acme.ghe.com", '
    'repository: acme/web, team: …, auth: {token: "${WEB_TOKEN}"}}',
    ("github", "git.example", "acme/web"): '- {key: web, type: github, url: "https://git.example/api/v3", '
    'repository: acme/web, team: …, auth: {token: "${WEB_TOKEN}"}}',
}


@pytest.mark.parametrize(("named", "line"), LINES.items(), ids=str)
def test_the_line_to_add_is_one_of_the_product_file(
    named: tuple[Any, str | None, str], line: str, tmp_path: Path
) -> None:
    assert suggest_source(UnconfiguredProject("onl", *named, 3, ())) == line
    file = tmp_path / "product.yaml"
    file.write_text(PRODUCT + line.replace("team: …", "team: one").replace("https://…", "https://a.example"))
    [added] = load_product(file, dict.fromkeys(re.findall(r"\$\{(\w+)\}", line), "secret")).sources
    assert added.type == named[0]


PRODUCT = """
product: {name: Shop, timezone: UTC, chief_po: {name: Chief, email: chief@example.com}}
teams: [{key: one, name: One, owner: {name: Robin, email: robin@example.com}}]
sources:
  """
