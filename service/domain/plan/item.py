"""The plan's view of an item: what rules and the order look at, nothing else. Pure."""

from datetime import date
from typing import NamedTuple


class Item(NamedTuple):
    """One epic or issue. Built straight from a row, a million at a time, hence a NamedTuple.

    ``parent`` is an item id of the backlog, None when it has none or attune cannot see it.
    ``rank`` orders a team's chain within one source as text; None comes after.
    ``components`` and ``labels`` are as the tracker writes them.
    """

    id: str
    key: str
    source: str
    team: str
    kind: str
    title: str
    state: str
    priority: int | None
    priority_name: str | None
    start: date | None
    start_from: str | None
    due: date | None
    due_from: str | None
    created: float  # epoch seconds
    closed_on: date | None
    rank: str | None
    parent: str | None
    labels: tuple[str, ...]
    components: tuple[str, ...]
    is_duplicate: bool = False  # closed as one: the work goes on in another item

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


OPEN = frozenset({"todo", "doing"})
"""The states of an item that is still to be finished."""
