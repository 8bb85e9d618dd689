"""Who may do what, and what nobody learns."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from service.api.http.auth import Role
from service.app import create_app
from tests.support import shop
from tests.support.asking import Api, asking, problem

BAD = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer att_wrong",
    "Basic YTpi",
    "att_x",
    "Bearer att_é",
    "Bearer a b",
    "Bearer " + "a" * 5000,
]


@pytest.mark.parametrize("told", [None, *BAD], ids=lambda one: repr(one)[:20])
async def test_without_a_good_token_nothing_is_told(api: Api, told: str | None) -> None:
    headers = {} if told is None else {"authorization": told.encode("latin-1").decode("latin-1")}
    for method, path in (
        ("GET", "/v1/backlog"),
        ("GET", "/v1/items/online-jira:2"),
        ("GET", "/v1/items/online-jira:999"),
        ("GET", "/v1/events/stream"),
        ("POST", "/v1/webhooks"),
        ("PUT", "/v1/backlog/order"),
        ("DELETE", "/v1/tokens/tok_1"),
        ("POST", "/v1/sources/online-jira/sync"),
    ):
        answer = await api.ask(
            method, path, None, headers={k: v.encode("latin-1") for k, v in headers.items()}
        )
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert set(problem(answer)) == {"type", "title", "status", "detail"}


async def test_the_configured_admin_token_works_at_once(api: Api) -> None:
    headers = {"authorization": f"bearer {shop.ADMIN}"}
    assert (await api.ask("GET", "/v1/tokens", None, headers=headers)).status_code == 200
    wrong = {"authorization": f"Bearer {shop.ADMIN}0"}
    assert (await api.ask("GET", "/v1/tokens", None, headers=wrong)).status_code == 401


async def test_a_token_is_made_shown_once_listed_used_and_revoked(api: Api) -> None:
    body = {"name": "PO of the shop ☂", "role": "po", "teams": ["online", "online", "stores"]}
    answer = await api.ask("POST", "/v1/tokens", json=body)
    made = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/tokens/{made['id']}")
    assert made == {
        "id": made["id"],
        "name": "PO of the shop ☂",
        "role": "po",
        "teams": ["online", "stores"],
        "created": "2026-03-02T09:00:00Z",
        "last_used": None,
        "token": made["token"],
    }
    assert made["token"].startswith("att_")
    headers = {"authorization": f"Bearer {made['token']}"}
    assert (await api.ask("GET", "/v1/backlog", None, headers=headers)).status_code == 200
    listed = await api.ask("GET", "/v1/tokens")
    [shown] = [one for one in listed.json()["items"] if one["id"] == made["id"]]
    assert shown["last_used"] == "2026-03-02T09:00:00Z"
    assert made["token"] not in listed.text
    assert (await api.ask("DELETE", f"/v1/tokens/{made['id']}")).status_code == 204
    assert (await api.ask("GET", "/v1/backlog", None, headers=headers)).status_code == 401
    assert (await api.ask("DELETE", f"/v1/tokens/{made['id']}")).status_code == 404
    assert made["id"] not in await tokens(api)


async def test_a_token_revoked_by_another_process_is_refused_at_once(api: Api) -> None:
    made = (await api.ask("POST", "/v1/tokens", json={"name": "x", "role": "viewer"})).json()
    headers = {"authorization": f"Bearer {made['token']}"}
    assert (await api.ask("GET", "/v1/backlog", None, headers=headers)).status_code == 200
    async with asking(api.context) as other:
        assert (await other.ask("DELETE", f"/v1/tokens/{made['id']}")).status_code == 204
    assert (await api.ask("GET", "/v1/backlog", None, headers=headers)).status_code == 401


async def tokens(api: Api) -> list[str]:
    return [one["id"] for one in (await api.get("/v1/tokens", role="admin"))["items"]]


WRONG: list[tuple[Any, list[str]]] = [
    ({"role": "viewer"}, ["name"]),
    ({"name": "", "role": "viewer"}, ["name"]),
    ({"name": " ", "role": "viewer"}, ["name"]),
    ({"name": "a\nb", "role": "viewer"}, ["name"]),
    ({"name": "a\0", "role": "viewer"}, ["name"]),
    ({"name": "\x01", "role": "viewer"}, ["name"]),
    ({"name": "a", "role": "owner"}, ["role"]),
    ({"name": "a", "role": "po"}, ["body"]),
    ({"name": "a", "role": "viewer", "teams": ["online"]}, ["body"]),
    ({"name": "a", "role": "po", "teams": ["online", "nobody"]}, ["teams.1"]),
    ({"name": "a", "role": "viewer", "token": "att_mine"}, ["token"]),
    ({"name": "a", "role": "viewer", "id": "tok_mine"}, ["id"]),
]


@pytest.mark.parametrize(("body", "fields"), WRONG, ids=[repr(one) for one, _ in WRONG])
async def test_what_is_wrong_with_a_wished_token_is_named(api: Api, body: Any, fields: list[str]) -> None:
    before = await tokens(api)
    assert await api.refused("POST", "/v1/tokens", json=body) == fields
    assert await tokens(api) == before


NEEDS: list[tuple[str, str, Any, str]] = [
    ("GET", "/v1/backlog", None, "viewer"),
    ("GET", "/v1/conflicts", None, "viewer"),
    ("GET", "/v1/webhooks", None, "viewer"),
    ("GET", "/v1/backlog/order", None, "viewer"),
    ("POST", "/v1/webhooks", {"url": "http://127.0.0.1:9/"}, "po"),
    ("PUT", "/v1/backlog/order", {"pins": []}, "chief_po"),
    ("GET", "/v1/tokens", None, "admin"),
    ("POST", "/v1/tokens", {"name": "x", "role": "viewer"}, "admin"),
    ("DELETE", "/v1/tokens/tok_none", None, "admin"),
    ("POST", "/v1/sources/online-jira/sync", None, "admin"),
]
ROLES: tuple[Role, ...] = ("viewer", "po", "chief_po", "admin")


@pytest.mark.parametrize(("method", "path", "body", "role"), NEEDS, ids=lambda one: str(one)[:30])
async def test_a_role_does_what_those_below_it_may_and_no_more(
    api: Api, method: str, path: str, body: Any, role: Role
) -> None:
    for asking_as in ROLES:
        teams = ("online",) if asking_as == "po" else ()
        answer = await api.ask(method, path, asking_as, *teams, json=body)
        if ROLES.index(asking_as) >= ROLES.index(role):
            assert answer.status_code not in (401, 403), asking_as
        else:
            assert (answer.status_code, problem(answer)["title"]) == (403, "Forbidden"), asking_as


async def test_what_a_role_may_not_do_is_not_done(api: Api) -> None:
    await api.ask("PUT", "/v1/backlog/order", "po", "online", json={"pins": ["stores-gh:4"]})
    assert await api.get("/v1/backlog/order") == {"pins": []}


LOCAL = ["http://127.0.0.1", "http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
FOREIGN = [
    "http://attune.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://10.0.0.1",
    "http://0.0.0.0:8000",
]


async def test_the_demonstration_is_open_to_who_names_this_machine_only(filled: Path, tmp_path: Path) -> None:
    async with shop.opened(shop.copy(filled, tmp_path), open_access=True) as context:
        for base_url, status in [*((one, 200) for one in LOCAL), *((one, 401) for one in FOREIGN)]:
            async with asking(context, base_url) as api:
                assert (await api.ask("GET", "/v1/tokens", None)).status_code == status, base_url
        async with asking(context, LOCAL[0]) as api:
            headers = await api.headers("viewer")
        async with asking(context, FOREIGN[0]) as api:
            assert (await api.ask("GET", "/v1/backlog", None, headers=headers)).status_code == 200


async def test_another_sites_page_is_not_let_in_by_a_browser_on_this_machine(
    filled: Path, tmp_path: Path
) -> None:
    async with (
        shop.opened(shop.copy(filled, tmp_path), open_access=True) as context,
        asking(context, LOCAL[0]) as api,
    ):
        for site, status in (("cross-site", 401), ("same-site", 401), ("same-origin", 200), ("none", 200)):
            answer = await api.ask("GET", "/v1/tokens", None, headers={"sec-fetch-site": site})
            assert answer.status_code == status, site


async def test_without_open_access_this_machine_needs_a_token_too(api: Api) -> None:
    transport = httpx.ASGITransport(create_app(api.context))
    async with httpx.AsyncClient(transport=transport, base_url=LOCAL[0]) as http:
        assert (await http.get("/v1/backlog")).status_code == 401


async def test_answers_carry_what_browsers_heed(api: Api) -> None:
    for path, role in (
        ("/v1/backlog", "viewer"),
        ("/v1/backlog", None),
        ("/v1/none", None),
        ("/healthz", None),
    ):
        headers = (await api.ask("GET", path, role)).headers  # type: ignore[arg-type]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] in ("no-store", "private, no-cache")
    assert (await api.ask("GET", "/v1/backlog")).headers["vary"] == "Authorization"
