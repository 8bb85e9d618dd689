"""What an analysis says of each item, in the form it is stored and answered in. Pure."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from service.domain.order.order import Order
from service.domain.order.reasons import stored
from service.domain.order.sort_keys import sparse_keys
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.flow.analysis.judge import Judgement, StoredBacklog
from service.store.backlog.snapshot import NO_KEY, Derived, digest
from service.store.dependencies.dependencies import DependencyRow

RESTRICTED = {"restricted": True}
"""Stands for a blocker behind a security level, in ``blocked_by``."""


def dependency_row(edge: Dependency, dependency_id: str, health: str) -> DependencyRow:
    return DependencyRow(
        id=dependency_id,
        blocker=edge.blocker.id,
        dependent=edge.dependent.id,
        blocker_team=edge.blocker.team,
        dependent_team=edge.dependent.team,
        origins=_listed(edge.origins),
        cross_team=edge.crosses_teams,
        is_open=edge.is_open,
        health=health,
    )


@lru_cache(maxsize=64)
def _listed(origins: tuple[str, ...]) -> str:
    return orjson.dumps(origins).decode()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """By item, the ids on the other end of its dependencies, in any state."""

    blocked_by: Mapping[str, Sequence[Any]]
    blocks: Mapping[str, Sequence[Any]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], restricted: Iterable[str] = ()) -> "Neighbours":
        """``pairs`` are (blocker, dependent), sorted; ``restricted`` dependents of what nobody may see."""
        blocked_by: dict[str, list[Any]] = {}
        blocks: dict[str, list[Any]] = {}
        for blocker, dependent in pairs:
            blocked_by.setdefault(dependent, []).append(blocker)
            blocks.setdefault(blocker, []).append(dependent)
        for dependent in restricted:
            blocked_by.setdefault(dependent, []).append(RESTRICTED)
        return cls(blocked_by, blocks)


def item_body(
    item: Item,
    *,
    effective: int | None,
    pinned: bool,
    parent: str | None,
    goal: str | None,
    neighbours: Neighbours,
) -> bytes:
    """The half of an item's answer that is not the tracker's."""
    return orjson.dumps(
        {
            "effective_priority": effective,
            "pinned": pinned,
            "parent": parent,
            "goal": goal,
            "blocked_by": neighbours.blocked_by.get(item.id, ()),
            "blocks": neighbours.blocks.get(item.id, ()),
        }
    )


def derive_items(
    taken: StoredBacklog, judged: Judgement, conflicts: Mapping[str, int]
) -> Iterator[tuple[str, Derived, int]]:
    """Of all items, with its digest, where that is not what is stored.

    ``conflicts`` counts the open ones by item.
    """
    order, backlog, marks = judged.order, judged.backlog, taken.marks
    row = {item_id: number for number, item_id in enumerate(backlog.items)}
    positions = _renewed([order.sequence], marks.positions, row)
    places = _renewed(order.team_orders, marks.places, row)
    pairs = [(edge.blocker.id, edge.dependent.id) for edge in backlog.edges]
    neighbours = Neighbours.of(pairs, taken.restricted)
    pinned = set(backlog.pins)
    node = _nodes(order, row)
    columns = zip(backlog.items.items(), positions, places, node, marks.digests, strict=True)
    for (item_id, item), position, place, number, before in columns:
        effective, goal = order.effective.get(item_id), backlog.goals.get(item_id)
        count = conflicts.get(item_id, 0)
        now = Derived(
            position=None if position == NO_KEY else position,
            place=None if place == NO_KEY else place,
            parent=item.parent,
            goal=goal,
            effective_priority=effective,
            conflicts=count,
            body=item_body(
                item,
                effective=effective,
                pinned=item_id in pinned,
                parent=item.parent if item.parent in backlog.items else None,
                goal=goal,
                neighbours=neighbours,
            ),
            why=None if number < 0 else orjson.dumps(stored(order.because(number))).decode(),
        )
        if before != (told := digest(now)):
            yield item_id, now, told


def _renewed(
    sequences: Iterable[Sequence[str]], stored: "array[int]", row: Mapping[str, int]
) -> "array[int]":
    """By row the sort key that puts each of the sequences in order, the stored one where it can stay."""
    found = array("q", [NO_KEY]) * len(stored)
    for sequence in sequences:
        rows = [row[one] for one in sequence]
        old = [None if stored[one] == NO_KEY else stored[one] for one in rows]
        for one, key in zip(rows, sparse_keys(old), strict=True):
            found[one] = key
    return found


def _nodes(order: Order, row: Mapping[str, int]) -> "array[int]":
    """By row the item's place in what the order knows of reasons; -1 of what is closed."""
    found = array("q", [-1]) * len(row)
    for node, one in enumerate(order.effective):
        found[row[one]] = node
    return found
