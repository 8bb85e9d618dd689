"""The connector against a simulated Jira over a real socket: nothing lost, nothing read in vain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import transport
from connectors.contract import Setting, SourceError
from connectors.jira import Options, connect
from connectors.jira.reading import paging
from connectors.jira.simulator import Fault, Flavour, JiraSite, issue, link, remote_link
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, searches, site_of

pytestmark = pytest.mark.parametrize("flavour", FLAVOURS)


async def test_a_probe_says_who_we_are_and_what_the_fields_are_called(
    reading: Reading, flavour: Flavour
) -> None:
    async with reading(site_of(flavour)) as connector:
        found = await connector.probe()
    assert found.account == "attune"
    assert found.holds == (f"jira://{found.site}/ONL",)
    assert found.fields["due"] == "Target end (customfield_10023), Due date (duedate)"
    assert found.fields["sprint"] == "Sprint (customfield_10020)"
    assert found.notes[0].startswith("Jira Cloud" if flavour == "cloud" else "Jira Data Center")


async def test_a_full_scan_reads_every_issue_once(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 57, page_cap=10)
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
    assert keys(pages) == [f"ONL-{number}" for number in range(1, 58)]
    assert pages[0].total == 57
    assert all("scan" in page.checkpoint for page in pages[:-1])
    assert "updated" in pages[-1].checkpoint


async def test_a_filter_is_anded_in_brackets(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    site.put(issue("ONL-9", "Part", flavour, type="Sub-task", parent="ONL-1"))
    async with reading(site, filter="issuetype != Sub-task OR key = ONL-404") as connector:
        assert keys(await everything(connector)) == ["ONL-1", "ONL-2", "ONL-3"]


async def test_an_empty_project_is_one_empty_page(reading: Reading, flavour: Flavour) -> None:
    async with reading(JiraSite(flavour, {"ONL": "Online"})) as connector:
        (page,) = await everything(connector)
    assert (list(page.items), "updated" in page.checkpoint) == ([], True)


async def test_a_scan_that_was_cut_off_goes_on_from_its_checkpoint(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 57, page_cap=10)
    async with reading(site, remote_links="never") as connector:
        begun = connector.pages(None)
        first = [await anext(begun) for _ in range(3)]
        await begun.aclose()
        rest = await everything(connector, first[-1].checkpoint)
    assert set(keys([*first, *rest])) == {f"ONL-{number}" for number in range(1, 58)}
    assert len(keys(rest)) < 57 - 20
    assert rest[-1].checkpoint["updated"] == first[0].checkpoint["scan"]["watermark"]


async def test_a_delta_brings_what_changed_and_nothing_twice(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 30)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-7", "Renamed", flavour))
        site.put(issue("ONL-31", "New", flavour))
        changed = await everything(connector, checkpoint)
        again = await everything(connector, changed[-1].checkpoint)
        site.put(issue("ONL-7", "Renamed again", flavour))
        later = await everything(connector, again[-1].checkpoint)
    assert keys(changed) == ["ONL-7", "ONL-31"]
    assert keys(again) == []
    assert [item.title for page in later for item in page.items] == ["Renamed again"]


async def test_a_clock_that_ran_ahead_hides_no_later_change(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 3)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        right, site.clock = site.clock, lambda: datetime.now(UTC) + timedelta(days=400)
        site.put(issue("ONL-1", "From the future", flavour))
        site.clock = right
        checkpoint = (await everything(connector, checkpoint))[-1].checkpoint
        site.put(issue("ONL-2", "Today", flavour))
        assert "ONL-2" in keys(await everything(connector, checkpoint))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
async def test_the_accounts_time_zone_loses_nothing(reading: Reading, flavour: Flavour, zone: str) -> None:
    site = site_of(flavour, 3, account_timezone=zone)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-2", "Changed", flavour))
        assert keys(await everything(connector, checkpoint)) == ["ONL-2"]


async def test_items_are_read_again_by_id(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 5)
    ids = {key: site.find(key)["id"] for key in ("ONL-1", "ONL-4", "STO-1")}  # type: ignore[index]  # they are there
    async with reading(site) as connector:
        page = await connector.read([*ids.values(), "99999", "not-an-id"])
    assert [item.key for item in page.items] == ["ONL-1", "ONL-4"]


async def test_reading_by_id_heeds_the_filter(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    made = site.put(issue("ONL-3", "Part", flavour, type="Sub-task", parent="ONL-1"))
    async with reading(site, filter="issuetype != Sub-task") as connector:
        assert [item.key for item in (await connector.read([made["id"], "10000"])).items] == ["ONL-1"]


async def test_a_moved_issue_keeps_its_id(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    number = site.find("STO-1")["id"]  # type: ignore[index]  # it is there
    site.put(issue("ONL-99", "Moved here", flavour, id=number))
    async with reading(site) as connector:
        (found,) = (await connector.read([number])).items
    assert (found.native_id, found.key) == (number, "ONL-99")


async def test_remote_links_are_asked_for_open_issues_only(reading: Reading, flavour: Flavour) -> None:
    done = issue("ONL-2", "Done", flavour, status="Done")
    links = {"ONL-1": [remote_link("https://github.com/acme/stores/issues/12", "is blocked by")]}
    site = JiraSite(flavour, {"ONL": "Online"}, [issue("ONL-1", "Open", flavour), done], remote_links=links)
    async with reading(site) as connector:
        (page,) = await everything(connector)
    assert [one.ref for one in page.items[0].links] == ["github://github.com/acme/stores#12"]
    assert len([path for _, path, _ in site.requests if path.endswith("/remotelink")]) == 1


async def test_links_meet_in_ids_on_both_ends(reading: Reading, flavour: Flavour) -> None:
    blocker = issue("ONL-1", "First", flavour, links=[link("Blocks", outward="ONL-2")])
    site = JiraSite(flavour, {"ONL": "Online"}, [blocker, issue("ONL-2", "Second", flavour)])
    async with reading(site) as connector:
        (page,) = await everything(connector)
    first, second = page.items
    assert [(one.relation, one.ref) for one in first.links] == [("blocks", second.identity)]
    assert [(one.relation, one.ref) for one in second.links] == [("blocked-by", first.identity)]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", 429, retry_after="0", path="search"),
        Fault("status", 429, retry_after="Sun, 01 Mar 2026 10:00:00 GMT", path="search"),
        Fault("status", 500, path="search"),
        Fault("status", 503, path="search"),
        Fault("status", 503, retry_after="0", path="search"),
        Fault("status", 502, path="search"),
        Fault("status", 504, path="search"),
        Fault("truncated", path="search"),
        Fault("cut", path="search"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.retry_after}",
)
async def test_what_may_pass_is_tried_again(reading: Reading, flavour: Flavour, fault: Fault) -> None:
    site = site_of(flavour, 25, page_cap=10)
    async with reading(site, remote_links="never") as connector:
        site.faults.extend([fault, fault])
        assert len(keys(await everything(connector))) == 25


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("status", 401), "authentication"),
        (Fault("status", 403), "authentication"),
        (Fault("status", 404, path="project"), "not-found"),
        (Fault("html"), "authentication"),
        (Fault("redirect"), "answer"),
        (Fault("status", 429, retry_after="3600"), "limited"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.kind}-{value.status}",
)
async def test_what_will_not_pass_is_told_at_once(
    reading: Reading, flavour: Flavour, fault: Fault, reason: str
) -> None:
    site = site_of(flavour)
    site.faults.append(fault)
    async with reading(site) as connector:
        with pytest.raises(SourceError) as raised:
            await connector.probe()
    assert raised.value.reason == reason
    assert raised.value.retry_after == (3600.0 if reason == "limited" else None)
    assert "secret-pat" not in str(raised.value)


async def test_a_wrong_credential_is_an_authentication_error(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, email="a@example.com" if flavour == "cloud" else None, token="right")
    async with reading(site) as connector:
        with pytest.raises(SourceError, match="Authentication failed") as raised:
            await connector.probe()
    assert raised.value.reason == "authentication"


@pytest.mark.parametrize("way", ["token", "password"])
async def test_the_right_credential_is_let_in(reading: Reading, flavour: Flavour, way: str) -> None:
    account: dict[str, Any]
    if flavour == "cloud":
        account = {"email": "a@example.com", "token": "right"}
    else:
        account = {"token": "right"} if way == "token" else {"username": "ada", "password": "right"}
    async with reading(site_of(flavour, **account), auth=account) as connector:
        assert len(keys(await everything(connector))) == 3


async def test_a_project_that_does_not_exist_is_named(reading: Reading, flavour: Flavour) -> None:
    async with reading(site_of(flavour), project="NOPE") as connector:
        with pytest.raises(SourceError, match="NOPE") as raised:
            await connector.probe()
    assert raised.value.reason == "not-found"


async def test_a_mapped_field_that_is_gone_is_a_mapping_error(reading: Reading, flavour: Flavour) -> None:
    async with reading(site_of(flavour), mapping={"fields": {"due": "Deadline"}}) as connector:
        with pytest.raises(SourceError, match='"Deadline"') as raised:
            await connector.probe()
    assert raised.value.reason == "mapping"


async def test_a_filter_that_jira_does_not_understand_is_a_mapping_error(
    reading: Reading, flavour: Flavour
) -> None:
    async with reading(site_of(flavour), filter="colour = red") as connector:
        with pytest.raises(SourceError, match="colour") as raised:
            await everything(connector)
    assert raised.value.reason == "mapping"


async def test_an_unreachable_site_is_told_after_a_few_tries(
    flavour: Flavour, options: Callable[..., Options], setting: Setting
) -> None:
    connector = connect(options(url="http://127.0.0.1:9"), setting)
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9 cannot be reached") as raised:
        await connector.probe()
    await connector.close()
    assert raised.value.reason == "unreachable"


async def test_an_answer_too_large_is_cut_off(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 20_000)
    async with reading(site_of(flavour, 90)) as connector:
        with pytest.raises(SourceError, match="larger than 20000 bytes"):
            await everything(connector)


async def test_nul_and_lone_surrogates_are_replaced_and_the_item_kept(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = JiraSite(
        flavour, {"ONL": "Online"}, [issue("ONL-1", "a\x00b", flavour), issue("ONL-2", "@@", flavour)]
    )
    plain = JiraSite.render
    monkeypatch.setattr(JiraSite, "render", lambda *asked: plain(*asked).replace(b'"@@"', b'"c\\ud800d"'))
    async with reading(site, remote_links="never") as connector:
        (page,) = await everything(connector)
    assert [item.title for item in page.items] == ["a\ufffdb", "c\ufffdd"]


async def test_what_is_added_and_edited_while_we_read_is_found_by_then_or_next(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 60, page_cap=10)
    titles: dict[str, str] = {}
    async with reading(site, remote_links="never") as connector:
        at = 0
        async for page in connector.pages(None):
            at += 1
            site.put(issue(f"ONL-{at}", "Edited", flavour))
            site.put(issue(f"ONL-{at + 60}", "Added", flavour, created=datetime.now(UTC)))
            titles |= {item.key: item.title for item in page.items}
            checkpoint = page.checkpoint
        for page in await everything(connector, checkpoint):
            titles |= {item.key: item.title for item in page.items}
    assert set(titles) == {f"ONL-{number}" for number in range(1, 61 + at)}
    assert {titles[f"ONL-{number}"] for number in range(1, at + 1)} == {"Edited"}


async def test_an_issue_deleted_while_we_read_hides_no_other(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 60, page_cap=10)
    seen: list[str] = []
    async with reading(site, remote_links="never") as connector:
        async for page in connector.pages(None):
            if not seen:
                site.delete("ONL-2")
                site.delete("ONL-5")
            seen += [item.key for item in page.items]
    assert {f"ONL-{number}" for number in range(11, 61)} <= set(seen)


async def test_an_issue_changed_while_a_delta_is_read_hides_no_other(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 60, page_cap=10)
    since = {"updated": datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp(), "seen": {}}
    seen: list[str] = []
    async with reading(site, remote_links="never") as connector:
        async for page in connector.pages(since):
            if len(seen) in (10, 19):
                site.put(issue(f"ONL-{len(seen) // 3}", "Changed meanwhile", flavour))
            seen += [item.key for item in page.items]
    assert set(seen) == {f"ONL-{number}" for number in range(1, 61)}


async def test_a_search_longer_than_its_window_begins_anew_and_loses_nothing(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "WINDOW", 20)
    site = site_of(flavour, 95, page_cap=10)
    async with reading(site, remote_links="never") as connector:
        found = keys(await everything(connector))
    assert set(found) == {f"ONL-{number}" for number in range(1, 96)}
    if flavour == "datacenter":
        assert max(int(query.rpartition("startAt=")[2].split("&")[0]) for query in searches(site)) < 70


async def test_requests_are_counted(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 3)
    async with reading(site) as connector:
        await everything(connector)
        assert connector.requests == len(site.requests)
