"""A blocker's due date has passed, and it is still open.

Nobody has said when it will come, so the plan of whoever waits for it rests on a day that is gone.

Example: ONL-12 was due on Friday 12 March. Today is Wednesday 17 March, it is still in progress,
and STO-7 waits for it.

Severity: medium; one step higher when the date passed more than 14 days ago; one more when the
waiting item is in progress.

Setting: `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: give the blocker a new date that the waiting team can plan on, or close it if it is done.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dates import date_mode, need_of
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import (
    DependencyFinding,
    DependencySettings,
    dependency_facts,
    due_facts,
    iso,
)
from service.rules.support.suggestions import Advice, needing_by, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=30,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    is_exclusive=True,
    breaks_dependencies=True,
    volatile_facts=("today", "days_late"),
)
Settings = DependencySettings


def find(edge: Dependency, plan: Plan, settings: DependencySettings) -> DependencyFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if blocker.due is None or blocker.due >= plan.today:
        return None
    if blocker.state not in OPEN or dependent.state not in OPEN:
        return None
    late = plan.today - blocker.due
    return DependencyFinding(
        severity=raised("medium", late.days > 14, dependent.state == "doing"),
        facts={
            **due_facts(blocker),
            "today": iso(plan.today),
            "days_late": late.days,
            **dependency_facts(edge),
        },
        wording=partial(_text, edge, late, plan),
    )


def _text(edge: Dependency, late: timedelta, plan: Plan) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    voice = Voice(plan, WORDS)
    about = {"blocker": blocker, "dependent": dependent, "today": plan.today}
    explanation = voice.say(
        "explanation",
        due=voice.dated(blocker.due, blocker.due_from),
        blocker_state=voice.state(blocker),
        dependent_state=voice.state(dependent),
        **about,
    )
    return text_of(
        title=voice.say("title", due=blocker.due, late=late, **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=_advice(edge, plan, voice, about),
    )


def _advice(edge: Dependency, plan: Plan, voice: Voice, about: dict[str, Any]) -> Iterator[Advice]:
    """What is in progress may be done by now; what nobody has begun is hardly so."""
    close = Advice(voice.say("close", **about), (setting(edge.blocker, state="done"),))
    new_date = _new_date(edge, plan, voice, about)
    yield from (close, new_date) if edge.blocker.state == "doing" else (new_date, close)
    yield Advice(voice.say("cut", **about), (without(edge.blocker, edge.dependent),))


def _new_date(edge: Dependency, plan: Plan, voice: Voice, about: dict[str, Any]) -> Advice:
    """One that the dependent can live with, where it says when it needs its blockers."""
    need = need_of(edge.dependent, date_mode(plan))
    if need is None:
        return Advice(voice.say("new-date", **about), (setting(edge.blocker, due=plan.today),))
    if need.day < plan.today:
        moves = (setting(edge.blocker, due=plan.today), needing_by(edge.dependent, need, plan.today))
        return Advice(voice.say("new-dates", **about), moves)
    return Advice(voice.say("new-date-by", need=need.day, **about), (setting(edge.blocker, due=need.day),))


WORDS: Words = {
    "en": {
        "title": "{blocker} was due {due}, {late} ago, and {dependent} still waits for it.",
        "explanation": "{blocker.key} is still open ({blocker_state}) though its due date, {due}, lies "
        "before today, {today}. {dependent.key} needs it and is open ({dependent_state}).",
        "close": "Close {blocker.key} if it is done.",
        "new-date": "Give {blocker.key} a new due date: {today} or later.",
        "new-date-by": "Give {blocker.key} a new due date: {today} or later, but no later than {need}, when "
        "{dependent.key} needs it.",
        "new-dates": "Give {blocker.key} a new due date, {today} or later, and plan {dependent.key} "
        "after it.",
    },
    "nl": {
        "title": "{blocker} had {late} geleden klaar moeten zijn ({due}), en {dependent} wacht er nog op.",
        "explanation": "{blocker.key} staat nog open ({blocker_state}), maar de einddatum, {due}, ligt voor "
        "vandaag, {today}. {dependent.key} heeft het nodig en staat open ({dependent_state}).",
        "close": "Sluit {blocker.key} als het klaar is.",
        "new-date": "Geef {blocker.key} een nieuwe einddatum: {today} of later.",
        "new-date-by": "Geef {blocker.key} een nieuwe einddatum: {today} of later, maar uiterlijk {need}, "
        "wanneer {dependent.key} het nodig heeft.",
        "new-dates": "Geef {blocker.key} een nieuwe einddatum, {today} of later, en plan {dependent.key} "
        "daarna.",
    },
}
