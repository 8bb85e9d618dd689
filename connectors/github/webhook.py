"""GitHub's webhooks: verified over their raw bytes, and which issues they ask to be read again."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from connectors.contract import ForgedHook, Hook, MalformedHook
from connectors.github.options import Options

_GONE = ("deleted", "transferred")


def receive(options: Options, headers: Mapping[str, str], body: bytes) -> Hook:
    """Raises ForgedHook when the signature is missing or wrong, MalformedHook for a bad body."""
    given = {name.lower(): value for name, value in headers.items()}
    _verify(options, given.get("x-hub-signature-256", ""), body)
    try:
        payload = orjson.loads(body)
        return read_event(
            options, given.get("x-github-event", ""), given.get("x-github-delivery", ""), payload
        )
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise MalformedHook(f"the body is not a GitHub event ({type(wrong).__name__})") from wrong


def _verify(options: Options, signature: str, body: bytes) -> None:
    secret = options.webhook_secret.get_secret_value() if options.webhook_secret else ""
    if not secret:
        raise ForgedHook(f"source {options.key} has no webhook_secret")
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape")):
        raise ForgedHook("the signature does not match")


def read_event(options: Options, event: str, delivery: str, payload: Mapping[str, Any]) -> Hook:
    """What a verified event concerns. Pure."""
    action = str(payload.get("action", ""))
    name = f"{event}.{action}" if action else event
    if event == "projects_v2_item":  # an organisation's event, without a repository
        return Hook(delivery, name, rescan=options.project is not None)
    if event in ("sub_issues", "issue_dependencies"):
        return Hook(delivery, name, native_ids=_related(options, payload))
    if not _is_ours(options, payload.get("repository")):
        return Hook(delivery, name)
    if event == "issues":
        return _issue(delivery, name, action, payload)
    if event == "milestone":
        number = f"milestone-{payload['milestone']['number']}"
        gone = (number,) if action == "deleted" else ()
        return Hook(delivery, name, native_ids=() if gone else (number,), deleted=gone, rescan=True)
    return Hook(delivery, name, rescan=event == "label" and action in ("edited", "deleted"))


def _is_ours(options: Options, repository: Mapping[str, Any] | None) -> bool:
    return repository is not None and str(repository["full_name"]).lower() == options.repository.lower()


def _issue(delivery: str, name: str, action: str, payload: Mapping[str, Any]) -> Hook:
    number = str(payload["issue"]["number"])
    if action in _GONE:
        return Hook(delivery, name, deleted=(number,))
    return Hook(delivery, name, native_ids=(number,))


_ENDS = (
    ("sub_issue", "sub_issue_repo"),
    ("parent_issue", "parent_issue_repo"),
    ("blocked_issue", "blocked_issue_repo"),
    ("blocking_issue", "blocking_issue_repo"),
)


def _related(options: Options, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Those ends of a relation that are in our repository."""
    found = []
    for end, place in _ENDS:
        if end in payload and _is_ours(options, payload.get(place) or payload.get("repository")):
            found.append(str(payload[end]["number"]))
    return tuple(dict.fromkeys(found))
