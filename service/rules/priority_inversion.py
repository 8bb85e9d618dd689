"""What someone urgent waits for is not urgent to its own team.

An open item has a less urgent priority than something downstream that waits for it, directly or
over other open items, across teams. Its own team will do it too late. Items without a known
priority are passed through, never compared.

Example: STO-7 has priority 1. It needs DAT-3, which needs ONL-12, and the online team gave ONL-12
priority 3. The smallest fix: raise ONL-12 from 3 to 1.

Severity: by the difference: 1 is low, 2 is medium, 3 or more is high.

What to do: raise the item's priority to that of the one that waits, or agree that the other is not
that urgent.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Severity, Text
from service.domain.graph.graph import Graph
from service.domain.graph.shortest_paths import Search
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.network import Network
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=100, shape="graph", scope="dependencies", roles=("blocker", "urgent", "via"))
Settings = NoSettings


def find(network: Network, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    items = network.graph.items
    search = _search(network.graph)
    most_urgent = search.starts()
    for node, item in enumerate(items):
        crossing = 2 * node + 1
        if item.priority is None or crossing not in most_urgent:
            continue
        urgent = items[most_urgent[crossing]].priority
        if urgent is not None and urgent < item.priority:
            yield _finding(network, search.path(crossing), plan)


def _search(graph: Graph[Item]) -> Search:
    """From every item to the most urgent priority downstream; among those, to the nearest.

    The least urgent of all is more urgent than nothing.
    """
    by_priority: dict[int, list[int]] = {}
    for node, item in enumerate(graph.items):
        if item.priority is not None:
            by_priority.setdefault(item.priority, []).append(node)
    search = Search(lambda state: graph.blockers[state // 2], graph.crosses)
    for priority in sorted(by_priority)[:-1]:
        search.spread_back(by_priority[priority])
    return search


def _finding(network: Network, path: Sequence[int], plan: Plan) -> Finding:
    items = network.graph.items
    blocker, urgent = items[path[0]], items[path[-1]]
    gap = (blocker.priority or 0) - (urgent.priority or 0)
    return Finding(
        rule="priority-inversion",
        identity=(blocker.id,),
        severity=_severity(gap),
        roles=_roles(network.ids(path)),
        teams=in_file_order((blocker.team, urgent.team), plan),
        wording=partial(_text, network, path, plan),
        facts=_facts(network, path, blocker, urgent, gap),
        edges=network.dependency_ids(path),
    )


def _severity(gap: int) -> Severity:
    if gap >= 3:
        return "high"
    return "medium" if gap == 2 else "low"


def _roles(path: Sequence[str]) -> tuple[Role, ...]:
    """An item that a path round a circle meets twice has one role."""
    blocker, urgent = path[0], path[-1]
    between = [item_id for item_id in dict.fromkeys(path) if item_id not in (blocker, urgent)]
    return (Role(blocker, "blocker"), Role(urgent, "urgent"), *(Role(item_id, "via") for item_id in between))


def _facts(network: Network, path: Sequence[int], blocker: Item, urgent: Item, gap: int) -> dict[str, Any]:
    return {
        "priority": blocker.priority,
        "priority_name": blocker.priority_name,
        "urgent_priority": urgent.priority,
        "urgent_priority_name": urgent.priority_name,
        "gap": gap,
        "path": network.ids(path),
        "links": network.links(path),
    }


def _text(network: Network, path: Sequence[int], plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    items = network.graph.items
    blocker, urgent = items[path[0]], items[path[-1]]
    about = {
        "blocker": blocker,
        "urgent": urgent,
        "old": blocker.priority,
        "new": urgent.priority,
        "blocker_priority": voice.priority(blocker),
        "urgent_priority": voice.priority(urgent),
        "keys": voice.arrows([items[node].key for node in path]),
    }
    origins = voice.links_known_from(network.links(path))
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{voice.say('explanation', **about)} {origins}",
        advice=[Advice(voice.say("raise", **about), (setting(blocker, priority=urgent.priority),))],
    )


WORDS: Words = {
    "en": {
        "title": "{urgent} has priority {new}, but waits for {blocker}, which has priority {old}.",
        "explanation": "{keys}: each must be done before the next. {urgent.key} has {urgent_priority}, "
        "{blocker.key} has {blocker_priority}, so its own team will take it up later than {urgent.key} "
        "needs it.",
        "raise": "Raise {blocker.key} from {old} to {new}.",
    },
    "nl": {
        "title": "{urgent} heeft prioriteit {new}, maar wacht op {blocker}, dat prioriteit {old} heeft.",
        "explanation": "{keys}: elk moet af zijn voor het volgende. {urgent.key} heeft {urgent_priority}, "
        "{blocker.key} heeft {blocker_priority}, dus het eigen team pakt het later op dan {urgent.key} het "
        "nodig heeft.",
        "raise": "Verhoog {blocker.key} van {old} naar {new}.",
    },
}
