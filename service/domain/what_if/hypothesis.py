"""Changes that are only supposed: what a plan would be with them. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from service.domain.graph.backlog import Backlog
from service.domain.graph.graph import Pair
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import OPEN, Item
from service.errors import AttuneError

DECLARED = ("declared",)


class SetValues(NamedTuple):
    """``values``: of ``due``, ``start``, ``priority``, ``state`` those that are set; None clears one."""

    item: str
    values: Mapping[str, Any]


class AddDependency(NamedTuple):
    blocker: str
    dependent: str


class RemoveDependency(NamedTuple):
    blocker: str
    dependent: str


SupposedChange = SetValues | AddDependency | RemoveDependency


class Problem(NamedTuple):
    """What is wrong with the ``number``-th change, from 0.

    ``part`` of it is its item, blocker or dependent; None: all of it."""

    number: int
    part: str | None
    message: str


class ImpossibleChangesError(AttuneError):
    """Changes of what does not exist."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Several changes together. ``values`` by item id are those that are set, as in ``SetValues``.

    A pair is ``added`` or ``removed``, not both.
    """

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added: frozenset[Pair] = frozenset()
    removed: frozenset[Pair] = frozenset()

    @property
    def ids(self) -> set[str]:
        """The items that it speaks of."""
        return {*self.values, *(end for pair in self.added | self.removed for end in pair)}


def items_of(changes: Iterable[SupposedChange]) -> set[str]:
    return {item_id for change in changes for _, item_id in _named(change)}


def suppose(
    changes: Sequence[SupposedChange], existing: Collection[str], stored: Collection[Pair]
) -> Hypothesis:
    """Of several changes to the same the last counts.

    ``existing`` are the ids of those of their items that exist, ``stored`` the dependencies that have an end
    among them. Raises ImpossibleChangesError.
    """
    if problems := list(_problems(changes, existing)):
        raise ImpossibleChangesError(problems)
    values: dict[str, dict[str, Any]] = {}
    pairs = set(stored)
    for number, change in enumerate(changes):
        match change:
            case SetValues(item, told):
                values.setdefault(item, {}).update(told)
            case AddDependency(blocker, dependent):
                pairs.add((blocker, dependent))
            case RemoveDependency(blocker, dependent):
                if (blocker, dependent) not in pairs:
                    raise ImpossibleChangesError([Problem(number, None, "there is no such dependency")])
                pairs.discard((blocker, dependent))
    return Hypothesis(values, frozenset(pairs.difference(stored)), frozenset(set(stored) - pairs))


def _named(change: SupposedChange) -> Iterator[tuple[str, str]]:
    """The items of a change, with the parts that name them."""
    if isinstance(change, SetValues):
        yield "item", change.item
    else:
        yield "blocker", change.blocker
        yield "dependent", change.dependent


def _problems(changes: Iterable[SupposedChange], existing: Collection[str]) -> Iterator[Problem]:
    for number, change in enumerate(changes):
        for part, item_id in _named(change):
            if item_id not in existing:
                yield Problem(number, part, "there is no such item")
        if isinstance(change, AddDependency) and change.blocker == change.dependent:
            yield Problem(number, "dependent", "an item cannot wait for itself")


def altered(item: Item, values: Mapping[str, Any], today: date) -> Item:
    """A set date counts as one from a field, a changed priority has no word, what closes does so today.

    In another state it is no longer what was closed as a duplicate.
    """
    changed = {name: value for name, value in values.items() if getattr(item, name) != value}
    for name in ("start", "due"):
        if name in changed:
            changed[f"{name}_from"] = None if changed[name] is None else "field"
    if "priority" in changed:
        changed["priority_name"] = None
    if "state" in changed:
        changed["is_duplicate"] = False
    if "state" in changed and (changed["state"] in OPEN) != item.is_open:
        changed["closed_on"] = None if changed["state"] in OPEN else today
    return item._replace(**changed)


def backlog_after(backlog: Backlog, hypothesis: Hypothesis) -> Backlog:
    """Items that the backlog lacks stay as they are."""
    changed = {
        item_id: altered(backlog.items[item_id], values, backlog.plan.today)
        for item_id, values in hypothesis.values.items()
        if item_id in backlog.items
    }
    items = {**backlog.items, **changed}
    return replace(backlog, items=items, edges=_altered_dependencies(backlog.edges, items, hypothesis))


def _altered_dependencies(
    edges: Iterable[Dependency], items: Mapping[str, Item], hypothesis: Hypothesis
) -> list[Dependency]:
    """Sorted by ids. ``items`` are as they would be; an added dependency that is there stays as it is."""
    origins: dict[Pair, tuple[str, ...]] = {
        pair: DECLARED for pair in hypothesis.added if pair[0] in items and pair[1] in items
    }
    for edge in edges:
        pair = (edge.blocker.id, edge.dependent.id)
        if pair not in hypothesis.removed:
            origins[pair] = edge.origins
    return [
        Dependency(items[blocker], items[dependent], told)
        for (blocker, dependent), told in sorted(origins.items())
    ]
