"""What every connector must do, whatever its tracker (connectors/contract.py)."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import orjson
import pytest

from config.product import connector_kinds
from connectors import transport
from connectors.contract import Connector, Lookup, Page, SourceError
from connectors.item import DateOrigin, Kind, Origin, Relation, State, TrackerItem
from tests.connectors.contract.subjects import COUNT, NOWHERE, SUBJECTS, Subject

REFERENCE = re.compile(
    r"""(?:[a-z]+://[^/\s]+(?:/[^\s]+)?/(?:id/\S+|[A-Z][A-Z0-9_]*-\d+|[^A-Z\s]+\#\d+|[^A-Z\s]+/milestone/\d+)
        |jira:[A-Z][A-Z0-9_]*-\d+|github:[^A-Z\s]+\#\d+)""",
    re.VERBOSE,
)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a tracker's convenience."""
    monkeypatch.setattr(transport, "_wait", lambda state: 0.0)


@pytest.fixture(params=sorted(SUBJECTS))
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    opened: list[Connector] = []
    async with SUBJECTS[request.param]() as found:

        def open_(**how: Any) -> Connector:
            opened.append(found.open(**how))
            return opened[-1]

        yield replace(found, open=open_)
        for one in opened:
            await one.close()


@pytest.fixture
async def connector(subject: Subject) -> Connector:
    return subject.open()


async def pages(connector: Connector, since: Any = None) -> list[Page]:
    return [page async for page in connector.pages(since)]


def items(found: Sequence[Page]) -> dict[str, TrackerItem]:
    """By identity; the newest wins."""
    return {one.identity: one for page in found for one in page.items}


def test_every_connector_is_in_this_suite() -> None:
    assert set(connector_kinds()) <= {name.partition("-")[0] for name in SUBJECTS}


async def test_a_probe_says_where_we_are_and_reads_no_item(connector: Connector) -> None:
    found = await connector.probe()
    assert found.site
    assert found.account
    for prefix in found.holds:
        assert re.fullmatch(r"[a-z]+://\S+", prefix)
        assert f"://{found.site}/" in prefix
    assert connector.requests > 0


async def test_two_reads_agree(subject: Subject, connector: Connector) -> None:
    first, second = items(await pages(connector)), items(await pages(subject.open()))
    assert first == second
    assert len(first) == COUNT


async def test_a_full_read_from_every_checkpoint_equals_one_full_read(
    subject: Subject, connector: Connector
) -> None:
    whole = await pages(connector)
    assert len(whole) > 1
    for at in range(1, len(whole)):
        checkpoint = orjson.loads(orjson.dumps(whole[at - 1].checkpoint))
        rest = await pages(subject.open(), checkpoint)
        assert items([*whole[:at], *rest]) == items(whole)
        assert len(items(rest)) < COUNT  # it goes on, it does not begin again


async def test_a_read_that_is_left_early_leaves_nothing_behind(connector: Connector) -> None:
    async with aclosing(connector.pages(None)) as reading:  # type: ignore[type-var]
        async for _ in reading:
            break
    assert len(items(await pages(connector))) == COUNT


async def test_after_a_full_read_nothing_is_new(connector: Connector) -> None:
    [*_, last] = await pages(connector)
    later = await pages(connector, orjson.loads(orjson.dumps(last.checkpoint)))
    assert items(later) == {}
    again = await pages(connector, later[-1].checkpoint if later else last.checkpoint)
    assert items(again) == {}


async def test_a_checkpoint_in_the_future_reads_nothing(subject: Subject, connector: Connector) -> None:
    [*_, last] = await pages(connector)
    assert items(await pages(connector, subject.future(last.checkpoint))) == {}


async def test_every_record_is_in_standard_terms(connector: Connector) -> None:
    for page in await pages(connector):
        assert orjson.loads(orjson.dumps(page.checkpoint)) == page.checkpoint
        assert not page.rejected
        for one in page.items:
            _check(one)


def _check(item: TrackerItem) -> None:
    assert (item.kind in get_args(Kind), item.state in get_args(State)) == (True, True)
    for ref in (item.identity, item.name, *([item.parent] if item.parent else [])):
        assert REFERENCE.fullmatch(ref), ref
    for link in item.links:
        assert REFERENCE.fullmatch(link.ref), link.ref
        assert link.relation in get_args(Relation)
        assert link.origin in get_args(Origin)
    for text in (item.native_id, item.key, item.url, item.title, item.type, item.status):
        assert isinstance(text, str)
        assert text
    for moment in (item.created, item.updated):
        assert isinstance(moment, datetime)
        assert moment.tzinfo is UTC
    for day, origin in ((item.start, item.start_from), (item.due, item.due_from)):
        assert day is None or type(day) is date
        assert (origin in get_args(DateOrigin)) == (day is not None)
    assert item.closed_on is None or type(item.closed_on) is date
    assert item.priority in (None, 1, 2, 3, 4, 5)
    assert isinstance(item.labels, tuple)
    assert isinstance(item.components, tuple)
    assert orjson.loads(item.raw)
    hash(item)


