"""An epic is closed while another team still works under it.

The epic is done or was dropped, but an item under it, at any depth, is open in another team. Either
the epic is not done, or that team works on something nobody waits for any more.

Example: the online team closed its epic ONL-1. STO-7 of the stores team lies under it and is still
in progress.

Severity: low; medium when the epic was dropped.

What to do: put the item under another epic (of a duplicate: under its original), close it, or reopen
the epic if it was closed too early.
"""

from collections.abc import Iterator
from functools import partial

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.epics import Epics
from service.rules.support.facts import iso
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=160, shape="epic", scope="neighbourhood", roles=("epic", "item"))
Settings = NoSettings


def find(epics: Epics, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    closed: dict[str, list[Item]] = {}  # by the nearest epic: those from there on up
    for item_id, nearest in epics.nearest.items():
        if nearest.id not in closed:
            closed[nearest.id] = [epic for epic in epics.above(nearest) if epic.state not in OPEN]
        for epic in closed[nearest.id]:
            item = epics.items[item_id]
            if item.state in OPEN and epic.team != item.team:
                yield _finding(epic, item, epics.originals.get(epic.id), plan)


def _finding(epic: Item, item: Item, original: Item | None, plan: Plan) -> Finding:
    return Finding(
        rule="epic-closed-early",
        identity=(epic.id, item.id),
        severity=raised("low", epic.state == "dropped"),
        roles=(Role(epic.id, "epic"), Role(item.id, "item")),
        teams=in_file_order((epic.team, item.team), plan),
        wording=partial(_text, epic, item, original, Voice(plan, WORDS)),
        facts={
            "epic_state": epic.state,
            "epic_closed_on": iso(epic.closed_on),
            "item_state": item.state,
        },
    )


def _text(epic: Item, item: Item, original: Item | None, voice: Voice) -> Text:
    about = {"epic": epic, "item": item, "original": original}
    closed = voice.say("closed-on", day=epic.closed_on) if epic.closed_on else voice.say("closed")
    return text_of(
        title=voice.say("duplicate" if epic.is_duplicate else epic.state, **about),
        explanation=voice.say("explanation", closed=closed, state=voice.state(item), **about),
        advice=_advice(epic, item, voice, about),
    )


def _advice(epic: Item, item: Item, voice: Voice, about: dict[str, Item | None]) -> Iterator[Advice]:
    """What goes on finds a place first. A duplicate is not opened again: its original goes on."""
    original = about["original"]
    is_going_on = original is not None and original.is_open and original.id != item.id
    yield Advice(voice.say("move-to-original" if is_going_on else "move", **about))
    closing = "finish" if epic.state == "done" else "drop-too"
    yield Advice(voice.say(closing, **about), (setting(item, state=epic.state),))
    if not epic.is_duplicate:
        yield Advice(voice.say("reopen", **about), (setting(epic, state="todo"),))


WORDS: Words = {
    "en": {
        "done": "{epic} is done, but {item}, which lies under it, is still open.",
        "dropped": "{epic} was dropped, but {item}, which lies under it, is still open.",
        "duplicate": "{epic} was closed as a duplicate, but {item}, which lies under it, is still open.",
        "closed": "was closed",
        "closed-on": "was closed on {day}",
        "explanation": "The epic {epic.key} {closed}. {item.key} lies under it in another team: {state}.",
        "reopen": "Reopen {epic.key} if it was closed too early.",
        "finish": "Close {item.key} if it is done.",
        "drop-too": "Drop {item.key} too.",
        "move-to-original": "Move {item.key} to {original}, the original of {epic.key}.",
        "move": "Move {item.key} out of {epic.key}, to an epic that is still open, if it goes on.",
    },
    "nl": {
        "done": "{epic} is klaar, maar {item}, dat eronder valt, staat nog open.",
        "dropped": "{epic} is vervallen, maar {item}, dat eronder valt, staat nog open.",
        "duplicate": "{epic} is gesloten als duplicaat, maar {item}, dat eronder valt, staat nog open.",
        "closed": "is gesloten",
        "closed-on": "is gesloten op {day}",
        "explanation": "De epic {epic.key} {closed}. {item.key} valt eronder, bij een ander team: {state}.",
        "reopen": "Heropen {epic.key} als het te vroeg gesloten is.",
        "finish": "Sluit {item.key} als het klaar is.",
        "drop-too": "Laat {item.key} ook vervallen.",
        "move-to-original": "Hang {item.key} onder {original}, het origineel van {epic.key}.",
        "move": "Haal {item.key} uit {epic.key}, naar een epic die nog open is, als het doorgaat.",
    },
}
