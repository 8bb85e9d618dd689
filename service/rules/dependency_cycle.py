"""Teams wait for each other in a circle.

Each item of the circle needs another one of it to be done first, so none of them can be finished.
All items that hang together in such circles are one conflict; the shortest circle that joins two
teams is spelled out.

Example: STO-7 needs ONL-12, ONL-12 needs DAT-3, and DAT-3 needs STO-7.

Severity: high; critical when items of three or more teams are in it.

What to do: find the dependency that is least true. Remove it, turn it around, or split one of the
items so that a first part waits for nothing.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text, raised
from service.domain.graph.dependency_cycles import back_edges
from service.domain.graph.graph import Graph
from service.domain.graph.shortest_paths import shortest_circle
from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.network import Network
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, Change, text_of, without
from service.rules.support.voice import Voice, Words

RULE = Rule(place=80, shape="graph", scope="dependencies", roles=("member",), breaks_dependencies=True)
Settings = NoSettings


def find(network: Network, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    graph = network.graph
    for members in network.planning.cycles:
        teams = {graph.items[node].team for node in members}
        if len(teams) > 1:
            yield _finding(network, members, in_file_order(teams, plan), plan)


def _finding(network: Network, members: Sequence[int], teams: tuple[str, ...], plan: Plan) -> Finding:
    circle = shortest_circle(network.graph, members)
    arcs = _arcs(network, members)
    is_single = len(arcs) == len(circle)
    ids = network.ids(members)
    spelled = network.ids(circle)
    return Finding(
        rule="dependency-cycle",
        identity=tuple(ids),
        severity=raised("high", len(teams) > 2),
        roles=tuple(Role(item_id, "member") for item_id in dict.fromkeys((*spelled, *ids))),
        teams=teams,
        wording=partial(_text, network, circle, members, teams, is_single, plan),
        facts={
            "members": ids,
            "teams": list(teams),
            "circle": spelled,
            "links": network.links([*circle, circle[0]]),
        },
        edges=tuple(dependency_id(*network.ids(arc)) for arc in arcs),
    )


def _arcs(network: Network, members: Sequence[int]) -> list[tuple[int, int]]:
    """All edges that join two members."""
    inside = set(members)
    return [(node, other) for node in members for other in network.graph.dependents[node] if other in inside]


def _text(
    network: Network,
    circle: Sequence[int],
    members: Sequence[int],
    teams: Sequence[str],
    is_single: bool,
    plan: Plan,
) -> Text:
    voice = Voice(plan, WORDS)
    closed = [*circle, circle[0]]
    links = network.links(closed)
    keys = [network.graph.items[node].key for node in closed]
    about: dict[str, Any] = {
        "teams": voice.listed([voice.team(team) for team in teams]),
        "keys": voice.arrows(keys),
        "size": len(members),
        "rest": len(members) - len(circle),
    }
    reasons = [voice.say(reason, **about) for reason in _reasons(is_single, about["rest"])]
    return text_of(
        title=voice.say("title", **about),
        explanation=" ".join((*reasons, voice.links_known_from(links))),
        advice=(
            Advice(voice.say("cut-one" if is_single else "cut-all", **about), _cuts(network.graph, members)),
            Advice(voice.say("split", **about)),
        ),
    )


def _cuts(graph: Graph[Item], members: Sequence[int]) -> tuple[Change, ...]:
    """Enough to leave no circle."""
    return tuple(
        without(graph.items[one], graph.items[other]) for one, other in back_edges(graph.dependents, members)
    )


def _reasons(is_single: bool, rest: int) -> list[str]:
    if is_single:
        return ["explanation"]
    return ["explanation", "more-members" if rest else "more-circles"]


WORDS: Words = {
    "en": {
        "title": "{teams} wait for each other in a circle: {keys}.",
        "explanation": "Each of these must be done before the one its arrow points at, so none of them can "
        "be finished first.",
        "more-members": "{size} items hang together in such circles; this is the shortest between teams.",
        "more-circles": "The same items form more than one circle; this is the shortest between teams.",
        "cut-one": "Remove or turn around one of the dependencies {keys}.",
        "cut-all": "Remove or turn around one of the dependencies {keys}, and one of each other circle that "
        "is left.",
        "split": "Split one of the items, so that a first part waits for nothing.",
    },
    "nl": {
        "title": "{teams} wachten in een kring op elkaar: {keys}.",
        "explanation": "Elk hiervan moet af zijn voordat het volgende, waar de pijl naar wijst, af kan, dus "
        "niets kan als eerste af.",
        "more-members": "{size} items hangen zo in kringen samen; dit is de kortste tussen teams.",
        "more-circles": "Dezelfde items vormen meer dan één kring; dit is de kortste tussen teams.",
        "cut-one": "Verwijder een van de afhankelijkheden {keys}, of draai die om.",
        "cut-all": "Verwijder een van de afhankelijkheden {keys}, of draai die om, en ook een van "
        "elke andere kring die overblijft.",
        "split": "Splits een van de items, zodat een eerste deel op niets wacht.",
    },
}
