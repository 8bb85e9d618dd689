"""GitHub's own example payloads, and signatures."""

import json

import pytest

from connectors.contract import ForgedHook, MalformedHook
from connectors.github import receive
from connectors.github.simulator import GitHubHost, issue
from connectors.github.webhook import read_event


@pytest.fixture
def host():
    return GitHubHost({"acme/stores": [issue(7, "Till")]}, webhook_secret="s3cret")


def test_a_signed_event_names_the_issue_and_its_delivery(host, options):
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    hook = receive(options(webhook_secret="s3cret"), headers, body)
    assert (hook.native_ids, hook.delivery) == (("7",), headers["X-GitHub-Delivery"])


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha256=é", None])
def test_a_wrong_signature_is_forged(host, options, signature):
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    changed = {**headers, "X-Hub-Signature-256": signature} if signature is not None else {}
    with pytest.raises(ForgedHook):
        receive(options(webhook_secret="s3cret"), changed, body)


def test_without_a_secret_nothing_is_believed(host, options):
    headers, body = host.announce("issues", "acme/stores", {"action": "edited", "issue": 7})
    with pytest.raises(ForgedHook):
        receive(options(), headers, body)


def test_a_signed_body_that_is_no_event_is_malformed(options):
    host = GitHubHost({"acme/stores": []}, webhook_secret="s3cret")
    headers, body = host.announce("issues", "acme/stores", {"action": "edited"})
    with pytest.raises(MalformedHook):
        receive(options(webhook_secret="s3cret"), headers, body)


def test_another_repositorys_event_concerns_nothing(options):
    payload = {"action": "edited", "issue": {"number": 7}, "repository": {"full_name": "acme/other"}}
    hook = read_event(options(), "issues", "d", payload)
    assert (hook.native_ids, hook.deleted, hook.rescan) == ((), (), False)


def test_both_ends_of_a_dependency_are_read_again(options):
    ours = {"full_name": "acme/stores"}
    payload = {"action": "blocked_by_added", "blocked_issue": {"number": 1}, "blocking_issue": {"number": 2}}
    payload |= {"blocking_issue_repo": {"full_name": "acme/other"}, "repository": ours}
    assert read_event(options(), "issue_dependencies", "d", payload).native_ids == ("1",)


@pytest.mark.parametrize("event", ["issues", "milestone", "label", "projects_v2_item"])
def test_recorded_payloads_are_understood(shared, options, event):
    files = sorted((shared / "data/github/webhook-payloads").rglob(f"{event}/*.json"))
    assert files
    for file in files:
        payload = json.loads(file.read_text())
        name = (payload.get("repository") or {}).get("full_name", "acme/stores")
        hook = read_event(options(repository=name, project="acme/1"), event, "d", payload)
        assert hook.native_ids or hook.deleted or hook.rescan or payload["action"] == "created", file.name
