"""What items that were closed as duplicates lead to, read beside the neighbourhood of a change."""

from collections.abc import Iterable

from service.domain.plan.item import Item
from service.domain.plan.relations import Tie
from service.store.backlog import relatives, snapshot
from service.store.backlog.snapshot import Derived
from service.store.database.engine import Connection


async def add_originals(
    connection: Connection, ids: Iterable[str], items: dict[str, Item], derived: dict[str, Derived]
) -> list[Tie]:
    """The links of duplicates among ``ids``, and of those among what these link to, and so on.

    Adds the items at their ends to ``items`` and ``derived``.
    """
    ties: list[Tie] = []
    asked: set[str] = set()
    ends = set(ids)
    while duplicates := {one for one in ends if one in items and items[one].is_duplicate} - asked:
        asked |= duplicates
        fresh = await relatives.ties_of(connection, duplicates)
        ends = {end for tie in fresh for end in (tie.one, tie.other)}
        more, left = await snapshot.some_items(connection, ends - items.keys())
        items |= more
        derived |= left
        ties += fresh
    return ties
