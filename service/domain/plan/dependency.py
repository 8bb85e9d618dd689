"""A dependency: blocker → dependent, once per pair whatever the number of its origins. Pure."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from service.domain.plan.item import OPEN, Item


class Dependency(NamedTuple):
    blocker: Item
    dependent: Item
    origins: tuple[str, ...]  # of native, remote, text, declared; sorted
    original: Item | None = None  # what goes on with the work of a blocker that was closed as a duplicate

    @property
    def id(self) -> str:
        return dependency_id(self.blocker.id, self.dependent.id)

    @property
    def is_open(self) -> bool:
        return self.blocker.state in OPEN and self.dependent.state in OPEN

    @property
    def crosses_teams(self) -> bool:
        return self.blocker.team != self.dependent.team


def open_dependencies(edges: Iterable[Dependency]) -> list[Dependency]:
    return [edge for edge in edges if edge.blocker.state in OPEN and edge.dependent.state in OPEN]


def dependency_id(blocker: str, dependent: str) -> str:
    """Stable over renames and moves: made from the two item ids alone."""
    return "dep_" + hashlib.sha256(f"{blocker}\n{dependent}".encode()).hexdigest()[:24]
