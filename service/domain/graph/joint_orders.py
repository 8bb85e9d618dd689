"""Dependencies and the teams' own orders together, as what goes round in deadlocks. Pure."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.domain.graph.graph import Neighbours


class JointOrders(NamedTuple):
    """By node: its team, the nodes a dependency puts before and after it, and its team's order.

    A node comes before all of the same ``row`` with a later ``place``.
    """

    teams: Sequence[str]
    before: Neighbours
    after: Neighbours
    row: Sequence[int]
    place: Sequence[int]

    def crosses(self, node: int, neighbour: int) -> bool:
        return self.teams[node] != self.teams[neighbour]

    def is_in_order(self, earlier: int, later: int) -> bool:
        return self.row[earlier] == self.row[later] and self.place[earlier] < self.place[later]

    def by_row(self, nodes: Iterable[int]) -> dict[int, list[int]]:
        """Sorted by place."""
        rows: dict[int, list[int]] = {}
        for node in sorted(nodes, key=self.place.__getitem__):
            rows.setdefault(self.row[node], []).append(node)
        return rows

    def following(self, members: Collection[int]) -> dict[int, list[int]]:
        """Dependents, and in the team's order the next that a dependency joins to another of ``members``."""
        following = {node: [end for end in self.after[node] if end in members] for node in members}
        tied = {end for node, ends in following.items() if ends for end in (node, *ends)}
        for row in self.by_row(tied).values():
            for earlier, later in pairwise(row):
                following[earlier].append(later)
        return following
