"""GitHub's own example payloads, and signatures."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import ForgedHook, MalformedHook
from connectors.github import Options, receive
from connectors.github.simulator import GitHubHost, issue
from connectors.github.webhook import read_event
from tests.connectors.github.hosts import MakeOptions, Opened


@pytest.fixture
def host() -> GitHubHost:
    return GitHubHost({"acme/stores": [issue(7, "Till")]}, webhook_secret="s3cret")


def test_a_signed_event_names_the_issue_and_its_delivery(host: GitHubHost, options: MakeOptions) -> None:
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    hook = receive(options(webhook_secret="s3cret"), headers, body)
    assert (hook.native_ids, hook.delivery) == (("7",), headers["X-GitHub-Delivery"])


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha256=é", None])
def test_a_wrong_signature_is_forged(host: GitHubHost, options: MakeOptions, signature: str | None) -> None:
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    changed = {**headers, "X-Hub-Signature-256": signature} if signature is not None else {}
    with pytest.raises(ForgedHook):
        receive(options(webhook_secret="s3cret"), changed, body)


def test_without_a_secret_nothing_is_believed(host: GitHubHost, options: MakeOptions) -> None:
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    with pytest.raises(ForgedHook):
        receive(options(), headers, body)


def test_a_signed_body_that_is_no_event_is_malformed(options: MakeOptions) -> None:
    host = GitHubHost({"acme/stores": []}, webhook_secret="s3cret")
    headers, body = host.announce("issues", "acme/stores", {"action": "edited"})
    with pytest.raises(MalformedHook):
        receive(options(webhook_secret="s3cret"), headers, body)


def test_another_repositorys_event_concerns_nothing(options: MakeOptions) -> None:
    payload = {"action": "edited", "issue": {"number": 7}, "repository": {"full_name": "acme/other"}}
    hook = read_event(options(), "issues", "d", payload)
    assert (hook.native_ids, hook.deleted, hook.rescan) == ((), (), False)


def test_both_ends_of_a_dependency_are_read_again(options: MakeOptions) -> None:
    ours = {"full_name": "acme/stores"}
    payload = {"action": "blocked_by_added", "blocked_issue": {"number": 1}, "blocking_issue": {"number": 2}}
    payload |= {"blocking_issue_repo": {"full_name": "acme/other"}, "repository": ours}
    assert read_event(options(), "issue_dependencies", "d", payload).native_ids == ("1",)


@pytest.mark.parametrize(
    ("signature", "body"),
    [
        ("sha256=" + "0" * 63, b"{}"),
        ("sha256=" + "0" * 65, b"{}"),
        ("sha1=" + "0" * 64, b"{}"),
        ("\udcff", b"{}"),
    ],
)
def test_a_signature_of_another_length_or_alphabet_is_forged(
    options: MakeOptions, signature: str, body: bytes
) -> None:
    with pytest.raises(ForgedHook):
        receive(options(webhook_secret="s3cret"), {"X-Hub-Signature-256": signature}, body)


def test_the_signature_is_over_the_bytes_as_they_came(host: GitHubHost, options: MakeOptions) -> None:
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    with pytest.raises(ForgedHook):
        receive(options(webhook_secret="s3cret"), headers, body + b" ")


def test_signatures_are_compared_in_constant_time(
    host: GitHubHost, options: MakeOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    real = hmac.compare_digest

    def count(one: bytes, other: bytes) -> bool:
        compared.append(1)
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", count)
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    receive(options(webhook_secret="s3cret"), headers, body)
    assert compared == [1]


def repository(name: str) -> dict[str, Any]:
    return {"full_name": name}


TRANSFERRED = {
    "action": "transferred",
    "issue": {"number": 7},
    "repository": repository("acme/stores"),
    "changes": {"new_issue": {"number": 9}, "new_repository": repository("acme/web")},
}


def test_a_transferred_issue_is_gone_and_read_where_it_went_if_that_is_ours(options: MakeOptions) -> None:
    hook = read_event(options(), "issues", "d", TRANSFERRED)
    assert (hook.native_ids, hook.deleted) == ((), ("7",))
    both = options(repository=None, repositories=["acme/stores", "acme/web"])
    hook = read_event(both, "issues", "d", TRANSFERRED)
    assert (hook.native_ids, hook.deleted) == (("acme/web#9",), ("acme/stores#7",))


def project_item(kind: str = "Issue", owner: str = "acme") -> dict[str, Any]:
    item = {"content_node_id": "I_1", "content_type": kind}
    return {"action": "edited", "projects_v2_item": item, "organization": {"login": owner}}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (project_item(), (("id/I_1",), True)),
        (project_item(kind="DraftIssue"), ((), False)),
        (project_item(owner="other"), ((), False)),
    ],
)
def test_a_projects_row_is_read_by_its_issues_node(
    options: MakeOptions, payload: dict[str, Any], expected: tuple[tuple[str, ...], bool]
) -> None:
    hook = read_event(options(project="Acme/12"), "projects_v2_item", "d", payload)
    assert (hook.native_ids, hook.rescan) == expected
    hook = read_event(options(), "projects_v2_item", "d", payload)
    assert (hook.native_ids, hook.rescan) == ((), False)


async def test_a_projects_row_that_is_announced_can_be_read(opened: Opened) -> None:
    host = GitHubHost({"acme/stores": [issue(7, "Till", node_id="I_1")]}, token="t")
    page = await opened(host, lambda connector: connector.read(["id/I_1"]))
    assert [one.native_id for one in page.items] == ["7"]


CONCERNING = ("issues", "milestone", "label", "projects_v2_item", "sub_issues", "issue_dependencies")


@pytest.mark.parametrize("event", ["issues", "milestone", "label", "projects_v2_item"])
def test_recorded_payloads_are_understood(shared: Path, options: MakeOptions, event: str) -> None:
    files = sorted((shared / "data/github/webhook-payloads").rglob(f"{event}/*.json"))
    assert files
    for file in files:
        assert understood(options, event, json.loads(file.read_text())), file.name


def test_githubs_own_examples_are_understood(shared: Path, options: MakeOptions) -> None:
    found = json.loads((shared / "specs/github/webhook-examples.json").read_text())
    read = [
        understood(options, group["name"], payload)
        for group in found
        if group["name"] in CONCERNING
        for payload in group["examples"]
    ]
    assert len(read) > 40
    assert all(read)


def test_events_that_concern_no_issue_are_ignored(shared: Path, options: MakeOptions) -> None:
    for group in json.loads((shared / "specs/github/webhook-examples.json").read_text()):
        if group["name"] in CONCERNING:
            continue
        for payload in group["examples"]:
            hook = read_event(ours(options, payload), group["name"], "d", payload)
            assert (hook.native_ids, hook.deleted, hook.rescan) == ((), (), False)


def ours(options: MakeOptions, payload: dict[str, Any]) -> Options:
    owner = ((payload.get("organization") or {}).get("login")) or "acme"
    name = (payload.get("repository") or {}).get("full_name", "acme/stores")
    return options(repository=name, project=f"{owner}/1")


def understood(options: MakeOptions, event: str, payload: dict[str, Any]) -> bool:
    hook = read_event(ours(options, payload), event, "d", payload)
    is_nothing = payload["action"] == "created" and event == "label"
    is_draft = payload.get("projects_v2_item", {}).get("content_type", "Issue") != "Issue"
    return bool(hook.native_ids or hook.deleted or hook.rescan) != (is_nothing or is_draft)


def test_every_described_action_finds_its_fields(shared: Path, options: MakeOptions) -> None:
    """Payloads made of what the description requires, for the events no recording shows."""
    described = json.loads((shared / "specs/github/webhooks.openapi.json").read_text())
    wanted = ("issues-", "sub-issues-", "issue-dependencies-", "milestone-", "projects-v2-item-")
    names = [name for name in described["webhooks"] if name.startswith(wanted)]
    assert len(names) > 30
    for name in names:
        request = described["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = resolved(request, described)
        event, _, action = next(
            (kind.rstrip("-").replace("-", "_"), "-", name.removeprefix(kind))
            for kind in sorted(wanted, key=len, reverse=True)
            if name.startswith(kind)
        )
        required = [one for one in schema["properties"] if one in _PARTS]
        payload = {"action": action.replace("-", "_"), **{one: _PARTS[one] for one in required}}
        hook = read_event(options(project="acme/1"), event, "d", payload)
        assert hook.native_ids or hook.deleted, name
        if event in ("sub_issues", "issue_dependencies"):
            assert set(hook.native_ids) == {"1", "2"}, name


_PARTS = {
    "issue": {"number": 1},
    "milestone": {"number": 1},
    "repository": repository("acme/stores"),
    "organization": {"login": "acme"},
    "projects_v2_item": project_item()["projects_v2_item"],
    "sub_issue": {"number": 1},
    "sub_issue_repo": repository("acme/stores"),
    "parent_issue": {"number": 2},
    "parent_issue_repo": repository("acme/stores"),
    "blocked_issue": {"number": 1},
    "blocked_issue_repo": repository("acme/stores"),
    "blocking_issue": {"number": 2},
    "blocking_issue_repo": repository("acme/stores"),
}


def resolved(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    return (
        described["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )
