"""Checkpoints: from each of them a read goes on, and nothing is lost or read for nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.contract import Checkpoint, Page, SourceError
from connectors.github.client import GitHub
from connectors.github.reading.checkpoint import Mark, begun, overlapped, written
from connectors.github.simulator import issue
from connectors.item import TrackerItem
from tests.connectors.github.hosts import (
    STORES,
    Opened,
    all_pages,
    graphql_requests,
    host_of,
    items,
    native_ids,
    titles,
)

SLOWLY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def test_resuming_from_every_checkpoint_equals_one_full_read(opened: Opened) -> None:
    host = host_of(350)

    async def use(connector: GitHub) -> dict[str, TrackerItem]:
        pages = await all_pages(connector)
        whole = items(pages)
        for place, page in enumerate(pages):
            rest = await all_pages(connector, page.checkpoint)
            assert {**items(pages[: place + 1]), **items(rest)} == whole
        return whole

    assert len(await opened(host, use)) == 350


async def test_a_future_checkpoint_reads_nothing(opened: Opened) -> None:
    async def use(connector: GitHub) -> list[Page]:
        last = (await all_pages(connector))[-1].checkpoint
        return await all_pages(connector, {**last, "since": "2999-01-01T00:00:00Z", "newest": {}})

    pages = await opened(host_of(5), use)
    assert items(pages) == {}
    assert pages[-1].checkpoint["since"][STORES] < "2999"


async def test_a_delta_that_was_cut_off_goes_on_where_it_was(opened: Opened) -> None:
    host = host_of(2)

    async def use(connector: GitHub) -> tuple[dict[str, TrackerItem], int]:
        done = (await all_pages(connector))[-1].checkpoint
        for n in range(10, 360):
            host.put(STORES, issue(n, f"New {n}"))
        first = await anext(aiter(connector.pages(done)))
        assert len(first.items) == 100
        rest = await all_pages(connector, first.checkpoint)
        return {**items([first]), **items(rest)}, sum(len(page.items) for page in rest)

    found, read_later = await opened(host, use)
    assert len(found) == 350
    assert read_later == 250


@pytest.mark.parametrize("cursor", ["Y3Vyc29yOnYyOmV4cGlyZWQ", "nonsense", "MTIz"])
async def test_an_expired_cursor_begins_the_scan_again(opened: Opened, cursor: str) -> None:
    began = datetime.now(UTC).isoformat()
    since = {"scan": cursor, "at": STORES, "began": began}
    pages = await opened(host_of(150), lambda connector: all_pages(connector, since))
    assert len(native_ids(pages)) == 150


async def test_a_host_that_knows_none_of_its_cursors_is_an_error(opened: Opened) -> None:
    host = host_of(150, splices={b'"endCursor":"Y3': b'"endCursor":"??'})
    with pytest.raises(SourceError) as raised:
        await opened(host, all_pages)
    assert raised.value.reason == "answer"


async def test_a_checkpoint_of_a_repository_that_left_the_source_begins_again(opened: Opened) -> None:
    since = {"scan": "x", "at": "acme/left", "began": "2026-01-01T00:00:00Z"}
    pages = await opened(host_of(3), lambda connector: all_pages(connector, since))
    assert native_ids(pages) == ["1", "2", "3"]


async def test_nothing_new_costs_one_request_and_yields_one_empty_page(opened: Opened) -> None:
    host = host_of(300)

    async def use(connector: GitHub) -> tuple[int, list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        pages = await all_pages(connector, done)
        return connector.requests - before, pages

    requests, pages = await opened(host, use)
    assert requests == 1
    assert [len(page.items) for page in pages] == [0]


async def test_a_delta_adds_and_changes_but_does_not_repeat(opened: Opened) -> None:
    host = host_of(5)

    async def use(connector: GitHub) -> tuple[list[str], list[str]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put(STORES, issue(3, "Changed"))
        changed = await all_pages(connector, done)
        return titles(changed), titles(await all_pages(connector, changed[-1].checkpoint))

    assert await opened(host, use) == (["Changed"], [])


@SLOWLY
@given(data=st.data())
async def test_a_full_scan_and_its_deltas_hold_what_the_host_holds(
    opened: Opened, data: st.DataObject
) -> None:
    """Whatever is put between pages and reads: full scan, then deltas, then nothing is missing."""
    count = data.draw(st.integers(1, 230), label="issues")
    host = host_of(count)
    edits = st.lists(st.integers(1, count + 5), max_size=4)

    async def use(connector: GitHub) -> dict[str, str]:
        held: dict[str, str] = {}
        checkpoint: Checkpoint | None = None
        for _ in range(3):
            async for page in connector.pages(checkpoint):
                held |= {one.native_id: one.title for one in page.items}
                for number in data.draw(edits):
                    host.put(STORES, issue(number, f"Edit {host.version}"))
                if data.draw(st.booleans()):
                    checkpoint = page.checkpoint
                    break
                checkpoint = page.checkpoint
        for page in await all_pages(connector, checkpoint):
            held |= {one.native_id: one.title for one in page.items}
            checkpoint = page.checkpoint
        for page in await all_pages(connector, checkpoint):
            held |= {one.native_id: one.title for one in page.items}
        return held

    held = await opened(host, use)
    assert held == {str(one["number"]): one["title"] for one in host.issues(STORES)}
    host.requests.clear()


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda one: one.replace(tzinfo=UTC, microsecond=0)
)


@given(began=MOMENTS, now=MOMENTS, newest=MOMENTS)
def test_a_watermark_never_asks_for_less_than_was_read(
    began: datetime, now: datetime, newest: datetime
) -> None:
    mark = Mark(now, since={"p": written(began)}, newest={"p": written(newest)})
    asked = mark.ask_since("p", now)
    assert asked <= overlapped(written(began))
    if began > now:
        assert asked <= overlapped(written(newest))


def test_what_the_overlap_shows_again_is_remembered_and_older_is_forgotten() -> None:
    began = datetime(2026, 3, 1, 12, tzinfo=UTC)
    mark = begun(None, ["p"], began, {"p": "p"})
    old, new = "2026-03-01T09:00:00Z", "2026-03-01T11:58:00Z"
    mark.note("p", [{"id": "a", "updatedAt": old}, {"id": "b", "updatedAt": new}, None, {"id": 7}])
    after = mark.finished(["p"])
    since = {"p": "2026-03-01T12:00:00Z"}
    assert after == {"since": since, "newest": {"p": new}, "seen": {"b": new}, "names": {"p": "p"}}
    again = begun(after, ["p"], began, {"p": "p"})
    assert again.unseen([{"id": "b", "updatedAt": new}, {"id": "b", "updatedAt": old}]) == [
        {"id": "b", "updatedAt": old}
    ]


async def test_reading_again_after_a_restart_costs_the_schema_and_the_repository_only(opened: Opened) -> None:
    host = host_of(3)
    done = (await opened(host, all_pages))[-1].checkpoint
    host.requests.clear()
    await opened(host, lambda connector: all_pages(connector, done))
    assert len(graphql_requests(host)) == 3


def test_an_older_checkpoint_form_is_understood() -> None:
    mark = begun({"since": "2026-03-01T12:00:00+00:00", "seen": {}}, ["a", "b"], datetime.now(UTC), {})
    assert mark.since == {"a": "2026-03-01T12:00:00Z", "b": "2026-03-01T12:00:00Z"}
