"""An item waits for something that was dropped.

The blocker was closed without being done, but the item that needs it is still open. It will never
get what it waits for.

Example: STO-7 "Pick-up counter" is blocked by ONL-12 "Pay in the shop". The online team closed
ONL-12 as Won't do; STO-7 is still planned.

Severity: high; critical when the waiting item has priority 1.

Setting: `scope` (`cross-team`, or `all` to report dependencies within one team too).

What to do: agree with the blocker's team whether it is needed after all. Then reopen it, remove the
dependency or point it at what replaces the blocker, or drop the waiting item too.
"""

from functools import partial

from service.domain.conflict.finding import Text, raised
from service.domain.plan.dependency import Edge
from service.domain.plan.item import OPEN
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule
from service.rules.support.facts import EdgeFinding, EdgeSettings, edge_facts, priority_facts
from service.rules.support.suggestions import Advice, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=10,
    shape="edge",
    scope="dependency",
    roles=("blocker", "dependent"),
    is_exclusive=True,
    breaks_edges=True,
)
Settings = EdgeSettings


def find(edge: Edge, plan: Plan, settings: EdgeSettings) -> EdgeFinding | None:
    blocker, dependent = edge.blocker, edge.dependent
    if blocker.state != "dropped" or dependent.state not in OPEN:
        return None
    return EdgeFinding(
        severity=raised("high", dependent.priority == 1),
        facts={**edge_facts(edge), **priority_facts(dependent)},
        wording=partial(_text, edge, Voice(plan, WORDS)),
    )


def _text(edge: Edge, voice: Voice) -> Text:
    blocker, dependent = edge.blocker, edge.dependent
    about = {"blocker": blocker, "dependent": dependent}
    explanation = voice.say(
        "explanation", state=voice.state(dependent), priority=voice.priority(dependent), **about
    )
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {voice.known_from(edge)}",
        advice=(
            Advice(voice.say("reopen", **about), (setting(blocker, state="todo"),)),
            Advice(voice.say("replace", **about), (without(blocker, dependent),)),
            Advice(voice.say("drop-too", **about), (setting(dependent, state="dropped"),)),
        ),
    )


WORDS: Words = {
    "en": {
        "title": "{dependent} waits for {blocker}, which was dropped.",
        "explanation": "{blocker.key} was closed without being done. {dependent.key} needs it and is still "
        "open: {state}, {priority}.",
        "reopen": "Reopen {blocker.key}.",
        "replace": "Remove the dependency, or point it at what replaces {blocker.key}.",
        "drop-too": "Drop {dependent.key} too.",
    },
    "nl": {
        "title": "{dependent} wacht op {blocker}, maar dat is vervallen.",
        "explanation": "{blocker.key} is gesloten zonder af te zijn. {dependent.key} heeft het nodig en "
        "staat nog open: {state}, {priority}.",
        "reopen": "Heropen {blocker.key}.",
        "replace": "Verwijder de afhankelijkheid, of laat die wijzen naar wat {blocker.key} vervangt.",
        "drop-too": "Laat {dependent.key} ook vervallen.",
    },
}
