"""Message formats: one file each, with ``CONTENT_TYPE`` and ``render``; nothing else lists them.

Another installed package adds one through an entry point of the group ``attune.formats``.
"""

from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

from config.extensions import FORMATS, modules
from service.domain.notification.event import Event


class Format(Protocol):
    CONTENT_TYPE: str

    def render(self, event: Event) -> str:
        """The body of the message: the same text for every attempt."""


@cache
def formats() -> Mapping[str, Format]:
    """By name. Raises BrokenExtensionError."""
    return {name: cast(Format, module) for name, module in modules(FORMATS).items()}
