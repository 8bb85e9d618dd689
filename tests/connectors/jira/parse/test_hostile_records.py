"""Records that are no JSON, of another shape, or full of odd words: each costs only itself."""

from datetime import UTC, datetime

import orjson
import pytest

from connectors.jira.parse.decode import UNREADABLE, decode
from connectors.jira.simulator import Fault, Flavour, JiraSite, issue, link
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)

HOSTILE = {
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "5,000 digits": b"1" * 5000,
    "too large a number": b"1e999",
    "10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "deeper than can be written": b'{"a":' * 400 + b"1" + b"}" * 400,
    "no JSON at all": b'{"a" 1}',
}


@both
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
async def test_a_record_that_is_no_json_is_rejected_and_its_page_kept(
    reading: Reading, flavour: Flavour, value: bytes
) -> None:
    site = site_of(flavour, 4)
    site.put(issue("ONL-3", "@@", flavour, description='[{"issues": "]}'))
    site.faults.append(Fault("swap", path="/search", swap=(b'"@@"', value), lasts=True))
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
        again = await everything(connector)
    assert sorted(keys(pages)) == sorted(keys(again)) == ["ONL-1", "ONL-2", "ONL-4"]
    (rejected,) = [one for page in pages for one in page.rejected]
    assert rejected.key == "ONL-3"
    assert "no JSON" in rejected.reason


def test_depth_is_refused_wherever_it_stands_in_a_record() -> None:
    """Its id, key and moments lead to checkpoints, which are written as JSON."""
    deep = HOSTILE["deeper than can be written"]
    found = decode(b'{"issues":[{"id":%b,"key":"ONL-1"},{"id":"2","key":"ONL-2"}]}' % deep)["issues"]
    assert "no JSON that can be kept" in found[0][UNREADABLE]
    assert found[1] == {"id": "2", "key": "ONL-2"}


@both
@pytest.mark.parametrize(
    "record", [b"null", b"7", b'"x"', b"[]", b"{}", b'{"id":"1","key":"ONL-9","fields":[]}']
)
async def test_a_record_of_another_shape_is_rejected_and_its_page_kept(
    reading: Reading, flavour: Flavour, record: bytes
) -> None:
    site = site_of(flavour, 3)
    site.faults.append(
        Fault("swap", path="/search", swap=(b'"issues":[', b'"issues":[' + record + b","), lasts=True)
    )
    async with reading(site, remote_links="never") as connector:
        checkpoint = {"updated": datetime(2026, 3, 1, tzinfo=UTC).timestamp()}
        pages = await everything(connector, checkpoint)
        assert sorted(keys(pages)) == ["ONL-1", "ONL-2", "ONL-3"]
        assert len({(one.key, one.reason) for page in pages for one in page.rejected}) == 1


@both
async def test_nameless_records_are_counted_once_each_wherever_they_stand(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 20, page_cap=6 if flavour == "cloud" else 100)
    for number in range(1, 21):
        site.put(issue(f"ONL-{number}", "Search", flavour))
    nameless = b'"issues":[{"fields":{"odd":1}},{"fields":{"odd":2}},'
    site.faults.append(Fault("swap", path="/search", swap=(b'"issues":[', nameless), lasts=True))
    async with reading(site, remote_links="never") as connector:
        scan = await everything(connector)
        delta = await everything(connector, scan[-1].checkpoint)
        again = await everything(connector, delta[-1].checkpoint)
    rejected = [one.key for page in scan for one in page.rejected]
    pages = 4 if flavour == "cloud" else 1
    assert rejected == [f"page {page}, record {place}" for page in range(1, pages + 1) for place in (1, 2)]
    assert [one.key for page in delta for one in page.rejected] == ["page 1, record 1", "page 1, record 2"]
    assert [one for page in again for one in page.rejected] == []


@both
async def test_an_unreadable_record_read_by_id_is_rejected_and_not_gone(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 2)
    made = site.put(issue("ONL-2", "@@", flavour))
    for path in ("/search", "/issue/"):
        site.faults.append(Fault("swap", path=path, swap=(b'"@@"', b"NaN"), lasts=True))
    async with reading(site) as connector:
        page = await connector.read([made["id"]])
    assert ([one.key for one in page.rejected], list(page.items)) == (["ONL-2"], [])


@both
async def test_hostile_words_and_sizes_are_kept(reading: Reading, flavour: Flavour) -> None:
    titles = [
        "\u202eright to left",
        "zero\u200bwidth",
        "🎉" * 50,
        "a\r\nSet-Cookie: x=1",
        "<!channel> =cmd|' /C calc'!A0",
    ]
    many = [link("Blocks", outward=f"STO-{number}") for number in range(2000)]
    issues = [issue(f"ONL-{at}", title, flavour) for at, title in enumerate(titles, 1)]
    issues.append(issue("ONL-8", "Long", flavour, description="blocked by ONL-1. " * 6000, links=many))
    async with reading(JiraSite(flavour, {"ONL": "Online"}, issues), remote_links="never") as connector:
        pages = await everything(connector)
    items = {item.key: item for page in pages for item in page.items}
    assert [items[f"ONL-{at}"].title for at in range(1, 6)] == titles
    assert len([one for one in items["ONL-8"].links if one.origin == "native"]) == 2000
    assert len(orjson.loads(items["ONL-8"].raw)["fields"]["description"]) > 100_000


@both
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "next week", "", "2026-02-30", "0000-00-00"])
async def test_odd_dates_cost_nothing_but_themselves(reading: Reading, flavour: Flavour, day: str) -> None:
    site = JiraSite(flavour, {"ONL": "Online"}, [issue("ONL-1", "Odd", flavour, due=day, start=day)])
    async with reading(site, remote_links="never") as connector:
        (item,) = (await everything(connector))[0].items
    assert str(item.due or day) == day
    assert orjson.loads(item.raw)["fields"]["duedate"] == day
