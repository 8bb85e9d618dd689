"""The teams' own orders and their dependencies contradict each other.

Each team has put its items in an order that makes sense by itself. But followed together, and with
every item after what it needs, the orders go round in a circle: whatever is taken up first, some
team's order or some dependency is broken. Dependencies that form a circle by themselves are left
out: `dependency-cycle` reports those. The shortest circle that joins two teams is spelled out.

Example: the online team puts ONL-12 before ONL-7, and the stores team STO-3 before STO-9. ONL-12
needs STO-9, and STO-3 needs ONL-7.

Severity: medium.

What to do: turn two items of one team around, or remove a dependency that is not really there.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text
from service.domain.graph.deadlock import Step, deadlocks
from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.network import Network
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(place=110, shape="order", scope="order", roles=("member",))
Settings = NoSettings


def find(network: Network, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for circle in deadlocks(network.planning):
        yield _finding(network, circle, plan)


def _finding(network: Network, circle: Sequence[Step], plan: Plan) -> Finding:
    spelled = network.ids(step.earlier for step in circle)
    teams = in_file_order((network.graph.items[step.earlier].team for step in circle), plan)
    needs = [step for step in circle if not step.is_team_order]
    return Finding(
        rule="order-deadlock",
        identity=tuple(sorted(spelled)),
        severity="medium",
        roles=tuple(Role(item_id, "member") for item_id in spelled),
        teams=teams,
        wording=partial(_text, network, circle, teams, plan),
        facts={
            "circle": spelled,
            "teams": list(teams),
            "steps": [_fact(network, step) for step in circle],
        },
        edges=tuple(dependency_id(*network.ids(step[:2])) for step in needs),
    )


def _fact(network: Network, step: Step) -> dict[str, Any]:
    """A dependency, or two items of a team in that team's own order."""
    earlier, later = network.graph.items[step.earlier], network.graph.items[step.later]
    if not step.is_team_order:
        return {"kind": "dependency", **network.links(step[:2])[0]}
    places = {"before": earlier.id, "after": later.id}
    return {"kind": "team-order", "team": earlier.team, "source": earlier.source, **places}


def _text(network: Network, circle: Sequence[Step], teams: Sequence[str], plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    items = network.graph.items
    links = [link for step in circle if not step.is_team_order for link in network.links(step[:2])]
    about = {
        "teams": voice.listed([voice.team(team) for team in teams]),
        "steps": voice.listed([_step(items, step, voice) for step in circle], most=6),
    }
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{voice.say('explanation', **about)} {voice.links_known_from(links)}",
        advice=_advice(items, circle, voice),
    )


def _step(items: Sequence[Item], step: Step, voice: Voice) -> str:
    earlier, later = items[step.earlier], items[step.later]
    if step.is_team_order:
        return voice.say("puts", team=voice.team(earlier.team), earlier=earlier, later=later)
    return voice.say("needs", earlier=earlier, later=later)


def _advice(items: Sequence[Item], circle: Sequence[Step], voice: Voice) -> Iterator[Advice]:
    """Turn one step of a team's order around, or cut the first dependency between teams."""
    for step in circle:
        if step.is_team_order:
            yield Advice(voice.say("turn", earlier=items[step.earlier], later=items[step.later]))
    for step in circle:
        blocker, dependent = items[step.earlier], items[step.later]
        if blocker.team != dependent.team:
            about = {"blocker": blocker, "dependent": dependent}
            yield Advice(voice.say("cut", **about), (without(blocker, dependent),))
            return


WORDS: Words = {
    "en": {
        "title": "The orders of {teams} cannot all be kept: {steps}.",
        "explanation": "Each of these makes sense by itself, but together they go round in a circle, so one "
        "order for all must break one of them.",
        "puts": "{team} puts {earlier.key} before {later.key}",
        "needs": "{later.key} needs {earlier.key}",
        "turn": "Put {later.key} before {earlier.key} in the order of their team.",
    },
    "nl": {
        "title": "De volgordes van {teams} zijn niet allemaal te volgen: {steps}.",
        "explanation": "Elk hiervan is op zichzelf goed, maar samen lopen ze in een kring, dus één volgorde "
        "voor alles moet er een van breken.",
        "puts": "{team} zet {earlier.key} voor {later.key}",
        "needs": "{later.key} heeft {earlier.key} nodig",
        "turn": "Zet {later.key} voor {earlier.key} in de volgorde van hun team.",
    },
}
