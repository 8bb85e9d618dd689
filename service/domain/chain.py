"""A team's own order: one chain per team and source. Pure."""

from collections.abc import Sequence

from service.domain.item import Item

NEUTRAL = 3
"""What an unknown priority counts as, wherever items are put in order."""


def chains(items: Sequence[Item]) -> list[list[int]]:
    """Places in ``items``, chain by chain; items of two sources are not ordered against each other."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, item in enumerate(items):
        found.setdefault((item.team, item.source), []).append(place)
    for chain in found.values():
        chain.sort(key=lambda place: _key(items[place]))
    return list(found.values())


def _key(item: Item) -> tuple[bool, str, int, float, str]:
    return (item.rank is None, item.rank or "", item.priority or NEUTRAL, item.created, item.id)
