"""What a tracker says of names that no stored item answers to."""

from typing import Any

import pytest

from connectors.contract import Lookup, SourceError
from connectors.jira.reading import lookup
from connectors.jira.simulator import Fault, Flavour, JiraSite, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, id_of, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)
ABSENT, HIDDEN = Lookup("absent"), Lookup("hidden")


def host(site: JiraSite) -> str:
    return site.url.removeprefix("http://")


async def ask(connector: Any, site: JiraSite, *keys: str) -> dict[str, Lookup]:
    """By key."""
    await connector.probe()
    answers = await connector.look_up([f"jira://{host(site)}/{key}" for key in keys])
    return {name.rpartition("/")[2]: found for name, found in answers.items()}


def an_item(site: JiraSite, key: str) -> Lookup:
    return Lookup("item", f"jira://{host(site)}/id/{id_of(site, key)}", f"jira://{host(site)}/{key}")


@both
async def test_names_are_found_whatever_the_filter_and_the_project(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    async with reading(site, filter="key = ONL-1") as connector:
        answers = await ask(connector, site, "ONL-1", "ONL-3", "STO-1", "ONL-77777", "NOPE-1")
    assert answers == {
        "ONL-1": an_item(site, "ONL-1"),
        "ONL-3": an_item(site, "ONL-3"),
        "STO-1": an_item(site, "STO-1"),
        "ONL-77777": ABSENT,
        "NOPE-1": ABSENT,
    }


@both
async def test_an_issue_behind_a_security_level_is_hidden_and_nothing_more(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    site.put(issue("ONL-2", "Takeover", flavour, security="Board only"))
    async with reading(site) as connector:
        answers = await ask(connector, site, "ONL-2")
        assert answers == {"ONL-2": HIDDEN}
        assert "Takeover" not in repr(answers)
    async with reading(site, include_restricted=True) as connector:
        site.url = ""
        assert (await ask(connector, site, "ONL-2"))["ONL-2"].state == "item"


@both
async def test_a_moved_issue_is_found_under_its_old_key(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    number = id_of(site, "ONL-2")
    site.put(issue("STO-10", "Moved", flavour, id=number))
    async with reading(site) as connector:
        answers = await ask(connector, site, "ONL-1", "ONL-2", "STO-10", "ONL-99")
    moved = an_item(site, "STO-10")
    assert answers == {
        "ONL-1": an_item(site, "ONL-1"),
        "ONL-2": moved,
        "STO-10": moved,
        "ONL-99": ABSENT,
    }


@both
async def test_a_moved_issue_that_is_hidden_now_stays_hidden(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    site.put(issue("STO-10", "Takeover", flavour, id=id_of(site, "ONL-2"), security="Board only"))
    async with reading(site) as connector:
        assert await ask(connector, site, "ONL-2") == {"ONL-2": HIDDEN}


@both
async def test_issues_of_a_rekeyed_project_are_found_under_both_keys(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    site.rekey("STO", "SHOP")
    async with reading(site) as connector:
        answers = await ask(connector, site, "STO-1", "SHOP-1")
    assert answers == {"STO-1": an_item(site, "SHOP-1"), "SHOP-1": an_item(site, "SHOP-1")}


@both
async def test_a_source_whose_project_was_rekeyed_is_read_on_and_knows_both_names(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    site.rekey("ONL", "WEB")
    async with reading(site, remote_links="never") as connector:
        found = await connector.probe()
        items = [item for page in await everything(connector) for item in page.items]
    here = host(site)
    assert {item.key for item in items} == {"WEB-1", "WEB-2", "WEB-3"}
    assert f"jira://{here}/WEB" in found.holds
    assert found.aliases[f"jira://{here}/ONL"] == f"jira://{here}/WEB"
    assert any("is called WEB now" in note for note in found.notes)


@both
async def test_ids_of_the_site_are_names_too_and_other_sites_are_not_asked_for(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    async with reading(site) as connector:
        await connector.probe()
        here, number = host(site), id_of(site, "ONL-2")
        names = [f"jira://{here}/id/{number}", "jira://elsewhere.example/ONL-1", "github://github.com/a/b#1"]
        before = len(site.requests)
        assert await connector.look_up(names) == {names[0]: an_item(site, "ONL-2")}
        assert await connector.look_up(names[1:]) == {}
    assert len(site.requests) - before <= 1


async def test_a_batch_of_cloud_costs_one_request_and_one_for_what_it_lacks(reading: Reading) -> None:
    site = site_of("cloud", 150)
    async with reading(site) as connector:
        await connector.probe()
        before = len(site.requests)
        names = [f"jira://{host(site)}/ONL-{number}" for number in range(1, 201)]
        answers = await connector.look_up([*names, *names])
        assert len(site.requests) - before == 3
    assert [answers[name].state for name in names] == ["item"] * 150 + ["absent"] * 50


async def test_what_a_data_center_must_be_asked_singly_is_bounded(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "SINGLE_LOOKUPS", 3)
    site = site_of("datacenter", 2)
    async with reading(site) as connector:
        answers = await ask(connector, site, "ONL-1", *(f"ONL-{number}" for number in range(90, 100)))
    assert answers == {"ONL-1": an_item(site, "ONL-1"), "ONL-90": ABSENT, "ONL-91": ABSENT, "ONL-92": ABSENT}


@both
@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_batch_that_is_refused_is_asked_singly(
    reading: Reading, flavour: Flavour, status: int
) -> None:
    site = site_of(flavour)
    path = "bulkfetch" if flavour == "cloud" else "/search"
    async with reading(site) as connector:
        await connector.probe()
        site.faults.append(Fault("status", status, path=path, lasts=True))
        answers = await connector.look_up([f"jira://{host(site)}/{key}" for key in ("ONL-1", "ONL-99")])
    assert list(answers.values()) == [an_item(site, "ONL-1"), ABSENT]


@both
@pytest.mark.parametrize(
    "fault", [Fault("status", 500), Fault("answer", body=b"[]"), Fault("answer", body=b'{"id":"1"}')]
)
async def test_a_name_that_fails_is_left_out_and_the_others_are_told(
    reading: Reading, flavour: Flavour, fault: Fault
) -> None:
    site = site_of(flavour)
    site.put(issue("STO-10", "Moved", flavour, id=id_of(site, "ONL-2")))
    site.put(issue("STO-11", "Moved too", flavour, id=id_of(site, "ONL-3")))
    site.faults.append(Fault(fault.kind, fault.status, path="/issue/ONL-2", body=fault.body, lasts=True))
    async with reading(site) as connector:
        answers = await ask(connector, site, "ONL-1", "ONL-2", "ONL-3")
    assert answers == {"ONL-1": an_item(site, "ONL-1"), "ONL-3": an_item(site, "STO-11")}


@both
@pytest.mark.parametrize("status", [403, 404])
async def test_what_the_account_may_not_see_is_absent(
    reading: Reading, flavour: Flavour, status: int
) -> None:
    site = site_of(flavour)
    site.put(issue("STO-10", "Moved", flavour, id=id_of(site, "ONL-2")))
    site.faults.append(Fault("status", status, path="/issue/ONL-2", lasts=True))
    async with reading(site) as connector:
        assert await ask(connector, site, "ONL-2") == {"ONL-2": ABSENT}


@both
@pytest.mark.parametrize(("status", "reason"), [(401, "authentication"), (429, "limited")])
async def test_a_lost_login_and_a_limit_are_told(
    reading: Reading, flavour: Flavour, status: int, reason: str
) -> None:
    site = site_of(flavour)
    async with reading(site) as connector:
        await connector.probe()
        site.faults.append(Fault("status", status, retry_after="900", lasts=True))
        with pytest.raises(SourceError) as raised:
            await connector.look_up([f"jira://{host(site)}/ONL-1"])
    assert raised.value.reason == reason


@both
async def test_what_was_found_before_a_limit_is_not_lost(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "KEYS_AT_ONCE", 1)
    site = site_of(flavour)
    async with reading(site, max_requests_per_hour=5) as connector:
        answers = await ask(connector, site, "ONL-1", "ONL-2", "ONL-3")
    assert answers == {"ONL-1": an_item(site, "ONL-1")}


@both
async def test_both_addresses_of_a_site_lead_to_it(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, url="https://jira.example.com")
    async with reading(site) as connector:
        talked_to = connector._options.url.removeprefix("http://")
        names = [f"jira://jira.example.com/{'ONL-1'}", f"jira://{talked_to}/ONL-1"]
        answers = await connector.look_up(names)
    number = id_of(site, "ONL-1")
    expected = Lookup("item", f"jira://jira.example.com/id/{number}", "jira://jira.example.com/ONL-1")
    assert answers == dict.fromkeys(names, expected)
