"""Dependencies and teams' orders, between which circles are looked for. Pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Net(NamedTuple):
    """By node: its team, the nodes a dependency puts before and after it, and its team's order.

    A node comes before all of the same ``row`` with a later ``place``.
    """

    teams: Sequence[str]
    before: Sequence[Sequence[int]]
    after: Sequence[Sequence[int]]
    row: Sequence[int]
    place: Sequence[int]

    def is_in_order(self, earlier: int, later: int) -> bool:
        return self.row[earlier] == self.row[later] and self.place[earlier] < self.place[later]
