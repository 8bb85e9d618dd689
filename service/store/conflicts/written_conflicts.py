"""Conflicts as analyses and people change them, and what an analysis compares its findings with."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, delete, distinct, func, or_, select, update

from service.domain.conflict.lifecycle import OPEN_CONFLICTS, StoredLife
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, not_a_way_in, upsert
from service.store.database.engine import Connection
from service.store.tables import (
    conflict,
    conflict_dependency,
    conflict_history,
    conflict_item,
    conflict_team,
    item,
    source,
)

COLUMNS = [
    "id",
    "kind",
    "severity",
    "state",
    "sort",
    "goal",
    "hash",
    "body",
    "first_seen",
    "last_seen",
    "resolved_at",
    "escalates_at",
    "changed_at",
]
"""What an analysis writes. Acceptance and ``escalated_at`` are not its to overwrite."""

ROWS_AT_ONCE = 500  # with all that is told of a conflict

_UNSURE = or_(source.c.failing_since.is_not(None), source.c.complete.is_(False))
"""Not by ``state``: that says "syncing" while a failing source is tried again."""


class ComparedConflict(NamedTuple):
    """What a judgement is compared with. Of the body, which may be long, a digest."""

    known: StoredLife
    severity: str
    sort: str
    first_seen: float
    changed_at: float
    escalates_at: float | None
    escalated_at: float | None
    digest: bytes


def digest(body: str) -> bytes:
    return hashlib.blake2b(body.encode(), digest_size=16).digest()


async def unresolved_and(connection: Connection, found: Collection[str]) -> dict[str, ComparedConflict]:
    """Every conflict that is not resolved, and those of ``found`` that once were."""
    known: dict[str, ComparedConflict] = {}
    async with connection.stream(select(conflict).where(conflict.c.state != "resolved")) as rows:
        async for part in rows.mappings().partitions(ROWS_AT_ONCE):
            known.update((row["id"], _stored(row)) for row in part)
    return known | await these(connection, [one for one in found if one not in known])


async def these(connection: Connection, ids: Collection[str]) -> dict[str, ComparedConflict]:
    """Those of ``ids`` that are stored, in any state."""
    return {row["id"]: _stored(row) for row in await whole(connection, ids)}


async def whole(connection: Connection, ids: Collection[str]) -> list[RowMapping]:
    """Their rows, with their bodies."""
    rows: list[RowMapping] = []
    for part in chunks(sorted(ids)):
        rows.extend((await connection.execute(select(conflict).where(conflict.c.id.in_(part)))).mappings())
    return rows


async def unresolved_ids(connection: Connection, kinds: Collection[str], items: Collection[str]) -> set[str]:
    """Of these kinds, with one of these items in any role."""
    found: set[str] = set()
    query = (
        select(conflict.c.id)
        .join(conflict_item, conflict_item.c.conflict == conflict.c.id)
        .where(conflict.c.state != "resolved", not_a_way_in(conflict.c.kind).in_(kinds))
    )
    for part in chunks(sorted(items)):
        rows = await connection.execute(query.where(conflict_item.c.item.in_(part)).distinct())
        found.update(rows.scalars())
    return found


async def items_of(connection: Connection, ids: Collection[str]) -> dict[str, list[str]]:
    """By conflict, the items that it names in any role, sorted. One that names none is left out."""
    return await _parts_of(connection, ids, conflict_item.c.conflict, conflict_item.c.item)


async def teams_of(connection: Connection, ids: Collection[str]) -> dict[str, list[str]]:
    """By conflict, its teams, sorted."""
    return await _parts_of(connection, ids, conflict_team.c.conflict, conflict_team.c.team)


async def dependencies_of(connection: Connection, ids: Collection[str]) -> set[str]:
    """The dependencies that any of these conflicts is with."""
    c = conflict_dependency.c
    named = await _parts_of(connection, ids, c.conflict, c.dependency)
    return {dependency for dependencies in named.values() for dependency in dependencies}


async def _parts_of(
    connection: Connection, ids: Collection[str], name: ColumnElement[str], value: ColumnElement[str]
) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for some in chunks(sorted(ids)):
        query = select(name, value).where(name.in_(some)).distinct().order_by(name, value)
        for conflict_id, part in (await connection.execute(query)).all():
            parts.setdefault(conflict_id, []).append(part)
    return parts


async def bodies_with(connection: Connection, items: Collection[str]) -> list[tuple[str, str]]:
    """(id, body) of every conflict, in any state, that names one of these items."""
    found: dict[str, str] = {}
    query = select(conflict.c.id, conflict.c.body).join(
        conflict_item, conflict_item.c.conflict == conflict.c.id
    )
    for part in chunks(sorted(items)):
        rows = await connection.execute(query.where(conflict_item.c.item.in_(part)))
        found.update((row[0], row[1]) for row in rows)
    return sorted(found.items())


async def redact(connection: Connection, conflict_id: str, body: str, items: Collection[str]) -> None:
    """Another body, and no trace of these items in it."""
    await connection.execute(update(conflict).where(conflict.c.id == conflict_id).values(body=body))
    ours = (conflict_item.c.conflict == conflict_id) & conflict_item.c.item.in_(sorted(items))
    await connection.execute(delete(conflict_item).where(ours))


async def open_counts(connection: Connection, items: Collection[str]) -> dict[str, int]:
    """How many open conflicts each of these items is part of, not only lies on the way of."""
    found: dict[str, int] = {}
    query = (
        select(conflict_item.c.item, func.count(distinct(conflict.c.id)))
        .join(conflict, conflict.c.id == conflict_item.c.conflict)
        .where(not_a_way_in(conflict.c.state).in_(OPEN_CONFLICTS), conflict_item.c.role != "via")
        .group_by(conflict_item.c.item)
    )
    for part in chunks(sorted(items)):
        rows = await connection.execute(query.where(conflict_item.c.item.in_(part)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _stored(row: RowMapping) -> ComparedConflict:
    until = row["accepted_until"]
    return ComparedConflict(
        known=StoredLife(
            row["id"],
            row["state"],
            bytes(row["hash"]),
            date.fromisoformat(until) if until else None,
            row["accepted_severity"],
        ),
        severity=row["severity"],
        sort=row["sort"],
        first_seen=row["first_seen"],
        changed_at=row["changed_at"],
        escalates_at=row["escalates_at"],
        escalated_at=row["escalated_at"],
        digest=digest(row["body"]),
    )


async def save(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    roles: Sequence[tuple[str, str, str]],
    teams: Sequence[tuple[str, str]],
    dependencies: Sequence[tuple[str, str]],
) -> None:
    """Write conflicts whole, with their items (conflict, item, role), teams and dependencies."""
    await write_many(connection, upsert(connection, conflict, COLUMNS), rows)
    for part in chunks([row["id"] for row in rows]):
        await connection.execute(delete(conflict_item).where(conflict_item.c.conflict.in_(part)))
        await connection.execute(delete(conflict_team).where(conflict_team.c.conflict.in_(part)))
        await connection.execute(delete(conflict_dependency).where(conflict_dependency.c.conflict.in_(part)))
    await write_many(
        connection,
        conflict_item.insert(),
        [{"conflict": of, "item": item_id, "role": role} for of, item_id, role in roles],
    )
    await write_many(
        connection, conflict_team.insert(), [{"conflict": of, "team": team} for of, team in teams]
    )
    await write_many(
        connection,
        conflict_dependency.insert(),
        [{"conflict": of, "dependency": dependency} for of, dependency in dependencies],
    )


async def change(connection: Connection, conflict_id: str, values: Mapping[str, Any]) -> None:
    """What somebody decided about one."""
    await connection.execute(update(conflict).where(conflict.c.id == conflict_id).values(**values))


async def resolve(connection: Connection, ids: Sequence[str], at: float) -> None:
    for part in chunks(ids):
        await connection.execute(
            update(conflict)
            .where(conflict.c.id.in_(part))
            .values(
                state="resolved",
                resolved_at=at,
                changed_at=at,
                accepted_until=None,
                accepted_severity=None,
                escalates_at=None,
                escalated_at=None,
            )
        )


async def end_acceptance(connection: Connection, ids: Sequence[str]) -> None:
    """Open anew: accepted no longer, and escalated not yet."""
    for part in chunks(ids):
        await connection.execute(
            update(conflict)
            .where(conflict.c.id.in_(part))
            .values(accepted_until=None, accepted_severity=None, escalated_at=None)
        )


async def note(
    connection: Connection, ids: Sequence[str], what: str, at: float, by: str, notes: Sequence[str | None]
) -> None:
    rows = [
        {"conflict": of, "at": at, "what": what, "by": by, "note": note}
        for of, note in zip(ids, notes, strict=True)
    ]
    columns = ("conflict", "at", "what", "by", "note")
    await write_many(connection, conflict_history.insert().values(dict.fromkeys(columns)), rows)


async def held(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those that involve an item of a source that is failing or not yet completely read.

    Nothing may be resolved on the strength of an incomplete read (rulebook, Life of a conflict).
    """
    found: set[str] = set()
    for part in chunks(ids):
        query = (
            select(conflict_item.c.conflict)
            .join(item, item.c.id == conflict_item.c.item)
            .join(source, source.c.key == item.c.source)
            .where(conflict_item.c.conflict.in_(part), _UNSURE)
            .distinct()
        )
        found.update((await connection.execute(query)).scalars())
    return found


async def unsure_teams(connection: Connection) -> set[str]:
    """Teams with items in such a source: findings about whole teams are held with them."""
    unsure = (await connection.execute(select(source.c.key).where(_UNSURE))).scalars().all()
    if not unsure:
        return set()
    query = select(item.c.team).where(item.c.source.in_(unsure)).distinct()
    return set((await connection.execute(query)).scalars())
