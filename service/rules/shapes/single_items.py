"""What rules of single items see. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.domain.plan.item import Item
from service.domain.plan.relations import Unresolved


class SingleItems(NamedTuple):
    """``unresolved`` may name items that are not among ``items``: those are passed over."""

    items: Mapping[str, Item]
    unresolved: Sequence[Unresolved]
