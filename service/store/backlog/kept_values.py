"""What is stored of items as their trackers told it, for those that come in again with less."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

import orjson
from sqlalchemy import RowMapping, select

from connectors.item import DateOrigin, Link, State
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.tables import item, link


class KeptValues(NamedTuple):
    """As in ``connectors.item.TrackerItem``."""

    state: State
    priority: int | None
    priority_name: str | None
    start: date | None
    start_from: DateOrigin | None
    due: date | None
    due_from: DateOrigin | None
    closed_on: date | None
    rank: str | None
    parent: str | None
    labels: tuple[str, ...]
    components: tuple[str, ...]
    hidden_blockers: int
    is_duplicate: bool
    links: tuple[Link, ...]


_VALUES = [item.c["parent_ref" if name == "parent" else name] for name in KeptValues._fields[:-1]]
_LINK = [link.c.relation, link.c.ref, link.c.origin, link.c.words, link.c.name]


async def kept_values(connection: Connection, ids: Collection[str]) -> dict[str, KeptValues]:
    """By id, of those that exist."""
    links: dict[str, list[Link]] = {}
    found: dict[str, KeptValues] = {}
    for part in chunks(sorted(ids)):
        linked = select(link.c.item, *_LINK).where(link.c.item.in_(part)).order_by(*_LINK)
        for item_id, *values in await connection.execute(linked):
            links.setdefault(item_id, []).append(Link(*values))
        valued = select(item.c.id, *_VALUES).where(item.c.id.in_(part))
        for row in (await connection.execute(valued)).mappings():
            found[row["id"]] = _read(row, links.get(row["id"], ()))
    return found


def _read(row: RowMapping, links: Iterable[Link]) -> KeptValues:
    """Days and lists are stored as text."""
    return KeptValues(
        state=row["state"],
        priority=row["priority"],
        priority_name=row["priority_name"],
        start=_day(row["start"]),
        start_from=row["start_from"],
        due=_day(row["due"]),
        due_from=row["due_from"],
        closed_on=_day(row["closed_on"]),
        rank=row["rank"],
        parent=row["parent_ref"],
        labels=tuple(orjson.loads(row["labels"])),
        components=tuple(orjson.loads(row["components"])),
        hidden_blockers=row["hidden_blockers"],
        is_duplicate=row["is_duplicate"],
        links=tuple(links),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
