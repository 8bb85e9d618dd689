"""A blocker without a due date is needed soon.

The item that needs it is in progress, or starts within the coming 90 days (is due, when it has no
start), or should have started already; and nobody has said when the blocker will be done.

Example: STO-7 starts on Monday 1 March and needs ONL-12, which has no due date, sprint, release or
milestone.

Severity: low; medium when the waiting item is in progress, or its date is at most 14 days away or
has passed.

Settings: `horizon` (how far ahead to look, `90d`); `scope` (`cross-team`, or `all` to report
dependencies within one team too).

What to do: ask the blocker's team for a date, and let them put it in their tracker.
"""

from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dates import Need, need_of
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import DependencyFinding, Scope, dependency_facts, due_facts, iso, need_facts
from service.rules.support.suggestions import Advice, needing_by, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=40,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    is_exclusive=True,
    volatile_facts=("today",),
)

_SOON = timedelta(days=14)


class Settings(NamedTuple):
    horizon: timedelta = timedelta(days=90)
    scope: Scope = "cross-team"


def find(edge: Dependency, plan: Plan, settings: Settings) -> DependencyFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if blocker.due is not None or blocker.state not in OPEN or dependent.state not in OPEN:
        return None
    need = need_of(dependent, "sequential")
    is_doing = dependent.state == "doing"
    if not is_doing and not _is_within(need, plan, settings.horizon):
        return None
    return DependencyFinding(
        severity=raised("low", is_doing or _is_within(need, plan, _SOON)),
        facts={
            **due_facts(blocker),
            **need_facts(need),
            "today": iso(plan.today),
            "horizon_days": settings.horizon.days,
            **dependency_facts(edge),
        },
        wording=partial(_text, edge, need, plan),
    )


def _is_within(need: Need | None, plan: Plan, span: timedelta) -> bool:
    return need is not None and need.day - plan.today <= span


def _text(edge: Dependency, need: Need | None, plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    about = {"blocker": edge.blocker, "dependent": edge.dependent, "need": need and need.day}
    return text_of(
        title=voice.say(_title(edge, need, plan), **about),
        explanation=f"{_explanation(edge, need, voice)} {voice.known_from(edge)}",
        advice=(
            _planning(edge, need, plan, voice, about),
            Advice(voice.say("cut", **about), (without(edge.blocker, edge.dependent),)),
        ),
    )


def _title(edge: Dependency, need: Need | None, plan: Plan) -> str:
    if need is None or edge.dependent.state == "doing":
        return "doing"
    return "past" if need.day < plan.today else "coming"


def _explanation(edge: Dependency, need: Need | None, voice: Voice) -> str:
    dependent = edge.dependent
    return voice.say(
        f"explanation-{need.field if need else 'undated'}",
        blocker=edge.blocker,
        dependent=dependent,
        day=need and voice.dated(need.day, need.origin),
        state=voice.state(dependent),
    )


def _planning(edge: Dependency, need: Need | None, plan: Plan, voice: Voice, about: dict[str, Any]) -> Advice:
    """The latest day that fits; today where none does."""
    blocker, dependent, today = edge.blocker, edge.dependent, plan.today
    if need is None:
        return Advice(voice.say("plan", **about), (setting(blocker, due=today),))
    if need.day >= today:
        return Advice(voice.say("plan-by", **about), (setting(blocker, due=need.day),))
    moves = (setting(blocker, due=today), needing_by(dependent, need, today))
    return Advice(voice.say("plan-both", **about), moves)


WORDS: Words = {
    "en": {
        "doing": "{dependent} is in progress and needs {blocker}, which has no due date.",
        "coming": "{dependent} needs {blocker} by {need}, but it has no due date.",
        "past": "{dependent} needed {blocker} by {need}, and it still has no due date.",
        "explanation-start": "{blocker.key} is open without a due date. {dependent.key} ({state}) starts "
        "{day}.",
        "explanation-due": "{blocker.key} is open without a due date. {dependent.key} ({state}) is due "
        "{day}.",
        "explanation-undated": "{blocker.key} is open without a due date. {dependent.key}: {state}.",
        "plan": "Give {blocker.key} a due date.",
        "plan-by": "Give {blocker.key} a due date: {need} or earlier.",
        "plan-both": "Give {blocker.key} a due date, and plan {dependent.key} after it.",
    },
    "nl": {
        "doing": "Aan {dependent} wordt gewerkt, en het heeft {blocker} nodig, dat geen einddatum heeft.",
        "coming": "{dependent} heeft {blocker} uiterlijk op {need} nodig, maar dat heeft geen einddatum.",
        "past": "{dependent} had {blocker} op {need} al nodig, en dat heeft nog steeds geen einddatum.",
        "explanation-start": "{blocker.key} staat open zonder einddatum. {dependent.key} ({state}) begint "
        "op {day}.",
        "explanation-due": "{blocker.key} staat open zonder einddatum. {dependent.key} ({state}) moet klaar "
        "zijn op {day}.",
        "explanation-undated": "{blocker.key} staat open zonder einddatum. {dependent.key}: {state}.",
        "plan": "Geef {blocker.key} een einddatum.",
        "plan-by": "Geef {blocker.key} een einddatum: {need} of eerder.",
        "plan-both": "Geef {blocker.key} een einddatum, en plan {dependent.key} daarna.",
    },
}
