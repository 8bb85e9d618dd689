"""What every list has in common: pages, cursors, links, limits, ETags. Cursors run on both databases,
since text sorts differently in them."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from service.api.http import paging
from service.delivery.vault import Vault
from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.store.database.engine import Database
from tests.support import shop
from tests.support.asking import Api, asking, problem


@pytest.fixture
async def anywhere(database: Database, tmp_path: Path) -> AsyncIterator[Api]:
    """The shop on SQLite and on PostgreSQL."""
    made = Context(
        shop.product(tmp_path), shop.settings(tmp_path), database, Vault("key"), clock=shop.Clock()
    )
    await shop.fill(made)
    for name in ("one", "two", "three"):
        async with asking(made) as api:
            await api.ask("POST", "/v1/tokens", json={"name": name, "role": "viewer"})
            await api.ask("POST", "/v1/webhooks", json={"url": "http://127.0.0.1:9/"})
    async with asking(made) as api:
        yield api


LISTS: list[tuple[str, dict[str, Any]]] = [
    ("/v1/backlog", {}),
    ("/v1/backlog", {"state": "any"}),
    ("/v1/backlog", {"sort": "due", "state": "any"}),
    ("/v1/backlog", {"sort": "priority", "state": "any"}),
    ("/v1/backlog", {"sort": "updated", "team": "online"}),
    ("/v1/conflicts", {}),
    ("/v1/dependencies", {}),
    ("/v1/items/back-jira:2/history", {}),
    ("/v1/events", {}),
    ("/v1/teams", {}),
    ("/v1/goals", {}),
    ("/v1/rules", {}),
    ("/v1/sources", {}),
    ("/v1/webhooks", {}),
    ("/v1/tokens", {}),
]


async def test_pages_of_any_size_are_the_whole_list_cut_up(anywhere: Api) -> None:
    await shop.update(anywhere.context, "back-jira", 2, due=None, priority=1, state="todo")
    for path, asked in LISTS:
        whole = await listed(anywhere, path, asked, 500)
        assert len(whole) > 1, path
        for limit in (1, 2, 3):
            assert await listed(anywhere, path, asked, limit) == whole, (path, asked, limit)


async def listed(api: Api, path: str, asked: dict[str, Any], limit: int) -> list[Any]:
    """As admin: every list has something for them. When a token was last used does not count."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = await api.get(path, {**asked, "limit": limit, **cursor}, "admin")
        found += [{**one, "last_used": None} for one in page["items"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_a_link_leads_to_the_next_page_with_the_same_filters(api: Api) -> None:
    asked = [("team", "online"), ("team", "stores"), ("limit", "5"), ("sort", "due")]
    found: list[str] = []
    answer = await api.ask("GET", "/v1/backlog", "viewer", params=asked)
    while True:
        found += [one["id"] for one in answer.json()["items"]]
        following = answer.links.get("next")
        assert (following is None) == (answer.json()["next"] is None)
        if following is None:
            break
        answer = await api.ask("GET", following["url"], "viewer")
    assert found == await api.ids("/v1/backlog", [("team", "online"), ("team", "stores"), ("sort", "due")])


async def test_a_walk_meets_all_that_stayed_while_items_come_go_and_move(api: Api) -> None:
    before = await api.ids("/v1/backlog")
    first = await api.get("/v1/backlog", {"limit": 8})
    moved, gone, new = "online-jira:12", "online-jira:13", shop.ticket("stores-gh", 90, "New", priority=1)
    [like] = [one for one in shop.ONLINE if one.native_id == "12"]
    await shop.store(api.context, "online-jira", [replace(like, priority=1)])
    await shop.store(api.context, "online-jira", [replace(like, native_id="13", identity="x", state="done")])
    await shop.update(api.context, "online-jira", 13, state="done")
    await shop.store(api.context, "stores-gh", [new])
    await analyse(api.context)
    rest = await api.walk("/v1/backlog", {"cursor": first["next"]}, 3) if first["next"] else []
    seen = [one["id"] for one in first["items"]] + [one["id"] for one in rest]
    assert len(seen) == len(set(seen))
    assert set(before) - {moved, gone} <= set(seen)


def tampered(cursor: str) -> list[str]:
    other = "A" if cursor[10] != "A" else "B"
    return [
        cursor[:10] + other + cursor[11:],
        cursor[:-1],
        cursor[1:],
        cursor + "AAAA",
        "",
        "é",
        "a b",
        "%00",
        "=" * 9,
    ]


async def test_a_cursor_that_was_touched_is_400(api: Api) -> None:
    cursor = (await api.get("/v1/backlog", {"limit": 1}))["next"]
    for broken in tampered(cursor):
        answer = await api.ask("GET", "/v1/backlog", "viewer", params={"cursor": broken})
        assert answer.status_code == 400, broken
        assert problem(answer)["title"] == "Broken cursor"


async def test_a_cursor_of_another_list_or_sort_is_400(api: Api) -> None:
    cursors = {
        path: (await api.get(path, None, "admin"))["next"]
        for path in (
            "/v1/backlog?limit=1",
            "/v1/backlog?limit=1&sort=due",
            "/v1/conflicts?limit=1",
            "/v1/teams?limit=1",
            "/v1/backlog/tree?limit=1",
        )
    }
    for path in cursors:
        for of, cursor in cursors.items():
            answer = await api.ask(
                "GET", httpx.URL(path).copy_merge_params({"cursor": cursor}).raw_path.decode()
            )
            assert answer.status_code == (200 if of == path else 400), (path, of)


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("/v1/backlog", {"of": "backlog:position", "value": "x", "id": "a"}),
    ("/v1/backlog", {"of": "backlog:position", "value": 2**63, "id": "a"}),
    ("/v1/backlog", {"of": "backlog:position", "value": {}, "id": "a"}),
    ("/v1/backlog", {"of": "backlog:position", "value": True, "id": "a"}),
    ("/v1/backlog", {"of": "backlog:position", "value": 1, "id": None}),
    ("/v1/backlog", {"of": "backlog:position", "value": 1}),
    ("/v1/backlog?sort=due", {"of": "backlog:due", "value": 1, "id": "a"}),
    ("/v1/backlog?sort=due", {"of": "backlog:due", "value": "\0", "id": "a"}),
    ("/v1/backlog?sort=updated", {"of": "backlog:updated", "value": "now", "id": "a"}),
    ("/v1/backlog/tree", {"of": "tree", "rank": "a", "place": 1, "id": "a"}),
    ("/v1/conflicts", {"of": "conflicts", "sort": 3}),
    ("/v1/dependencies", {"of": "dependencies", "id": []}),
    ("/v1/items/back-jira:2/history", {"of": "history", "at": "x", "ref": "", "field": ""}),
    ("/v1/events", {"of": "events", "seq": "1"}),
    ("/v1/events", {"of": "events", "seq": 2**64 - 1}),
    ("/v1/teams", {"of": "teams", "after": ["a"]}),
    ("/v1/teams", {"of": "teams", "after": 3}),
    ("/v1/tokens", {"of": "tokens", "after": [None, {}]}),
]


async def test_a_cursor_made_by_someone_who_knows_how_is_400(anywhere: Api) -> None:
    for path, place in FORGED:
        url = httpx.URL(path).copy_merge_params({"cursor": paging.encode_cursor(place)})
        assert (await anywhere.ask("GET", str(url))).status_code == 400, (path, place)


def test_a_cursor_reads_back_as_it_was_written() -> None:
    place = {"of": "x", "value": 1.5, "id": "é\u200b"}
    assert paging.decode_cursor(paging.encode_cursor(place)) == place


def test_a_cursor_without_its_checksum_is_refused() -> None:
    bare = base64.urlsafe_b64encode(orjson.dumps({"of": "x"})).decode()
    with pytest.raises(Exception, match="Broken cursor"):
        paging.decode_cursor(bare)


QUERIES: list[tuple[str, str]] = [
    ("limit=0", "limit"),
    ("limit=501", "limit"),
    ("limit=100000", "limit"),
    ("limit=-1", "limit"),
    ("limit=ten", "limit"),
    ("limit=1.5", "limit"),
    ("tema=online", "tema"),
    ("team=", "team.0"),
    ("team=" + "a" * 301, "team.0"),
    ("team=%00", "team"),
    ("q=%00", "q"),
    ("q=" + "a" * 301, "q"),
    ("kind=novel", "kind.0"),
    ("state=open", "state.0"),
    ("priority_max=0", "priority_max"),
    ("priority_max=6", "priority_max"),
    ("has_conflicts=maybe", "has_conflicts"),
    ("updated_since=yesterday", "updated_since"),
    ("sort=colour", "sort"),
    ("cursor=" + "a" * 2001, "cursor"),
    ("&".join(["team=a"] * 51), "team"),
]


@pytest.mark.parametrize(("query", "field"), QUERIES, ids=[one[:20] for one, _ in QUERIES])
async def test_a_value_that_cannot_be_used_is_named(api: Api, query: str, field: str) -> None:
    assert await api.refused("GET", f"/v1/backlog?{query}") == [field]


async def test_all_that_is_wrong_is_named_at_once(api: Api) -> None:
    fields = await api.refused("GET", "/v1/backlog?limit=0&sort=colour&kind=novel")
    assert sorted(fields) == ["kind.0", "limit", "sort"]


EXTREME_MOMENTS = [
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "1e10",
]


async def test_a_moment_at_the_end_of_time_is_no_crash(anywhere: Api) -> None:
    for path, name in (("/v1/backlog", "updated_since"), ("/v1/conflicts", "since")):
        for moment in EXTREME_MOMENTS:
            answer = await anywhere.ask("GET", path, params={name: moment})
            assert answer.status_code in (200, 422), answer.text


PLAIN = [
    "/v1/backlog/order",
    "/v1/dod",
    "/v1/dependencies/matrix",
    "/v1/teams/online",
    "/v1/items/online-jira:2",
    "/healthz",
]


@pytest.mark.parametrize("path", PLAIN)
async def test_an_unknown_parameter_is_refused_everywhere(api: Api, path: str) -> None:
    assert await api.refused("GET", f"{path}?colour=red") == ["colour"]


async def test_a_cursor_list_takes_limits_to_500(api: Api) -> None:
    for path, _ in LISTS:
        assert (await api.ask("GET", path, params={"limit": 500})).status_code == 200


ETAGGED = [
    *(path for path, _ in LISTS if path != "/v1/tokens"),
    "/v1/backlog/tree",
    "/v1/items/online-jira:2",
    "/v1/items/online-jira:2/dependencies",
    *PLAIN[:4],
]


async def test_an_answer_asked_for_again_is_304_until_something_changes(api: Api) -> None:
    tags = {}
    for path in ETAGGED:
        answer = await api.ask("GET", path)
        tags[path] = answer.headers["etag"]
        assert tags[path].startswith('"')  # strong
        for told in (tags[path], f'"other", {tags[path]}', "*", f"W/{tags[path]}"):
            again = await api.ask("GET", path, headers={"if-none-match": told})
            assert (again.status_code, again.content) == (304, b""), path
            assert again.headers["etag"] == tags[path]
        assert (await api.ask("GET", path, headers={"if-none-match": '"other"'})).status_code == 200
    await shop.update(api.context, "online-jira", 2, title="Another title", due=None)
    for path in ("/v1/backlog", "/v1/items/online-jira:2", "/v1/conflicts", "/v1/backlog/tree"):
        answer = await api.ask("GET", path, headers={"if-none-match": tags[path]})
        assert answer.status_code == 200, path
        assert answer.headers["etag"] != tags[path]


async def test_another_question_has_another_etag(api: Api) -> None:
    paths = ("/v1/backlog", "/v1/backlog?limit=1", "/v1/backlog?team=online", "/v1/conflicts")
    tags = [(await api.ask("GET", path)).headers["etag"] for path in paths]
    assert len(set(tags)) == len(tags)


DEPENDENCY = {"blocker": "online-jira:4", "dependent": "stores-gh:4"}
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "/v1/backlog/order", {"pins": ["stores-gh:4"]}),
    ("POST", "/v1/dependencies", DEPENDENCY),
    ("POST", "/v1/webhooks", {"url": "http://127.0.0.1:9/"}),
    ("POST", "/v1/tokens", {"name": "new", "role": "viewer"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[path for _, path, _ in CHANGES])
async def test_what_someone_did_is_seen_at_once(api: Api, method: str, path: str, body: Any) -> None:
    before = await api.ask("GET", path)
    assert (await api.ask(method, path, json=body)).is_success
    after = await api.ask("GET", path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json() != before.json()


async def test_head_says_what_get_would_without_the_body(api: Api) -> None:
    get, head = await api.ask("GET", "/v1/backlog"), await api.ask("HEAD", "/v1/backlog")
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-length", "content-type")} == {
        name: get.headers[name] for name in ("etag", "content-length", "content-type")
    }
