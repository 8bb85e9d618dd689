"""What rules of the shape ``epic`` see: items with the epics above them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.item import Item
from service.domain.plan.relations import Tie
from service.rules.shapes.duplicates import originals_of


class Epics(NamedTuple):
    """``nearest`` is the epic of each item that has one, by item id.

    A part of the backlog finds what the whole finds of its items if it holds all that lies above them.
    """

    items: Mapping[str, Item]
    nearest: Mapping[str, Item]
    originals: Mapping[str, Item] = {}  # by item that was closed as a duplicate

    def above(self, epic: Item) -> Iterator[Item]:
        """``epic`` and every epic above it, each once though parents may form a circle."""
        visited = {epic.id}
        yield epic
        while (higher := self.nearest.get(epic.id)) is not None and higher.id not in visited:
            epic = higher
            visited.add(epic.id)
            yield epic


def epics_of(items: Mapping[str, Item], links: Iterable[Tie] = ()) -> Epics:
    return Epics(items, nearest_epics(items.values(), items), originals_of(links, items))
