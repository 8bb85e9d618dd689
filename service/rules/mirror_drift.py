"""Two items stand for the same work, but their teams tell different things of it.

Items of different teams are joined by a link, in one tracker or from one to another, that says
clones, duplicates or mirrors. At least one of them is open, and they differ: one is open and the
other closed, or both have a priority or a due date and these are not the same.

An item that was dropped as a duplicate of the other is no drift: that is how duplicates end. It
counts as such when it was dropped and the link names it as the duplicate of the two.

Example: STO-7 mirrors ONL-12. STO-7 is in progress and due on Friday 12 March; ONL-12 is done.

Severity: low; medium when one is open and the other closed.

What to do: agree which of the two is right, and bring the other in line, or remove the link.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.graph.backlog import Tie
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.linked_pairs import LinkedPair, links_in_words, tie_facts
from service.rules.support.facts import due_facts
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=170, shape="pairs", scope="neighbourhood", roles=("item",))
Settings = NoSettings

_SAME = ("mirrors", "duplicates")
_TURNED = (" by", " door")
"""How words end that say it of the other side: "is duplicated by", "wordt gedupliceerd door"."""


def find(pairs: Sequence[LinkedPair], plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for pair in pairs:
        ties = [tie for tie in pair.ties if tie.relation in _SAME and tie.origin != "text"]
        if not ties or not (pair.one.is_open or pair.other.is_open) or _is_settled(pair, ties):
            continue
        differing = _differing(pair)
        if differing:
            yield _finding(pair._replace(ties=ties), differing, plan)


def _is_settled(pair: LinkedPair, ties: Sequence[Tie]) -> bool:
    """Whether one of the two was closed as a duplicate of the other."""
    duplicates = {_duplicate(tie) for tie in ties if tie.relation == "duplicates"}
    return any(item.state == "dropped" and item.id in duplicates for item in (pair.one, pair.other))


def _duplicate(tie: Tie) -> str:
    is_turned = tie.words.strip().casefold().endswith(_TURNED)
    return tie.other if is_turned else tie.one


def _differing(pair: LinkedPair) -> list[str]:
    one, other = pair.one, pair.other
    found = ["state"] if one.is_open != other.is_open else []
    if one.priority and other.priority and one.priority != other.priority:
        found.append("priority")
    if one.due and other.due and one.due != other.due:
        found.append("due")
    return found


def _finding(pair: LinkedPair, differing: Sequence[str], plan: Plan) -> Finding:
    one, other = pair.one, pair.other
    return Finding(
        rule="mirror-drift",
        identity=(one.id, other.id),
        severity=raised("low", "state" in differing),
        roles=(Role(one.id, "item"), Role(other.id, "item")),
        teams=in_file_order((one.team, other.team), plan),
        wording=partial(_text, pair, differing, Voice(plan, WORDS)),
        facts={
            **tie_facts(pair.ties),
            "differing": list(differing),
            "items": [_side(one), _side(other)],
        },
    )


def _side(item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "state": item.state,
        "priority": item.priority,
        "priority_name": item.priority_name,
        **due_facts(item),
    }


def _text(pair: LinkedPair, differing: Sequence[str], voice: Voice) -> Text:
    one, other = pair.one, pair.other
    told = voice.listed([_contrast(field, one, other, voice) for field in differing])
    sides = (
        voice.say(
            "side",
            item=item,
            state=voice.state(item),
            priority=voice.priority(item),
            due=voice.dated(item.due, item.due_from),
        )
        for item in (one, other)
    )
    return text_of(
        title=voice.say("title", one=one, other=other, differences=told),
        explanation=" ".join((links_in_words(pair, voice), *sides)),
        advice=_advice(pair, differing, voice),
    )


def _contrast(field: str, one: Item, other: Item, voice: Voice) -> str:
    if field == "state":
        return voice.say("by-state", one=voice.state(one), other=voice.state(other))
    return voice.say(f"by-{field}", one=getattr(one, field), other=getattr(other, field))


def _advice(pair: LinkedPair, differing: Sequence[str], voice: Voice) -> Iterator[Advice]:
    one, other = pair.one, pair.other
    if "state" in differing:
        ended, going = (other, one) if one.is_open else (one, other)
        closing = "finish" if ended.state == "done" else "drop-too"
        yield Advice(voice.say(closing, item=going), (setting(going, state=ended.state),))
        yield _in_line(ended, going, differing, voice)
    else:
        yield _in_line(other, one, differing, voice)
        yield _in_line(one, other, differing, voice)
    yield Advice(voice.say("unlink", one=one, other=other))


def _in_line(item: Item, model: Item, differing: Sequence[str], voice: Voice) -> Advice:
    """``item`` gets all in which it differs from ``model``."""
    values = {field: getattr(model, field) for field in differing}
    given = [voice.say(f"give-{field}", value=value) for field, value in values.items() if field != "state"]
    about = {"item": item, "model": model, "values": voice.listed(given)}
    if "state" not in differing:
        sentence = voice.say("give", **about)
    else:
        sentence = voice.say("reopen-with" if given else "reopen", **about)
    return Advice(sentence, (setting(item, **values),))


WORDS: Words = {
    "en": {
        "title": "{one} and {other} stand for the same work, but differ in {differences}.",
        "side": "{item.key}: {state}, {priority}, due: {due}.",
        "by-state": "state ({one} against {other})",
        "by-priority": "priority ({one} against {other})",
        "by-due": "due date ({one} against {other})",
        "finish": "Close {item.key} if it is done.",
        "drop-too": "Drop {item.key} too.",
        "reopen": "Reopen {item.key}.",
        "reopen-with": "Reopen {item.key}, and give it {values}, as {model.key} has.",
        "give": "Give {item.key} {values}, as {model.key} has.",
        "give-priority": "priority {value}",
        "give-due": "due date {value}",
        "unlink": "Remove the link if {one.key} and {other.key} no longer stand for the same work.",
    },
    "nl": {
        "title": "{one} en {other} staan voor hetzelfde werk, maar verschillen in {differences}.",
        "side": "{item.key}: {state}, {priority}, einddatum: {due}.",
        "by-state": "status ({one} tegen {other})",
        "by-priority": "prioriteit ({one} tegen {other})",
        "by-due": "einddatum ({one} tegen {other})",
        "finish": "Sluit {item.key} als het klaar is.",
        "drop-too": "Laat {item.key} ook vervallen.",
        "reopen": "Heropen {item.key}.",
        "reopen-with": "Heropen {item.key}, en geef het {values}, zoals {model.key} heeft.",
        "give": "Geef {item.key} {values}, zoals {model.key} heeft.",
        "give-priority": "prioriteit {value}",
        "give-due": "einddatum {value}",
        "unlink": "Verwijder de koppeling als {one.key} en {other.key} niet meer voor hetzelfde werk staan.",
    },
}
