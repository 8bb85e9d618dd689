"""Where items would stand if nothing held them back (rulebook, the overarching order, 3). Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from service.domain.binding import Binding
from service.domain.board import Board
from service.domain.chain import NEUTRAL
from service.domain.constraints import needed
from service.domain.plan import Plan
from service.domain.update import Update
from service.domain.values import Values

_NO_DAY = 0xFFFFFF  # after every day's ordinal
_UNPINNED = "g"  # after every hexadecimal digit


@dataclass(frozen=True, slots=True)
class Wishes:
    """``told`` by node: texts that stand in the order of the wishes, empty for what is not on the board.

    ``order`` are the nodes by their wishes; ``pinned_for`` says for which pin each is needed.
    """

    told: Sequence[str] = ("",)
    order: NDArray[np.intp] = field(default_factory=partial(np.array, (), np.intp))
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
    return Wishes(told, _sorted(before, told, fresh) if fresh else before.order, pinned_for)


def _sorted(before: Wishes, told: Sequence[str], fresh: Iterable[int]) -> NDArray[np.intp]:
    """What wishes as before stays in its order, and the ``fresh`` are put between."""
    left = [node for node in fresh if node < len(before.told) and before.told[node]]
    order = np.delete(before.order, _places(before.order, before.told, left))
    come = sorted((node for node in fresh if told[node]), key=told.__getitem__)
    return np.insert(order, _places(order, told, come), come)


def _places(order: NDArray[np.intp], told: Sequence[str], nodes: Iterable[int]) -> list[int]:
    """Where they stand in it, or would."""
    return [bisect_left(order, told[node], key=told.__getitem__) for node in nodes]


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
