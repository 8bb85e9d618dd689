"""What a read left out of an item stays as it is stored, until the item is read with all its parts. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from connectors.item import Link, Origin, Relation, TrackerItem
from service.store.backlog.kept_values import KeptValues


class _Links(NamedTuple):
    """Which links a part holds; of any relation where none is named."""

    origin: Origin
    relation: Relation | None = None


_LINKS_OF_PART: Mapping[str, _Links] = {
    "remote-links": _Links("remote"),
    "blocked-by": _Links("native", "blocked-by"),
    "blocking": _Links("native", "blocks"),
}
_DATES = ("start", "start_from", "due", "due_from")
_FIELDS_OF_PART: Mapping[str, tuple[str, ...]] = {
    "history": ("closed_on",),
    "labels": ("labels", "components", "priority", "priority_name"),
    "milestone": ("due", "due_from", "parent"),
    "parent": ("parent",),
    "hidden-blockers": ("hidden_blockers",),
    "fields": (*_DATES, "priority", "priority_name"),
    "project": (*_DATES, "priority", "priority_name", "rank"),
}
_STATES_OF_PART: Mapping[str, tuple[str, str]] = {
    "close-reason": ("done", "dropped"),
    "project": ("todo", "doing"),
    "assignees": ("todo", "doing"),
    "pull-requests": ("todo", "doing"),
}
"""As an item seems without the part, and as it may be."""


def with_kept_parts(item: TrackerItem, kept: KeptValues) -> TrackerItem:
    """``kept`` is what is stored of it. What the item does say now counts, whatever it came without."""
    values: dict[str, Any] = {"links": (*item.links, *_kept_links(item, kept))}
    for field in {field for part in item.unread for field in _FIELDS_OF_PART.get(part, ())}:
        if not getattr(item, field):
            values[field] = getattr(kept, field)
    if (item.state, kept.state) in {_STATES_OF_PART.get(part) for part in item.unread}:
        values["state"] = kept.state
        values["is_duplicate"] = item.is_duplicate or kept.is_duplicate
    if "closed_on" in values and item.state not in ("done", "dropped"):
        values["closed_on"] = None
    return replace(item, **values)


def _kept_links(item: TrackerItem, kept: KeptValues) -> Collection[Link]:
    held = [_LINKS_OF_PART[part] for part in item.unread if part in _LINKS_OF_PART]
    return [
        link
        for link in kept.links
        if link not in item.links
        and any(one.origin == link.origin and one.relation in (None, link.relation) for one in held)
    ]
