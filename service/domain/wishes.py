"""Where items would stand if nothing held them back (rulebook, the overarching order, 3). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.binding import Binding
from service.domain.board import Board
from service.domain.chain import NEUTRAL
from service.domain.plan import Plan
from service.domain.update import Update
from service.domain.values import Values

_NO_DAY = 0xFFFFFF  # after every day's ordinal
_UNPINNED = "g"  # after every hexadecimal digit


@dataclass(frozen=True, slots=True)
class Wishes:
    """``told`` by node: texts that stand in the order of the wishes; of what is not on the board, and of
    gates, an empty one. ``pinned_for`` says for which pin a node is needed.
    """

    told: Sequence[str] = ("",)
    pinned_for: Mapping[int, int] = field(default_factory=dict)


def wishes_after(
    before: Wishes, update: Update, values: Values, binding: Binding, plan: Plan, pins: Iterable[str]
) -> Wishes:
    board = update.after
    pinned_for = binding.needed(board.number[one] for one in pins if one in board.number)
    otherwise = {node for node, _ in pinned_for.items() ^ before.pinned_for.items()}
    moved = {node for chain in update.chains for node in board.chains[chain]}
    told = [*before.told, *[""] * (len(board.items) - len(before.told))]
    goals = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    teams = {team.key: rank for rank, team in enumerate(plan.teams)}
    for node in update.region | moved | otherwise:
        told[node] = _wish(board, node, values, pinned_for, goals, teams)
    return Wishes(told, pinned_for)


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
