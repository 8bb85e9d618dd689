"""An item is done, though something it was said to need is still open.

One of the two is not true: the work was finished without the blocker, so there was no dependency;
or the item is not done yet; or the blocker is done and nobody closed it. Only items closed within
the last 30 days are looked at.

Example: STO-7 was closed as done last Friday. It is blocked by ONL-12, which is in progress.

Severity: low.

Setting: `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: remove the dependency if it was none, close the blocker if it is done, or reopen the
item that was closed too early.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from service.domain.conflict.finding import Text
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import DependencyFinding, DependencySettings, dependency_facts, iso
from service.rules.support.suggestions import Advice, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=70,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    volatile_facts=("today",),
)
Settings = DependencySettings

_RECENT = timedelta(days=30)


def find(edge: Dependency, plan: Plan, settings: DependencySettings) -> DependencyFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if dependent.state != "done" or blocker.state not in OPEN:
        return None
    if dependent.closed_on is None or dependent.closed_on < plan.today - _RECENT:
        return None
    return DependencyFinding(
        severity="low",
        facts={**dependency_facts(edge), "closed_on": iso(dependent.closed_on), "today": iso(plan.today)},
        wording=partial(_text, edge, Voice(plan, WORDS)),
    )


def _text(edge: Dependency, voice: Voice) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    about = {"blocker": blocker, "dependent": dependent, "closed": dependent.closed_on}
    explanation = voice.say("explanation", state=voice.state(blocker), **about)
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=_advice(edge, voice, about),
    )


def _advice(edge: Dependency, voice: Voice, about: dict[str, Any]) -> Iterator[Advice]:
    """What nobody has begun is hardly done; what is in progress may well be."""
    untrue = Advice(voice.say("untrue", **about), (without(edge.blocker, edge.dependent),))
    close = Advice(voice.say("close", **about), (setting(edge.blocker, state="done"),))
    yield from (close, untrue) if edge.blocker.state == "doing" else (untrue, close)
    yield Advice(voice.say("reopen", **about), (setting(edge.dependent, state="todo"),))


WORDS: Words = {
    "en": {
        "title": "{dependent} is done, but {blocker}, which it was said to need, is still open.",
        "explanation": "{dependent.key} was closed on {closed}. {blocker.key} is open ({state}), so either "
        "it was not needed, or it is done, or {dependent.key} is not.",
        "untrue": "Remove the dependency if {dependent.key} did not need {blocker.key}.",
        "close": "Close {blocker.key} if it is done.",
        "reopen": "Reopen {dependent.key} if something is missing.",
    },
    "nl": {
        "title": "{dependent} is klaar, maar {blocker}, dat ervoor nodig zou zijn, staat nog open.",
        "explanation": "{dependent.key} is gesloten op {closed}. {blocker.key} staat open ({state}), dus was "
        "het niet nodig, of het is klaar, of {dependent.key} is het niet.",
        "untrue": "Verwijder de afhankelijkheid als {dependent.key} {blocker.key} niet nodig had.",
        "close": "Sluit {blocker.key} als het klaar is.",
        "reopen": "Heropen {dependent.key} als er iets ontbreekt.",
    },
}