async def test_words_that_map_to_nothing_are_told(connector: Connector) -> None:
    found = [page.unmapped for page in await pages(connector)]
    odd = {one.priority_name for page in await pages(connector) for one in page.items if one.priority is None}
    told = {word for one in found for word in one.get("priority", ())}
    assert told >= {word for word in odd if word}


async def test_identities_are_those_of_a_full_read(connector: Connector) -> None:
    listed = {one async for part in connector.identities() for one in part}
    assert listed == set(items(await pages(connector)))


async def test_items_read_by_id_are_those_of_a_full_read(connector: Connector) -> None:
    whole = items(await pages(connector))
    wanted = [one.native_id for one in whole.values()][::7]
    found = items([await connector.read([*wanted, wanted[0]])])
    assert {one.native_id for one in found.values()} == set(wanted)
    for identity, one in found.items():
        assert one == whole[identity]


async def test_what_is_gone_is_not_in_it_and_is_no_error(subject: Subject, connector: Connector) -> None:
    whole = list(items(await pages(connector)).values())
    subject.delete(whole[3].native_id)
    found = await connector.read([whole[3].native_id, whole[4].native_id, "99999999"])
    assert [one.identity for one in found.items] == [whole[4].identity]
    assert (await connector.read([whole[3].native_id])).items in ((), [])
    listed = {one async for part in subject.open().identities() for one in part}
    assert listed == {one.identity for one in whole} - {whole[3].identity}


async def test_names_lead_to_what_exists(connector: Connector) -> None:
    some = list(items(await pages(connector)).values())[:3]
    missing = re.sub(r"\d+$", "99999999", some[0].name)
    answers = await connector.look_up([*(one.name for one in some), missing])
    assert answers == {
        **{one.name: Lookup("item", one.identity, one.name) for one in some},
        missing: Lookup("absent"),
    }
    assert await connector.look_up([]) == {}


async def test_requests_only_grow(connector: Connector) -> None:
    assert connector.requests == 0
    counts = []
    for _ in range(3):
        await pages(connector)
        counts.append(connector.requests)
    assert counts == sorted(set(counts))


async def _first_page(connector: Connector) -> Any:
    async with aclosing(connector.pages(None)) as reading:  # type: ignore[type-var]
        return await anext(reading)


async def _first_identities(connector: Connector) -> Any:
    async with aclosing(connector.identities()) as reading:  # type: ignore[type-var]
        return await anext(reading)


async def _probe(connector: Connector) -> Any:
    return await connector.probe()


async def _read(connector: Connector) -> Any:
    return await connector.read(["1"])


@pytest.mark.parametrize("does", [_probe, _first_page, _first_identities, _read])
@pytest.mark.parametrize(
    ("how", "reason"),
    [({"token": "wrong"}, "authentication"), ({"url": NOWHERE}, "unreachable")],
    ids=["wrong-token", "nobody-there"],
)
async def test_what_is_wrong_has_a_reason_and_no_secret(
    subject: Subject, does: Any, how: dict[str, str], reason: str
) -> None:
    with pytest.raises(SourceError) as raised:
        await does(subject.open(**how))
    assert raised.value.reason == reason
    assert str(raised.value)
    assert not {"wrong", "right"} & set(re.findall(r"[\w-]+", str(raised.value)))


async def test_kept_answers_are_read_as_they_were_and_no_item_is_asked_for(connector: Connector) -> None:
    found = items(await pages(connector))
    asked = connector.requests
    page = await connector.reread({one.native_id: one.raw for one in found.values()})
    assert connector.requests == asked
    assert {one.identity: one for one in page.items} == found
    assert not page.rejected
    assert not page.changes


async def test_closing_twice_is_fine(connector: Connector) -> None:
    await connector.probe()
    await connector.close()
    await connector.close()


async def test_names_of_items_mean_these_items_and_others_nothing(connector: Connector) -> None:
    whole = list(items(await pages(connector)).values())[::9]
    absent = re.sub(r"\d+$", "99999999", whole[0].name)
    asked = connector.requests
    told = await connector.look_up([*(one.name for one in whole), absent, whole[0].name])
    assert {name: (one.state, one.identity, one.name) for name, one in told.items() if name != absent} == {
        one.name: ("item", one.identity, one.name) for one in whole
    }
    assert told[absent].state == "absent"
    assert connector.requests - asked <= 2 * len(whole)


async def test_no_name_is_asked_for_nothing(connector: Connector) -> None:
    await connector.probe()
    asked = connector.requests
    assert await connector.look_up([]) == {}
    assert connector.requests == asked
