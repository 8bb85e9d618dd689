"""What a read left out of an item stays as it is stored, until the item is read with all its parts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from connectors.item import Link, Origin, TrackerItem
from service.store.backlog.items import Stored, StoredLink

LINKS_OF_PART: Mapping[str, Origin] = {"remote-links": "remote"}
"""Which links a part holds. Of the others ("history") nothing goes when they are not read."""


def origins_of(parts: Collection[str]) -> set[Origin]:
    return {LINKS_OF_PART[part] for part in parts if part in LINKS_OF_PART}


def with_kept_parts(item: TrackerItem, known: Stored, links: Sequence[StoredLink]) -> TrackerItem:
    """``links`` are those that are stored of the item, of any origin.

    The day on which it was closed may come from its history.
    """
    origins = origins_of(item.unread)
    kept = tuple(Link(*link) for link in links if link.origin in origins)
    day = item.closed_on
    if day is None and "history" in item.unread and item.state == known.state:
        day = date.fromisoformat(known.closed_on) if known.closed_on else None
    own = tuple(link for link in item.links if link not in kept)
    return replace(item, links=(*own, *kept), closed_on=day)
