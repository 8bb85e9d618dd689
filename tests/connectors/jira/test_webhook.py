"""Inbound webhooks: only genuine ones, and what they concern."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from connectors.contract import ForgedHook, Hook, MalformedHook
from connectors.jira import Options, receive
from connectors.jira.simulator import JiraSite, issue

SECRET = "hook-secret"


@pytest.fixture
def hooked(options: Callable[..., Options]) -> Options:
    return options(webhook_secret=SECRET)


def signed(body: bytes, **more: str) -> dict[str, str]:
    return {
        "X-Hub-Signature": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
        **more,
    }


def told(hooked: Options, said: dict[str, Any]) -> Hook:
    body = orjson.dumps(said)
    return receive(hooked, signed(body, **{"X-Atlassian-Webhook-Identifier": "d-1"}), body)


ONL_7 = {"id": "10007", "key": "ONL-7"}
LEFT = {"items": [{"field": "Key", "fromString": "ONL-7", "toString": "STO-3"}]}


@pytest.mark.parametrize(
    ("said", "hook"),
    [
        ({"webhookEvent": "jira:issue_created", "issue": ONL_7}, {"native_ids": ("10007",)}),
        ({"webhookEvent": "jira:issue_updated", "issue": ONL_7}, {"native_ids": ("10007",)}),
        ({"webhookEvent": "jira:issue_deleted", "issue": ONL_7}, {"deleted": ("10007",)}),
        ({"webhookEvent": "comment_created", "issue": ONL_7}, {"native_ids": ("10007",)}),
        (
            {"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 1, "destinationIssueId": 2}},
            {"native_ids": ("1", "2")},
        ),
        (
            {"webhookEvent": "sprint_closed", "sprint": {"id": 1}},
            {"native_ids": ("sprint:1",), "rescan": True},
        ),
        ({"webhookEvent": "sprint_closed", "sprint": {"id": "1 OR 1=1"}}, {"rescan": True}),
        (
            {"webhookEvent": "jira:version_released", "version": {"id": "7"}},
            {"native_ids": ("version:7",), "rescan": True},
        ),
        ({"webhookEvent": "jira:version_released", "version": {}}, {"rescan": True}),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": "STO-3"}}, {}),
        (
            {"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": "STO-3"}, "changelog": LEFT},
            {"native_ids": ("1",)},
        ),
        ({"webhookEvent": "user_created"}, {}),
    ],
)
def test_what_an_event_concerns(hooked: Options, said: dict[str, Any], hook: dict[str, Any]) -> None:
    assert told(hooked, said) == Hook("d-1", said["webhookEvent"], **hook)


@pytest.mark.parametrize("key", ["ONL-7", "WEB-7", "OLD-7"])
def test_a_project_goes_by_every_key_it_ever_had(hooked: Options, key: str) -> None:
    body = orjson.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "10007", "key": key}})
    aliases = {f"jira://acme.atlassian.net/{old}": "jira://acme.atlassian.net/WEB" for old in ("ONL", "OLD")}
    assert receive(hooked, signed(body), body, aliases).native_ids == ("10007",)


def test_the_simulators_announcements_are_genuine(hooked: Options) -> None:
    site = JiraSite("cloud", {"ONL": "Online"}, [issue("ONL-1", "Search")], webhook=("http://x", SECRET))
    hook = receive(hooked, *site.announce("jira:issue_updated", "ONL-1"))
    assert hook.native_ids == ("10000",)
    assert hook.delivery


def test_without_a_delivery_id_the_body_is_one(hooked: Options) -> None:
    body = orjson.dumps({"webhookEvent": "user_created"})
    first, again = (receive(hooked, signed(body), body).delivery for _ in range(2))
    assert first == again == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=00", "sha1=abc", "sha256=é", "sha256=" + "0" * 64, "x" * 10000]
)
def test_a_wrong_signature_is_refused(hooked: Options, signature: str) -> None:
    with pytest.raises(ForgedHook):
        receive(hooked, {"x-hub-signature": signature}, b"{}")


def test_without_a_secret_nothing_is_trusted(options: Callable[..., Options]) -> None:
    with pytest.raises(ForgedHook):
        receive(options(), signed(b"{}"), b"{}")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[" * 20_000,
        b'{"webhookEvent":NaN}',
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"webhookEvent":"issuelink_created"}',
        b"\xff",
    ],
)
def test_a_signed_body_that_says_nothing_is_malformed(hooked: Options, body: bytes) -> None:
    with pytest.raises(MalformedHook):
        receive(hooked, signed(body), body)


def test_odd_characters_in_a_title_lose_no_event(hooked: Options) -> None:
    body = (
        b'{"webhookEvent":"jira:issue_updated",'
        b'"issue":{"id":"7","key":"ONL-7","fields":{"summary":"a\\ud800\\u0000"}}}'
    )
    assert receive(hooked, signed(body), body).native_ids == ("7",)


def test_a_signature_over_other_bytes_is_refused(hooked: Options) -> None:
    body = orjson.dumps({"webhookEvent": "user_created"})
    with pytest.raises(ForgedHook):
        receive(hooked, signed(body), body + b" ")


def test_the_same_delivery_has_the_same_id_however_often_it_comes(hooked: Options) -> None:
    body = orjson.dumps({"webhookEvent": "jira:issue_updated", "issue": ONL_7})
    headers = signed(body, **{"X-Atlassian-Webhook-Identifier": "d-9", "X-Atlassian-Webhook-Retry": "2"})
    assert receive(hooked, headers, body).delivery == "d-9"
