"""What conflicts said of an item goes with it when a security level hides it (faults.md, 15)."""

from datetime import timedelta
from pathlib import Path

from connectors.contract import Page
from service.cli.client import client
from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Database
from service.store.tables import delivery
from service.store.telling import subscriptions
from tests.service.store.telling.test_subscriptions import subscription
from tests.support.flow import rows
from tests.support.product import make_context
from tests.support.tickets import NOW, SITE, TODAY, needs, store, ticket

SECRET = "The merger nobody knows of"


async def sent_to(context: Context) -> None:
    """Somebody is told of everything."""
    async with context.database.write() as connection:
        await subscriptions.add(connection, subscription("a"))


async def hide(context: Context, number: int) -> None:
    page = Page([], {}, restricted=[f"jira://{SITE}/id/{number}"])
    async with unit_of_work(context) as work:
        await ingest(work, context.options_of("stores-jira"), [page], context.clock())


async def test_a_hidden_item_leaves_its_conflicts_open_and_resolved(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    late = TODAY + timedelta(days=30)
    await store(context, "online", ticket(1, "online", start=TODAY + timedelta(days=5), links=(needs(2),)))
    await store(context, "stores", ticket(2, "stores", due=late, title=SECRET))
    await sent_to(context)
    await analyse(context)
    async with client(context) as api:
        before = (await api.get("/v1/conflicts"))["items"]
        assert SECRET in {item["title"] for item in before[0]["items"]}
        await hide(context, 2)
        still_open = await api.text("/v1/conflicts")
        await analyse(context)
        resolved = await api.text("/v1/conflicts", {"state": "resolved"})
        one = await api.get(f"/v1/conflicts/{before[0]['id']}")
        events = await api.text("/v1/events")
    sent = str([row.body for row in await rows(context, delivery)])
    assert "conflict.opened" in events
    assert "conflict.opened" in sent
    for told in (still_open, resolved, str(one), events, sent):
        assert SECRET not in told
        assert "STO-2" not in told
    assert one["state"] == "resolved"
    assert [item["key"] for item in one["items"]] == ["ONL-1"]
    assert [step["what"] for step in one["history"]] == ["opened", "resolved"]
