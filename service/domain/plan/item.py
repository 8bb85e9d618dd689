"""The plan's view of an item: what rules and the order look at, nothing else. Pure."""

from datetime import date
from typing import NamedTuple, Protocol, TypeVar


class Planned(Protocol):
    """What the order, forecasts and deadlocks read of an open item, whatever else is held of it."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def priority(self) -> int | None: ...
    @property
    def start(self) -> date | None: ...
    @property
    def due(self) -> date | None: ...
    @property
    def created(self) -> float: ...
    @property
    def rank(self) -> str | None: ...


P = TypeVar("P", bound=Planned, covariant=True)  # noqa: PLC0105 - it stands in a hundred places


class PlannedItem(NamedTuple):
    """An open item, with what is compared of all open items at once: no words of it, and nothing of its past.

    ``goal`` is the key of the goal that it serves.
    """

    id: str
    key: str
    source: str
    team: str
    kind: str
    priority: int | None
    start: date | None
    due: date | None
    created: float  # epoch seconds
    rank: str | None
    parent: str | None
    goal: str | None

    @property
    def is_open(self) -> bool:
        return True


class Item(NamedTuple):
    """One epic or issue. Built straight from a row, a million at a time, hence a NamedTuple.

    ``parent`` is an item id of the backlog, None when it has none or attune cannot see it.
    ``rank`` sorts a team's own order within one source as text; None comes after.
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
    updated: float = 0.0  # epoch seconds; 0: not told
    is_duplicate: bool = False  # closed as one: the work goes on in another item

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


OPEN = frozenset({"todo", "doing"})
"""The states of an item that is still to be finished."""
