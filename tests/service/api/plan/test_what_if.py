"""Asking what changes would do: refused in words where they make no sense, answered without a trace."""

from typing import Any

import pytest

from tests.support.asking import Api

DEPENDENT, BLOCKER = "online-jira:2", "back-jira:2"
PAIR = {"blocker": BLOCKER, "dependent": DEPENDENT}


async def asked(api: Api, *changes: Any) -> Any:
    answer = await api.ask("POST", "/v1/what-if", "viewer", json={"changes": changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(found: Any) -> list[tuple[str, str]]:
    return [(one["kind"], one["items"][0]["key"]) for one in found]


async def test_a_blocker_brought_forward_resolves_its_conflict_and_nothing_is_stored(api: Api) -> None:
    before = await api.get("/v1/conflicts")
    found = await asked(api, {"item": BLOCKER, "set": {"due": "2026-03-16"}})
    assert kinds(found["resolved"]) == [("dependency-date", "BO-2")]
    assert (found["opened"], found["changed"]) == ([], [])
    [told] = [one for one in before["items"] if one["id"] == found["resolved"][0]["id"]]
    assert found["resolved"][0].items() <= told.items()
    assert await api.get("/v1/conflicts") == before


async def test_a_conflict_with_other_facts_is_changed_and_says_how_severe_it_was(api: Api) -> None:
    found = await asked(api, {"item": BLOCKER, "set": {"due": "2026-04-20"}})
    assert [(one["severity_before"], one["severity"]) for one in found["changed"]] == [("high", "critical")]
    assert found["changed"][0]["facts"]["days_late"] == 35


async def test_several_changes_count_together_and_the_last_to_the_same_thing_counts(api: Api) -> None:
    found = await asked(
        api,
        {"item": BLOCKER, "set": {"due": "2026-03-01", "priority": 1}},
        {"remove_dependency": PAIR},
        {"add_dependency": PAIR},
        {"item": BLOCKER, "set": {"due": "2026-03-10"}},
    )
    assert kinds(found["resolved"]) == [("dependency-date", "BO-2"), ("priority-inversion", "BO-2")]


async def test_null_clears_a_date(api: Api) -> None:
    found = await asked(api, {"item": BLOCKER, "set": {"due": None}})
    assert kinds(found["resolved"]) == [("dependency-date", "BO-2")]


async def test_a_closed_item_leaves_the_order_and_its_position_is_what_the_backlog_shows(api: Api) -> None:
    position = (await api.get(f"/v1/items/{BLOCKER}"))["position"]
    found = await asked(api, {"item": BLOCKER, "set": {"state": "done"}})
    assert {"item": BLOCKER, "key": "BO-2", "from": position, "to": None} in found["moved"]


async def test_an_item_put_first_moves_alone(api: Api) -> None:
    found = await asked(api, {"item": "stores-gh:4", "set": {"priority": 1, "due": "2026-03-02"}})
    assert "stores-gh:4" in {one["item"] for one in found["moved"]}
    assert len(found["moved"]) <= 2  # and what it waits for


NOWHERE = "online-jira:404"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ([], ["changes"]),
        ([{"item": NOWHERE, "set": {"priority": 1}}], ["changes.0.item"]),
        ([{"item": BLOCKER, "set": {"due": "2026-02-30"}}], ["changes.0.set.due"]),
        ([{"item": BLOCKER, "set": {"due": "9999-12-31"}}], ["changes.0.set.due"]),
        ([{"item": BLOCKER, "set": {"priority": 6}}], ["changes.0.set.priority"]),
        ([{"item": BLOCKER, "set": {"state": None}}], ["changes.0.set"]),
        ([{"item": BLOCKER, "set": {}}], ["changes.0.set"]),
        ([{"item": BLOCKER, "set": {"title": "x"}}], ["changes.0.set.title"]),
        ([{"item": BLOCKER}], ["changes.0"]),
        ([{"item": BLOCKER, "set": {"priority": 1}, "add_dependency": PAIR}], ["changes.0"]),
        ([{"add_dependency": PAIR | {"blocker": NOWHERE}}], ["changes.0.add_dependency.blocker"]),
        ([{"add_dependency": PAIR | {"blocker": DEPENDENT}}], ["changes.0.add_dependency.dependent"]),
        ([{"add_dependency": PAIR | {"why": "x"}}], ["changes.0.add_dependency.why"]),
        ([{"remove_dependency": PAIR}, {"remove_dependency": PAIR}], ["changes.1.remove_dependency"]),
        ([{"item": BLOCKER, "set": {"priority": 1}}] * 501, ["changes"]),
    ],
)
async def test_what_makes_no_sense_is_refused_by_field(
    api: Api, changes: list[Any], fields: list[str]
) -> None:
    assert await api.refused("POST", "/v1/what-if", json={"changes": changes}) == fields


async def test_it_takes_a_token(api: Api) -> None:
    answer = await api.ask("POST", "/v1/what-if", None, json={"changes": []})
    assert answer.status_code == 401
