"""The Chief PO's pins, in order."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from service.store.database.bulk import write_many
from service.store.database.engine import Connection
from service.store.tables import pin


async def all_pins(connection: Connection) -> list[str]:
    return list((await connection.execute(select(pin.c.item).order_by(pin.c.place))).scalars())


async def replace(connection: Connection, ids: Sequence[str]) -> None:
    await connection.execute(delete(pin))
    rows = [{"place": place, "item": item_id} for place, item_id in enumerate(ids)]
    await write_many(connection, pin.insert(), rows)
