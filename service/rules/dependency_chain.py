"""A late item holds up others further down the line, and no single dependency shows it.

What an item waits for must be ready before it can go on. So a late date is handed on: an item is
ready on its own due date, or when everything it waits for is ready and the time from its own start
to its own due date has passed, whichever is later (in a product planned `concurrent` or
`end-to-end`: as soon as everything is ready). This forecast is set against the day on which whoever
is next in line needs it. Reported is the item whose due date the forecast comes from, with all it
endangers over two or more dependencies that cross teams, where the last of them looks sound by
itself.

Example: ONL-12 is due on Friday 12 March. DAT-3 waits for it and takes a week, though its own due
date says Wednesday 10 March. STO-7 waits for DAT-3 and starts on Monday 15 March: 4 days too early.

Severity: medium; one step higher when anything is endangered by more than 14 days; one more when
the paths touch more than two teams.

What to do: bring the late item forward, move what waits at the end of the line, or cut the line
where one item can do without the other.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.graph.forecast import Forecasts, forecasts
from service.domain.graph.slips import Slip, slips
from service.domain.plan.dates import Mode, Need, date_mode, need_of
from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.network import Network
from service.rules.support.facts import due_facts, iso, need_facts
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import MOST_CHANGES, Advice, needing_by, setting, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(
    place=50,
    shape="graph",
    scope="dependencies",
    roles=("source", "endangered", "via"),
    volatile_facts=("days_late",),
)
Settings = NoSettings

_LISTED = 20  # endangered items among the facts


class _View(NamedTuple):
    network: Network
    plan: Plan
    mode: Mode
    forecasts: Forecasts


class _Endangered(NamedTuple):
    """An item that gets something too late, with the path that carries the delay."""

    item: Item
    need: Need
    days_late: int
    path: Sequence[int]


def find(network: Network, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    mode = date_mode(plan)
    ready_days = forecasts(network.graph, mode)
    view = _View(network, plan, mode, ready_days)
    for slip in slips(network.graph, mode, ready_days, network.is_reported):
        yield _finding(view, slip)


def _finding(view: _View, slip: Slip) -> Finding:
    items, plan = view.network.graph.items, view.plan
    worst = _endangered(view, slip, slip.endangered[0])
    arcs = slip.edges()
    via = sorted({node for arc in arcs for node in arc} - {slip.source, *slip.endangered})
    on_paths = in_file_order((items[node].team for arc in arcs for node in arc), plan)
    return Finding(
        rule="dependency-chain",
        identity=(items[slip.source].id,),
        severity=raised("medium", worst.days_late > 14, len(on_paths) > 2),
        roles=_roles(view.network, slip, via),
        teams=in_file_order((items[node].team for node in (slip.source, *slip.endangered)), plan),
        wording=partial(_text, view, slip, worst),
        facts={
            **due_facts(items[slip.source]),
            "mode": view.mode,
            "days_late": worst.days_late,
            "endangered": [_fact(view, _endangered(view, slip, node)) for node in slip.endangered[:_LISTED]],
            "endangered_count": len(slip.endangered),
            "teams_on_paths": list(on_paths),
        },
        edges=tuple(dependency_id(*view.network.ids(arc)) for arc in arcs),
    )


def _roles(network: Network, slip: Slip, via: Sequence[int]) -> tuple[Role, ...]:
    return (
        Role(network.graph.items[slip.source].id, "source"),
        *(Role(item_id, "endangered") for item_id in network.ids(slip.endangered)),
        *(Role(item_id, "via") for item_id in network.ids(via)),
    )


def _endangered(view: _View, slip: Slip, node: int) -> _Endangered:
    item = view.network.graph.items[node]
    need = need_of(item, view.mode)
    if need is None:
        raise AssertionError("only what has a need-by is endangered")
    return _Endangered(item, need, slip.days_late(node), slip.path(node))


def _fact(view: _View, endangered: _Endangered) -> dict[str, Any]:
    return {
        "item": endangered.item.id,
        **need_facts(endangered.need),
        "forecast": iso(_forecast(endangered)),
        "days_late": endangered.days_late,
        "path": view.network.ids(endangered.path),
        "links": view.network.links(endangered.path),
    }


def _forecast(endangered: _Endangered) -> date:
    return endangered.need.day + timedelta(endangered.days_late)


def _text(view: _View, slip: Slip, worst: _Endangered) -> Text:
    voice = Voice(view.plan, WORDS)
    items = view.network.graph.items
    source, last = items[slip.source], items[worst.path[-2]]
    about: dict[str, Any] = {
        "source": source,
        "dependent": worst.item,
        "blocker": last,
        "due": source.due,
        "need": worst.need.day,
        "late": timedelta(worst.days_late),
        "count": len(slip.endangered),
        "keys": voice.arrows([items[node].key for node in worst.path]),
        "forecast": _forecast(worst),
    }
    explanation = voice.say(
        f"explanation-{worst.need.field}",
        **about,
        from_due=voice.dated(source.due, source.due_from),
        from_need=voice.dated(worst.need.day, worst.need.origin),
    )
    return text_of(
        title=voice.say("title-one" if len(slip.endangered) == 1 else "title-many", **about),
        explanation=f"{explanation} {voice.links_known_from(view.network.links(worst.path))}",
        advice=_advice(view, slip, worst, voice, about),
    )


def _advice(
    view: _View, slip: Slip, worst: _Endangered, voice: Voice, about: dict[str, Any]
) -> Iterator[Advice]:
    source = view.network.graph.items[slip.source]
    early = source.due - timedelta(worst.days_late) if source.due else None
    if source.due and early and early >= view.plan.today:
        yield Advice(voice.say("earlier", **about, early=early), (setting(source, due=early),))
    if source.due and source.due >= view.plan.today:
        yield _later(view, slip, voice, about)
    else:
        yield Advice(voice.say("replan", **about))
    if len(slip.last_edges) == 1:
        yield Advice(voice.say("cut", **about), (without(about["blocker"], about["dependent"]),))


def _later(view: _View, slip: Slip, voice: Voice, about: dict[str, Any]) -> Advice:
    """Each endangered item moved to where it can have all it waits for."""
    graph = view.network.graph
    if len(slip.endangered) > MOST_CHANGES:
        return Advice(voice.say("later-all", **about))
    moves, words = [], []
    for node in slip.endangered:
        item, need = graph.items[node], need_of(graph.items[node], view.mode)
        ready = [number for blocker in graph.blockers[node] if (number := view.forecasts.days[blocker])]
        if need is None or not ready:
            continue
        day = date.fromordinal(max(ready))
        moves.append(needing_by(item, need, day))
        words.append(voice.say(f"move-{need.field}", key=item.key, day=day))
    return Advice(voice.say("later", moves=voice.listed(words)), tuple(moves))


WORDS: Words = {
    "en": {
        "title-one": "{source}, due {due}, holds up {dependent} further down the line, which needs all "
        "it waits for by {need}: {late} too late.",
        "title-many": "{source}, due {due}, holds up {count} items further down the line, {dependent} the "
        "most: {late} too late.",
        "explanation-start": "{keys}: each must be done before the next. {source.key} is due {from_due}, so "
        "with the time that the items between take, {blocker.key} is ready on {forecast} at the earliest; "
        "{dependent.key} starts {from_need}.",
        "explanation-due": "{keys}: each must be done before the next. {source.key} is due {from_due}, so "
        "with the time that the items between take, {blocker.key} is ready on {forecast} at the earliest; "
        "{dependent.key} is due {from_need}.",
        "earlier": "Bring {source.key} forward: due {early} or earlier.",
        "later": "Move what waits at the end of the line: {moves}.",
        "later-all": "Move each of the {count} items at the end of the line behind what it waits for.",
        "move-start": "the start of {key} to {day} or later",
        "move-due": "the due date of {key} to {day} or later",
        "replan": "Plan the whole line anew, {source.key} first.",
    },
    "nl": {
        "title-one": "{source}, klaar op {due}, houdt verderop in de rij {dependent} op, dat alles waar het "
        "op wacht op {need} nodig heeft: {late} te laat.",
        "title-many": "{source}, klaar op {due}, houdt verderop in de rij {count} items op, {dependent} het "
        "meest: {late} te laat.",
        "explanation-start": "{keys}: elk moet af zijn voor het volgende. {source.key} moet klaar zijn op "
        "{from_due}, dus met de tijd die de items ertussen kosten is {blocker.key} op zijn vroegst klaar op "
        "{forecast}; {dependent.key} begint op {from_need}.",
        "explanation-due": "{keys}: elk moet af zijn voor het volgende. {source.key} moet klaar zijn op "
        "{from_due}, dus met de tijd die de items ertussen kosten is {blocker.key} op zijn vroegst klaar op "
        "{forecast}; {dependent.key} moet klaar zijn op {from_need}.",
        "earlier": "Haal {source.key} naar voren: klaar op {early} of eerder.",
        "later": "Verschuif wat aan het eind van de rij wacht: {moves}.",
        "later-all": "Verschuif elk van de {count} items aan het eind van de rij tot na waar het op wacht.",
        "move-start": "het begin van {key} naar {day} of later",
        "move-due": "de einddatum van {key} naar {day} of later",
        "replan": "Plan de hele rij opnieuw, {source.key} eerst.",
    },
}
