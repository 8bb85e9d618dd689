"""A letter waits for a letter of another team.

Both are open, and pigeons fly one way.

Example: LOFT-2 of the stores team waits for LOFT-1 of the online team.

Severity: medium; high where the product file says that letters are `urgent`.

Setting: `urgent` (`no`, or `yes`).

What to do: send both letters with one pigeon.
"""

from functools import partial
from typing import Literal, NamedTuple

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dependency import Dependency
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import DependencyFinding, dependency_facts
from service.rules.support.suggestions import Advice, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(place=900, shape="edge", scope="dependency", roles=("blocker", "dependent"))


class Settings(NamedTuple):
    urgent: Literal["no", "yes"] = "no"


def find(edge: Dependency, plan: Plan, settings: Settings) -> DependencyFinding | None:
    if not edge.is_open:
        return None
    return DependencyFinding(
        severity=raised("medium", settings.urgent == "yes"),
        facts=dependency_facts(edge),
        wording=partial(_text, edge, Voice(plan, WORDS)),
    )


def _text(edge: Dependency, voice: Voice) -> Text:
    about = {"blocker": edge.blocker, "dependent": edge.dependent}
    return text_of(
        title=voice.say("title", **about),
        explanation=voice.known_from(edge),
        advice=[Advice(voice.say("together", **about), (without(edge.blocker, edge.dependent),))],
    )


WORDS: Words = {
    "en": {
        "title": "{dependent} waits for the letter {blocker}.",
        "together": "Send {blocker.key} and {dependent.key} with one pigeon.",
    },
    "nl": {
        "title": "{dependent} wacht op de brief {blocker}.",
        "together": "Stuur {blocker.key} en {dependent.key} met één duif.",
    },
}
