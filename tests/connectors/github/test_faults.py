"""What goes wrong between us and GitHub (faults 1-20), over a real socket."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors import transport
from connectors.contract import Capabilities, Page, Setting, SourceError
from connectors.github import connect
from connectors.github.client import GitHub
from connectors.github.simulator import Fault, GitHubHost, issue
from tests.connectors.github.hosts import (
    STORES,
    MakeOptions,
    Opened,
    Serve,
    Use,
    all_pages,
    host_of,
    items,
    native_ids,
    titles,
)


async def probe(connector: GitHub) -> Capabilities:
    return await connector.probe()


async def failure(opened: Opened, host: GitHubHost, use: Use = probe, **more: Any) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await opened(host, use, **more)
    return raised.value


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failing_host_is_asked_again_and_then_unreachable(opened: Opened, status: int) -> None:
    host = host_of()
    host.faults.append(Fault("status", status))
    assert (await opened(host, probe)).account == "attune-reader"
    host.faults.extend([Fault("status", status)] * transport.TRIES)
    error = await failure(opened, host)
    assert error.reason == "unreachable"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("status", 401), "authentication"),
        (Fault("status", 403, message="Resource not accessible by personal access token"), "authentication"),
        (Fault("html"), "answer"),
        (Fault("redirect"), "answer"),
        (Fault("status", 422), "answer"),
    ],
)
async def test_what_patience_cannot_mend_fails_at_once(opened: Opened, fault: Fault, reason: str) -> None:
    host = host_of()
    host.faults.append(fault)
    error = await failure(opened, host)
    assert (error.reason, len(host.requests)) == (reason, 1)
    assert "t" not in str(error).split()


@pytest.mark.parametrize("fault", [Fault("hang"), Fault("drip"), Fault("huge")], ids=lambda one: one.kind)
async def test_an_answer_without_an_end_is_cut_off(
    opened: Opened, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TOTAL_TIMEOUT", 0.3 if fault.kind != "huge" else 30.0)
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 3_000_000)
    monkeypatch.setattr(transport, "TRIES", 2)
    host = host_of()
    host.faults.extend([fault] * 2)
    error = await failure(opened, host)
    assert error.reason == ("answer" if fault.kind == "huge" else "unreachable")


async def test_a_page_that_hangs_is_asked_again_at_half_the_size(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = host_of(60)

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        monkeypatch.setattr(transport, "TOTAL_TIMEOUT", 3.0)
        host.faults.append(Fault("hang", asks="totalCount pageInfo"))
        return await all_pages(connector)

    pages = await opened(host, use)
    assert len(native_ids(pages)) == 60
    assert len(pages) == 2


@pytest.mark.parametrize("fault", [Fault("cut"), Fault("broken"), Fault("partial")], ids=lambda one: one.kind)
async def test_a_page_that_does_not_arrive_whole_is_asked_again(opened: Opened, fault: Fault) -> None:
    host = host_of(250)

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        found = []
        async for page in connector.pages(None):
            found.append(page)
            if len(found) == 1:
                host.faults.append(replace(fault, asks='"after":"'))
        return found

    pages = await opened(host, use)
    assert len(native_ids(pages)) == 250
    assert not any(page.rejected for page in pages)
    assert not host.faults


async def test_the_page_grows_again_when_all_goes_well(opened: Opened) -> None:
    host = host_of(700, page_limit=60)
    sizes = []

    async def use(connector: GitHub) -> None:
        async for page in connector.pages(None):
            sizes.append(len(page.items))
            if len(sizes) == 2:
                host.page_limit = 100

    await opened(host, use)
    assert sizes[:2] == [50, 50]
    assert 100 in sizes
    assert sum(sizes) == 700


async def test_an_answer_of_errors_only_is_asked_again(opened: Opened) -> None:
    host = host_of(3)

    async def use(connector: GitHub) -> tuple[str, list[str]]:
        await connector.probe()
        whole, errors = b'{"data":{"repository":{"issues"', b'{"data":null,"errors":[{"message":"timeout"}]'
        host.splices = {whole: errors + b',"x":{"r":{"i"'}
        with pytest.raises(SourceError) as raised:
            await all_pages(connector)
        host.splices = {}
        return raised.value.reason, native_ids(await all_pages(connector))

    assert await opened(host, use) == ("unreachable", ["1", "2", "3"])


async def test_pages_that_go_round_in_a_circle_end_with_an_error(opened: Opened) -> None:
    host = host_of(250)

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        host.faults.append(Fault("loop", asks='"after":"'))
        return await all_pages(connector)

    error = await failure(opened, host, use)
    assert (error.reason, str(error)) == ("answer", "GitHub's pages go round in a circle")


async def test_issues_that_come_twice_add_nothing(opened: Opened) -> None:
    host = host_of(250)

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        host.faults.append(Fault("twice", asks='"after":"'))
        return await all_pages(connector)

    pages = await opened(host, use)
    assert [len(page.items) for page in pages] == [100, 200, 50]
    assert len(items(pages)) == 250


async def test_what_is_edited_added_or_removed_while_pages_are_read_is_found(opened: Opened) -> None:
    host = host_of(250)

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        found = []
        async for page in connector.pages(None):
            found.append(page)
            if len(found) == 1:
                host.put(STORES, issue(5, "Edited", created_at="2026-01-01T05:00:00Z"))
                host.put(STORES, issue(999, "Added"))
                host.delete(STORES, 10)
                host.delete(STORES, 220)
        return found, await all_pages(connector, found[-1].checkpoint)

    first, later = await opened(host, use)
    newest = {one.native_id: one.title for page in [*first, *later] for one in page.items}
    assert set(newest) >= {str(n) for n in range(1, 251) if n != 220} | {"999"}
    assert newest["5"] == "Edited"


@pytest.mark.parametrize("offset", [timedelta(hours=3), timedelta(hours=-3)])
async def test_a_host_whose_clock_was_wrong_loses_nothing(opened: Opened, offset: timedelta) -> None:
    host = host_of(3, date_offset=offset)

    async def use(connector: GitHub) -> list[Page]:
        done = (await all_pages(connector))[-1].checkpoint
        host.date_offset = timedelta(0)
        host.put(STORES, issue(2, "Changed"))
        await connector.probe()
        return await all_pages(connector, done)

    assert "Changed" in titles(await opened(host, use))


async def test_summer_time_moves_no_watermark(opened: Opened) -> None:
    """GitHub's moments are UTC: the hour that comes twice in October is two hours."""
    host = GitHubHost({STORES: [issue(1, "A", updated_at="2026-10-25T00:30:00Z")]}, token="t")

    async def use(connector: GitHub) -> list[Page]:
        done = (await all_pages(connector))[-1].checkpoint
        since = {**done} | {"since": {STORES: "2026-10-25T02:30:00+02:00"}, "seen": {}}
        return await all_pages(connector, since)

    assert titles(await opened(host, use)) == ["A"]


