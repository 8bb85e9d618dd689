"""GitHub's webhooks: verified over their raw bytes, and which issues they ask to be read again."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import orjson

from connectors.contract import NO_ALIASES, ForgedHook, Hook, MalformedHook
from connectors.github.native_ids import configured_repository, native_id, native_id_of_node
from connectors.github.options import Options
from connectors.github.renames import is_known, recall, recognise

_FORM = "application/x-www-form-urlencoded"


def receive(
    options: Options, headers: Mapping[str, str], body: bytes, aliases: Mapping[str, str] = NO_ALIASES
) -> Hook:
    """Raises ForgedHook when the signature is missing or wrong, MalformedHook for a bad body."""
    given = {name.lower(): value for name, value in headers.items()}
    _verify(options, given.get("x-hub-signature-256", ""), body)
    start = f"github://{options.site}/"
    recall(options.site, {old.removeprefix(start): new.removeprefix(start) for old, new in aliases.items()})
    try:
        payload = orjson.loads(_json_of(given.get("content-type", ""), body))
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


def _json_of(content_type: str, body: bytes) -> bytes:
    """GitHub sends the same JSON as a form's only field when the hook was set up so.

    Raises ValueError for a form without it.
    """
    if content_type.partition(";")[0].strip().lower() != _FORM:
        return body
    fields = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=10, errors="strict")
    try:
        (payload,) = fields["payload"]
    except KeyError:
        raise ValueError("the form has no payload") from None
    return payload.encode()


def read_event(options: Options, event: str, delivery: str, payload: Mapping[str, Any]) -> Hook:
    """What a verified event concerns."""
    action = str(payload.get("action", ""))
    name = f"{event}.{action}" if action else event
    if event == "projects_v2_item":  # an organisation's event, without a repository
        return _project_item(options, delivery, name, payload)
    if event in ("sub_issues", "issue_dependencies"):
        return Hook(delivery, name, native_ids=_related(options, payload))
    repository = _ours(options, payload.get("repository"))
    if repository is None:
        return Hook(delivery, name)
    if event == "issues":
        return _issue(options, repository, delivery, name, payload)
    if event == "milestone":
        number = native_id(options, repository, f"milestone-{payload['milestone']['number']}")
        gone = (number,) if action == "deleted" else ()
        return Hook(delivery, name, native_ids=() if gone else (number,), deleted=gone, rescan=True)
    return Hook(delivery, name, rescan=event == "label" and action in ("edited", "deleted"))


def _ours(options: Options, repository: Mapping[str, Any] | None) -> str | None:
    """The repository's name when this source may hold issues of it.

    One that we know by its id may have been renamed since: the event is the first to say so.
    """
    if repository is None:
        return None
    name, node_id = str(repository["full_name"]), str(repository.get("node_id"))
    if is_known(options.site, node_id):
        recognise(options.site, node_id, name)
    return name if configured_repository(name, options) is not None else None


def _issue(options: Options, repository: str, delivery: str, name: str, payload: Mapping[str, Any]) -> Hook:
    number = native_id(options, repository, int(payload["issue"]["number"]))
    if payload.get("action") == "transferred":
        arrived, moved = _arrived(options, payload), _moved(options, number, payload)
        return Hook(delivery, name, native_ids=arrived, deleted=(number,), moved=moved)
    if payload.get("action") == "deleted":
        return Hook(delivery, name, deleted=(number,))
    return Hook(delivery, name, native_ids=(number,))


def _arrived(options: Options, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a transferred issue is now, if that is in this source too."""
    changes = payload.get("changes") or {}
    there, issue = _ours(options, changes.get("new_repository")), changes.get("new_issue")
    return (native_id(options, there, int(issue["number"])),) if there and issue else ()


def _moved(options: Options, number: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """A transfer gives a new node id: the item goes on under it, in whichever source."""
    node_id = ((payload.get("changes") or {}).get("new_issue") or {}).get("node_id")
    return {number: f"github://{options.site}/id/{node_id}"} if node_id else {}


def _project_item(options: Options, delivery: str, name: str, payload: Mapping[str, Any]) -> Hook:
    """The event tells the issue's node id only; whether it is ours shows when it is read."""
    owner = (options.project or "").partition("/")[0].lower()
    organisation = str((payload.get("organization") or {}).get("login", "")).lower()
    item = payload["projects_v2_item"]
    if not owner or owner != organisation or item["content_type"] != "Issue":
        return Hook(delivery, name)
    return Hook(delivery, name, native_ids=(native_id_of_node(item["content_node_id"]),), rescan=True)


_ENDS = (
    ("sub_issue", "sub_issue_repo"),
    ("parent_issue", "parent_issue_repo"),
    ("blocked_issue", "blocked_issue_repo"),
    ("blocking_issue", "blocking_issue_repo"),
)


def _related(options: Options, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Those ends of a relation that are in our repositories."""
    ends = []
    for end, holder in _ENDS:
        repository = _ours(options, payload.get(holder) or payload.get("repository"))
        if payload.get(end) and repository is not None:
            ends.append(native_id(options, repository, int(payload[end]["number"])))
    return tuple(dict.fromkeys(ends))
