"""What goes on with the work of items that were closed as duplicates. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.relations import Tie

_TURNED = (" by", " door")
"""How words end that say it of the other side: "is duplicated by", "wordt gedupliceerd door"."""


_Candidates = dict[str, set[tuple[bool, str]]]
"""By duplicate: what may be its original, with whether the link says it the other way round."""


def with_originals(
    edges: Sequence[Dependency], ties: Iterable[Tie], items: Mapping[str, Item]
) -> Sequence[Dependency]:
    """``edges``, each whose blocker was closed as a duplicate with its original, where a link names it."""
    originals = originals_of(ties, items)
    if not originals:
        return edges
    return [
        edge if (original := originals.get(edge.blocker.id)) is None else edge._replace(original=original)
        for edge in edges
    ]


def originals_of(ties: Iterable[Tie], items: Mapping[str, Item]) -> dict[str, Item]:
    """By id of an item that was closed as a duplicate: the item at the end of its "duplicates" links.

    How an item was closed tells which of two is the duplicate; people draw the link either way round.
    Of several candidates the one that the link itself calls the original, then the lowest id.
    """
    candidates: _Candidates = {}
    for tie in ties:
        if tie.relation != "duplicates" or tie.origin == "text" or not {tie.one, tie.other} <= items.keys():
            continue
        is_turned = tie.words.strip().casefold().endswith(_TURNED)
        for item_id, other, is_against in (
            (tie.one, tie.other, is_turned),
            (tie.other, tie.one, not is_turned),
        ):
            if items[item_id].is_duplicate:
                candidates.setdefault(item_id, set()).add((is_against, other))
    originals = {item_id: _last(item_id, candidates, items) for item_id in candidates}
    return {item_id: original for item_id, original in originals.items() if original is not None}


def _last(item_id: str, candidates: _Candidates, items: Mapping[str, Item]) -> Item | None:
    """Along duplicates of duplicates; None where they lead round in a circle."""
    visited = {item_id}
    while items[item_id].is_duplicate:
        following = [other for _, other in sorted(candidates.get(item_id, ())) if other not in visited]
        if not following:
            return None
        item_id = next((other for other in following if not items[other].is_duplicate), following[0])
        visited.add(item_id)
    return items[item_id]
