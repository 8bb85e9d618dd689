"""Why an item stands where it does, first as figures, then in words a PO reads. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from service.domain.graph.team_order import NEUTRAL
from service.domain.plan.wording import Language, day_text


class Holding(NamedTuple):
    """``relation``: dependency, team-order, or cycle (what waits for it in a cycle does not count)."""

    item: str
    relation: str


class Reasons(NamedTuple):
    """What decided an item's place. ``_of`` names the item whose value it is, often itself."""

    pin: int | None  # from 1
    pin_of: str | None
    priority: int | None  # effective
    priority_of: str
    goal: str | None
    needed: int | None  # a day's ordinal
    needed_of: str
    chain: int | None  # from 1
    after: Holding | None


def mentioned(reasons: Reasons) -> set[str]:
    """The items that its words name."""
    named = {reasons.pin_of, reasons.priority_of, reasons.needed_of, reasons.after and reasons.after.item}
    return {one for one in named if one}


def stored(reasons: Reasons) -> tuple[Any, ...]:
    """Compact, in JSON's types, for ``revived``; all but its place in the chain, which others move."""
    return (*reasons[:7], reasons.after and tuple(reasons.after))


def revived(parts: Sequence[Any], chain: int | None) -> Reasons:
    """``chain``: the place in its team's chain, None where that is not known."""
    *told, after = parts
    return Reasons._make((*told, chain, after and Holding(*after)))


def worded(
    item: str, reasons: Reasons, keys: Mapping[str, str], goals: Mapping[str, str], language: Language
) -> list[dict[str, Any]]:
    """A line per reason, the weightiest first: ``reason``, ``text`` and the figures in it.

    ``keys`` gives what people call the items of ``mentioned``; ``goals`` the names of goals, in
    the Chief PO's order.
    """
    say = _WORDS[language]
    told = _Told(item, reasons, lambda one: keys.get(one or "", one or "?"), goals, language)
    return [line for line in (build(told, say) for build in _LINES) if line is not None]


class _Told(NamedTuple):
    item: str
    reasons: Reasons
    key: Callable[[str | None], str]
    goals: Mapping[str, str]
    language: Language


_Say = Mapping[str, str]
_Line = dict[str, Any] | None


def _pin(told: _Told, say: _Say) -> _Line:
    pin, of = told.reasons.pin, told.reasons.pin_of
    if pin is None:
        return None
    words = say["pinned"] if of == told.item else say["pinned-for"]
    return {"reason": "pin", "text": words.format(pin=pin, key=told.key(of)), "pin": pin, "item": of}


def _priority(told: _Told, say: _Say) -> _Line:
    value, of = told.reasons.priority, told.reasons.priority_of
    if value is None:
        words = say["priority-unknown"]
    else:
        words = say["priority" if of == told.item else "priority-of"]
    text = words.format(value=NEUTRAL if value is None else value, key=told.key(of))
    return {"reason": "priority", "text": text, "effective_priority": value, "item": of}


def _goal(told: _Told, say: _Say) -> _Line:
    goal = told.reasons.goal
    if goal is None:
        return {"reason": "goal", "text": say["no-goal"], "goal": None, "rank": None}
    rank = list(told.goals).index(goal) + 1 if goal in told.goals else None
    text = say["goal"].format(rank=rank, of=len(told.goals), name=told.goals.get(goal, goal))
    return {"reason": "goal", "text": text, "goal": goal, "rank": rank}


def _needed(told: _Told, say: _Say) -> _Line:
    day, of = told.reasons.needed, told.reasons.needed_of
    if day is None:
        return {"reason": "needed-by", "text": say["no-date"], "needed_by": None, "item": None}
    on = date.fromordinal(day)
    words = say["due" if of == told.item else "needed"]
    text = words.format(day=day_text(on, told.language), key=told.key(of))
    return {"reason": "needed-by", "text": text, "needed_by": on.isoformat(), "item": of}


def _chain(told: _Told, say: _Say) -> _Line:
    place = told.reasons.chain
    if place is None:
        return None
    return {"reason": "team-order", "text": say["chain"].format(place=place), "team_position": place}


def _after(told: _Told, say: _Say) -> _Line:
    after = told.reasons.after
    if after is None:
        return None
    text = say[f"after-{after.relation}"].format(key=told.key(after.item))
    return {"reason": "after", "text": text, "item": after.item, "relation": after.relation}


_LINES = (_pin, _after, _priority, _goal, _needed, _chain)

_WORDS: Mapping[Language, _Say] = {
    "en": {
        "pinned": "The Chief PO pinned it, at place {pin}.",
        "pinned-for": "{key} needs it, which the Chief PO pinned at place {pin}.",
        "priority": "Priority {value}.",
        "priority-of": "Priority {value}: that of {key}, which waits for it.",
        "priority-unknown": "No known priority, so it counts as {value}.",
        "goal": "Serves goal {rank} of {of}: {name}.",
        "no-goal": "Serves no goal.",
        "due": "Due {day}.",
        "needed": "{key} needs it by {day}.",
        "no-date": "Nothing gives it a date.",
        "chain": "Number {place} in its team's own order.",
        "after-dependency": "Would stand earlier, but waits for {key}.",
        "after-team-order": "Would stand earlier, but its team puts {key} first.",
        "after-cycle": "The circle of dependencies it lies on is broken at it, so it comes after {key}.",
    },
    "nl": {
        "pinned": "Door de Chief PO vastgezet op plaats {pin}.",
        "pinned-for": "{key} heeft het nodig, door de Chief PO vastgezet op plaats {pin}.",
        "priority": "Prioriteit {value}.",
        "priority-of": "Prioriteit {value}: die van {key}, dat erop wacht.",
        "priority-unknown": "Geen bekende prioriteit, telt dus als {value}.",
        "goal": "Dient doel {rank} van {of}: {name}.",
        "no-goal": "Dient geen doel.",
        "due": "Klaar op {day}.",
        "needed": "{key} heeft het nodig op {day}.",
        "no-date": "Niets geeft het een datum.",
        "chain": "Nummer {place} in de volgorde van het eigen team.",
        "after-dependency": "Zou eerder staan, maar wacht op {key}.",
        "after-team-order": "Zou eerder staan, maar het team zet {key} eerst.",
        "after-cycle": "De kring van afhankelijkheden wordt hier doorbroken, dus komt het na {key}.",
    },
}
