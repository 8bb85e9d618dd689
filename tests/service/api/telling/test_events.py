import asyncio
from collections.abc import AsyncIterator, Sequence

import httpx
import orjson
import pytest

from service.api.telling import events
from service.flow.context import Context
from service.store.database.engine import Database
from tests.support.api import bearer, client, make_app, serving
from tests.support.outgoing import make_context, opened, tell


@pytest.fixture
def context(database: Database) -> Context:
    return make_context(database)


@pytest.fixture
async def viewer(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    headers = await bearer(context, "viewer")
    async with serving(make_app(context, [events.router])) as base_url, client(base_url, headers) as asking:
        yield asking


async def read_stream(response: httpx.Response, count: int) -> Sequence[tuple[str, str]]:
    """The first events as (id, title)."""
    found, last = [], ""
    async with asyncio.timeout(10):
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                last = value
            elif name == "data":
                found.append((last, orjson.loads(value)["data"]["title"]))
                if len(found) == count:
                    break
    return found


async def test_events_are_listed_in_order_page_by_page(context: Context, viewer: httpx.AsyncClient) -> None:
    told = [opened(number) for number in range(5)]
    await tell(context, *told)
    first = (await viewer.get("/v1/events", params={"limit": 3})).json()
    second = (await viewer.get("/v1/events", params={"limit": 3, "cursor": first["next"]})).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [event.id for event in told]
    assert second["next"] is None
    shown = first["items"][0]
    assert (shown["type"], shown["teams"], shown["severity"]) == ("conflict.opened", ["online"], "high")
    assert shown["data"] == dict(told[0].data)


async def test_after_takes_an_id_or_a_seq(context: Context, viewer: httpx.AsyncClient) -> None:
    told = [opened(number) for number in range(3)]
    await tell(context, *told)
    by_id = (await viewer.get("/v1/events", params={"after": told[0].id})).json()["items"]
    by_seq = (await viewer.get("/v1/events", params={"after": by_id[0]["seq"]})).json()["items"]
    assert [one["id"] for one in by_id] == [told[1].id, told[2].id]
    assert [one["id"] for one in by_seq] == [told[2].id]


async def test_an_event_that_is_none_is_422(viewer: httpx.AsyncClient) -> None:
    for after in ("evt_unknown", "-1", "9" * 30, "²"):
        assert (await viewer.get("/v1/events", params={"after": after})).status_code == 422


async def test_a_token_is_needed(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/v1/events", headers={"authorization": ""})).status_code == 401
    assert (await viewer.get("/v1/events/stream", headers={"authorization": ""})).status_code == 401


async def test_a_stream_tells_what_happens_from_now_on(context: Context, viewer: httpx.AsyncClient) -> None:
    await tell(context, opened(1))
    async with viewer.stream("GET", "/v1/events/stream") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        await tell(context, opened(2))
        [(_, title)] = await read_stream(response, 1)
    assert title == "Conflict 2"


async def test_a_reader_that_lost_the_stream_goes_on_where_it_was(
    context: Context, viewer: httpx.AsyncClient
) -> None:
    told = [opened(number) for number in range(4)]
    await tell(context, *told)
    headers = {"last-event-id": told[1].id}
    async with viewer.stream("GET", "/v1/events/stream", headers=headers) as response:
        found = await read_stream(response, 2)
    assert [one for one, _ in found] == [told[2].id, told[3].id]


async def test_a_silent_stream_says_that_it_is_alive_until_its_token_is_revoked(
    context: Context, viewer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    async with viewer.stream("GET", "/v1/events/stream") as response, asyncio.timeout(10):
        lines = response.aiter_lines()
        while await anext(lines) != ": alive":
            pass
        async with context.database.write() as connection:
            await connection.exec_driver_sql("UPDATE token SET revoked = 1")
        context.clock.now += 60  # type: ignore[attr-defined]  # past what a token is trusted for
        rest = [line async for line in lines]
    assert len(rest) < 20
