"""Which epic an item belongs to: its nearest epic ancestor (rulebook, "Kind"). Pure."""

from collections.abc import Iterable, Mapping

from service.domain.plan.item import Item


def nearest_epics(some: Iterable[Item], items: Mapping[str, Item]) -> dict[str, Item]:
    """By item id, of those of ``some`` and of what lies between that have an epic above them.

    ``items`` holds all that may lie above; a parent that it lacks ends the line. Parents may form
    circles: no item is its own ancestor, and a circle without an epic has none.
    """
    found: dict[str, Item | None] = {}
    for item in some:
        above = items.get(item.parent) if item.parent else None
        if above is None or item.id in found:
            continue
        if above.kind == "epic" and above.id != item.id:
            found[item.id] = above
        else:
            _settle(item, items, found)
    return {one: epic for one, epic in found.items() if epic is not None}


def _settle(item: Item, items: Mapping[str, Item], found: dict[str, Item | None]) -> None:
    """Up to the first epic, or to what is settled; what lies between belongs to the same epic."""
    line = [item.id]
    epic, above = None, items.get(item.parent or "")
    while above is not None:
        if above.kind == "epic":
            epic = above
            break
        if above.id in found:
            epic = found[above.id]
            break
        found[above.id] = None  # should the line come back to it
        line.append(above.id)
        above = items.get(above.parent or "")
    found.update(dict.fromkeys(line, epic))
    if epic is not None and epic.id == item.id:
        found[item.id] = None
