"""Several teams work on the same part of the product at the same time.

The product file names parts that several teams touch (`shared`), and how many pieces of work each
of them takes at once (`max_parallel`, 1 unless it says more). A piece of work is an open epic, or an
open issue without an epic above it, that carries the component and has a start and a due date.
Sub-tasks and initiatives do not count. Each largest set of them that shares a day, is more than
the part takes and belongs to two or more teams is a conflict.

Example: back-office takes one piece of work at a time. ONL-1 works on it from Monday 1 March to
Friday 12 March, STO-7 from Monday 8 March to Friday 19 March.

Severity: medium; high when three or more teams are in it.

What to do: plan the work one after another, or agree that the part takes more at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from heapq import heapify, heapreplace
from typing import Any, NamedTuple

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.components import Components, plain
from service.rules.support.facts import due_facts, iso
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import MOST_CHANGES, Advice, Change, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=140, shape="component", scope="neighbourhood", roles=("member",))
Settings = NoSettings

_DAY = timedelta(1)


class _Part(NamedTuple):
    """A shared component; ``most`` pieces of work may run at once."""

    name: str  # as the product file writes it
    most: int


class _Work(NamedTuple):
    start: date
    due: date
    id: str
    item: Item


def find(components: Components, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    parts = {plain(name): _Part(name.strip(), most) for name, most in plan.shared.items()}
    for component, items in components.planned(parts).items():
        for members in _crowds(_works(items), parts[component].most):
            teams = {work.item.team for work in members}
            if len(teams) > 1:
                yield _finding(component, parts[component], members, in_file_order(teams, plan), plan)


def _works(items: Iterable[Item]) -> list[_Work]:
    """Sorted by start."""
    return sorted(_Work(item.start, item.due, item.id, item) for item in items if item.start and item.due)


def _crowds(works: Sequence[_Work], most: int) -> Iterator[list[_Work]]:
    """Each inclusion-maximal set of more than ``most`` that shares a day.

    A set is complete when, since the last one, some work began and now some ends before the next
    begins.
    """
    running: list[_Work] = []
    ends, has_grown = date.max, False
    for work in works:
        if ends < work.start:
            if has_grown and len(running) > most:
                yield running
            running = [earlier for earlier in running if earlier.due >= work.start]
            ends, has_grown = min((earlier.due for earlier in running), default=date.max), False
        running.append(work)
        ends, has_grown = min(ends, work.due), True
    if len(running) > most:
        yield running


def _finding(
    component: str, part: _Part, members: Sequence[_Work], teams: tuple[str, ...], plan: Plan
) -> Finding:
    ids = sorted(work.id for work in members)
    return Finding(
        rule="component-collision",
        identity=(component, *ids),
        severity=raised("medium", len(teams) > 2),
        roles=tuple(Role(item_id, "member") for item_id in ids),
        teams=teams,
        wording=partial(_text, part, members, plan),
        facts={
            "component": component,
            "max_parallel": part.most,
            "from": iso(_first_day(members)),
            "until": iso(_last_day(members)),
            "members": [_window(work.item) for work in sorted(members, key=lambda work: work.id)],
            "teams": list(teams),
        },
    )


def _first_day(members: Iterable[_Work]) -> date:
    """Of those that all share."""
    return max(work.start for work in members)


def _last_day(members: Iterable[_Work]) -> date:
    return min(work.due for work in members)


def _window(item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "start": iso(item.start),
        "start_from": item.start_from,
        **due_facts(item),
    }


def _text(part: _Part, members: Sequence[_Work], plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    first, last = _first_day(members), _last_day(members)
    about: dict[str, Any] = {
        "component": part.name,
        "most": part.most,
        "count": len(members),
        "items": voice.named([work.item for work in members]),
        "first": first,
        "last": last,
    }
    windows = voice.listing(members, lambda work: _said_window(work, voice))
    return text_of(
        title=voice.say("title-day" if first == last else "title", **about),
        explanation=voice.say("explanation", windows=windows, **about),
        advice=(_apart(part, members, plan, voice), Advice(voice.say("allow", **about))),
    )


def _said_window(work: _Work, voice: Voice) -> str:
    start, due = voice.dated(work.start, work.item.start_from), voice.dated(work.due, work.item.due_from)
    return voice.say("window", item=work.item, start=start, due=due)


def _apart(part: _Part, members: Sequence[_Work], plan: Plan, voice: Voice) -> Advice:
    if len(members) - part.most > MOST_CHANGES:
        return Advice(voice.say("apart", most=part.most))
    moved = _moved(part, members, plan)
    moves = [voice.say("move", item=work.item, start=work.start, due=work.due) for work in moved]
    return Advice(voice.say("in-turn", moves=voice.listed(moves)), tuple(_change(work) for work in moved))


def _moved(part: _Part, members: Sequence[_Work], plan: Plan) -> list[_Work]:
    """What cannot stay where it is, each behind whatever ends first and as long as it was.

    What is in progress stays, then what begins first; nothing is moved to before today.
    """
    lined_up = sorted(members, key=lambda work: (work.item.state != "doing", work))
    staying = max(part.most, 1)
    ends = [work.due for work in lined_up[:staying]]
    heapify(ends)
    moved = []
    for work in lined_up[staying:]:
        start = max(ends[0] + _DAY, plan.today)
        moved.append(work._replace(start=start, due=start + (work.due - work.start)))
        heapreplace(ends, moved[-1].due)
    return moved


def _change(work: _Work) -> Change:
    return setting(work.item, start=work.start, due=work.due)


WORDS: Words = {
    "en": {
        "title": "{items} work on {component} at the same time, from {first} to {last}, where at most "
        "{most} may.",
        "title-day": "{items} work on {component} at the same time, on {first}, where at most {most} may.",
        "explanation": "{count} pieces of work on {component} run at once; it takes {most}. {windows}.",
        "window": "{item.key} runs from {start} to {due}",
        "in-turn": "Plan the work in turn: {moves}.",
        "move": "{item.key} from {start} to {due}",
        "apart": "Plan the work in turn, so that at most {most} run at the same time.",
        "allow": "Set `max_parallel` of {component} to {count} in the product file, if it takes that many.",
    },
    "nl": {
        "title": "{items} werken tegelijk aan {component}, van {first} tot en met {last}, met hoogstens "
        "{most} tegelijk.",
        "title-day": "{items} werken tegelijk aan {component}, op {first}, met hoogstens {most} tegelijk.",
        "explanation": "Aan {component} loopt {count} keer werk tegelijk; er past {most}. {windows}.",
        "window": "{item.key} loopt van {start} tot en met {due}",
        "in-turn": "Plan het werk na elkaar: {moves}.",
        "move": "{item.key} van {start} tot en met {due}",
        "apart": "Plan het werk zo dat er hoogstens {most} tegelijk loopt.",
        "allow": "Zet `max_parallel` van {component} op {count} in het productbestand, als er zoveel past.",
    },
}
