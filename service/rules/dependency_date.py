"""A blocker is due after the day it is needed.

Both items are open, and the plan of one team does not fit the plan of the other. When the blocker
is needed depends on how the product plans (`mode`):

- `sequential`, the default: the blocker must be due by the start of the item that needs it, or by
  its due date when it has no start;
- `concurrent`: both are worked on side by side: the blocker must be due by the other's due date,
  and must not start after it;
- `end-to-end`: the blocker must be due by the other's due date.

The same day is early enough.

Example: STO-7 starts on Monday 1 March and needs ONL-12, which is due on Friday 12 March: 11 days
too late.

Severity: medium; one step higher when it is more than 14 days late; one more when the waiting item
is in progress or has priority 1 or 2.

Settings: `mode`; `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: bring the blocker forward, move the item that needs it, or agree on a part that can be
ready in time.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dates import Mode, Need, need_of, needed_on
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import (
    DependencyFinding,
    Scope,
    dependency_facts,
    due_facts,
    iso,
    need_facts,
    priority_facts,
)
from service.rules.support.suggestions import Advice, Change, needing_by, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=20,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    is_exclusive=True,
    breaks_dependencies=True,
    volatile_facts=("days_late",),
)


class Settings(NamedTuple):
    mode: Mode = "sequential"
    scope: Scope = "cross-team"


class _Clash(NamedTuple):
    """``starts_early``: the dependent starts before its blocker, in a concurrent plan."""

    need: Need | None
    days_late: int
    starts_early: bool


def find(edge: Dependency, plan: Plan, settings: Settings) -> DependencyFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if blocker.state not in OPEN or dependent.state not in OPEN:
        return None
    day = needed_on(dependent, settings.mode)
    late = (blocker.due - day).days if blocker.due and day and blocker.due > day else 0
    starts_early = settings.mode == "concurrent" and _starts_before(dependent, blocker)
    if not late and not starts_early:
        return None
    clash = _Clash(need_of(dependent, settings.mode), late, starts_early)
    is_pressing = dependent.state == "doing" or dependent.priority in (1, 2)
    return DependencyFinding(
        severity=raised("medium", clash.days_late > 14, is_pressing),
        facts=_facts(edge, clash, settings),
        wording=partial(_text, edge, clash, plan),
    )


def _starts_before(one: Item, other: Item) -> bool:
    return one.start is not None and other.start is not None and one.start < other.start


def _facts(edge: Dependency, clash: _Clash, settings: Settings) -> dict[str, Any]:
    blocker, dependent = edge.blocker, edge.dependent
    facts = {
        **due_facts(blocker),
        **need_facts(clash.need),
        "days_late": clash.days_late,
        "mode": settings.mode,
        **dependency_facts(edge),
        **priority_facts(dependent),
    }
    if settings.mode == "concurrent":
        facts |= {
            "blocker_start": iso(blocker.start),
            "blocker_start_from": blocker.start_from,
            "dependent_start": iso(dependent.start),
            "dependent_start_from": dependent.start_from,
        }
    return facts


def _text(edge: Dependency, clash: _Clash, plan: Plan) -> Text:
    voice, about = Voice(plan, WORDS), _about(edge, clash)
    return text_of(
        title=voice.say("late" if clash.days_late else "early", **about),
        explanation=" ".join((*_reasons(edge, clash, voice), voice.known_from(edge))),
        advice=_advice(edge, clash, voice, plan),
    )


def _about(edge: Dependency, clash: _Clash) -> dict[str, Any]:
    return {
        "blocker": edge.blocker,
        "dependent": edge.dependent,
        "due": edge.blocker.due,
        "need": clash.need and clash.need.day,
        "days": timedelta(clash.days_late),
        "blocker_start": edge.blocker.start,
        "start": edge.dependent.start,
    }


def _reasons(edge: Dependency, clash: _Clash, voice: Voice) -> Iterator[str]:
    blocker, dependent = edge.blocker, edge.dependent
    about = {"blocker": blocker, "dependent": dependent}
    if clash.days_late and clash.need:
        yield voice.say(
            f"why-late-{clash.need.field}",
            due=voice.dated(blocker.due, blocker.due_from),
            need=voice.dated(clash.need.day, clash.need.origin),
            **about,
        )
    if clash.starts_early:
        yield voice.say(
            "why-early",
            blocker_start=voice.dated(blocker.start, blocker.start_from),
            start=voice.dated(dependent.start, dependent.start_from),
            **about,
        )
    yield voice.say("pressing", state=voice.state(dependent), priority=voice.priority(dependent), **about)


def _advice(edge: Dependency, clash: _Clash, voice: Voice, plan: Plan) -> Iterator[Advice]:
    about = _about(edge, clash)
    last_days = [clash.need.day if clash.days_late and clash.need else None]
    last_days.append(edge.dependent.start if clash.starts_early else None)
    if all(day is None or day >= plan.today for day in last_days):
        yield Advice(_both(voice, about, _earlier(clash)), (_moved_earlier(edge, clash),))
    if not clash.days_late or (edge.blocker.due and edge.blocker.due >= plan.today):
        yield Advice(_both(voice, about, _later(edge, clash)), (_moved_later(edge, clash),))
    else:
        yield Advice(voice.say("replan", **about))
    yield Advice(voice.say("cut", **about), (without(edge.blocker, edge.dependent),))


def _both(voice: Voice, about: dict[str, Any], moves: list[str]) -> str:
    return " ".join(voice.say(move, **about) for move in moves)


def _earlier(clash: _Clash) -> list[str]:
    moves = ["due-earlier"] if clash.days_late else []
    return [*moves, "start-earlier"] if clash.starts_early else moves


def _later(edge: Dependency, clash: _Clash) -> list[str]:
    moves = []
    if clash.days_late and clash.need:
        moves.append(f"{clash.need.field}-later")
        new_start, due = edge.blocker.due, edge.dependent.due
        if clash.need.field == "start" and due and new_start and due < new_start:
            moves.append("due-along")
    return [*moves, "start-not-before"] if clash.starts_early else moves


def _moved_earlier(edge: Dependency, clash: _Clash) -> Change:
    dates: dict[str, Any] = {}
    if clash.days_late and clash.need:
        dates["due"] = clash.need.day
    if clash.starts_early:
        dates["start"] = edge.dependent.start
    return setting(edge.blocker, **dates)


def _moved_later(edge: Dependency, clash: _Clash) -> Change:
    dates: dict[str, Any] = {}
    if clash.days_late and clash.need and edge.blocker.due:
        dates = dict(needing_by(edge.dependent, clash.need, edge.blocker.due)["set"])
    if clash.starts_early:
        dates["start"] = edge.blocker.start
    return setting(edge.dependent, **dates)


WORDS: Words = {
    "en": {
        "late": "{dependent} needs {blocker} by {need}, but it is due {due}: {days} too late.",
        "early": "{dependent} starts on {start}, before {blocker}, which it needs and which starts on "
        "{blocker_start}.",
        "why-late-start": "{blocker.key} is due {due}. {dependent.key} starts {need}, and what it waits "
        "for must be done by then.",
        "why-late-due": "{blocker.key} is due {due}. {dependent.key} is due {need}, and what it waits for "
        "must be done by then.",
        "why-early": "{blocker.key} starts {blocker_start}, {dependent.key} starts {start}. The two run side "
        "by side, so what is needed must not start later.",
        "pressing": "{dependent.key}: {state}, {priority}.",
        "due-earlier": "Bring {blocker.key} forward: due {need} or earlier.",
        "start-earlier": "Start {blocker.key} on {start} or earlier.",
        "start-later": "Move the start of {dependent.key} to {due} or later.",
        "due-later": "Move the due date of {dependent.key} to {due} or later.",
        "due-along": "Move its due date along.",
        "start-not-before": "Move the start of {dependent.key} to {blocker_start} or later.",
        "replan": "Plan both anew: {blocker.key} first, then {dependent.key}.",
    },
    "nl": {
        "late": "{dependent} heeft {blocker} uiterlijk op {need} nodig, maar dat is pas op {due} klaar: "
        "{days} te laat.",
        "early": "{dependent} begint op {start}, eerder dan {blocker}, dat ervoor nodig is en op "
        "{blocker_start} begint.",
        "why-late-start": "{blocker.key} moet klaar zijn op {due}. {dependent.key} begint op {need}, en "
        "waar het op wacht moet dan af zijn.",
        "why-late-due": "{blocker.key} moet klaar zijn op {due}. {dependent.key} moet klaar zijn op {need}, "
        "en waar het op wacht moet dan af zijn.",
        "why-early": "{blocker.key} begint op {blocker_start}, {dependent.key} begint op {start}. De twee "
        "lopen naast elkaar, dus wat nodig is mag niet later beginnen.",
        "pressing": "{dependent.key}: {state}, {priority}.",
        "due-earlier": "Haal {blocker.key} naar voren: klaar op {need} of eerder.",
        "start-earlier": "Begin op {start} of eerder met {blocker.key}.",
        "start-later": "Verschuif het begin van {dependent.key} naar {due} of later.",
        "due-later": "Verschuif de einddatum van {dependent.key} naar {due} of later.",
        "due-along": "Schuif de einddatum ervan mee.",
        "start-not-before": "Verschuif het begin van {dependent.key} naar {blocker_start} of later.",
        "replan": "Plan beide opnieuw: eerst {blocker.key}, dan {dependent.key}.",
    },
}
