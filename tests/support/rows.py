"""Rows to store, as plain as they may be."""

from collections.abc import Iterable, Sequence
from typing import Any

from service.domain.plan.dependency import dependency_id
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.dependencies import dependencies
from service.store.dependencies.dependencies import DependencyRow
from service.store.tables import item


def item_row(item_id: str, **values: Any) -> dict[str, Any]:
    """As a read writes it; ``values`` are its columns."""
    told: dict[str, Any] = {
        "id": item_id, "source": "onl", "native_id": item_id, "team": "online", "key": item_id.upper(),
        "title": f"Title of {item_id}", "kind": "story", "state": "todo", "priority": None,
        "priority_name": None, "start": None, "start_from": None, "due": None, "due_from": None,
        "created": 1.0, "updated": 1.0, "closed_on": None, "rank": None, "labels": "[]",
        "components": "[]", "parent_ref": None, "dod": None, "hidden_blockers": 0,
        "is_duplicate": False,
        "hash": item_id.encode(), "record": b'{"id":"x"}', "seen": 1.0,
    } | values  # fmt: skip
    told.setdefault("is_open", told["state"] in ("todo", "doing"))
    return told


async def save(connection: Connection, *rows: dict[str, Any], **how: Any) -> None:
    """``how``: names, links, raw and known of ``items.save``."""
    told: dict[str, Any] = {"names": [], "links": [], "raw": [], "known": [], **how}
    await items.save(connection, rows, **told)


async def derive(connection: Connection, item_id: str, **values: Any) -> None:
    """What an analysis would have left on it."""
    await connection.execute(item.update().where(item.c.id == item_id).values(**values))


def dependency(blocker: str, dependent: str, **values: Any) -> DependencyRow:
    told: dict[str, Any] = {
        "id": dependency_id(blocker, dependent), "blocker": blocker, "dependent": dependent,
        "blocker_team": "online", "dependent_team": "stores", "origins": '["native"]',
        "cross_team": True, "is_open": True, "health": "ok",
    } | values  # fmt: skip
    return DependencyRow(**told)


async def depend(connection: Connection, found: Iterable[DependencyRow]) -> None:
    await dependencies.replace(connection, {one.id: one for one in found})


def link(
    item_id: str, ref: str, relation: str = "blocks", origin: str = "native", name: str | None = None
) -> dict[str, str | None]:
    return {
        "item": item_id, "relation": relation, "ref": ref, "origin": origin, "words": relation, "name": name
    }  # fmt: skip


def names(*pairs: Sequence[str]) -> list[tuple[str, str]]:
    return [(ref, item_id) for ref, item_id in pairs]
