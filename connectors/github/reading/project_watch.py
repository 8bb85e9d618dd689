"""Watches a Project between full scans: its order, and the rows whose values changed.

Neither moves an issue's ``updatedAt``, and GitHub gives rows only by their position, 100 a
request. So a delta looks at a Project that fits in one request, or at one that is a source of its
own; a larger Project beside repositories shows its changes through webhooks (projects_v2_item)
and the full scan.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.github.fetcher import Order
from connectors.github.page_size import LARGEST
from connectors.github.parse.context import ParseContext
from connectors.github.reading.checkpoint import Mark, overlapped, written
from connectors.github.reading.ranking import moved, reranked
from connectors.item import Change

_ROW = "row:"  # before a node id in a checkpoint's ``seen``


class ProjectWatch:
    def __init__(self, alone: bool) -> None:
        self.order: Order | None = None
        self._alone = alone
        self._untold: set[str] = set()
        self._moves: dict[str, tuple[datetime, str]] = {}

    @property
    def is_cheap(self) -> bool:
        """Before the order was ever read nobody knows."""
        return self._alone or (self.order is not None and 0 < len(self.order.ranks) <= LARGEST)

    def take(self, order: Order) -> Order:
        """The order as it was just read; ranks stay as steady as they can."""
        before = self.order.ranks if self.order else {}
        now = datetime.now(UTC)
        self._moves |= {one: (now, way) for one, way in moved(list(order.ranks), before).items()}
        self.order = Order(reranked(list(order.ranks), before), order.touched)
        return self.order

    def moves_of(self, nodes: Iterable[Any], context: ParseContext) -> list[Change]:
        """GitHub's timeline does not tell of them: their moment is that of the look that noticed."""
        ids = {one.get("id") for one in nodes if isinstance(one, dict)}
        return [
            Change(context.identity(one), f"read:{at.timestamp():.3f}", at, "order", None, way)
            for one, (at, way) in self._moves.items()
            if one in ids
        ]

    def changed(self, order: Order, mark: Mark, since: str) -> list[str]:
        """Node ids of issues whose row is new, gone, moved or touched ``since``, oldest first.

        Until ``settle`` they are told again, in case the delta that asked is cut off.
        """
        before: Mapping[str, str] = self.order.ranks if self.order else {}
        order = self.take(order)
        self._untold |= before.keys() - order.ranks.keys()
        self._untold |= {one for one in order.ranks if self._is_news(one, order, before, mark, since)}
        return sorted(self._untold, key=lambda one: (order.touched.get(one, ""), one))

    @staticmethod
    def _is_news(node_id: str, order: Order, before: Mapping[str, str], mark: Mark, since: str) -> bool:
        if before and before.get(node_id) != order.ranks[node_id]:
            return True
        touched = order.touched[node_id]
        return touched >= since and mark.seen.get(_ROW + node_id) != touched

    def note(self, mark: Mark) -> None:
        """Remember which rows the next delta's overlap will show again."""
        start = overlapped(written(mark.began))
        touched = self.order.touched if self.order else {}
        mark.seen.update({_ROW + one: moment for one, moment in touched.items() if moment >= start})

    def settle(self) -> None:
        """The last page of a read was taken: what it told is not told again."""
        self._untold.clear()
        self._moves.clear()
