"""What pages will be stored as, made before the transaction that stores them is waited for. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from connectors.contract import Page
from connectors.item import TrackerItem
from connectors.options import SourceOptions
from service.flow.reading.rows.item_row import UncleanError, cleaned, moment, route, row


class Draft(NamedTuple):
    """An item as it can be stored, and its row."""

    item: TrackerItem
    row: dict[str, Any]


class Drafts(NamedTuple):
    """``seen``: when the read began. ``newest``: the newest by identity, or why it cannot be stored."""

    options: SourceOptions
    pages: Sequence[Page]
    seen: float
    synced: bytes
    newest: Mapping[str, tuple[TrackerItem, Draft | ValueError]]

    def usual_id(self, item: TrackerItem) -> str:
        """An item's id unless it is known by another one: it may have been moved here."""
        return f"{self.options.key}:{item.native_id}"

    def draft(self, item: TrackerItem, item_id: str) -> Draft:
        """Raises ValueError for what cannot be stored."""
        try:
            team = route(item, self.options)
            return Draft(item, row(item, item_id, team, self.options.key, self.seen, self.synced))
        except UncleanError:
            return self.draft(cleaned(item), cleaned(item_id))


def drafted(options: SourceOptions, pages: Sequence[Page], seen: float, now: float) -> Drafts:
    newest: dict[str, tuple[TrackerItem, Draft | ValueError]] = {}
    drafts = Drafts(options, pages, seen, moment(now), newest)
    for identity, item in {item.identity: item for page in pages for item in page.items}.items():
        try:
            newest[identity] = item, drafts.draft(item, drafts.usual_id(item))
        except ValueError as error:
            newest[identity] = item, error
    return drafts
