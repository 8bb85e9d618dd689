"""Two items stand for the same work, but their teams tell different things of it.

Items of different teams are joined by a link, in one tracker or from one to another, that says that
one duplicates or mirrors the other, or is its clone. At least one of them is open, and they differ:
one is open and the other closed, or both have a priority or a due date and these are not the same.

An item that was closed as a duplicate is no drift: that is how duplicates end. A clone counts only
while the titles are still alike, without "CLONE" and the like: at least 0.6 of their words in common.
A clone that was made as a template, and renamed, is other work.

Example: STO-7 mirrors ONL-12. STO-7 is in progress and due on Friday 12 March; ONL-12 is done.

Severity: low; medium when one is open and the other closed.

What to do: agree which of the two is right, and bring the other in line, or remove the link.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.relations import Tie
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.linked_pairs import LinkedPair, links_in_words, tie_facts
from service.rules.support.facts import due_facts
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, setting, text_of
from service.rules.support.titles import are_alike
from service.rules.support.voice import Voice, Words

RULE = Rule(place=170, shape="pairs", scope="neighbourhood", roles=("item",))
Settings = NoSettings

_SAME = ("mirrors", "duplicates")


def find(pairs: Sequence[LinkedPair], plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for pair in pairs:
        first, second = pair.first, pair.second
        if not (first.is_open or second.is_open) or first.is_duplicate or second.is_duplicate:
            continue
        ties = [tie for tie in pair.ties if tie.origin != "text" and _is_same_work(tie, pair)]
        differing = _differing(pair) if ties else []
        if differing:
            yield _finding(pair._replace(ties=ties), differing, plan)


def _is_same_work(tie: Tie, pair: LinkedPair) -> bool:
    if tie.relation == "clones":
        return are_alike(pair.first.title, pair.second.title)
    return tie.relation in _SAME


def _differing(pair: LinkedPair) -> list[str]:
    first, second = pair.first, pair.second
    fields = ["state"] if first.is_open != second.is_open else []
    if first.priority and second.priority and first.priority != second.priority:
        fields.append("priority")
    if first.due and second.due and first.due != second.due:
        fields.append("due")
    return fields


def _finding(pair: LinkedPair, differing: Sequence[str], plan: Plan) -> Finding:
    first, second = pair.first, pair.second
    return Finding(
        rule="mirror-drift",
        identity=(first.id, second.id),
        severity=raised("low", "state" in differing),
        roles=(Role(first.id, "item"), Role(second.id, "item")),
        teams=in_file_order((first.team, second.team), plan),
        wording=partial(_text, pair, differing, Voice(plan, WORDS)),
        facts={
            **tie_facts(pair.ties),
            "differing": list(differing),
            "items": [_side(first), _side(second)],
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
    first, second = pair.first, pair.second
    differences = voice.listed([_contrast(field, first, second, voice) for field in differing])
    sides = (
        voice.say(
            "side",
            item=item,
            state=voice.state(item),
            priority=voice.priority(item),
            due=voice.dated(item.due, item.due_from),
        )
        for item in (first, second)
    )
    return text_of(
        title=voice.say("title", first=first, second=second, differences=differences),
        explanation=" ".join((links_in_words(pair, voice), *sides)),
        advice=_advice(pair, differing, voice),
    )


def _contrast(field: str, first: Item, second: Item, voice: Voice) -> str:
    if field == "state":
        return voice.say("by-state", first=voice.state(first), second=voice.state(second))
    return voice.say(f"by-{field}", first=getattr(first, field), second=getattr(second, field))


def _advice(pair: LinkedPair, differing: Sequence[str], voice: Voice) -> Iterator[Advice]:
    first, second = pair.first, pair.second
    if "state" in differing:
        ended, going = (second, first) if first.is_open else (first, second)
        closing = "finish" if ended.state == "done" else "drop-too"
        yield Advice(voice.say(closing, item=going), (setting(going, state=ended.state),))
        yield Advice(voice.say("unlink", first=first, second=second))
        yield _in_line(ended, going, differing, voice)
    else:
        yield _in_line(second, first, differing, voice)
        yield _in_line(first, second, differing, voice)
        yield Advice(voice.say("unlink", first=first, second=second))


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
        "title": "{first} and {second} stand for the same work, but differ in {differences}.",
        "side": "{item.key}: {state}, {priority}, due: {due}.",
        "by-state": "state ({first} against {second})",
        "by-priority": "priority ({first} against {second})",
        "by-due": "due date ({first} against {second})",
        "finish": "Close {item.key} if it is done.",
        "drop-too": "Drop {item.key} too.",
        "reopen": "Reopen {item.key}.",
        "reopen-with": "Reopen {item.key}, and give it {values}, as {model.key} has.",
        "give": "Give {item.key} {values}, as {model.key} has.",
        "give-priority": "priority {value}",
        "give-due": "due date {value}",
        "unlink": "Remove the link if {first.key} and {second.key} no longer stand for the same work.",
    },
    "nl": {
        "title": "{first} en {second} staan voor hetzelfde werk, maar verschillen in {differences}.",
        "side": "{item.key}: {state}, {priority}, einddatum: {due}.",
        "by-state": "status ({first} tegen {second})",
        "by-priority": "prioriteit ({first} tegen {second})",
        "by-due": "einddatum ({first} tegen {second})",
        "finish": "Sluit {item.key} als het klaar is.",
        "drop-too": "Laat {item.key} ook vervallen.",
        "reopen": "Heropen {item.key}.",
        "reopen-with": "Heropen {item.key}, en geef het {values}, zoals {model.key} heeft.",
        "give": "Geef {item.key} {values}, zoals {model.key} heeft.",
        "give-priority": "prioriteit {value}",
        "give-due": "einddatum {value}",
        "unlink": "Verwijder de koppeling als {first.key} en {second.key} niet meer voor hetzelfde werk "
        "staan.",
    },
}
