"""Links to other sites: of open issues and those closed of late at once, of the others when asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.item import TrackerItem
from connectors.jira.reading import remote_links
from connectors.jira.simulator import Fault, Flavour, JiraSite, issue, remote_link
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, id_of, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
BLOCKED = [remote_link("https://github.com/acme/stores/issues/12", "is blocked by")]
REF = "github://github.com/acme/stores#12"
LATER = ("remote-links",)


def closed(key: str, days: int | None, flavour: Flavour, **more: Any) -> dict[str, Any]:
    """Closed so many days before NOW, and last updated then; None: nothing says when."""
    at = NOW - timedelta(days=days or 0)
    given = {"status": "Done", "resolved": at, "updated": at, **more}
    return issue(key, "Closed", flavour, **given)


def a_site(flavour: Flavour, *issues: dict[str, Any]) -> JiraSite:
    links = {one["key"]: BLOCKED for one in issues}
    return JiraSite(flavour, {"ONL": "Online"}, issues, remote_links=links, clock=lambda: NOW)


def by_key(pages: list[Any]) -> dict[str, TrackerItem]:
    return {item.key: item for page in pages for item in page.items}


def refs(item: TrackerItem) -> list[str]:
    return [link.ref for link in item.links]


def asked(site: JiraSite) -> int:
    return len([path for _, path, _ in site.requests if path.endswith("/remotelink")])


@both
async def test_a_full_scan_asks_for_those_that_matter_now(reading: Reading, flavour: Flavour) -> None:
    nothing_says = {"resolutiondate": None}
    site = a_site(
        flavour,
        issue("ONL-1", "Open", flavour),
        closed("ONL-2", 5, flavour),
        closed("ONL-3", 30, flavour),
        closed("ONL-4", 31, flavour),
        closed("ONL-5", 400, flavour),
        closed("ONL-6", 5, flavour, resolution="Won't Do"),
        closed("ONL-7", 31, flavour, resolution="Won't Do"),
        closed("ONL-8", 31, flavour, resolution="Duplicate"),
        closed("ONL-9", 3, flavour, more=nothing_says),
        closed("ONL-10", 90, flavour, more=nothing_says),
        closed("ONL-11", 90, flavour, updated=NOW),  # closed long ago, commented today
    )
    async with reading(site) as connector:
        items = by_key(await everything(connector))
    at_once = {"ONL-1", "ONL-2", "ONL-3", "ONL-6", "ONL-9"}
    assert {key for key, item in items.items() if refs(item) == [REF]} == at_once
    assert {key for key, item in items.items() if item.unread == LATER} == items.keys() - at_once
    assert asked(site) == len(at_once)


@both
async def test_reading_by_id_asks_for_every_one(reading: Reading, flavour: Flavour) -> None:
    site = a_site(
        flavour, closed("ONL-1", 400, flavour), closed("ONL-2", 400, flavour, resolution="Won't Do")
    )
    async with reading(site) as connector:
        assert {item.unread for item in by_key(await everything(connector)).values()} == {LATER}
        page = await connector.read([id_of(site, "ONL-1"), id_of(site, "ONL-2")])
    assert [(item.key, refs(item), item.unread) for item in page.items] == [
        ("ONL-1", [REF], ()),
        ("ONL-2", [REF], ()),
    ]


@both
async def test_a_delta_asks_for_what_has_just_closed(reading: Reading, flavour: Flavour) -> None:
    site = a_site(flavour, issue("ONL-1", "Open", flavour), closed("ONL-2", 400, flavour))
    async with reading(site) as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-1", "Open", flavour, status="Done", resolved=NOW))
        site.put(closed("ONL-2", 400, flavour))
        items = by_key(await everything(connector, checkpoint))
    assert (refs(items["ONL-1"]), items["ONL-1"].unread) == ([REF], ())
    assert (refs(items["ONL-2"]), items["ONL-2"].unread) == ([], LATER)


@both
async def test_what_was_reopened_is_open(reading: Reading, flavour: Flavour) -> None:
    site = a_site(flavour, closed("ONL-1", 400, flavour))
    async with reading(site) as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-1", "Open again", flavour))
        (item,) = by_key(await everything(connector, checkpoint)).values()
    assert (refs(item), item.unread) == ([REF], ())


@both
@pytest.mark.parametrize(("option", "unread", "requests"), [("always", (), 2), ("never", (), 0)])
async def test_the_option_decides_for_all(
    reading: Reading, flavour: Flavour, option: str, unread: tuple[str, ...], requests: int
) -> None:
    site = a_site(flavour, issue("ONL-1", "Open", flavour), closed("ONL-2", 400, flavour))
    async with reading(site, remote_links=option) as connector:
        items = by_key(await everything(connector))
    assert {item.unread for item in items.values()} == {unread}
    assert asked(site) == requests


@both
async def test_what_is_hidden_is_not_asked_for(reading: Reading, flavour: Flavour) -> None:
    site = a_site(flavour, closed("ONL-1", 1, flavour, security="Board only"))
    async with reading(site) as connector:
        await everything(connector)
        await connector.read([id_of(site, "ONL-1")])
    assert asked(site) == 0


@both
async def test_what_was_kept_is_read_as_it_was(reading: Reading, flavour: Flavour) -> None:
    site = a_site(flavour, issue("ONL-1", "Open", flavour), closed("ONL-2", 400, flavour))
    async with reading(site) as connector:
        items = by_key(await everything(connector))
        again = await connector.reread({item.native_id: item.raw for item in items.values()})
    assert {item.key: item for item in again.items} == items


NONSENSE = [b"{}", b"[1]", b"[null]", b'{"errorMessages":[]}', b'[{"object":7}]', b"not json"]


@both
@pytest.mark.parametrize(
    "fault",
    [
        *(Fault("status", status, path="/remotelink", lasts=True) for status in (500, 503, 403, 404, 400)),
        *(Fault("answer", path="/remotelink", body=body, lasts=True) for body in NONSENSE),
        Fault("html", 502, path="/remotelink", lasts=True),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.body!r}",
)
async def test_links_that_fail_for_an_issue_cost_only_themselves(
    reading: Reading, flavour: Flavour, fault: Fault
) -> None:
    site = a_site(flavour, issue("ONL-1", "One", flavour), issue("ONL-2", "Other", flavour))
    one = id_of(site, "ONL-1")
    site.faults.append(
        Fault(fault.kind, fault.status, path=f"/{one}/remotelink", body=fault.body, lasts=True)
    )
    async with reading(site) as connector:
        items = by_key(await everything(connector))
        site.faults.clear()
        page = await connector.read([one])
    assert (refs(items["ONL-1"]), items["ONL-1"].unread) == ([], LATER)
    assert (refs(items["ONL-2"]), items["ONL-2"].unread) == ([REF], ())
    assert [(refs(item), item.unread) for item in page.items] == [([REF], ())]


@both
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("status", 401, path="/remotelink", lasts=True), "authentication"),
        (Fault("html", 200, path="/remotelink", lasts=True), "authentication"),
        (Fault("status", 429, path="/remotelink", retry_after="900", lasts=True), "limited"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.kind}-{value.status}",
)
async def test_a_lost_login_and_a_limit_are_no_failing_part(
    reading: Reading, flavour: Flavour, fault: Fault, reason: str
) -> None:
    site = a_site(flavour, issue("ONL-1", "One", flavour))
    site.faults.append(fault)
    async with reading(site) as connector:
        with pytest.raises(SourceError) as raised:
            await everything(connector)
    assert raised.value.reason == reason


@both
async def test_an_endpoint_that_fails_for_all_ends_in_time(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 40)
    site.faults.append(Fault("status", 500, path="/remotelink", lasts=True))
    async with reading(site) as connector:
        pages = await everything(connector)
        assert len(keys(pages)) == 40
        assert {item.unread for item in by_key(pages).values()} == {LATER}
        most_patient = remote_links.FAILURES_IN_A_ROW + 4  # that many may be under way
        assert asked(site) <= 40 + most_patient * 4
        site.faults.clear()
        later = await connector.read([item.native_id for item in by_key(pages).values()])
    assert {item.unread for item in later.items} == {()}


@both
async def test_a_site_that_switched_linking_off_says_so(reading: Reading, flavour: Flavour) -> None:
    site = a_site(flavour, issue("ONL-1", "One", flavour))
    site.faults.append(Fault("status", 403, path="/remotelink", lasts=True))
    async with reading(site) as connector:
        await everything(connector)
        assert any("links to other sites" in one for one in (await connector.probe()).missing)
