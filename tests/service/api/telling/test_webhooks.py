import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from service.api.telling import deliveries, webhooks
from service.flow.context import Context
from service.store.database.engine import Database
from tests.support.api import bearer, client, make_app, serving
from tests.support.outgoing import deliver, hasten, make_context, opened, tell
from tests.support.receiver import Receiver, receiving


@dataclass
class Api:
    context: Context
    base_url: str

    async def ask(
        self, method: str, path: str, role: Any = "admin", *teams: str, json: Any = None
    ) -> httpx.Response:
        headers = await bearer(self.context, role, *teams)
        async with client(self.base_url, headers) as asking:
            return await asking.request(method, "/v1/webhooks" + path, json=json)

    async def create(self, url: str, role: Any = "admin", *teams: str, **how: Any) -> dict[str, Any]:
        response = await self.ask("POST", "", role, *teams, json={"url": url, **how})
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    context = make_context(database)
    async with serving(make_app(context, [webhooks.router, deliveries.router])) as base_url:
        yield Api(context, base_url)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


URL = "http://127.0.0.1:9/secret-path"


async def test_a_webhook_shows_its_secret_once_and_never_its_path(api: Api) -> None:
    made = await api.create(URL, events=["conflict.*"], min_severity="high")
    assert made["secret"].startswith("whsec_")
    assert made["url"] == "http://127.0.0.1:9/…"
    read = (await api.ask("GET", f"/{made['id']}")).json()
    assert read == {key: value for key, value in made.items() if key != "secret"}
    listed = await api.ask("GET", "")
    assert listed.json() == {"items": [read], "next": None}
    assert "secret-path" not in listed.text


async def test_a_webhook_is_changed_field_by_field(api: Api) -> None:
    made = await api.create(URL, kinds=["dependency-date"], min_severity="high")
    changed = await api.ask("PATCH", f"/{made['id']}", json={"min_severity": None, "state": "disabled"})
    assert changed.status_code == 200
    expected = {**made, "min_severity": None, "state": "disabled"}
    del expected["secret"]
    assert changed.json() == expected


async def test_a_deleted_webhook_is_gone(api: Api) -> None:
    made = await api.create(URL)
    assert (await api.ask("DELETE", f"/{made['id']}")).status_code == 204
    assert (await api.ask("GET", f"/{made['id']}")).status_code == 404


UNREACHABLE = [
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://0xa000001/",
    "http://１０.0.0.1/",
    "file:///etc/passwd",
    "http://user@127.0.0.1/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:22/",
    "http://name.invalid/",
]


async def test_an_address_that_may_not_be_reached_is_refused_when_saved(api: Api) -> None:
    made = await api.create(URL)
    for url in UNREACHABLE:
        for method, path in (("POST", ""), ("PATCH", f"/{made['id']}")):
            assert await refused_fields(api, method, path, {"url": url}) == ["url"], url


async def refused_fields(api: Api, method: str, path: str, body: dict[str, Any]) -> list[str]:
    refused = await api.ask(method, path, json=body)
    assert refused.status_code == 422, refused.text
    return [error["field"] for error in refused.json()["errors"]]


MEANINGLESS: list[tuple[dict[str, Any], str]] = [
    ({"format": "carrier-pigeon"}, "format"),
    ({"events": ["conflicts.*"]}, "events.0"),
    ({"events": []}, "events"),
    ({"teams": ["nobody"]}, "teams.0"),
    ({"kinds": ["nothing"]}, "kinds.0"),
    ({"min_severity": "huge"}, "min_severity"),
    ({"mode": "sometimes"}, "mode"),
    ({"colour": "red"}, "colour"),
    ({"secret": "mine"}, "secret"),
]


async def test_words_that_mean_nothing_are_named(api: Api) -> None:
    for body, field in MEANINGLESS:
        assert await refused_fields(api, "POST", "", {"url": URL, **body}) == [field]


NOT_YET: list[tuple[dict[str, Any], str]] = [
    ({"format": "slack"}, "format"),
    ({"format": "teams"}, "format"),
    ({"format": "email"}, "format"),
    ({"format": "cloudevents"}, "format"),
    ({"kinds": ["mirror-drift", "duplicate-work"]}, "kinds.1"),
    ({"kinds": ["dod-gap"]}, "kinds.0"),
    ({"kinds": ["dod-threshold"]}, "kinds.0"),
    ({"kinds": ["dod-unmet"]}, "kinds.0"),
    ({"kinds": ["sprint-overcommitted"]}, "kinds.0"),
]


async def test_what_does_not_exist_yet_is_said_not_to(api: Api) -> None:
    made = await api.create(URL)
    for body, field in NOT_YET:
        for method, path in (("POST", ""), ("PATCH", f"/{made['id']}")):
            refused = await api.ask(method, path, json={"url": URL, **body})
            assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (
                422,
                [field],
            )
            assert "does not exist yet" in refused.json()["errors"][0]["message"]


