"""An item waits for something that was dropped.

The blocker was closed without being done, but the item that needs it is still open. It will never
get what it waits for.

Example: STO-7 "Pick-up counter" is blocked by ONL-12 "Pay in the shop". The online team closed
ONL-12 as Won't do; STO-7 is still planned.

Severity: high; critical when the waiting item has priority 1.

Setting: `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: wait for what replaces the blocker, or remove the dependency. If the blocker is needed
after all, agree with its team to reopen it; else drop the waiting item too. A blocker that was closed
as a duplicate is not reopened: wait for its original.
"""

from collections.abc import Iterator
from functools import partial

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import (
    DependencyFinding,
    DependencySettings,
    dependency_facts,
    priority_facts,
)
from service.rules.support.suggestions import Advice, Change, setting, text_of, waiting_for, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=10,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    is_exclusive=True,
    breaks_dependencies=True,
)
Settings = DependencySettings


def find(edge: Dependency, plan: Plan, settings: DependencySettings) -> DependencyFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if blocker.state != "dropped" or dependent.state not in OPEN:
        return None
    return DependencyFinding(
        severity=raised("high", dependent.priority == 1),
        facts={**dependency_facts(edge), **priority_facts(dependent)},
        wording=partial(_text, edge, Voice(plan, WORDS)),
    )


def _text(edge: Dependency, voice: Voice) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    about = {"blocker": blocker, "dependent": dependent, "original": edge.original}
    explanation = voice.say(
        "explanation",
        state=voice.state(dependent),
        priority=voice.priority(dependent),
        closed=voice.say(_closed(edge), **about),
        **about,
    )
    return text_of(
        title=voice.say("title-duplicate" if blocker.is_duplicate else "title", **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=_advice(edge, voice, about),
    )


def _closed(edge: Dependency) -> str:
    if not edge.blocker.is_duplicate:
        return "closed-dropped"
    return "closed-duplicate-of" if edge.original else "closed-duplicate"


def _advice(edge: Dependency, voice: Voice, about: dict[str, Item | None]) -> Iterator[Advice]:
    blocker, dependent = edge.blocker, edge.dependent
    gone = without(blocker, dependent)
    if blocker.is_duplicate:
        yield _wait_for_original(edge, gone, voice, about)
    else:
        yield Advice(voice.say("replace", **about), (gone,))
        yield Advice(voice.say("reopen", **about), (setting(blocker, state="todo"),))
    yield Advice(voice.say("drop-too", **about), (setting(dependent, state="dropped"),))


def _wait_for_original(edge: Dependency, gone: Change, voice: Voice, about: dict[str, Item | None]) -> Advice:
    original, dependent = edge.original, edge.dependent
    if original is None:
        return Advice(voice.say("original-unknown", **about), (gone,))
    if original.id == dependent.id:
        return Advice(voice.say("original-itself", **about), (gone,))
    if original.state == "done":
        return Advice(voice.say("original-done", **about), (gone,))
    if original.state == "dropped":
        return Advice(voice.say("original-dropped", **about), (gone,))
    return Advice(voice.say("original", **about), (gone, waiting_for(original, dependent)))


WORDS: Words = {
    "en": {
        "title": "{dependent} waits for {blocker}, which was dropped.",
        "title-duplicate": "{dependent} waits for {blocker}, which was closed as a duplicate.",
        "closed-dropped": "was closed without being done",
        "closed-duplicate": "was closed as a duplicate, so it will not be done itself",
        "closed-duplicate-of": "was closed as a duplicate of {original}, so it will not be done itself",
        "explanation": "{blocker.key} {closed}. {dependent.key} needs it and is still open: {state}, "
        "{priority}.",
        "replace": "Remove the dependency if {dependent.key} can do without {blocker.key}, or point it at "
        "what replaces {blocker.key}.",
        "reopen": "Reopen {blocker.key} if it is needed after all.",
        "drop-too": "Drop {dependent.key} too.",
        "original": "Let {dependent.key} wait for {original}, the original of {blocker.key}.",
        "original-unknown": "Let {dependent.key} wait for the original of {blocker.key}, or remove the "
        "dependency.",
        "original-itself": "Remove the dependency: {blocker.key} was a duplicate of {dependent.key} itself.",
        "original-done": "Remove the dependency: {original}, the original of {blocker.key}, is done.",
        "original-dropped": "Remove the dependency, or point it at what replaces {original}, the original of "
        "{blocker.key}, which was dropped too.",
    },
    "nl": {
        "title": "{dependent} wacht op {blocker}, maar dat is vervallen.",
        "title-duplicate": "{dependent} wacht op {blocker}, maar dat is gesloten als duplicaat.",
        "closed-dropped": "is gesloten zonder af te zijn",
        "closed-duplicate": "is gesloten als duplicaat, dus zelf komt het niet af",
        "closed-duplicate-of": "is gesloten als duplicaat van {original}, dus zelf komt het niet af",
        "explanation": "{blocker.key} {closed}. {dependent.key} heeft het nodig en staat nog open: {state}, "
        "{priority}.",
        "replace": "Verwijder de afhankelijkheid als {dependent.key} zonder {blocker.key} kan, of laat die "
        "wijzen naar wat {blocker.key} vervangt.",
        "reopen": "Heropen {blocker.key} als het toch nodig is.",
        "drop-too": "Laat {dependent.key} ook vervallen.",
        "original": "Laat {dependent.key} wachten op {original}, het origineel van {blocker.key}.",
        "original-unknown": "Laat {dependent.key} wachten op het origineel van {blocker.key}, of verwijder "
        "de afhankelijkheid.",
        "original-itself": "Verwijder de afhankelijkheid: {blocker.key} was een duplicaat van "
        "{dependent.key} zelf.",
        "original-done": "Verwijder de afhankelijkheid: {original}, het origineel van {blocker.key}, is af.",
        "original-dropped": "Verwijder de afhankelijkheid, of laat die wijzen naar wat {original} vervangt, "
        "het origineel van {blocker.key}, dat ook vervallen is.",
    },
}
