"""An item is in progress, but what it needs has not been started.

The team that waits has begun; the team it waits for has not. Sooner or later the work stops.

Example: STO-7 is in progress. It needs ONL-12, which is still to do.

Severity: medium; high when the waiting item has priority 1.

Setting: `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: ask the blocker's team to start, or put the waiting item back and work on something that
can be finished.
"""

from functools import partial

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dependency import Dependency
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import (
    DependencyFinding,
    DependencySettings,
    dependency_facts,
    priority_facts,
)
from service.rules.support.suggestions import Advice, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(place=60, shape="edge", scope="dependency", roles=("blocker", "dependent"))
Settings = DependencySettings


def find(edge: Dependency, plan: Plan, settings: DependencySettings) -> DependencyFinding | None:
    dependent = edge.dependent
    if dependent.state != "doing" or edge.blocker.state != "todo":
        return None
    return DependencyFinding(
        severity=raised("medium", dependent.priority == 1),
        facts={**dependency_facts(edge), **priority_facts(dependent)},
        wording=partial(_text, edge, Voice(plan, WORDS)),
    )


def _text(edge: Dependency, voice: Voice) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    about = {"blocker": blocker, "dependent": dependent}
    explanation = voice.say("explanation", priority=voice.priority(dependent), **about)
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=(
            Advice(voice.say("start", **about), (setting(blocker, state="doing"),)),
            Advice(voice.say("put-back", **about), (setting(dependent, state="todo"),)),
            Advice(voice.say("cut", **about), (without(blocker, dependent),)),
        ),
    )


WORDS: Words = {
    "en": {
        "title": "{dependent} is in progress, but {blocker}, which it needs, has not been started.",
        "explanation": "{dependent.key} is in progress, with {priority}, and cannot be finished without "
        "{blocker.key}, which is to do.",
        "start": "Start {blocker.key}.",
        "put-back": "Put {dependent.key} back to to-do until {blocker.key} is under way.",
    },
    "nl": {
        "title": "Aan {dependent} wordt gewerkt, maar {blocker}, dat ervoor nodig is, is nog niet begonnen.",
        "explanation": "Aan {dependent.key} wordt gewerkt, met {priority}, maar het kan niet af zonder "
        "{blocker.key}, dat nog te doen is.",
        "start": "Begin met {blocker.key}.",
        "put-back": "Zet {dependent.key} terug naar te doen tot er aan {blocker.key} gewerkt wordt.",
    },
}
