"""What was told of items and conflicts, in events and in deliveries, found by the ids that it holds."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, update

from service.store.database.engine import Connection
from service.store.tables import delivery, event

_IDS_AT_ONCE = 50  # each is looked for in every text


class Told(NamedTuple):
    """``row`` is an event's number or a delivery's id; ``text`` is JSON, or what another format wrote."""

    row: int | str
    text: str


async def events_with(connection: Connection, ids: Collection[str]) -> list[Told]:
    """Events that name one of these. Reads every event: ask it rarely."""
    texts: dict[int, str] = {}
    for is_named in _conditions(event.c.data, ids):
        rows = await connection.execute(select(event.c.seq, event.c.data).where(is_named))
        texts.update((row[0], row[1]) for row in rows)
    return [Told(*one) for one in sorted(texts.items())]


async def deliveries_with(connection: Connection, ids: Collection[str]) -> list[Told]:
    """In any state, for one that was delivered may be replayed. Reads every delivery."""
    texts: dict[str, str] = {}
    for is_named in _conditions(delivery.c.body, ids):
        rows = await connection.execute(select(delivery.c.id, delivery.c.body).where(is_named))
        texts.update((row[0], row[1]) for row in rows)
    return [Told(*one) for one in sorted(texts.items())]


async def rewrite_events(connection: Connection, texts: Sequence[Told]) -> None:
    for one in texts:
        await connection.execute(update(event).where(event.c.seq == one.row).values(data=one.text))


async def rewrite_deliveries(connection: Connection, texts: Sequence[Told]) -> None:
    for one in texts:
        await connection.execute(update(delivery).where(delivery.c.id == one.row).values(body=one.text))


def _conditions(text: ColumnElement[str], ids: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """As JSON writes them, in quotation marks."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _IDS_AT_ONCE):
        part = ordered[start : start + _IDS_AT_ONCE]
        yield or_(*(text.contains(f'"{one}"', autoescape=True) for one in part))
