"""What-if's changes carried out on a backlog, plainly: to see whether a suggestion helps."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item


def changed(backlog: Backlog, changes: Iterable[Mapping[str, Any]]) -> Backlog:
    items, pairs = dict(backlog.items), {(edge[0].id, edge[1].id): edge for edge in backlog.edges}
    for change in changes:
        if "add_dependency" in change:
            told = change["add_dependency"]
            ends = items[told["blocker"]], items[told["dependent"]]
            pairs.setdefault((told["blocker"], told["dependent"]), Dependency(*ends, ("declared",)))
        elif "remove_dependency" in change:
            told = change["remove_dependency"]
            del pairs[told["blocker"], told["dependent"]]
        else:
            items[change["item"]] = _set(items[change["item"]], change["set"])
    edges = [Dependency(items[edge[0].id], items[edge[1].id], edge.origins) for edge in pairs.values()]
    return replace(backlog, items=items, edges=edges)


def _set(item: Item, values: Mapping[str, Any]) -> Item:
    assert values
    assert set(values) <= {"due", "start", "priority", "state"}
    dates = {name: date.fromisoformat(values[name]) for name in ("due", "start") if name in values}
    return item._replace(**{**values, **dates})
