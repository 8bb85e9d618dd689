"""A transferred issue goes on under a new node id: by the webhook's word, or by its old address."""

import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from connectors.contract import ForgedHook, Lookup, MalformedHook, Page
from connectors.github import receive
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, issue
from tests.connectors.github.hosts import MakeOptions, Opened, all_identities, all_pages, items, native_ids

STORES, WEB = "acme/stores", "acme/web"
SEVERAL = {"repository": None, "repositories": [STORES, WEB]}


def hosting(**more: object) -> GitHubHost:
    return GitHubHost(
        {STORES: [issue(n, f"Issue {n}") for n in (1, 2, 3)], WEB: [issue(1, "Web")]},
        token="t",
        webhook_secret="s",
        **more,  # type: ignore[arg-type]
    )


def test_the_webhook_says_as_what_the_issue_goes_on(options: MakeOptions) -> None:
    host = hosting()
    headers, body = host.announce_transfer(STORES, 2, WEB, 9)
    hook = receive(options(webhook_secret="s"), headers, body)
    assert (hook.event, hook.native_ids, hook.deleted) == ("issues.transferred", (), ("2",))
    assert hook.moved == {"2": "github://github.com/id/I_acme_web_9"}
    hook = receive(options(webhook_secret="s", **SEVERAL), headers, body)
    assert (hook.native_ids, hook.deleted) == (("acme/web#9",), ("acme/stores#2",))
    assert hook.moved == {"acme/stores#2": "github://github.com/id/I_acme_web_9"}


def test_a_transfer_from_a_foreign_repository_moves_nothing_of_ours(options: MakeOptions) -> None:
    headers, body = hosting().announce_transfer(WEB, 1, STORES, 9)
    hook = receive(options(webhook_secret="s"), headers, body)
    assert (hook.native_ids, hook.deleted, hook.moved) == ((), (), {})


@pytest.mark.parametrize("graphql", [True, False])
async def test_without_a_webhook_the_old_address_leads_to_the_new_issue(
    opened: Opened, graphql: bool
) -> None:
    host = hosting(graphql=graphql)

    async def use(connector: GitHub) -> tuple[list[Page], list[str], dict[str, Lookup], Page]:
        pages = await all_pages(connector)
        host.transfer(STORES, 2, WEB, 9)
        left = await all_identities(connector)
        name = next(one.name for one in items(pages).values() if one.native_id == "2")
        return pages, left, dict(await connector.look_up([name])), await connector.read(["2"])

    pages, left, told, read = await opened(host, use)
    assert len(items(pages)) - len(left) == 1
    assert native_ids([read]) == []
    [(name, lookup)] = told.items()
    assert name.endswith("/acme/stores#2")
    assert lookup.state == "item"
    assert (lookup.identity or "").endswith("/id/I_acme_web_9")
    assert (lookup.name or "").endswith("/acme/web#9")


async def test_a_delta_of_the_other_source_brings_the_issue_in_under_its_new_identity(opened: Opened) -> None:
    host = hosting()

    async def use(connector: GitHub) -> list[Page]:
        done = (await all_pages(connector))[-1].checkpoint
        host.transfer(STORES, 2, WEB, 9)
        return await all_pages(connector, done)

    pages = await opened(host, use, repository=WEB)
    assert [(one.key, one.identity.rpartition("/")[2]) for one in items(pages).values()] == [
        ("acme/web#9", "I_acme_web_9")
    ]


def form(body: bytes) -> bytes:
    return urlencode({"payload": body.decode()}).encode()


def signed(body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"],
)
def test_a_form_is_read_as_the_same_json_and_signed_over_its_raw_bytes(
    options: MakeOptions, content_type: str
) -> None:
    host = hosting()
    host.put(STORES, issue(2, "Kassa & café = 100 % + “één”"))
    headers, body = host.announce("issues", STORES, {"action": "edited", "issue": 2})
    sent = {**headers, "Content-Type": content_type, **signed(form(body))}
    assert receive(options(webhook_secret="s"), sent, form(body)).native_ids == ("2",)
    with pytest.raises(ForgedHook):
        receive(options(webhook_secret="s"), {**sent, **signed(body)}, form(body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload",
        b"payload=",
        b"payload=%7B",
        b"payload=[]",
        b"other=%7B%7D",
        b"payload=%7B%7D&payload=%7B%7D",
        b"payload=%FF%FE",
        b"\xff\xfe",
        b'{"action":"edited"}',
        b"&".join([b"a=1"] * 50),
    ],
)
def test_a_signed_form_of_nonsense_is_malformed(options: MakeOptions, body: bytes) -> None:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": "d",
        **signed(body),
    }
    with pytest.raises(MalformedHook):
        receive(options(webhook_secret="s"), headers, body)
