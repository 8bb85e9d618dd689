"""Message formats: one file each, with ``CONTENT_TYPE`` and ``render``; nothing else lists them."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

from service.domain.notification.event import Event


class Format(Protocol):
    CONTENT_TYPE: str

    def render(self, event: Event) -> str:
        """The body of the message: the same text for every attempt."""


@cache
def formats() -> Mapping[str, Format]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast(Format, importlib.import_module(f"{__name__}.{name}")) for name in names}
