from datetime import date
from typing import Any

import pytest

from service.flow.analysis.full import analyse
from tests.support import shop
from tests.support.asking import Api, problem


async def conflict(api: Api, kind: str = "dependency-date") -> str:
    [found] = (await api.get("/v1/conflicts", {"kind": kind}))["items"]
    return str(found["id"])


async def events(api: Api, kind: str) -> list[dict[str, Any]]:
    return [one for one in (await api.get("/v1/events"))["items"] if one["type"] == kind]


async def test_conflicts_come_by_severity_then_by_the_rulebooks_table(api: Api) -> None:
    found = (await api.get("/v1/conflicts"))["items"]
    assert [(one["severity"], one["kind"]) for one in found] == [
        ("high", "dependency-dropped"),
        ("high", "dependency-date"),
        ("high", "priority-inversion"),
        ("medium", "dependency-overdue"),
        ("medium", "dod-mismatch"),
        ("medium", "dod-mismatch"),
    ]


async def test_a_conflict_says_all_a_po_needs_to_act(api: Api) -> None:
    found = await api.get(f"/v1/conflicts/{await conflict(api)}")
    assert found["title"] == (
        "ONL-2 (Online) needs BO-2 (Back office) by Mon 16 Mar 2026, but it is due Wed 25 Mar 2026: "
        "9 days too late."
    )
    assert found["owners"] == [
        {"team": "online", "name": "Noor", "email": "noor@example.com"},
        {"team": "backoffice", "name": "Bas", "email": "bas@example.com"},
    ]
    assert found["decider"] == {"role": "chief_po", "name": "Chief", "email": "chief@example.com"}
    assert {(one["role"], one["id"], one["key"], one["team"]) for one in found["items"]} == {
        ("blocker", "back-jira:2", "BO-2", "backoffice"),
        ("dependent", "online-jira:2", "ONL-2", "online"),
    }
    assert found["teams"] == ["online", "backoffice"]
    assert found["facts"]["days_late"] == 9
    assert found["suggestions"]
    assert found["first_seen"] == found["last_seen"] == "2026-03-02T09:00:00Z"
    assert (found["state"], found["resolved_at"], found["accepted_until"]) == ("open", None, None)
    assert [(one["what"], one["by"], one["at"]) for one in found["history"]] == [
        ("opened", "attune", "2026-03-02T09:00:00Z")
    ]


async def test_who_decides_follows_the_escalation_rules(api: Api) -> None:
    found = await api.get(f"/v1/conflicts/{await conflict(api, 'dependency-overdue')}")
    assert found["decider"] is None  # medium: the file escalates high and critical


FILTERS: list[tuple[Any, list[str]]] = [
    ({"team": "online"}, ["dependency-date", "priority-inversion", "dod-mismatch"]),
    ({"team": ["online", "stores"], "severity": "high"},
     ["dependency-dropped", "dependency-date", "priority-inversion"]),
    ({"kind": ["dependency-overdue", "dod-mismatch"], "team": "stores"},
     ["dependency-overdue", "dod-mismatch"]),
    ({"severity": ["low", "critical"]}, []),
    ({"item": "back-jira:2"}, ["dependency-date", "priority-inversion"]),
    ({"item": ["back-jira:2", "back-jira:3"], "kind": "dependency-overdue"}, ["dependency-overdue"]),
    ({"state": "resolved"}, []),
    ({"goal": "calm"}, []),
    ({"goal": "promo", "severity": "medium"}, ["dependency-overdue"]),
    ({"since": "2026-03-02T09:00:01Z"}, []),
    ({"since": "2026-03-02T10:00:00+01:00", "item": "back-jira:4"}, ["dependency-dropped"]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), FILTERS, ids=[str(one) for one, _ in FILTERS])
async def test_filters_choose_and_different_ones_narrow(api: Api, asked: Any, expected: list[str]) -> None:
    assert [one["kind"] for one in (await api.get("/v1/conflicts", asked))["items"]] == expected


