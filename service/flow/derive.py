"""What an analysis says of each item, in the form it is stored and answered in. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


def dependency(edge: Edge, edge_id: str, health: str) -> Dependency:
    return Dependency(
        id=edge_id,
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


def body(
    item: Item,
    *,
    effective: int | None,
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
            "pinned": pinned,
            "parent": parent,
            "goal": goal,
            "blocked_by": neighbours.blocked_by.get(item.id, ()),
            "blocks": neighbours.blocks.get(item.id, ()),
            "conflicts": conflicts,
        }
    )


def derive(
    taken: Snapshot, judged: Judgement, conflicts: Mapping[str, int]
) -> Iterator[tuple[str, Derived, int]]:
    """Of all items, with its digest, where that is not what is stored.

    ``conflicts`` counts the open ones by item.
    """
    order, backlog, marks = judged.order, judged.backlog, taken.marks
    positions = _renewed([order.sequence], marks.positions)
    places = _renewed(order.chains, marks.places)
    pairs = [(edge.blocker.id, edge.dependent.id) for edge in backlog.edges]
    neighbours = Neighbours.of(pairs, taken.restricted)
    pinned = set(backlog.pins)
    reasons = order.reasons
    for (item_id, item), before in zip(backlog.items.items(), marks.digests, strict=True):
        effective, goal = order.effective.get(item_id), backlog.goals.get(item_id)
        count = conflicts.get(item_id, 0)
        why = reasons.get(item_id)
        now = Derived(
            position=positions.get(item_id),
            place=places.get(item_id),
            parent=item.parent,
            goal=goal,
            effective_priority=effective,
            conflicts=count,
            body=body(
                item,
                effective=effective,
                pinned=item_id in pinned,
                parent=item.parent if item.parent in backlog.items else None,
                goal=goal,
                neighbours=neighbours,
                conflicts=count,
            ),
            why=None if why is None else orjson.dumps(stored(why)).decode(),
        )
        if before != (told := digest(now)):
            yield item_id, now, told


def _renewed(sequences: Iterable[Sequence[str]], stored: Mapping[str, int]) -> dict[str, int]:
    """By item the sort key that puts each of the sequences in order, the stored one where it can stay."""
    found: dict[str, int] = {}
    for sequence in sequences:
        old = {one: key for one in sequence if (key := stored.get(one)) is not None}
        found |= old
        found |= sparse_keys(sequence, old)
    return found
