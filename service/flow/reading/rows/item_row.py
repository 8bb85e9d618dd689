"""From a connector's item to the row that is stored. Pure, and on the hot path of every sync."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson

from connectors.item import DodLine, TrackerItem
from connectors.options import SourceOptions, When
from service.domain.plan.item import OPEN
from service.errors import AttuneError

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON: an odd number of backslashes before it."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_PASSTHROUGH_SUBCLASS


def route(item: TrackerItem, options: SourceOptions) -> str:
    """The team of an item: the source's, or the first route's that matches (rulebook, Routes)."""
    if options.team is not None:
        return options.team
    return next(route.team for route in options.route if route.when is None or _matches(item, route.when))


def _matches(item: TrackerItem, when: When) -> bool:
    return (
        _has(item.components, when.component)
        and _has(item.labels, when.label)
        and _has((item.type,), when.type)
    )


def _has(words: Iterable[str], wanted: str | None) -> bool:
    return wanted is None or plain(wanted) in map(plain, words)


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Words compare without case and outer blanks."""
    return word.strip().casefold()


def _has_nul(json: bytes) -> bool:
    """The plain search spares almost every item the slow one."""
    return b"\\u0000" in json and _NUL.search(json) is not None


class UncleanError(AttuneError, ValueError):
    """It holds NUL or lone surrogates, which neither a database nor UTF-8 can hold."""


def cleaned(value: Any) -> Any:
    """An item, or a part of one, with those replaced (faults.md, 24)."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, tuple | list):
        return type(value)(map(cleaned, value))
    if isinstance(value, dict):
        return {cleaned(name): cleaned(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: cleaned(getattr(value, one.name)) for one in fields(value)})
    return value


def _refusal(error: TypeError) -> ValueError:
    if "surrogates" in str(error):
        return UncleanError(str(error))
    return ValueError(f"cannot be stored: {error}")


def moment(now: float) -> bytes:
    return datetime.fromtimestamp(int(now), UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()


def row(
    item: TrackerItem, item_id: str, team: str, source: str, seen: float, synced: bytes
) -> dict[str, Any]:
    """``synced`` is the moment of reading. Raises UncleanError, and ValueError for what cannot be stored."""
    dod = [_dod_line(line) for line in item.dod]
    try:
        body = orjson.dumps(_public(item, item_id, team, source, dod), option=_OPTIONS)
        hidden = orjson.dumps(_private(item), option=_OPTIONS)
    except TypeError as error:
        raise _refusal(error) from error
    read = body + hidden
    if _has_nul(read):
        raise UncleanError("it holds a NUL character")
    return {
        "id": item_id,
        "source": source,
        "native_id": item.native_id,
        "team": team,
        "key": item.key,
        "title": item.title,
        "kind": item.kind,
        "state": item.state,
        "is_open": item.state in OPEN,
        "priority": item.priority,
        "priority_name": item.priority_name,
        "start": _iso(item.start),
        "start_from": item.start_from,
        "due": _iso(item.due),
        "due_from": item.due_from,
        "created": item.created.timestamp(),
        "updated": item.updated.timestamp(),
        "closed_on": _iso(item.closed_on),
        "rank": item.rank,
        "labels": orjson.dumps(item.labels).decode(),
        "components": orjson.dumps(item.components).decode(),
        "parent_ref": item.parent,
        "dod": orjson.dumps(dod).decode() if dod else None,
        "hidden_blockers": item.hidden_blockers,
        "is_duplicate": item.is_duplicate,
        "hash": hashlib.blake2b(read, digest_size=16).digest(),
        "record": b'%b,"synced":"%b"}' % (body[:-1], synced),
        "seen": seen,
    }


def _dod_line(line: DodLine) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": line.text, "checked": line.checked}
    return shown | {"optional": True} if line.optional else shown


def _public(
    item: TrackerItem, item_id: str, team: str, source: str, dod: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    return {
        "id": item_id,
        "key": item.key,
        "url": item.url,
        "team": team,
        "source": source,
        "kind": item.kind,
        "type": item.type,
        "title": item.title,
        "state": item.state,
        "status": item.status,
        "priority": item.priority,
        "priority_name": item.priority_name,
        "assignee": item.assignee,
        "labels": item.labels,
        "components": item.components,
        "estimate": item.estimate,
        "start": item.start,
        "start_from": item.start_from,
        "due": item.due,
        "due_from": item.due_from,
        "sprint": item.sprint,
        "release": item.release,
        "updated": item.updated,
        "dod": dod,
    }


def _private(item: TrackerItem) -> tuple[Any, ...]:
    """What is read from the tracker but is not part of an answer."""
    links = sorted(
        (link.relation, link.ref, link.origin, link.words, link.name or "", link.subject or "")
        for link in item.links
    )
    return (
        item.identity,
        item.name,
        item.created,
        item.closed_on,
        item.rank,
        item.parent,
        item.hidden_blockers,
        item.closed_as,
        item.is_duplicate,
        links,
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
