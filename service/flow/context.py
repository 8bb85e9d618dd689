"""What every use case works with: one per process, put together in service/app.py."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from config.product import Product
from config.settings import Settings
from connectors.contract import Connector
from connectors.options import SourceOptions
from service.delivery.vault import Vault
from service.errors import NotFound
from service.store.database.engine import Database


@dataclass
class Context:
    """``clock`` gives epoch seconds; tests and replays of old data set their own."""

    product: Product
    settings: Settings
    database: Database
    vault: Vault
    clock: Callable[[], float] = time.time
    wake_worker: asyncio.Event = field(default_factory=asyncio.Event)
    wake_delivery: asyncio.Event = field(default_factory=asyncio.Event)
    analysing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one analysis at a time
    ordering: asyncio.Lock = field(default_factory=asyncio.Lock)  # one order is put in mind at a time
    ordered: Any = field(default=None, repr=False)  # the order that what-ifs start from, kept by flow/foresee
    rewinding: asyncio.Lock = field(default_factory=asyncio.Lock)  # one look back at a time
    rewound: tuple[object, Any] | None = field(default=None, repr=False)  # a day gone by, and of when
    analysis_took: float = 0.0  # seconds, the last full one
    open_access: bool = False  # the demonstration on loopback: everyone is its admin
    connectors: dict[str, Connector] = field(default_factory=dict)  # by source, opened when first needed
    probed: dict[str, float] = field(default_factory=dict)  # by source, when it was last asked who we are
    counted: dict[str, int] = field(default_factory=dict)  # by source, requests that are in the books

    def options_of(self, source: str) -> SourceOptions:
        """Raises NotFound for a source that is not in the product file."""
        for options in self.product.sources:
            if options.key == source:
                return options
        raise NotFound("source", source)

    @property
    def today(self) -> date:
        """The day it is in the product's time zone."""
        return datetime.fromtimestamp(self.clock(), UTC).astimezone(self.product.timezone).date()
