"""What an analysis says of each item, in the form it is stored and answered in. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.domain.edge import Edge
from service.domain.item import Item
from service.domain.sparse import sparse_keys
from service.domain.why import stored
from service.flow.judge import Judgement, Snapshot
from service.store.dependencies import Dependency
from service.store.snapshot import Derived, digest

RESTRICTED = {"restricted": True}
"""Stands for a blocker behind a security level, in ``blocked_by``."""


def dependency(edge: Edge, health: str) -> Dependency:
    return Dependency(
        id=edge.id,
        blocker=edge.blocker.id,
        dependent=edge.dependent.id,
        blocker_team=edge.blocker.team,
        dependent_team=edge.dependent.team,
        origins=orjson.dumps(edge.origins).decode(),
        cross_team=edge.crosses_teams,
        is_open=edge.is_open,
        health=health,
    )


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


def body(
    item: Item,
    *,
    effective: int | None,
    team_position: int | None,
    pinned: bool,
    parent: str | None,
    goal: str | None,
    neighbours: Neighbours,
    conflicts: int,
) -> bytes:
    """The half of an item's answer that is not the tracker's."""
    return orjson.dumps(
        {
            "effective_priority": effective,
            "team_position": team_position,
            "pinned": pinned,
            "parent": parent,
            "goal": goal,
            "blocked_by": neighbours.blocked_by.get(item.id, ()),
            "blocks": neighbours.blocks.get(item.id, ()),
            "conflicts": conflicts,
        }
    )


def derive(taken: Snapshot, judged: Judgement, conflicts: Mapping[str, int]) -> Iterator[tuple[str, Derived]]:
    """Of all items, where that is not what is stored. ``conflicts`` counts the open ones by item."""
    order, backlog = judged.order, judged.backlog
    old = {item_id: key for item_id in order.sequence if (key := taken.marks[item_id].position) is not None}
    positions = {**old, **sparse_keys(order.sequence, old)}
    pairs = [(edge.blocker.id, edge.dependent.id) for edge in backlog.edges]
    neighbours = Neighbours.of(pairs, taken.restricted)
    pinned = set(backlog.pins)
    for item_id, item in backlog.items.items():
        effective, goal = order.effective.get(item_id), backlog.goals.get(item_id)
        count = conflicts.get(item_id, 0)
        now = Derived(
            position=positions.get(item_id),
            parent=item.parent,
            goal=goal,
            effective_priority=effective,
            conflicts=count,
            body=body(
                item,
                effective=effective,
                team_position=order.team_position.get(item_id),
                pinned=item_id in pinned,
                parent=item.parent if item.parent in backlog.items else None,
                goal=goal,
                neighbours=neighbours,
                conflicts=count,
            ),
            why=orjson.dumps(stored(order.reasons[item_id])).decode() if item.is_open else None,
        )
        if taken.marks[item_id].digest != digest(now):
            yield item_id, now
