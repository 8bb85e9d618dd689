"""Agreements over HTTP: who may take which step, what is refused and how, what is shown."""

from typing import Any

import pytest

from service.api.plan.agreement import Agreement
from service.domain.plan.dependency import dependency_id
from service.flow.analysis.full import analyse
from service.flow.context import Context
from tests.support import shop
from tests.support.asking import Api, asking, problem

EDGE = dependency_id(shop.ISSUE_VOUCHERS, shop.VOUCHER_FIELD)  # Online waits for Back office, due 25 March
WITHIN = dependency_id("stores-gh:2", "stores-gh:4")
DROPPED = dependency_id("back-jira:4", "stores-gh:3")
REQUEST = {"needed_by": "2026-03-16", "note": "The checkout starts then"}


def path(step: str = "", dependency: str = EDGE) -> str:
    return f"/v1/dependencies/{dependency}/agreement{step and '/'}{step}"


async def say(api: Api, step: str, body: Any = None, team: str = "", dependency: str = EDGE) -> Any:
    """By the PO of the team whose step it is, unless ``team`` says another."""
    by = team or ("online" if step in ("request", "accept", "withdraw") else "backoffice")
    answer = await api.ask("POST", path(step, dependency), "po", by, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(api: Api, step: str, body: Any = None, dependency: str = EDGE) -> int:
    answer = await api.ask("POST", path(step, dependency), json=body)
    problem(answer)
    return answer.status_code


async def test_before_anything_is_said_nothing_is_agreed(api: Api) -> None:
    assert await api.get(path()) == {
        "dependency": EDGE,
        "state": "none",
        "needed_by": None,
        "date": None,
        "steps": [],
    }


async def test_two_teams_come_to_a_date(api: Api) -> None:
    found = await say(api, "request", REQUEST)
    assert (found["state"], found["needed_by"], found["date"]) == ("requested", "2026-03-16", None)
    found = await say(api, "propose", {"date": "2026-03-20", "note": "The ledger comes first"})
    assert (found["state"], found["needed_by"], found["date"]) == ("proposed", "2026-03-16", "2026-03-20")
    found = await say(api, "accept", {"note": "We start with labels"})
    assert (found["state"], found["date"]) == ("committed", "2026-03-20")
    assert found == await api.get(path())
    at = "2026-03-02T09:00:00Z"
    assert found["steps"] == [
        {"at": at, "what": "requested", "by": "po", "date": "2026-03-16", "note": REQUEST["note"]},
        {"at": at, "what": "proposed", "by": "po", "date": "2026-03-20", "note": "The ledger comes first"},
        {"at": at, "what": "accepted", "by": "po", "date": "2026-03-20", "note": "We start with labels"},
    ]  # fmt: skip


async def test_a_promise_that_does_not_hold_is_a_conflict_before_the_answer(context: Context) -> None:
    context.product = context.product.model_copy(update={"rules": {}})
    await analyse(context)
    async with asking(context) as api:
        await say(api, "request", REQUEST)
        await say(api, "commit")
        [found] = (await api.get("/v1/conflicts", {"kind": "dependency-broken-promise"}))["items"]
        assert (found["facts"]["committed"], found["dependencies"]) == ("2026-03-16", [EDGE])
        await say(api, "withdraw")
        assert await api.ids("/v1/conflicts", {"kind": "dependency-broken-promise"}) == []


async def test_a_commitment_is_to_the_day_asked_for_unless_it_names_an_earlier_one(api: Api) -> None:
    await say(api, "request", REQUEST)
    assert (await say(api, "commit"))["date"] == "2026-03-16"
    assert (await say(api, "commit", {"date": "2026-03-12"}))["date"] == "2026-03-12"


async def test_declined_it_says_why(api: Api) -> None:
    await say(api, "request", REQUEST)
    found = await say(api, "decline", {"note": shop.HOSTILE})
    assert (found["state"], found["date"], found["steps"][-1]["note"]) == ("declined", None, shop.HOSTILE)


async def test_withdrawn_only_the_steps_are_left(api: Api) -> None:
    await say(api, "request", REQUEST)
    found = await say(api, "withdraw", {"note": "We do without"})
    assert (found["state"], found["needed_by"]) == ("none", None)
    assert [step["what"] for step in found["steps"]] == ["requested", "withdrawn"]


async def test_every_step_is_in_the_list_of_events(api: Api) -> None:
    await say(api, "request", REQUEST)
    found = [one for one in (await api.get("/v1/events"))["items"] if one["type"].startswith("agreement.")]
    [event] = found
    assert (event["type"], event["teams"]) == ("agreement.requested", ["backoffice", "online"])
    assert (event["data"]["dependency"], event["data"]["needed_by"]) == (EDGE, "2026-03-16")


BODIES: dict[str, Any] = {
    "request": REQUEST,
    "commit": None,
    "propose": {"date": "2026-03-20"},
    "decline": {"note": "No"},
    "accept": None,
    "withdraw": None,
}
DEPENDENTS = ("request", "accept", "withdraw")


@pytest.mark.parametrize("step", BODIES)
async def test_each_side_takes_its_own_steps_only(api: Api, step: str) -> None:
    own, other = ("online", "backoffice") if step in DEPENDENTS else ("backoffice", "online")
    allowed: list[tuple[Any, tuple[str, ...], bool]] = [
        ("viewer", (), False),
        ("po", (), False),
        ("po", ("stores",), False),
        ("po", (other,), False),
        ("po", (own,), True),
        ("po", ("online", "backoffice"), True),
        ("chief_po", (), True),
        ("admin", (), True),
    ]
    for role, teams, may in allowed:
        answer = await api.ask("POST", path(step), role, *teams, json=BODIES[step])
        assert (answer.status_code != 403) is may, (role, teams, answer.text)
    assert (await api.ask("POST", path(step), None, json=BODIES[step])).status_code == 401


@pytest.mark.parametrize("step", BODIES)
async def test_an_unknown_dependency_has_no_agreement(api: Api, step: str) -> None:
    assert await refused(api, step, BODIES[step], "dep_none") == 404
    assert (await api.ask("GET", path(dependency="dep_none"))).status_code == 404


@pytest.mark.parametrize("step", [step for step in BODIES if step != "request"])
async def test_before_a_request_there_is_nothing_to_answer(api: Api, step: str) -> None:
    assert await refused(api, step, BODIES[step]) == 409


@pytest.mark.parametrize("dependency", [WITHIN, DROPPED], ids=["within one team", "one end is closed"])
async def test_only_open_dependencies_between_teams_are_agreed_on(api: Api, dependency: str) -> None:
    assert await refused(api, "request", REQUEST, dependency) == 409


async def test_what_the_state_does_not_allow_is_refused(api: Api) -> None:
    await say(api, "request", REQUEST)
    assert await refused(api, "accept") == 409
    await say(api, "commit")
    assert await refused(api, "decline", {"note": "After all"}) == 409
    assert await refused(api, "accept") == 409


WRONG: list[tuple[str, Any, str]] = [
    ("request", {}, "needed_by"),
    ("request", None, "body"),
    ("request", {"needed_by": "2026-03-01"}, "needed_by"),
    ("request", {"needed_by": "soon"}, "needed_by"),
    ("request", {"needed_by": None}, "needed_by"),
    ("request", {"needed_by": "2026-03-16", "note": " "}, "note"),
    ("request", {"needed_by": "2026-03-16", "date": "2026-03-16"}, "date"),
    ("commit", {"date": "2026-03-01"}, "date"),
    ("commit", {"date": "2026-03-17"}, "date"),  # later than asked: that is a proposal
    ("commit", {"by": "someone"}, "by"),
    ("propose", {}, "date"),
    ("propose", {"date": "2026-03-01"}, "date"),
    ("propose", {"date": "2026-03-16"}, "date"),  # as asked: that is a commitment
    ("decline", {}, "note"),
    ("decline", {"note": "x" * 2001}, "note"),
    ("accept", {"date": "2026-03-16"}, "date"),
]


@pytest.mark.parametrize(("step", "body", "field"), WRONG)
async def test_what_cannot_be_used_is_named(api: Api, step: str, body: Any, field: str) -> None:
    await say(api, "request", REQUEST)
    assert await api.refused("POST", path(step), json=body) == [field]
    assert len((await api.get(path()))["steps"]) == 1


async def test_the_same_request_sent_twice_is_one_step(api: Api) -> None:
    for _ in range(2):
        answer = await api.ask("POST", path("request"), json=REQUEST, headers={"idempotency-key": "once"})
        assert answer.status_code == 200
    assert len((await api.get(path()))["steps"]) == 1


async def test_answers_are_as_described(api: Api) -> None:
    for found in (
        await api.get(path()),
        await say(api, "request", REQUEST),
        await say(api, "propose", {"date": "2026-03-20", "note": "Later"}),
    ):
        assert Agreement.model_validate(found).model_dump(mode="json") == found


async def test_an_unchanged_agreement_is_not_sent_again(api: Api) -> None:
    first = await api.ask("GET", path())
    known = {"if-none-match": first.headers["etag"]}
    assert (await api.ask("GET", path(), headers=known)).status_code == 304
    await say(api, "request", REQUEST)
    assert (await api.ask("GET", path(), headers=known)).status_code == 200


async def test_a_conflict_shows_when_it_escalates_and_that_it_has(api: Api) -> None:
    [found] = (await api.get("/v1/conflicts", {"kind": "dependency-date"}))["items"]
    assert (found["escalates_at"], found["escalated_at"]) == ("2026-03-04T09:00:00Z", None)
    answer = await api.ask("POST", f"/v1/conflicts/{found['id']}/acknowledge", "po", "online")
    assert answer.json()["escalates_at"] is None
