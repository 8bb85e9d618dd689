"""From a connector's item to the row that is stored. Pure, and on the hot path of every sync."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson

from connectors.item import UNSHOWN, DodLine, TrackerItem
from connectors.options import SourceOptions, When
from service.domain.plan.item import OPEN
from service.errors import AttuneError
from service.store.backlog.items import READ_COLUMNS

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON: an odd number of backslashes before it."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FIELDS = [field.name for field in fields(TrackerItem)]
_MADE_APART = frozenset({"dod", "links"})  # lists of parts
_NOT_HASHED = frozenset({"native_id", "unread", "raw"})  # of how it was read, not of what it says
_SHOWN = [name for name in _FIELDS if name not in UNSHOWN | _MADE_APART]
_UNSHOWN = [name for name in _FIELDS if name in UNSHOWN - _MADE_APART - _NOT_HASHED]
_STORED = [name for name in _FIELDS if name in set(READ_COLUMNS) - _MADE_APART]
_shown_values, _unshown_values, _stored_values = (attrgetter(*names) for names in (_SHOWN, _UNSHOWN, _STORED))
_CONVERSIONS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.timestamp,
    date | None: date.isoformat,
    tuple[str, ...]: lambda words: orjson.dumps(words).decode(),
}
_CONVERTED = [
    (field.name, _CONVERSIONS[field.type])
    for field in fields(TrackerItem)
    if field.name in _STORED and field.type in _CONVERSIONS
]
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
    return _columns(item) | {
        "id": item_id,
        "source": source,
        "team": team,
        "is_open": item.state in OPEN,
        "parent_ref": item.parent,
        "dod": orjson.dumps(dod).decode() if dod else None,
        "hash": hashlib.blake2b(read, digest_size=16).digest(),
        "record": b'%b,"synced":"%b"}' % (body[:-1], synced),
        "seen": seen,
    }


def _columns(item: TrackerItem) -> dict[str, Any]:
    """The fields that have a column of their name: moments are epoch seconds, days ISO text, lists JSON."""
    columns = dict(zip(_STORED, _stored_values(item), strict=True))
    for name, convert in _CONVERTED:
        if columns[name] is not None:
            columns[name] = convert(columns[name])
    return columns


def _dod_line(line: DodLine) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": line.text, "checked": line.checked}
    return shown | {"optional": True} if line.optional else shown


def _public(
    item: TrackerItem, item_id: str, team: str, source: str, dod: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    shown = dict(zip(_SHOWN, _shown_values(item), strict=True))
    return {"id": item_id, "team": team, "source": source} | shown | {"dod": dod}


def _private(item: TrackerItem) -> tuple[Any, ...]:
    """What is read from the tracker but is not part of an answer."""
    links = sorted(
        (link.relation, link.ref, link.origin, link.words, link.name or "", link.subject or "")
        for link in item.links
    )
    return *_unshown_values(item), links
