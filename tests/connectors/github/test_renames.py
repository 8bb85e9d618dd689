"""A renamed repository is the same one: under either name, in whatever spelling, whenever it was renamed."""

from typing import Any

import pytest

from connectors.contract import Capabilities, Page
from connectors.github import receive
from connectors.github.client import GitHub
from connectors.github.renames import former_names, learn, present_name, recall
from connectors.github.simulator import GitHubHost, issue
from tests.connectors.github.hosts import MakeOptions, Opened, all_identities, all_pages, items, native_ids

STORES, SHOPS = "acme/stores", "acme/shops"
SEVERAL = {"repository": None, "repositories": ["Acme/Stores", "acme/web"]}


def hosting(**more: Any) -> GitHubHost:
    stores = [
        issue(1, "Till", blocked_by=[(STORES, 2)], parent=(STORES, 3)),
        issue(2, "Stock", body="Blocked by acme/stores#3 and acme/shops#1"),
        issue(3, "Epic", body="Blocked by #1"),
    ]
    return GitHubHost({STORES: stores, "acme/web": [issue(1, "Web")]}, token="t", **more)


def renamed(new: str = SHOPS, **more: Any) -> GitHubHost:
    host = hosting(**more)
    host.rename(STORES, new)
    for one in list(host.issues(new)):
        host.put_quietly(
            new,
            one["number"],
            blocked_by=[(new, number) for _, number in one["blocked_by"]],
            parent=(new, one["parent"][1]) if one["parent"] else None,
        )
    return host


def ends(refs: Any) -> list[str]:
    return sorted(ref.partition("://")[2].partition("/")[2] for ref in refs)


@pytest.mark.parametrize("graphql", [True, False])
@pytest.mark.parametrize("new", [SHOPS, "Verkoop/Shops", "verkoop/stores"])
async def test_everything_goes_by_the_present_name(opened: Opened, new: str, graphql: bool) -> None:
    async def use(connector: GitHub) -> tuple[Capabilities, list[Page], list[Page], Page]:
        pages = await all_pages(connector)
        return await connector.probe(), pages, [await connector.read(["1", "2", "3"])], pages[-1]

    found, pages, read, _ = await opened(renamed(new, graphql=graphql), use)
    present = new.lower()
    assert ends(found.holds) == [present]
    assert {old.partition("://")[2].partition("/")[2]: ends([to]) for old, to in found.aliases.items()} == {
        STORES: [present]
    }
    for held in (items(pages), items(read)):
        assert {one.key for one in held.values()} == {f"{new}#{n}" for n in (1, 2, 3)}
        assert ends(one.name for one in held.values()) == [f"{present}#{n}" for n in (1, 2, 3)]
        assert native_ids(pages) == ["1", "2", "3"]
    links = [link for one in items(pages).values() for link in one.links]
    texts = {link.ref.partition("/acme")[0] and link.ref for link in links if link.origin == "text"}
    assert not any("acme/stores" in ref for ref in texts)
    assert any("now called" in note for note in found.notes)


async def test_only_another_spelling_is_no_rename(opened: Opened) -> None:
    found = await opened(hosting(), lambda connector: connector.probe(), repository="ACME/Stores")
    assert (ends(found.holds), found.aliases) == ([STORES], {})


