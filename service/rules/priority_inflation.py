"""A team calls most of its work urgent.

More than half of its open items have priority 1 or 2, so the priority no longer says what goes
first, and other teams cannot weigh their own work against it. A team with fewer than 20 open items
is too small to tell.

Example: the stores team has 40 open items; 25 of them have priority 1 or 2.

Severity: low.

What to do: the owner lowers the priority of what can wait, until at most half is urgent.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Text
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.suppliers import Teams
from service.rules.shapes.urgency import Urgency
from service.rules.support.suggestions import Advice, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=200,
    shape="team",
    scope="team",
    volatile_facts=("open_items", "urgent_items", "priority_1_items", "priority_2_items"),
)
Settings = NoSettings


def find(teams: Teams, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for team, urgency in teams.urgency.items():
        if urgency.open >= 20 and 2 * urgency.urgent > urgency.open:
            yield _finding(team, urgency, plan)


def _finding(team: str, urgency: Urgency, plan: Plan) -> Finding:
    return Finding(
        rule="priority-inflation",
        identity=(team,),
        severity="low",
        roles=(),
        teams=(team,),
        wording=partial(_text, team, urgency, Voice(plan, WORDS)),
        facts={
            "team": team,
            "open_items": urgency.open,
            "urgent_items": urgency.urgent,
            "priority_1_items": urgency.first,
            "priority_2_items": urgency.second,
        },
    )


def _text(team: str, urgency: Urgency, voice: Voice) -> Text:
    surplus = urgency.urgent - urgency.open // 2
    about: dict[str, Any] = {
        "team": voice.team(team),
        "open": urgency.open,
        "urgent": urgency.urgent,
        "first": urgency.first,
        "second": urgency.second,
        "half": urgency.open // 2,
        "surplus": surplus,
    }
    return text_of(
        title=voice.say("title", **about),
        explanation=voice.say("explanation", **about),
        advice=[Advice(voice.say("lower-one" if surplus == 1 else "lower", **about))],
    )


WORDS: Words = {
    "en": {
        "title": "{team} calls {urgent} of its {open} open items urgent (priority 1 or 2).",
        "explanation": "Of the {open} open items of {team}, {first} have priority 1 and {second} have "
        "priority 2. When more than half is urgent, the priority no longer says what goes first.",
        "lower-one": "Lower 1 of them to priority 3 or less, so that at most {half} are urgent.",
        "lower": "Lower {surplus} of them to priority 3 or less, so that at most {half} are urgent.",
    },
    "nl": {
        "title": "{team} noemt {urgent} van de {open} open items dringend (prioriteit 1 of 2).",
        "explanation": "Van de {open} open items van {team} hebben er {first} prioriteit 1 en {second} "
        "prioriteit 2. Als meer dan de helft dringend is, zegt de prioriteit niet meer wat eerst moet.",
        "lower-one": "Verlaag er 1 naar prioriteit 3 of minder, zodat er hoogstens {half} dringend zijn.",
        "lower": "Verlaag er {surplus} naar prioriteit 3 of minder, zodat er hoogstens {half} dringend zijn.",
    },
}
