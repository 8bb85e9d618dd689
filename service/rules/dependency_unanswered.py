"""A team asked another for a date, and got no answer.

The owner of the item that waits said by when it needs the blocker; the blocker's owner has not
committed to a date, proposed another or declined. Both items are open, and belong to different
teams.

Example: the stores team asked on Monday 1 March to have ONL-12 by Friday 26 March. On Monday 8 March
the online team has not answered.

Severity: low; medium when the day by which it is needed is at most 14 days away or has passed.

Setting: `after` (how many days an answer may take, `5d`).

What to do: the blocker's owner answers: commits to the date, proposes a later one, or declines.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from service.domain.conflict.finding import Finding, Text, raised
from service.domain.plan.dependency import Dependency
from service.domain.plan.product import Plan
from service.domain.plan.relations import Agreement
from service.rules.book.declaration import Rule
from service.rules.shapes.agreed_dependencies import AgreedDependency
from service.rules.shapes.dependency_shape import finding_on_dependency
from service.rules.support.facts import DependencyFinding, dependency_facts, due_facts, iso
from service.rules.support.suggestions import Advice, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=94,
    shape="agreement",
    scope="dependency",
    roles=("blocker", "dependent"),
    volatile_facts=("today",),
)

_SOON = timedelta(days=14)


class Settings(NamedTuple):
    after: timedelta = timedelta(days=5)


def find(agreed: Iterable[AgreedDependency], plan: Plan, settings: Settings) -> Iterator[Finding]:
    for edge, agreement in agreed:
        if agreement.state == "requested" and plan.today - agreement.asked_on > settings.after:
            result = _dependency_finding(edge, agreement, plan, settings)
            yield finding_on_dependency("dependency-unanswered", edge, result, plan)


def _dependency_finding(
    edge: Dependency, agreement: Agreement, plan: Plan, settings: Settings
) -> DependencyFinding:
    return DependencyFinding(
        severity=raised("low", agreement.needed_by - plan.today <= _SOON),
        facts={
            "needed_by": iso(agreement.needed_by),
            "asked_on": iso(agreement.asked_on),
            "today": iso(plan.today),
            "after_days": settings.after.days,
            **due_facts(edge.blocker),
            **dependency_facts(edge),
        },
        wording=partial(_text, edge, agreement, plan),
    )


def _text(edge: Dependency, agreement: Agreement, plan: Plan) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    voice = Voice(plan, WORDS)
    about = {
        "blocker": blocker,
        "dependent": dependent,
        "asker": voice.team(dependent.team),
        "asked": voice.team(blocker.team),
        "asked_on": agreement.asked_on,
        "needed": agreement.needed_by,
        "waited": plan.today - agreement.asked_on,
    }
    due = voice.dated(blocker.due, blocker.due_from)
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{voice.say('explanation', due=due, **about)} {voice.known_from(edge)}",
        advice=(
            Advice(voice.say("answer", **about)),
            Advice(voice.say("cut", **about), (without(blocker, dependent),)),
        ),
    )


WORDS: Words = {
    "en": {
        "title": "{asker} asked {asked} {waited} ago to have {blocker.key} by {needed} for {dependent.key}, "
        "and has no answer.",
        "explanation": "The request was made on {asked_on}. In the plan of {asked} the due date of "
        "{blocker.key} is: {due}.",
        "answer": "Answer for {blocker.key}: commit to {needed}, propose a later date, or decline.",
    },
    "nl": {
        "title": "{asker} vroeg {asked} {waited} geleden om {blocker.key} uiterlijk op {needed} te hebben "
        "voor {dependent.key}, en heeft geen antwoord.",
        "explanation": "De vraag is gesteld op {asked_on}. In de planning van {asked} is de einddatum van "
        "{blocker.key}: {due}.",
        "answer": "Antwoord voor {blocker.key}: zeg {needed} toe, stel een latere datum voor of wijs het af.",
    },
}
