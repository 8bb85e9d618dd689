from typing import Any

import pytest

from tests.support import shop
from tests.support.asking import Api, problem

PATH = "/v1/dependencies"
NEW = {"blocker": "stores-gh:3", "dependent": "online-jira:1"}


async def pairs(api: Api, asked: Any = None) -> set[tuple[str, str]]:
    return {(one["blocker"], one["dependent"]) for one in (await api.get(PATH, asked))["items"]}


VOUCHERS, PRICES, DROPPED, RECEIPTS = (
    ("back-jira:2", "online-jira:2"),
    ("back-jira:3", "stores-gh:2"),
    ("back-jira:4", "stores-gh:3"),
    ("stores-gh:2", "stores-gh:4"),
)

FILTERS: list[tuple[Any, set[tuple[str, str]]]] = [
    ({}, {VOUCHERS, PRICES, DROPPED, RECEIPTS}),
    ({"team": "online"}, {VOUCHERS}),
    ({"team": "stores"}, {PRICES, DROPPED, RECEIPTS}),
    ({"team": ["online", "stores"], "cross_team": True}, {VOUCHERS, PRICES, DROPPED}),
    ({"cross_team": False}, {RECEIPTS}),
    ({"origin": "text"}, {PRICES}),
    ({"origin": ["native", "remote"]}, {VOUCHERS, DROPPED, RECEIPTS}),
    ({"origin": "declared"}, set()),
    ({"health": "ok"}, {RECEIPTS}),
    ({"health": ["broken", "at-risk"], "team": "online"}, {VOUCHERS}),
]


@pytest.mark.parametrize(("asked", "expected"), FILTERS, ids=[str(one) for one, _ in FILTERS])
async def test_filters_choose_and_different_ones_narrow(
    api: Api, asked: Any, expected: set[tuple[str, str]]
) -> None:
    assert await pairs(api, asked) == expected


async def test_a_dependency_says_where_it_is_told_and_how_it_stands(api: Api) -> None:
    [found] = (await api.get(PATH, {"team": "online"}))["items"]
    assert found == {
        "id": found["id"],
        "blocker": "back-jira:2",
        "dependent": "online-jira:2",
        "origins": ["native"],
        "cross_team": True,
        "health": "broken",
    }
    assert await api.get(f"{PATH}/{found['id']}") == found
    assert (await api.ask("GET", f"{PATH}/dep_none")).status_code == 404


async def test_the_matrix_counts_who_waits_for_whom(api: Api) -> None:
    assert await api.get(f"{PATH}/matrix") == {
        "teams": ["online", "backoffice", "stores"],
        "rows": [
            {"team": "online", "waits_for": {"backoffice": {"open": 1, "not_ok": 1}}},
            {"team": "backoffice", "waits_for": {}},
            {
                "team": "stores",
                "waits_for": {"backoffice": {"open": 1, "not_ok": 1}, "stores": {"open": 1, "not_ok": 0}},
            },
        ],
    }


async def test_a_declared_dependency_is_judged_before_the_answer(api: Api) -> None:
    body = {"blocker": "online-jira:2", "dependent": "stores-gh:2"}  # due 20 March, needed by 10 March
    answer = await api.ask("POST", PATH, "po", "stores", json=body)
    made = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"{PATH}/{made['id']}")
    assert (made["origins"], made["health"], made["cross_team"]) == (["declared"], "broken", True)
    found = (await api.get("/v1/conflicts", {"item": "stores-gh:2", "kind": "dependency-date"}))["items"]
    assert [{one["id"] for one in clash["items"]} for clash in found] == [{"online-jira:2", "stores-gh:2"}]
    assert await api.get(f"{PATH}/{made['id']}") == made
    assert await pairs(api, {"origin": "declared"}) == {("online-jira:2", "stores-gh:2")}
    assert (await api.get("/v1/items/stores-gh:2"))["blocked_by"] == ["back-jira:3", "online-jira:2"]


async def test_declared_again_it_is_the_same(api: Api) -> None:
    first = await api.ask("POST", PATH, json=NEW)
    again = await api.ask("POST", PATH, json=NEW)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


