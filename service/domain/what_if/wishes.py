"""Where items would stand if nothing held them back (rulebook, the overarching order, 3). Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from service.domain.graph.team_order import NEUTRAL
from service.domain.order.constraints import needed
from service.domain.plan.product import Plan
from service.domain.what_if.binding import Binding
from service.domain.what_if.board import Board
from service.domain.what_if.moves import moving
from service.domain.what_if.update import Update
from service.domain.what_if.values import Values

_NO_DAY = 0xFFFFFF  # after every day's ordinal


@dataclass(frozen=True, slots=True)
class Wishes:
    """``told`` by node: texts that stand in the order of all wishes but pins; empty for what has left.

    ``ranked`` are the nodes in that order; ``order`` has first the ``pins`` and what they need:
    ``pinned_for`` says for which. ``unsettled`` stand elsewhere than in the wishes before; None: any may.
    """

    told: Sequence[str] = ("",)
    ranked: NDArray[np.intp] = field(default_factory=partial(np.array, (), np.intp))
    order: NDArray[np.intp] = field(default_factory=partial(np.array, (), np.intp))
    unsettled: Set[int] | None = frozenset()
    pins: Sequence[int] = ()
    pinned_for: Mapping[int, int] = field(default_factory=dict)


def wishes_after(
    before: Wishes, update: Update, values: Values, binding: Binding, plan: Plan, pins: Iterable[str]
) -> Wishes:
    board = update.after
    told = [*before.told, *[""] * (len(board.items) - len(before.told))]
    goals = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    teams = {team.key: rank for rank, team in enumerate(plan.teams)}
    fresh = set()
    for node in update.region.union(*(board.chains[chain] for chain in update.chains)):
        wish = _wish(board, node, values, goals, teams)
        if wish != told[node]:
            fresh.add(node)
            told[node] = wish
    ranked, elsewhere = _sorted(before, told, fresh) if fresh else (before.ranked, set())
    pinned = [board.number[one] for one in pins if one in board.number]
    pinned_for = _pinned_for(before, update, binding, pinned)
    return Wishes(
        told=told,
        ranked=ranked,
        order=_pinned_first(ranked, pinned_for),
        unsettled=elsewhere if pinned_for == _without(before.pinned_for, update.gone) else None,
        pins=pinned,
        pinned_for=pinned_for,
    )


def _pinned_for(before: Wishes, update: Update, binding: Binding, pins: Sequence[int]) -> Mapping[int, int]:
    is_bound_alike = binding.unsettled is not None and not binding.unsettled and not update.gone
    return before.pinned_for if is_bound_alike and pins == before.pins else needed(binding.following, pins)


def _without(pinned_for: Mapping[int, int], gone: Set[int]) -> Mapping[int, int]:
    if gone.isdisjoint(pinned_for):
        return pinned_for
    return {node: place for node, place in pinned_for.items() if node not in gone}


def _pinned_first(ranked: NDArray[np.intp], pinned_for: Mapping[int, int]) -> NDArray[np.intp]:
    if not pinned_for:
        return ranked
    places = np.full(ranked.max() + 1, len(pinned_for))
    places[list(pinned_for)] = list(pinned_for.values())
    return ranked[np.argsort(places[ranked], kind="stable")]


def _sorted(before: Wishes, told: Sequence[str], fresh: set[int]) -> tuple[NDArray[np.intp], set[int]]:
    """The ``fresh``, which wish otherwise, are put between those that do not; which of them go elsewhere."""
    is_fresh = np.zeros(len(told), np.bool_)
    is_fresh[list(fresh)] = True
    kept = before.ranked[~is_fresh[before.ranked]]
    was = _spots(kept, before.told, (node for node in fresh if node < len(before.told)))
    will = _spots(kept, told, fresh)
    ranked = np.insert(kept, list(will.values()), list(will))
    return ranked, fresh.difference(_staying(was, will))


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
    return f"{urgency}{goal:04x}{wanted:06x}{board.places[node]:06x}{team:04x}{item.id}"
