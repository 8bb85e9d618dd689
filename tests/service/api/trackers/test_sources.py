"""How fresh and honest each source is; reading one now; what trackers announce; probes and figures."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from connectors.contract import Capabilities, Lookup, Page, Quota, SourceError
from connectors.item import Link
from service.flow.analysis.full import analyse
from service.flow.reading.sync import finish_sync, sync_source
from service.store.naming import look_ups
from service.store.process import jobs
from service.store.sources import sources
from tests.support import shop
from tests.support.asking import Api, asking, problem


async def source(api: Api, key: str = "online-jira") -> dict[str, Any]:
    return next(one for one in (await api.get("/v1/sources"))["items"] if one["key"] == key)


async def change(api: Api, **values: Any) -> None:
    async with api.context.database.write() as connection:
        await sources.change(connection, "online-jira", **values)


async def test_a_source_says_how_fresh_and_honest_it_is(api: Api) -> None:
    assert await source(api) == {
        "key": "online-jira",
        "type": "jira",
        "state": "ok",
        "teams": ["online"],
        "items": 11,
        "stale_items": 0,
        "complete": True,
        "last_delta": "2026-03-02T08:59:00Z",
        "last_sweep": None,
        "last_full_scan": "2026-03-02T08:59:00Z",
        "watermark": "2026-03-02T08:59:00Z",
        "failing_since": None,
        "rejected": [{"key": "ONL-99", "reason": "its title is missing"}],
        "rejected_count": 1,
        "unmapped": {"priority": ["P-High"]},
        "missing": [],
        "coverage": {"open": 9, "due": 8, "start": 2, "priority": 9, "order": 0, "dod": 1},
        "hidden": 0,
        "unread": {},
        "unasked_names": 0,
        "unconfigured": [],
        "warnings": [
            "Records that could not be read: 1; the first: ONL-99, its title is missing.",
            "Words of the field priority that mean nothing to attune yet: P-High. "
            "Map them in the product file.",
        ],
        "notes": [],
        "requests": 7,
        "quota": None,
        "error": None,
        "error_reason": None,
    }


async def test_one_that_was_not_read_for_three_polls_is_stale(api: Api) -> None:
    api.context.clock.now += 14 * 60  # type: ignore[attr-defined]
    assert (await source(api))["state"] == "ok"
    api.context.clock.now += 60  # type: ignore[attr-defined]
    assert (await source(api))["state"] == "stale"


async def test_one_that_cannot_be_read_says_why_and_its_items_stay(api: Api) -> None:
    await change(api, state="failing", error="authentication failed", error_reason="authentication",
                 failing_since=shop.NOW)  # fmt: skip
    found = await source(api)
    assert (found["state"], found["error"], found["error_reason"], found["failing_since"]) == (
        "failing", "authentication failed", "authentication", "2026-03-02T09:00:00Z",
    )  # fmt: skip
    assert found["items"] == 11


OUTSIDE = (
    Link("blocked-by", "jira:OPS-7", "text", "wait for"),
    Link("blocks", "jira:OPS-8", "text", "block"),
)


async def test_what_open_items_wait_for_and_no_source_reads_is_listed_with_the_line_to_add(api: Api) -> None:
    site = orjson.dumps({"account": "a", "site": "acme.example", "holds": ["jira://acme.example/ONL"]})
    await change(api, capabilities=site.decode())
    await shop.update(api.context, "online-jira", 4, links=OUTSIDE)
    [project] = (await source(api))["unconfigured"]
    assert project == {
        "site": "acme.example",
        "project": "OPS",
        "references": 2,
        "items": ["ONL-4"],
        "suggestion": '- {key: ops, type: jira, url: "https://acme.example", project: OPS, team: …, '
        'auth: {token: "${OPS_TOKEN}"}}',
    }
    assert (await source(api, "back-jira"))["unconfigured"] == []
    assert "Open items wait for OPS, which no source reads (2 references)." in (await source(api))["warnings"]


async def test_what_the_background_still_has_to_do_is_counted(api: Api) -> None:
    await shop.update(api.context, "online-jira", 4, unread=("remote-links",))
    await shop.update(api.context, "online-jira", 3, unread=("remote-links", "history"))
    async with api.context.database.write() as connection:
        names = [("jira://acme.example/ONL-70", "online-jira"), ("jira://acme.example/ONL-71", "online-jira")]
        await look_ups.note(connection, names, shop.NOW)
    told = await source(api)
    assert (told["unread"], told["unasked_names"]) == ({"history": 1, "remote-links": 2}, 2)
    assert "Still to be read, in the background: links to other trackers of 2 items." in told["warnings"]
    assert "Names that the tracker is still to be asked about: 2." in told["warnings"]


async def test_open_items_that_nobody_touched_for_180_days_are_counted(api: Api) -> None:
    assert (await source(api))["stale_items"] == 0
    api.context.clock.now += 180 * 86400  # type: ignore[attr-defined]
    told = await source(api)
    assert told["stale_items"] == told["coverage"]["open"]


HOUR, NEXT_HOUR = datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC)


async def test_sources_of_one_credential_show_one_quota_as_it_was_told_last(api: Api) -> None:
    sharing = {**shop.PRODUCT["sources"][2], "key": "shelves-gh", "repository": "acme/shelves"}
    apart = {**sharing, "key": "other-gh", "repository": "acme/other", "auth": {"token": "another"}}
    told = {
        "stores-gh": Quota(900, 5000, HOUR),
        "shelves-gh": Quota(4999, 5000, NEXT_HOUR),
        "other-gh": Quota(3, 60, HOUR),
    }
    sources_told = [*shop.PRODUCT["sources"], sharing, apart]
    folder = Path(str(api.context.database.engine.url.database)).parent
    async with shop.opened(folder, sources=sources_told) as context, asking(context) as shown:
        async with context.database.write() as connection:
            for key, quota in told.items():
                await sources.save_quota(connection, key, quota)
        quotas = {one["key"]: one["quota"] for one in (await shown.get("/v1/sources"))["items"]}
    newest = {"remaining": 4999, "limit": 5000, "resets_at": "2026-03-02T11:00:00Z"}
    assert quotas == {
        "back-jira": None,
        "online-jira": None,
        "other-gh": {"remaining": 3, "limit": 60, "resets_at": "2026-03-02T10:00:00Z"},
        "shelves-gh": newest,
        "stores-gh": newest,
    }


async def test_what_a_tracker_says_is_left_is_stored_with_the_run_that_was_told(api: Api) -> None:
    tracker = Tracker()
    tracker.quota = Quota(4812, 5000, HOUR)
    api.context.connectors["stores-gh"] = tracker  # type: ignore[assignment]
    await sync_source(api.context, "stores-gh")
    quota = {"remaining": 4812, "limit": 5000, "resets_at": "2026-03-02T10:00:00Z"}
    assert (await source(api, "stores-gh"))["quota"] == quota


class Tracker:
    """Stands for a connector whose tracker has nothing new, or fails."""

    requests = 0
    quota: Quota | None = None

    def __init__(self, error: SourceError | None = None) -> None:
        self.error = error

    async def probe(self) -> Any:
        return Capabilities("someone", "acme.example")

    async def pages(self, _since: Any) -> Any:
        if self.error:
            raise self.error
        no_pages: tuple[Page, ...] = ()
        for page in no_pages:
            yield page

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        return {name: Lookup("absent") for name in names}

    async def close(self) -> None:
        pass


REFUSED = "authentication failed"
ENDS = [(None, "done", None), (SourceError("authentication", REFUSED), "failed", REFUSED)]


@pytest.mark.parametrize(("error", "state", "said"), ENDS, ids=["well", "failing"])
async def test_a_run_can_be_followed_to_its_end(api: Api, error: Any, state: str, said: str | None) -> None:
    answer = await api.ask("POST", "/v1/sources/stores-gh/sync")
    run = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, f"/v1/syncs/{run['id']}")
    assert run == {
        "id": run["id"], "source": "stores-gh", "state": "running", "full": False,
        "started": "2026-03-02T09:00:00Z",
        "finished": None, "read": 0, "changed": 0, "rejected": 0, "total": None, "error": None,
    }  # fmt: skip
    assert await api.get(f"/v1/syncs/{run['id']}") == run
    assert (await api.ask("POST", "/v1/sources/stores-gh/sync")).json()["id"] == run["id"]  # joined
    api.context.connectors["stores-gh"] = Tracker(error)  # type: ignore[assignment]
    result = await sync_source(api.context, "stores-gh", sync=run["id"])
    await analyse(api.context)
    await finish_sync(api.context, result)
    done = await api.get(f"/v1/syncs/{run['id']}")
    assert (done["state"], done["error"], done["finished"]) == (state, said, "2026-03-02T09:00:00Z")


async def test_a_full_scan_is_asked_for_in_the_body(api: Api) -> None:
    run = (await api.ask("POST", "/v1/sources/stores-gh/sync", json={"full": True})).json()
    assert run["full"] is True
    path = "/v1/sources/stores-gh/sync"
    assert await api.refused("POST", path, json={"full": "perhaps"}) == ["full"]
    assert await api.refused("POST", path, json={"since": 0}) == ["since"]


async def test_a_source_or_run_that_is_none_is_404(api: Api) -> None:
    for method, path in (("POST", "/v1/sources/none/sync"), ("GET", "/v1/syncs/syn_none")):
        answer = await api.ask(method, path)
        assert answer.status_code == 404
        problem(answer)


ISSUE = {"webhookEvent": "jira:issue_updated", "issue": {"id": "2", "key": "ONL-2"}}


def jira(body: bytes, secret: str = shop.SECRETS["ONL_HOOK"]) -> dict[str, str]:
    return {"x-hub-signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def github(body: bytes, delivery: str = "d1") -> dict[str, str]:
    digest = hmac.new(shop.SECRETS["GH_HOOK"].encode(), body, hashlib.sha256).hexdigest()
    return {
        "x-hub-signature-256": f"sha256={digest}",
        "x-github-event": "issues",
        "x-github-delivery": delivery,
    }


async def hook(api: Api, path: str, body: bytes, headers: Any) -> httpx.Response:
    return await api.ask("POST", f"/v1/inbound/{path}", None, content=body, headers=headers)


async def announced(api: Api, key: str) -> list[str]:
    async with api.context.database.read() as connection:
        return [one for one, _ in await jobs.announced_items(connection, key, 100)]


async def test_what_jira_announces_is_taken_and_will_be_read(api: Api) -> None:
    body = orjson.dumps(ISSUE)
    answer = await hook(api, "jira/online-jira", body, jira(body))
    assert (answer.status_code, answer.content) == (202, b"")
    assert await announced(api, "online-jira") == ["2"]


async def test_what_github_announces_has_one_effect_however_often_it_comes(api: Api) -> None:
    body = orjson.dumps(
        {"action": "edited", "issue": {"number": 3}, "repository": {"full_name": "Acme/Stores"}}
    )
    for delivery in ("d1", "d1", "d2"):
        assert (await hook(api, "github/stores-gh", body, github(body, delivery))).status_code == 202
    assert await announced(api, "stores-gh") == ["3"]


async def test_another_projects_event_is_taken_and_ignored(api: Api) -> None:
    body = orjson.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "2", "key": "XYZ-2"}})
    assert (await hook(api, "jira/online-jira", body, jira(body))).status_code == 202
    assert await announced(api, "online-jira") == []


BODY = orjson.dumps(ISSUE)
FORGED: list[Any] = [
    {},
    {"x-hub-signature": ""},
    {"x-hub-signature": "sha256="},
    {"x-hub-signature": "sha256=" + "0" * 64},
    {"x-hub-signature": "sha256=é".encode()},
    {"x-hub-signature": jira(BODY)["x-hub-signature"][:-1]},
    jira(BODY, "another-secret"),
    jira(BODY + b" "),
]


@pytest.mark.parametrize("headers", FORGED, ids=str)
async def test_a_forged_announcement_is_401_and_without_effect(api: Api, headers: Any) -> None:
    answer = await hook(api, "jira/online-jira", BODY, headers)
    assert (answer.status_code, problem(answer)["title"]) == (401, "Wrong signature")
    assert await announced(api, "online-jira") == []


async def test_a_source_without_a_secret_trusts_nobody(api: Api) -> None:
    assert (await hook(api, "jira/back-jira", BODY, jira(BODY, ""))).status_code == 401


async def test_a_source_of_another_tracker_or_none_is_404(api: Api) -> None:
    for path in ("jira/stores-gh", "github/online-jira", "jira/none"):
        assert (await hook(api, path, BODY, jira(BODY))).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"webhookEvent": 3}', b"\xff", b"[" * 50_000]
)
async def test_a_signed_body_that_is_no_event_is_no_crash(api: Api, body: bytes) -> None:
    answer = await hook(api, "jira/online-jira", body, jira(body))
    assert answer.status_code in (202, 400), answer.text


async def test_the_process_answers_and_says_whether_it_is_ready(api: Api) -> None:
    answer = await api.ask("GET", "/healthz", None)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    answer = await api.ask("GET", "/readyz", None)
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert set(answer.json()["checks"].values()) == {True}


async def test_without_its_tables_it_is_not_ready(api: Api) -> None:
    async with api.context.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE alembic_version")
    answer = await api.ask("GET", "/readyz", None)
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert (await api.ask("GET", "/healthz", None)).status_code == 200


FIGURES = [
    'attune_items{source="online-jira",state="todo"} 4.0',
    'attune_items{source="online-jira",state="doing"} 5.0',
    'attune_conflicts{severity="high",state="open"} 3.0',
    'attune_dependencies{health="broken"} 2.0',
    'attune_source_up{source="online-jira"} 1.0',
    'attune_source_requests{source="online-jira"} 7.0',
    'attune_source_rejected{source="online-jira"} 1.0',
]


async def test_figures_for_prometheus_need_no_token_and_tell_no_titles(api: Api) -> None:
    await api.ask("GET", "/v1/items/online-jira:2")
    await api.ask("BREW", "/v1/nothing-of-ours")
    answer = await api.ask("GET", "/metrics", None)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for line in FIGURES:
        assert line in answer.text
    assert 'route="/v1/items/{item_id}",status="200"' in answer.text
    assert "BREW" not in answer.text
    assert "nothing-of-ours" not in answer.text
    assert "Voucher" not in answer.text
