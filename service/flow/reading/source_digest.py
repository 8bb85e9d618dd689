"""How the product file has a source read, and how what is read is understood. Pure.

When the former changes, everything is asked of the tracker anew; when only the latter does, what was kept
of its answers is read again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple

from config.check import setting
from config.product import Product
from connectors.item import TrackerItem
from connectors.options import SourceOptions

_NO_MATTER = {
    "auth",
    "webhook_secret",
    "poll",
    "sweep",
    "full_scan",
    "max_requests_per_hour",
    "max_requests_at_once",
}
"""Says who reads and how often, not what is read."""

_UNDERSTANDING = {"team", "route", "mapping"}
"""Concerns answers whatever they were asked for; but fields that are mapped must have been asked for."""


class SourceDigest(NamedTuple):
    """Two digests. ``str()`` is what is stored."""

    asked: str
    understood: str

    def __str__(self) -> str:
        return "/".join(self)


ITEM_FIELDS = tuple(field.name for field in fields(TrackerItem))
"""What attune reads of an item: one that has learnt of another field reads what was kept again."""


def digest_of(
    product: Product, options: SourceOptions, item_fields: Sequence[str] = ITEM_FIELDS
) -> SourceDigest:
    """Of all in the product file that decides what is read of a source and how; never of a secret."""
    about = setting(product)
    asked = options.model_dump_json(exclude=_NO_MATTER | _UNDERSTANDING)
    understood = options.model_dump_json(include=_UNDERSTANDING)
    mapped = options.mapping.fields.model_dump_json()
    words = (understood, str(about.timezone), str(sorted(about.components)), ",".join(item_fields))
    return SourceDigest(_digest(f"{asked}\n{mapped}"), _digest("\n".join(words)))


def stored_digest(text: str | None) -> SourceDigest | None:
    """None before anything was read. One of an older attune is like no other."""
    if text is None:
        return None
    asked, _, understood = text.partition("/")
    return SourceDigest(asked, understood)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
