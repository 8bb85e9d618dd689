"""A blocker is planned later than its team has promised.

The owner of the blocker committed to a date on this dependency, and the blocker's due date now lies
after it. The team that waits has planned on the promise, and nobody has told it otherwise. Both
items are open, and belong to different teams.

Example: the online team committed to have ONL-12 ready for STO-7 on Friday 12 March. ONL-12 is now
due on Friday 26 March: 14 days later.

Severity: medium; one step higher when it is more than 14 days late; one more when the waiting item
is in progress.

What to do: bring the blocker back to the promised date, or propose a new date that the waiting team
can accept or not.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Text, raised
from service.domain.plan.dependency import Dependency
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.agreed_dependencies import AgreedDependency
from service.rules.shapes.dependency_shape import finding_on_dependency
from service.rules.support.facts import DependencyFinding, dependency_facts, due_facts, iso
from service.rules.support.suggestions import Advice, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=92,
    shape="agreement",
    scope="dependency",
    roles=("blocker", "dependent"),
    volatile_facts=("days_late",),
)
Settings = NoSettings


def find(agreed: Iterable[AgreedDependency], plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for edge, agreement in agreed:
        due, promised = edge.blocker.due, agreement.date
        if agreement.state == "committed" and promised and due and due > promised:
            yield finding_on_dependency(
                "dependency-broken-promise", edge, _dependency_finding(edge, promised, due, plan), plan
            )


def _dependency_finding(edge: Dependency, promised: date, due: date, plan: Plan) -> DependencyFinding:
    late = due - promised
    return DependencyFinding(
        severity=raised("medium", late.days > 14, edge.dependent.state == "doing"),
        facts={
            **due_facts(edge.blocker),
            "committed": iso(promised),
            "days_late": late.days,
            **dependency_facts(edge),
        },
        wording=partial(_text, edge, promised, late, plan),
    )


def _text(edge: Dependency, promised: date, late: timedelta, plan: Plan) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    voice = Voice(plan, WORDS)
    about = {"blocker": blocker, "dependent": dependent, "promised": promised, "due": blocker.due}
    explanation = voice.say(
        "explanation",
        team=voice.team(blocker.team),
        from_due=voice.dated(blocker.due, blocker.due_from),
        state=voice.state(dependent),
        **about,
    )
    return text_of(
        title=voice.say("title", late=late, **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=_advice(edge, promised, plan, voice, about),
    )


def _advice(
    edge: Dependency, promised: date, plan: Plan, voice: Voice, about: dict[str, Any]
) -> Iterator[Advice]:
    if promised >= plan.today:
        yield Advice(voice.say("keep", **about), (setting(edge.blocker, due=promised),))
    yield Advice(voice.say("renew", **about))
    yield Advice(voice.say("cut", **about), (without(edge.blocker, edge.dependent),))


WORDS: Words = {
    "en": {
        "title": "{blocker} was promised to {dependent} for {promised}, but it is due {due}: {late} later.",
        "explanation": "{team} committed to {promised} for {blocker.key}, which is now due {from_due}. "
        "{dependent.key} was planned on that promise ({state}).",
        "keep": "Keep the promise: {blocker.key} due {promised} or earlier.",
        "renew": "Propose a new date for {blocker.key}, that the owner of {dependent.key} accepts or not.",
    },
    "nl": {
        "title": "{blocker} was aan {dependent} beloofd voor {promised}, maar is pas klaar op {due}: {late} "
        "later.",
        "explanation": "{team} heeft {promised} toegezegd voor {blocker.key}, dat nu klaar moet zijn op "
        "{from_due}. {dependent.key} rekende op die toezegging ({state}).",
        "keep": "Houd de toezegging: {blocker.key} klaar op {promised} of eerder.",
        "renew": "Stel een nieuwe datum voor {blocker.key} voor, die de eigenaar van {dependent.key} "
        "aanvaardt of niet.",
    },
}
