"""Teams, goals, Definitions of Done, rules, and the Chief PO's pins."""

from typing import Any

import pytest

from service.rules import rules
from tests.support import shop
from tests.support.asking import Api


async def test_a_team_says_who_owns_what_and_whom_to_ask(api: Api) -> None:
    teams = (await api.get("/v1/teams"))["items"]
    assert [team["key"] for team in teams] == ["online", "backoffice", "stores"]
    assert teams[0] == {
        "key": "online",
        "name": "Online",
        "area": "Web shop",
        "owner": {"name": "Noor", "email": "noor@example.com"},
        "components": ["checkout"],
        "sources": ["online-jira"],
        "items": 11,
        "open_items": 9,
        "open_with_due": 8,
        "goal_share": 0.2222,
        "open_conflicts": {"critical": 0, "high": 2, "medium": 1, "low": 0},
    }
    for team in teams:
        assert await api.get(f"/v1/teams/{team['key']}") == team
    assert (await api.ask("GET", "/v1/teams/nobody")).status_code == 404


async def test_goals_tell_what_serves_them_and_every_teams_share(api: Api) -> None:
    found = await api.get("/v1/goals")
    assert [goal["key"] for goal in found["items"]] == ["promo", "calm"]
    promo = found["items"][0]
    assert promo["metric"] == {"name": "Orders", "target": 5000, "unit": "orders/week"}
    assert promo["rollup"] == {
        "todo": 3, "doing": 1, "done": 1, "dropped": 0,
        "start": "2026-03-02", "due": "2026-03-25", "share_done": 0.2,
    }  # fmt: skip
    assert promo["teams"] == [
        {"team": "backoffice", "open_items": 2, "open_epics": 1},
        {"team": "online", "open_items": 2, "open_epics": 1},
        {"team": "stores", "open_items": 3, "open_epics": 1},
    ]
    assert found["shares"] == [
        {"team": "online", "open_items": 9, "serving": 2, "share": 0.2222},
        {"team": "backoffice", "open_items": 7, "serving": 2, "share": 0.2857},
        {"team": "stores", "open_items": 4, "serving": 4, "share": 1.0},
    ]


async def test_definitions_of_done_stand_side_by_side(api: Api) -> None:
    found = await api.get("/v1/dod")
    assert [(one["id"], one["baseline"]) for one in found["criteria"]] == [
        ("review", True),
        ("coverage", True),
    ]
    coverage = found["criteria"][1]["by_team"]
    assert coverage == {
        "online": {"text": "Test coverage at least 80%", "figure": 80.0, "unit": "%"},
        "backoffice": None,
        "stores": {"text": "Test coverage at least 60%", "figure": 60.0, "unit": "%"},
    }
    assert [(one["team"], one["origin"], len(one["lines"])) for one in found["teams"]] == [
        ("online", "items", 2),
        ("backoffice", "none", 0),
        ("stores", "items", 2),
    ]
    assert [(one["criterion"], one["team"], one["kind"]) for one in found["differences"]] == [
        ("review", "backoffice", "missing"),
        ("coverage", "backoffice", "missing"),
        ("coverage", "stores", "weaker"),
    ]


async def test_rules_are_explained_with_the_settings_that_hold_here(api: Api) -> None:
    found = {one["key"]: one for one in (await api.get("/v1/rules"))["items"]}
    assert list(found) == list(rules())
    assert set(shop.TOLD) <= set(found)
    assert {name for name, one in found.items() if one["enabled"]} == set(shop.TOLD)
    for one in found.values():
        assert one["text"].startswith(one["title"])
        assert f"Example: {one['example'].split()[0]}" in one["text"]


async def test_pinned_items_come_first_with_what_they_need(api: Api) -> None:
    answer = await api.ask("PUT", "/v1/backlog/order", "chief_po", json={"pins": ["stores-gh:4"]})
    assert (answer.status_code, answer.json()) == (200, {"pins": ["stores-gh:4"]})
    assert await api.get("/v1/backlog/order") == {"pins": ["stores-gh:4"]}
    found = (await api.get("/v1/backlog", {"limit": 5}))["items"]
    order = [one["id"] for one in found]
    assert order.index("back-jira:3") < order.index("stores-gh:2") < order.index("stores-gh:4")
    assert [one["id"] for one in found if one["pinned"]] == ["stores-gh:4"]
    why = (await api.get("/v1/items/stores-gh:4"))["why"]
    assert why[0] == {
        "reason": "pin",
        "text": "The Chief PO pinned it, at place 1.",
        "pin": 1,
        "item": "stores-gh:4",
    }


async def test_pins_are_replaced_whole_and_taken_away(api: Api) -> None:
    before = await api.ids("/v1/backlog")
    for pins in (["stores-gh:4", "online-jira:14"], ["online-jira:14"], []):
        assert (await api.ask("PUT", "/v1/backlog/order", json={"pins": pins})).json() == {"pins": pins}
        assert await api.get("/v1/backlog/order") == {"pins": pins}
    assert await api.ids("/v1/backlog") == before


WRONG: list[tuple[Any, list[str]]] = [
    ({"pins": ["nothing"]}, ["pins.0"]),
    ({"pins": ["stores-gh:4", "stores-gh:4"]}, ["pins.1"]),
    ({"pins": ["stores-gh:4", "x", "stores-gh:4"]}, ["pins.1", "pins.2"]),
    ({"pins": "stores-gh:4"}, ["pins"]),
    ({"pins": [3]}, ["pins.0"]),
    ({"pins": ["a\0"]}, ["pins.0"]),
    ({"pins": ["x"] * 201}, ["pins"]),
    ({}, ["pins"]),
    ({"pins": [], "by": "me"}, ["by"]),
]


@pytest.mark.parametrize(("body", "fields"), WRONG, ids=[repr(one)[:40] for one, _ in WRONG])
async def test_what_is_wrong_with_pins_is_named(api: Api, body: Any, fields: list[str]) -> None:
    assert await api.refused("PUT", "/v1/backlog/order", json=body) == fields
    assert await api.get("/v1/backlog/order") == {"pins": []}
