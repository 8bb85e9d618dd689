"""Jira's webhooks: whether one is genuine, and which issues it concerns."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from connectors.contract import NO_ALIASES, ForgedHook, Hook, MalformedHook
from connectors.jira.options import Options
from connectors.jira.parse.decode import decode

_GROUPS = {"sprint_": "sprint", "jira:version_": "version"}


def receive(
    options: Options, headers: Mapping[str, str], body: bytes, aliases: Mapping[str, str] = NO_ALIASES
) -> Hook:
    """Verify over the raw bytes and read. Raises ForgedHook or MalformedHook."""
    named = {name.lower(): value for name, value in headers.items()}
    _verify(options, named.get("x-hub-signature", ""), body)
    try:
        said = decode(body)
        delivery = named.get("x-atlassian-webhook-identifier") or hashlib.sha256(body).hexdigest()
        return _hook(delivery, said, _keys_of_project(options, aliases))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MalformedHook("the body is not a Jira event") from error


def _verify(options: Options, signature: str, body: bytes) -> None:
    if options.webhook_secret is None:
        raise ForgedHook("this source has no webhook_secret, so nothing can be trusted")
    secret = options.webhook_secret.get_secret_value().encode()
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise ForgedHook("the signature does not match")


def _keys_of_project(options: Options, aliases: Mapping[str, str]) -> frozenset[str]:
    """The one in the product file, those it had, the one it has now: a project may be given another key."""
    prefixes = (prefix for pair in aliases.items() for prefix in pair)
    return frozenset({options.project, *(prefix.rpartition("/")[2] for prefix in prefixes)})


def _hook(delivery: str, said: Mapping[str, Any], project_keys: frozenset[str]) -> Hook:
    event = str(said["webhookEvent"])
    for prefix, group in _GROUPS.items():
        if event.startswith(prefix):
            return Hook(delivery, event, _members(said.get(group), group), rescan=True)
    if event.startswith("issuelink_"):
        link = said["issueLink"]
        return Hook(delivery, event, (str(link["sourceIssueId"]), str(link["destinationIssueId"])))
    issue = said.get("issue")
    if not issue or not _concerns(said, issue, project_keys):
        return Hook(delivery, event)
    if event == "jira:issue_deleted":
        return Hook(delivery, event, deleted=(str(issue["id"]),))
    return Hook(delivery, event, (str(issue["id"]),))


def _members(record: Any, group: str) -> tuple[str, ...]:
    """New dates of a sprint or a release move its issues without touching them: they are read by group."""
    number = str(record.get("id") or "") if isinstance(record, Mapping) else ""
    return (f"{group}:{number}",) if number.isdigit() else ()


def _concerns(said: Mapping[str, Any], issue: Mapping[str, Any], project_keys: frozenset[str]) -> bool:
    """An issue of this project, or one that has just left it."""
    if str(issue.get("key") or "").rpartition("-")[0] in project_keys:
        return True
    return any(_moved(one, project_keys) for one in (said.get("changelog") or {}).get("items") or ())


def _moved(change: Mapping[str, Any], project_keys: frozenset[str]) -> bool:
    former_key = str(change.get("fromString") or "")
    return change.get("field") == "Key" and former_key.rpartition("-")[0] in project_keys