async def test_a_po_has_the_webhooks_of_their_own_teams_only(api: Api) -> None:
    everybodys = await api.create(URL)
    own = await api.create(URL, "po", "online")
    assert own["teams"] == ["online"]
    shared = await api.create(URL, teams=["online", "stores"])
    others = await api.create(URL, "po", "stores")
    listed = (await api.ask("GET", "", "po", "online")).json()["items"]
    assert [one["id"] for one in listed] == [own["id"]]
    for foreign in (everybodys, shared, others):
        for method, path in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/test"),
            ("GET", "/deliveries"),
        ):
            body = {"state": "disabled"} if method == "PATCH" else None
            response = await api.ask(method, f"/{foreign['id']}{path}", "po", "online", json=body)
            assert response.status_code == 404
    refused = await api.ask("POST", "", "po", "online", json={"url": URL, "teams": ["stores"]})
    assert refused.status_code == 403
    moved = await api.ask("PATCH", f"/{own['id']}", "po", "online", json={"teams": ["stores"]})
    assert moved.status_code == 403


async def test_a_viewer_changes_nothing(api: Api) -> None:
    made = await api.create(URL)
    assert (await api.ask("POST", "", "viewer", json={"url": URL})).status_code == 403
    assert (await api.ask("DELETE", f"/{made['id']}", "viewer")).status_code == 403
    assert (await api.ask("GET", "", "viewer")).json()["items"] == []


async def test_a_test_event_is_signed_and_its_outcome_told(api: Api, receiver: Receiver) -> None:
    api.context.clock = time.time
    receiver.answers(500, body=b"broken")
    made = await api.create(receiver.url)
    outcome = (await api.ask("POST", f"/{made['id']}/test")).json()
    assert (outcome["delivered"], outcome["attempt"]["status"], outcome["attempt"]["answer"]) == (
        False,
        500,
        "broken",
    )
    [received] = receiver.received
    assert Webhook(made["secret"]).verify(received.body, dict(received.headers))["type"] == "test"
    assert received.headers["webhook-id"] == outcome["delivery"]
    await hasten(api.context)
    await deliver(api.context)
    assert len(receiver.received) == 1


async def test_deliveries_are_listed_with_attempts_and_answers_for_admins_only(
    api: Api, receiver: Receiver
) -> None:
    receiver.answers(500, body=b"internal detail")
    made = await api.create(receiver.url)
    for number in range(5):
        await tell(api.context, opened(number))
    await deliver(api.context)
    path = f"/{made['id']}/deliveries"
    first = (await api.ask("GET", f"{path}?limit=3")).json()
    second = (await api.ask("GET", f"{path}?limit=3&cursor={first['next']}")).json()
    ids = [one["id"] for one in first["items"] + second["items"]]
    assert (len(set(ids)), second["next"]) == (5, None)
    attempt = first["items"][0]["attempts"][0]
    assert (attempt["number"], attempt["status"], attempt["answer"]) == (1, 500, "internal detail")
    chief = await api.ask("GET", path, "chief_po")
    assert "internal detail" not in chief.text
    assert (await api.ask("GET", f"{path}?state=dead")).json()["items"] == []
    assert (await api.ask("GET", f"{path}?cursor=broken")).status_code == 400


async def test_a_delivery_is_replayed_by_its_id(api: Api, receiver: Receiver) -> None:
    made = await api.create(receiver.url)
    await tell(api.context, opened())
    await deliver(api.context)
    sent = receiver.received[0].headers["webhook-id"]
    replayed = await api.ask("POST", f"/{made['id']}/replay", json={"delivery": sent})
    assert (replayed.status_code, replayed.json()) == (202, {"replayed": 1})
    await deliver(api.context)
    assert [one.headers["webhook-id"] for one in receiver.received] == [sent, sent]
    unknown = await api.ask("POST", f"/{made['id']}/replay", json={"delivery": "msg_0"})
    assert unknown.status_code == 404
    assert (await api.ask("POST", f"/{made['id']}/replay", json={})).status_code == 422


async def test_dead_deliveries_since_a_moment_are_replayed(api: Api, receiver: Receiver) -> None:
    receiver.answers(500)
    made = await api.create(receiver.url)
    await tell(api.context, opened())
    for _ in range(10):
        await deliver(api.context)
        await hasten(api.context)
    later = await api.ask("POST", f"/{made['id']}/replay", json={"since": "2100-01-01T00:00:00Z"})
    assert later.json() == {"replayed": 0}
    since = await api.ask("POST", f"/{made['id']}/replay", json={"since": "2025-01-01T00:00:00Z"})
    assert since.json() == {"replayed": 1}


async def test_a_rotated_secret_is_another_one(api: Api) -> None:
    made = await api.create(URL)
    rotated = (await api.ask("POST", f"/{made['id']}/rotate-secret")).json()["secret"]
    assert rotated.startswith("whsec_")
    assert rotated != made["secret"]