async def test_a_repository_that_is_renamed_while_it_is_read_is_read_anew_under_its_new_name(
    opened: Opened,
) -> None:
    host = hosting()

    async def use(connector: GitHub) -> tuple[list[Page], Page, Capabilities, list[Page], list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.rename(STORES, SHOPS)
        host.put(SHOPS, {**issue(2, "Changed"), "node_id": "I_acme_stores_2"})
        delta = await all_pages(connector, done)
        read = await connector.read(["1", "acme/stores#2", "acme/shops#3"])
        found = await connector.probe()
        again = await all_pages(connector, delta[-1].checkpoint)
        return delta, read, found, again, await all_pages(connector, again[-1].checkpoint)

    delta, read, found, again, quiet = await opened(host, use)
    assert {one.key for one in items(delta).values()} == {"acme/shops#2"}
    assert {one.key for one in read.items} == {f"acme/shops#{n}" for n in (1, 2, 3)}
    assert ends(found.holds) == [SHOPS]
    assert items(again).keys() | items(delta).keys() == {one.identity for one in read.items}
    assert items(quiet) == {}


async def test_a_rename_between_two_probes_reads_every_item_again_with_the_next_delta(opened: Opened) -> None:
    host = hosting()

    async def use(connector: GitHub) -> tuple[list[Page], list[str], list[str]]:
        done = (await all_pages(connector))[-1].checkpoint
        before = await all_identities(connector)
        host.rename(STORES, SHOPS)
        await connector.probe()
        return await all_pages(connector, done), before, await all_identities(connector)

    delta, before, after = await opened(host, use)
    assert {one.key for one in items(delta).values()} == {f"acme/shops#{n}" for n in (1, 2, 3)}
    assert sorted(before) == sorted(after) == sorted(items(delta))


async def test_a_repository_that_is_renamed_twice_means_the_same_under_all_its_names(opened: Opened) -> None:
    host = hosting()

    async def use(connector: GitHub) -> Capabilities:
        await connector.probe()
        host.rename(STORES, SHOPS)
        await connector.probe()
        host.rename(SHOPS, "acme/markets")
        return await connector.probe()

    found = await opened(host, use)
    assert ends(found.holds) == ["acme/markets"]
    assert (ends(found.aliases), ends(found.aliases.values())) == ([SHOPS, STORES], ["acme/markets"] * 2)


@pytest.mark.parametrize("name", [STORES, SHOPS, "ACME/Shops", "Acme/STORES"])
async def test_webhooks_under_either_name_are_accepted_and_read_again(
    opened: Opened, options: MakeOptions, name: str
) -> None:
    host = renamed()

    async def use(connector: GitHub) -> Page:
        site = (await connector.probe()).site
        more = {"url": f"http://{site}/api/v3", "webhook_secret": "s"}
        payload = {"action": "edited", "issue": 2}
        host.webhook_secret = "s"
        for given, expected in ((options(**more), "2"), (options(**more, **SEVERAL), "acme/stores#2")):
            headers, body = host.announce("issues", SHOPS, payload)
            body = body.replace(b'"full_name":"acme/shops"', f'"full_name":"{name}"'.encode())
            hook = receive(given, {**headers, "X-Hub-Signature-256": signed(body)}, body)
            assert hook.native_ids == (expected,)
        return await connector.read(["2"])

    page = await opened(host, use)
    assert [one.key for one in page.items] == ["acme/shops#2"]


async def test_the_first_webhook_after_a_rename_is_accepted(opened: Opened, options: MakeOptions) -> None:
    host = hosting(webhook_secret="s")

    async def use(connector: GitHub) -> tuple[Any, Any, Page]:
        site = (await connector.probe()).site
        given = options(url=f"http://{site}/api/v3", webhook_secret="s")
        host.rename(STORES, SHOPS)
        ours = receive(given, *host.announce("issues", SHOPS, {"action": "deleted", "issue": 2}))
        foreign = receive(given, *host.announce("issues", "acme/web", {"action": "edited", "issue": 1}))
        return ours, foreign, await connector.read(["1"])

    ours, foreign, page = await opened(host, use)
    assert (ours.deleted, foreign.native_ids) == (("2",), ())
    assert [one.key for one in page.items] == ["acme/shops#1"]


async def test_a_poll_that_finds_nothing_notices_a_rename(opened: Opened) -> None:
    host = hosting()

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.rename(STORES, SHOPS)
        quiet = await all_pages(connector, done)
        return quiet, await all_pages(connector, quiet[-1].checkpoint)

    quiet, later = await opened(host, use)
    assert items(quiet) == {}
    assert {one.key for one in items(later).values()} == {f"acme/shops#{n}" for n in (1, 2, 3)}


def signed(body: bytes) -> str:
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    return "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()


async def test_several_repositories_keep_the_ids_that_the_product_file_gives_them(opened: Opened) -> None:
    async def use(connector: GitHub) -> tuple[list[Page], Page]:
        pages = await all_pages(connector)
        return pages, await connector.read(["acme/stores#1", "acme/shops#2", "acme/web#1", "acme/other#1"])

    pages, page = await opened(renamed(), use, **SEVERAL)
    assert native_ids(pages) == ["acme/stores#1", "acme/stores#2", "acme/stores#3", "acme/web#1"]
    assert native_ids([page]) == ["acme/stores#1", "acme/stores#2", "acme/web#1"]
    assert {one.key for one in page.items} == {"acme/shops#1", "acme/shops#2", "acme/web#1"}


def test_a_name_that_another_repository_took_means_that_one() -> None:
    learn("here.example", STORES, SHOPS)
    assert present_name("here.example", "Acme/Stores") == SHOPS
    assert present_name("there.example", STORES) == STORES
    learn("here.example", STORES, STORES)
    assert former_names("here.example") == {}


@pytest.mark.parametrize("written", ["Process/Shops", "process/stores"])
def test_a_process_that_read_nothing_is_told_of_a_rename(options: MakeOptions, written: str) -> None:
    host = GitHubHost({written: [issue(2, "Stock")]}, webhook_secret="s")
    headers, body = host.announce("issues", written, {"action": "edited", "issue": 2})
    source = options(repository="Process/Stores", webhook_secret="s")
    aliases = {"github://github.com/process/stores": "github://github.com/process/shops"}
    assert receive(source, headers, body, aliases).native_ids == ("2",)


def test_what_a_process_learnt_itself_is_newer_than_what_it_is_told() -> None:
    learn("recalled.example", "acme/b", "acme/c")
    recall("recalled.example", {"acme/a": "acme/b", "acme/c": "acme/b"})
    assert former_names("recalled.example") == {"acme/a": "acme/c", "acme/b": "acme/c"}
