"""Names, renamed repositories and transferred issues, with the real connectors over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import pytest

from config.product import connector_kinds
from config.settings import Settings
from connectors.github.simulator import GitHubHost, application, issue
from connectors.jira.simulator import JiraSite
from connectors.jira.simulator import application as jira_application
from connectors.jira.simulator import issue as jira_issue
from service.delivery.vault import Vault
from service.flow.context import Context
from service.flow.reading.announced import read_announced, receive
from service.store.database.engine import Database
from service.store.sources import sources
from tests.support import serving
from tests.support.flow import (
    Clock,
    announcements,
    answer,
    ask_and_judge,
    clock,
    ids,
    make_product,
    read_and_judge,
    stored,
    sync,
    unresolved,
)

STORES, WEB = "acme/stores", "acme/web"


class Github:
    """Two repositories of one host, a source and a team each."""

    def __init__(self, host: GitHubHost, context: Context) -> None:
        self.host = host
        self.context = context

    async def settle(self) -> None:
        """Whatever is announced is read."""
        clock(self.context).forward(1)
        for _ in range(5):
            for key in ("stores", "web"):
                await read_announced(self.context, key)
        assert await announcements(self.context) == set()


async def context_of(database: Database, *options: Any) -> Context:
    context = Context(
        make_product(*options),
        Settings(database_url="sqlite:///unused.db"),
        database,
        Vault("key"),
        clock=Clock(),
    )
    async with database.write() as connection:
        await sources.ensure(connection, [one.key for one in options])
    return context


@pytest.fixture(params=["GraphQL", "REST"])
async def github(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Github]:
    host = GitHubHost(
        {
            STORES: [issue(1, "Till"), issue(2, "Receipt", body="Blocked by #77777, #3 and acme/web#1")],
            WEB: [issue(1, "Basket")],
        },
        token="t",
        webhook_secret="s",
        pull_requests={(STORES, 3)},
        graphql=request.param == "GraphQL",
    )
    with ExitStack() as stack:
        url = stack.enter_context(serving.served(application(host)))
        kind = connector_kinds()["github"].Options
        told = {"type": "github", "url": f"{url}/api/v3", "auth": {"token": "t"}, "webhook_secret": "s"}
        options = [
            kind.model_validate({**told, "key": key, "team": key, "repository": f"acme/{key}"})
            for key in ("stores", "web")
        ]
        context = await context_of(database, *options)
        yield Github(host, context)
        for connector in context.connectors.values():
            await connector.close()


async def test_a_number_that_does_not_exist_is_unresolved_and_a_pull_request_is_nothing(
    github: Github,
) -> None:
    context = github.context
    await read_and_judge(context)
    assert await unresolved(context) == []
    await ask_and_judge(context)
    assert await unresolved(context) == [("acme/stores#2", "acme/stores#77777")]
    known = await ids(context)
    assert (await answer(context, known["acme/stores#2"]))["blocked_by"] == [known["acme/web#1"]]


@pytest.mark.parametrize("how", ["webhook", "full scan"])
@pytest.mark.parametrize("is_new_read_first", [True, False])
async def test_a_transferred_issue_is_one_item(github: Github, how: str, is_new_read_first: bool) -> None:
    context, host = github.context, github.host
    await read_and_judge(context)
    before = (await ids(context))["acme/stores#1"]
    headers, body = host.announce_transfer(STORES, 1, WEB, 9)
    clock(context).forward(60)
    if is_new_read_first:
        await sync(context, "web")
    if how == "webhook":
        await receive(context, "github", "stores", headers, body)
    else:
        await sync(context, "stores", full=True)
    await github.settle()
    await read_and_judge(context)
    rows = await stored(context)
    assert set(rows) == {"acme/stores#2", "acme/web#1", "acme/web#9"}
    assert (rows["acme/web#9"].id, rows["acme/web#9"].team) == (before, "web")


async def test_a_renamed_repository_goes_by_either_name(github: Github) -> None:
    context, host = github.context, github.host
    await read_and_judge(context)
    host.rename(WEB, "acme/shop")
    clock(context).forward(3601)
    context.probed.clear()
    await sync(context, "web", full=True)
    await read_and_judge(context)
    known = await ids(context)
    assert set(known) == {"acme/stores#1", "acme/stores#2", "acme/shop#1"}
    assert (await answer(context, known["acme/stores#2"]))["blocked_by"] == [known["acme/shop#1"]]
    host.put("acme/shop", issue(1, "Basket of old"))
    headers, body = host.announce("issues", "acme/shop", {"action": "edited", "issue": 1})
    await receive(context, "github", "web", headers, body)
    await github.settle()
    assert (await stored(context))["acme/shop#1"].title == "Basket of old"


async def test_a_jira_key_that_was_moved_or_is_restricted_or_never_was(database: Database) -> None:
    planned: dict[str, Any] = {"labels": ["planned"]}
    secret = jira_issue("ONL-373", "Layoffs")
    secret["fields"]["security"] = {"id": "1", "name": "Board only"}
    issues = [
        jira_issue("ONL-40", "Moves to another project"),
        secret,
        jira_issue("ONL-376", "Left out by the filter"),
        jira_issue("ONL-41", "Waits for what was moved", description="Blocked by ONL-40", **planned),
        jira_issue("ONL-374", "Waits for what is secret", description="Blocked by ONL-373", **planned),
        jira_issue("ONL-375", "And", description="Blocked by ONL-77777 and ONL-376", **planned),
    ]
    site = JiraSite("cloud", {"ONL": "Online", "STO": "Stores"}, issues, token="t", email="a@b.c")
    moving = site.find("ONL-40") or {}
    fields = {name: value for name, value in moving["fields"].items() if name != "project"}
    site.put({**moving, "key": "STO-10", "fields": fields})
    with serving.served(jira_application(site)) as url:
        kind = connector_kinds()["jira"].Options
        told = {"type": "jira", "url": url, "auth": {"email": "a@b.c", "token": "t"}}
        options = [
            kind.model_validate(
                {**told, "key": "onl", "team": "onl", "project": "ONL", "filter": "labels = planned"}
            ),
            kind.model_validate({**told, "key": "sto", "team": "sto", "project": "STO"}),
        ]
        context = await context_of(database, *options)
        await read_and_judge(context)
        await ask_and_judge(context)
        for connector in context.connectors.values():
            await connector.close()
    known = await ids(context)
    blockers = {key: (await answer(context, item_id))["blocked_by"] for key, item_id in known.items()}
    assert blockers["ONL-41"] == [known["STO-10"]]
    assert blockers["ONL-374"] == [{"restricted": True}]
    assert await unresolved(context) == [("ONL-374", "restricted"), ("ONL-375", "ONL-77777")]
