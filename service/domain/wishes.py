"""Where items would stand if nothing held them back (rulebook, the overarching order, 3). Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from service.domain.binding import Binding
from service.domain.board import Board
from service.domain.chain import NEUTRAL
from service.domain.constraints import needed
from service.domain.plan import Plan
from service.domain.reorder import moving
from service.domain.update import Update
from service.domain.values import Values

_NO_DAY = 0xFFFFFF  # after every day's ordinal
_UNPINNED = "g"  # after every hexadecimal digit


@dataclass(frozen=True, slots=True)
class Wishes:
    """``told`` by node: texts that stand in the order of the wishes, empty for what is not on the board.

    ``order`` are the nodes by their wishes; ``unsettled`` stand elsewhere there than in the wishes before.
    ``pinned_for`` says for which pin each is needed.
    """

    told: Sequence[str] = ("",)
    order: NDArray[np.intp] = field(default_factory=partial(np.array, (), np.intp))
    unsettled: Set[int] = frozenset()
    pinned_for: Mapping[int, int] = field(default_factory=dict)


def wishes_after(
    before: Wishes, update: Update, values: Values, binding: Binding, plan: Plan, pins: Iterable[str]
) -> Wishes:
    board = update.after
    pinned = [board.number[one] for one in pins if one in board.number]
    pinned_for = needed(binding.following, pinned) if pinned else {}
    otherwise = {node for node, _ in pinned_for.items() ^ before.pinned_for.items()}
    moved = {node for chain in update.chains for node in board.chains[chain]}
    told = [*before.told, *[""] * (len(board.items) - len(before.told))]
    goals = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    teams = {team.key: rank for rank, team in enumerate(plan.teams)}
    fresh = set()
    for node in update.region | moved | otherwise:
        wish = _wish(board, node, values, pinned_for, goals, teams)
        if wish != told[node]:
            fresh.add(node)
            told[node] = wish
    if not fresh:
        return Wishes(told, before.order, frozenset(), pinned_for)
    return Wishes(told, *_sorted(before, told, fresh), pinned_for)


def _sorted(before: Wishes, told: Sequence[str], fresh: set[int]) -> tuple[NDArray[np.intp], set[int]]:
    """The ``fresh``, which wish otherwise, are put between those that do not; which of them go elsewhere."""
    is_fresh = np.zeros(len(told), np.bool_)
    is_fresh[list(fresh)] = True
    kept = before.order[~is_fresh[before.order]]
    was = _spots(kept, before.told, (node for node in fresh if node < len(before.told)))
    will = _spots(kept, told, fresh)
    order = np.insert(kept, list(will.values()), list(will))
    return order, fresh.difference(_staying(was, will))


def _spots(kept: NDArray[np.intp], told: Sequence[str], nodes: Iterable[int]) -> dict[int, int]:
    """By node, in order: how many of those that are kept stand before it."""
    ordered = sorted(filter(told.__getitem__, nodes), key=told.__getitem__)
    return {node: bisect_left(kept, told[node], key=told.__getitem__) for node in ordered}


def _staying(was: Mapping[int, int], will: Mapping[int, int]) -> list[int]:
    """Which still stand between the same, as many as can."""
    alike = [node for node, spot in will.items() if was.get(node) == spot]
    place = {node: number for number, node in enumerate(was, 1)}
    is_moving = moving(map(place.__getitem__, alike), len(was) + 1)
    return [node for node in alike if not is_moving[place[node]]]


def _wish(
    board: Board,
    node: int,
    values: Values,
    pinned_for: Mapping[int, int],
    goals: Mapping[str, int],
    teams: Mapping[str, int],
) -> str:
    """The weightiest part first; each as wide as it can get."""
    item = board.items[node]
    if item is None:
        return ""
    urgency, day = values.urgency[node] or NEUTRAL, values.needed[node]
    goal = goals.get(board.goals.get(item.id, ""), len(goals))
    team = teams.get(item.team, len(teams))
    wanted = _NO_DAY if day is None else day
    pin = f"{pinned_for[node]:06x}" if node in pinned_for else _UNPINNED
    return f"{pin}{urgency}{goal:04x}{wanted:06x}{board.places[node]:06x}{team:04x}{item.id}"