async def test_a_redirect_to_another_host_does_not_carry_the_credential(opened: Opened, serve: Serve) -> None:
    other = host_of()
    with serve(other) as there:
        host = host_of()
        host.faults.append(Fault("redirect", location=f"{there}/graphql"))
        error = await failure(opened, host)
    assert error.reason == "answer"
    assert other.requests == []


async def test_a_field_that_is_gone_without_notice_is_left_out(opened: Opened) -> None:
    """An appliance behind the same address may know less than the one that told its schema."""
    host = host_of(3, lacks=frozenset({"blockedBy", "issueType"}))

    async def use(connector: GitHub) -> tuple[list[Page], Capabilities]:
        pages = await all_pages(connector)
        return pages, await connector.probe()

    pages, found = await opened(host, use)
    assert len(native_ids(pages)) == 3
    assert {one.partition(":")[0] for one in found.missing} == {"blocked-by links", "issue types"}


async def test_a_host_that_is_not_there_is_unreachable(
    options: MakeOptions, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_wait", lambda state: 0.0)
    connector = connect(options(url="http://127.0.0.1:9"), setting)
    with pytest.raises(SourceError) as raised:
        await connector.probe()
    await connector.close()
    assert (raised.value.reason, connector.requests) == ("unreachable", transport.TRIES)


@pytest.mark.parametrize("name", ["acme/nothing", "acme/stores2"])
async def test_a_repository_that_does_not_exist_stops_a_source_of_several(opened: Opened, name: str) -> None:
    error = await failure(opened, host_of(), repository=None, repositories=[STORES, name])
    assert error.reason == "not-found"
    assert name in str(error)
