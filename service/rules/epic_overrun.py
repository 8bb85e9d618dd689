"""An item is due after the epic it belongs to, which is another team's.

Both are open. The epic counts as finished on a day on which a part of it, in the hands of another
team, is still to come. The epic of an item is the nearest one above it; the same day is early enough.

Example: ONL-1, an epic of the online team, is due on Friday 12 March. STO-7 of the stores team
belongs to it and is due on Wednesday 17 March: 5 days later.

Severity: medium; high when the item is due more than 14 days after its epic.

What to do: bring the item forward, move the epic's date, or take the item out of the epic.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.epics import Epics
from service.rules.support.facts import due_facts, iso
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, Change, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=150,
    shape="epic",
    scope="neighbourhood",
    roles=("epic", "item"),
    volatile_facts=("days_late",),
)
Settings = NoSettings


def find(epics: Epics, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for item_id, epic in epics.nearest.items():
        if epic.due is None or epic.state not in OPEN:
            continue
        item = epics.items[item_id]
        if item.due is None or item.due <= epic.due or item.team == epic.team:
            continue
        if item.state in OPEN:
            yield _finding(epic, item, item.due - epic.due, plan)


def _finding(epic: Item, item: Item, late: timedelta, plan: Plan) -> Finding:
    return Finding(
        rule="epic-overrun",
        identity=(epic.id, item.id),
        severity=raised("medium", late.days > 14),
        roles=(Role(epic.id, "epic"), Role(item.id, "item")),
        teams=in_file_order((epic.team, item.team), plan),
        wording=partial(_text, epic, item, late, plan),
        facts={
            **due_facts(item),
            "epic_due": iso(epic.due),
            "epic_due_from": epic.due_from,
            "days_late": late.days,
            "epic_state": epic.state,
            "item_state": item.state,
        },
    )


def _text(epic: Item, item: Item, late: timedelta, plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    about: dict[str, Any] = {"epic": epic, "item": item, "late": late}
    explanation = voice.say(
        "explanation",
        due=voice.dated(item.due, item.due_from),
        epic_due=voice.dated(epic.due, epic.due_from),
        item_state=voice.state(item),
        epic_state=voice.state(epic),
        **about,
    )
    return text_of(
        title=voice.say("title", due=item.due, epic_due=epic.due, **about),
        explanation=explanation,
        advice=_advice(epic, item, voice, plan),
    )


def _advice(epic: Item, item: Item, voice: Voice, plan: Plan) -> Iterator[Advice]:
    about = {"epic": epic, "item": item, "due": item.due, "epic_due": epic.due, "today": plan.today}
    if epic.due and epic.due >= plan.today:
        yield Advice(voice.say("item-earlier", **about), (_earlier(item, epic),))
    if item.due and item.due >= plan.today:
        yield Advice(voice.say("epic-later", **about), (setting(epic, due=item.due),))
    else:
        yield Advice(voice.say("replan", **about), (setting(epic, due=plan.today),))
    yield Advice(voice.say("take-out", **about))


def _earlier(item: Item, epic: Item) -> Change:
    """Its start comes along where it would lie after its due."""
    if item.start and epic.due and item.start > epic.due:
        return setting(item, start=epic.due, due=epic.due)
    return setting(item, due=epic.due)


WORDS: Words = {
    "en": {
        "title": "{item} is due {due}, {late} after {epic}, the epic it belongs to, which is due {epic_due}.",
        "explanation": "{epic.key} is due {epic_due} and is open ({epic_state}). {item.key} belongs to it, "
        "is due {due} and is open ({item_state}), so the epic cannot be finished on its day.",
        "item-earlier": "Bring {item.key} forward: due {epic_due} or earlier.",
        "epic-later": "Move the due date of {epic.key} to {due} or later.",
        "replan": "Give {epic.key} a new due date, {today} or later, and plan {item.key} before it.",
        "take-out": "Take {item.key} out of {epic.key} if the epic is finished without it.",
    },
    "nl": {
        "title": "{item} moet klaar zijn op {due}, {late} na {epic}, de epic waar het bij hoort, met "
        "einddatum {epic_due}.",
        "explanation": "{epic.key} moet klaar zijn op {epic_due} en staat open ({epic_state}). {item.key} "
        "hoort erbij, moet klaar zijn op {due} en staat open ({item_state}), dus de epic kan dan niet af "
        "zijn.",
        "item-earlier": "Haal {item.key} naar voren: klaar op {epic_due} of eerder.",
        "epic-later": "Verschuif de einddatum van {epic.key} naar {due} of later.",
        "replan": "Geef {epic.key} een nieuwe einddatum, {today} of later, en plan {item.key} daarvoor.",
        "take-out": "Haal {item.key} uit {epic.key} als de epic zonder dat af is.",
    },
}
