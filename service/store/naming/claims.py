"""What a link says: that one item has to do with whatever a reference means."""

from typing import Any, NamedTuple

BLOCKING = ("blocks", "blocked-by")
TYING = ("conflicts", "mirrors", "duplicates", "clones")


class Claim(NamedTuple):
    """A link as read: ``item`` says it of ``ref``."""

    item: str
    relation: Any
    ref: str
    origin: str
    words: str