async def act(api: Api, one: str, action: str, body: Any = None, role: Any = "po", *teams: str) -> Any:
    answer = await api.ask("POST", f"/v1/conflicts/{one}/{action}", role, *(teams or ("online",)), json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_owner_takes_it_up_and_it_stays_listed(api: Api) -> None:
    one = await conflict(api)
    found = await act(api, one, "acknowledge", {"comment": "We meet on Tuesday"})
    assert found["state"] == "acknowledged"
    last = found["history"][-1]
    assert (last["what"], last["by"], last["note"], last["at"]) == (
        "acknowledged", "po", "We meet on Tuesday", "2026-03-02T09:00:00Z",
    )  # fmt: skip
    assert await conflict(api) == one
    [told] = await events(api, "conflict.acknowledged")
    assert (told["data"]["id"], told["data"]["by"], told["data"]["state"]) == (one, "po", "acknowledged")


async def test_done_twice_is_done_once(api: Api) -> None:
    one = await conflict(api)
    await act(api, one, "acknowledge")
    found = await act(api, one, "acknowledge")
    assert [step["what"] for step in found["history"]] == ["opened", "acknowledged"]
    assert len(await events(api, "conflict.acknowledged")) == 1


async def test_accepted_it_leaves_the_list_until_the_day_it_was_accepted_for(api: Api) -> None:
    one = await conflict(api)
    found = await act(api, one, "accept", {"reason": "The old till stays", "until": "2026-03-05"})
    assert (found["state"], found["accepted_until"]) == ("accepted", "2026-03-05")
    assert "The old till stays" in found["history"][-1]["note"]
    assert one not in await api.ids("/v1/conflicts")
    assert await api.ids("/v1/conflicts", {"state": "accepted"}) == [one]
    for day, state in ((5, "accepted"), (6, "open")):
        api.context.clock.now = shop.NOW + (day - 2) * 86400  # type: ignore[attr-defined]
        await analyse(api.context)
        assert (await api.get(f"/v1/conflicts/{one}"))["state"] == state, day
    [told] = await events(api, "conflict.reopened")
    assert told["data"]["id"] == one


async def test_an_acceptance_needs_a_reason_and_a_day_to_come(api: Api) -> None:
    path = f"/v1/conflicts/{await conflict(api)}/accept"
    for body, field in (
        ({}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x\0"}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": 3}, "reason"),
        ({"reason": "x", "until": "2026-03-01"}, "until"),
        ({"reason": "x", "until": "tomorrow"}, "until"),
        ({"reason": "x", "state": "resolved"}, "state"),
        ([], "body"),
        (None, "body"),
    ):
        assert await api.refused("POST", path, json=body) == [field], body


async def test_reopened_it_is_open_and_says_why(api: Api) -> None:
    one = await conflict(api)
    await act(api, one, "accept", {"reason": "It will do"})
    found = await act(api, one, "reopen", {"comment": "It will not"})
    assert (found["state"], found["accepted_until"]) == ("open", None)
    assert [step["what"] for step in found["history"]] == ["opened", "accepted", "reopened"]


async def test_a_comment_is_kept_and_changes_nothing_else(api: Api) -> None:
    one = await conflict(api)
    found = await act(api, one, "comment", {"comment": shop.HOSTILE})
    assert found["state"] == "open"
    assert [(step["what"], step["note"]) for step in found["history"]][-1] == ("commented", shop.HOSTILE)
    assert await api.refused("POST", f"/v1/conflicts/{one}/comment", json={}) == ["comment"]


async def test_resolved_by_the_plan_it_can_only_be_commented(api: Api) -> None:
    one = await conflict(api)
    await shop.update(api.context, "back-jira", 2, due=date(2026, 3, 13))
    found = await api.get(f"/v1/conflicts/{one}")
    assert (found["state"], found["resolved_at"]) == ("resolved", "2026-03-02T09:00:00Z")
    for action, body in (("acknowledge", None), ("accept", {"reason": "x"}), ("reopen", None)):
        answer = await api.ask("POST", f"/v1/conflicts/{one}/{action}", json=body)
        assert (answer.status_code, problem(answer)["title"]) == (409, "Not in this state")
    assert (await act(api, one, "comment", {"comment": "Thanks"}))["history"][-1]["note"] == "Thanks"
    assert await api.ids("/v1/conflicts", {"kind": "dependency-date"}) == []
    await shop.update(api.context, "back-jira", 2)
    assert await conflict(api) == one  # the same conflict, found again


async def test_an_item_counts_its_open_conflicts(api: Api) -> None:
    await act(api, await conflict(api), "accept", {"reason": "x"})
    await analyse(api.context)
    assert (await api.get("/v1/items/online-jira:2"))["conflicts"] == 1


ACTIONS = [
    ("acknowledge", None),
    ("accept", {"reason": "x"}),
    ("reopen", None),
    ("comment", {"comment": "x"}),
]


@pytest.mark.parametrize(("action", "body"), ACTIONS)
async def test_a_po_acts_on_conflicts_of_their_own_teams_only(api: Api, action: str, body: Any) -> None:
    path = f"/v1/conflicts/{await conflict(api, 'dependency-dropped')}/{action}"
    for role, teams, status in (
        ("viewer", (), 403),
        ("po", ("online",), 403),
        ("po", ("online", "stores"), 200),
        ("po", ("backoffice",), 200),
        ("chief_po", (), 200),
        ("admin", (), 200),
    ):
        answer = await api.ask("POST", path, role, *teams, json=body)  # type: ignore[arg-type]
        assert answer.status_code == status, (role, teams)
    assert (await api.ask("POST", path, None, json=body)).status_code == 401
    assert (await api.ask("POST", f"/v1/conflicts/cfl_none/{action}", json=body)).status_code == 404
    assert (await api.ask("GET", "/v1/conflicts/cfl_none")).status_code == 404
