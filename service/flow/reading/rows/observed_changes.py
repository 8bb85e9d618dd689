"""Keep what changed on items, and tell of plans that moved, in the transaction of the change itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from connectors.contract import Page
from service.domain.notification.event import Event
from service.domain.plan.history import DATES, Change, differences, has_moved
from service.flow.reading.rows.item_row import cleaned
from service.flow.unit_of_work import Work
from service.store.backlog import history, items
from service.store.database.engine import Connection

Changed = tuple[Mapping[str, Any], items.Stored]
"""A row as it is stored now, and what it was before."""


async def keep_changes(work: Work, changed: Sequence[Changed], pages: Sequence[Page]) -> None:
    """The tracker's own history goes before what our reads observed: both are kept, by moment."""
    now = work.context.clock()
    observed = {
        row["id"]: differences(row["id"], before._asdict(), row, row["updated"], now)
        for row, before in changed
    }
    recorded = await _recorded(work.connection, pages)
    await history.add(
        work.connection, [*recorded, *(change for changes in observed.values() for change in changes)]
    )
    moved = [(row, observed[row["id"]]) for row, _ in changed if has_moved(observed[row["id"]])]
    depended_on = await history.needed_by_others(work.connection, [row["id"] for row, _ in moved])
    work.publish(
        _moved(row, changes, now)
        for row, changes in moved
        if row["kind"] == "epic" or row["id"] in depended_on
    )


async def _recorded(connection: Connection, pages: Sequence[Page]) -> list[Change]:
    """As the tracker's own history has them."""
    changes = [cleaned(change) for page in pages for change in page.changes]
    ids = await items.named(connection, sorted({change.item for change in changes}))
    return [
        Change(
            ids[change.item],
            change.id,
            change.field,
            change.at.timestamp(),
            change.before,
            change.after,
            change.by,
        )
        for change in changes
        if change.item in ids
    ]


def _moved(row: Mapping[str, Any], changes: Sequence[Change], now: float) -> Event:
    """``before`` and ``after`` by date."""
    record = orjson.loads(row["record"])
    data = {name: record[name] for name in ("id", "key", "title", "team", "kind", "url")}
    dates = {one.field: {"before": one.before, "after": one.after} for one in changes if one.field in DATES}
    return Event(
        type="plan.moved",
        at=now,
        teams=(row["team"],),
        data={**data, "changes": dates, "at": datetime.fromtimestamp(row["updated"], UTC).isoformat()},
    )