async def test_taken_back_it_is_gone_with_its_conflicts(api: Api) -> None:
    body = {"blocker": "online-jira:2", "dependent": "stores-gh:2"}
    made = (await api.ask("POST", PATH, json=body)).json()
    clashes = await api.ids("/v1/conflicts")
    answer = await api.ask("DELETE", f"{PATH}/{made['id']}", "po", "stores")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await api.ask("GET", f"{PATH}/{made['id']}")).status_code == 404
    assert (await api.ask("DELETE", f"{PATH}/{made['id']}")).status_code == 404
    assert set(await api.ids("/v1/conflicts")) < set(clashes)


async def test_one_that_a_tracker_holds_cannot_be_taken_back(api: Api) -> None:
    [native] = await api.ids(PATH, {"team": "online"})
    answer = await api.ask("DELETE", f"{PATH}/{native}")
    assert (answer.status_code, problem(answer)["title"]) == (409, "Not declared here")
    declared = await api.ask("POST", PATH, json={"blocker": "back-jira:2", "dependent": "online-jira:2"})
    assert declared.json()["origins"] == ["declared", "native"]
    assert (await api.ask("DELETE", f"{PATH}/{native}")).status_code == 204
    assert (await api.get(f"{PATH}/{native}"))["origins"] == ["native"]


WRONG: list[tuple[Any, list[str]]] = [
    ({"blocker": "online-jira:999", "dependent": "online-jira:2"}, ["blocker"]),
    ({"blocker": "x", "dependent": "y"}, ["blocker", "dependent"]),
    ({"blocker": "online-jira:2", "dependent": "online-jira:2"}, ["dependent"]),
    ({"blocker": "online-jira:2"}, ["dependent"]),
    ({"blocker": "", "dependent": "online-jira:2"}, ["blocker"]),
    ({"blocker": "a\0", "dependent": "online-jira:2"}, ["blocker"]),
    ({"blocker": ["online-jira:2"], "dependent": "online-jira:2"}, ["blocker"]),
    ({**NEW, "health": "ok"}, ["health"]),
    ({**NEW, "id": "dep_mine"}, ["id"]),
]


@pytest.mark.parametrize(("body", "fields"), WRONG, ids=str)
async def test_what_is_wrong_with_a_declaration_is_named(api: Api, body: Any, fields: list[str]) -> None:
    assert await api.refused("POST", PATH, json=body) == fields
    assert await pairs(api, {"origin": "declared"}) == set()


async def test_a_po_declares_where_one_end_is_theirs(api: Api) -> None:
    for role, teams, status in (
        ("viewer", (), 403),
        ("po", ("backoffice",), 403),
        ("po", ("stores",), 201),
        ("chief_po", (), 200),
    ):
        answer = await api.ask("POST", PATH, role, *teams, json=NEW)  # type: ignore[arg-type]
        assert answer.status_code == status, (role, teams)
    found = answer.json()["id"]
    assert (await api.ask("DELETE", f"{PATH}/{found}", "po", "backoffice")).status_code == 403
    assert (await api.ask("DELETE", f"{PATH}/{found}", "po", "online")).status_code == 204


async def test_a_circle_that_someone_declares_is_told(api: Api) -> None:
    await api.ask("POST", PATH, json={"blocker": "online-jira:2", "dependent": "back-jira:2"})
    assert await pairs(api, {"cross_team": True}) >= {VOUCHERS, ("online-jira:2", "back-jira:2")}
    around = await api.get("/v1/items/online-jira:2/dependencies")
    assert len(around["edges"]) == 2
    assert len(await api.ids("/v1/backlog")) == 20


async def test_hostile_titles_stay_data_in_the_graph(api: Api) -> None:
    await api.ask("POST", PATH, json={"blocker": "online-jira:5", "dependent": "stores-gh:4"})
    around = await api.get("/v1/items/online-jira:5/dependencies")
    assert shop.HOSTILE in [node["title"] for node in around["nodes"]]
