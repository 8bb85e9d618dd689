"""What every use case works with: one per process, put together in service/app.py."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from config.product import Product
from config.settings import Settings
from connectors.contract import Connector
from connectors.options import SourceOptions
from service.delivery.vault import Vault
from service.domain.plan.staleness import stale_before
from service.errors import NotFound
from service.flow.wake import Wake
from service.store.database.engine import Database

T = TypeVar("T")


@dataclass
class Context:
    """``clock`` gives epoch seconds; tests and replays of old data set their own."""

    product: Product
    settings: Settings
    database: Database
    vault: Vault
    clock: Callable[[], float] = time.time
    wake_worker: Wake = field(default_factory=Wake)
    wake_delivery: Wake = field(default_factory=Wake)
    open_access: bool = False  # the demonstration on loopback: everyone is its admin
    connectors: dict[str, Connector] = field(default_factory=dict)  # by source, opened when first needed
    probed: dict[str, float] = field(default_factory=dict)  # by source, when it was last asked who we are
    counted: dict[str, int] = field(default_factory=dict)  # by source, requests that are in the books
    _owners: dict[type[object], object] = field(default_factory=dict, repr=False)

    def own(self, owner: type[T]) -> T:
        """The process's one instance of a class that keeps something, made when it is first asked for.

        Such a class stands in the module that uses it, and is made without arguments.
        """
        if owner not in self._owners:
            self._owners[owner] = owner()
        kept = self._owners[owner]
        assert isinstance(kept, owner)  # noqa: S101 - stored under its own class
        return kept

    def options_of(self, source: str) -> SourceOptions:
        """Raises NotFound for a source that is not in the product file."""
        for options in self.product.sources:
            if options.key == source:
                return options
        raise NotFound("source", source)

    @property
    def stale_before(self) -> float:
        """Epoch seconds: open items that nobody has touched since are stale."""
        return stale_before(self.today, self.product.timezone)

    @property
    def today(self) -> date:
        """The day it is in the product's time zone."""
        return datetime.fromtimestamp(self.clock(), UTC).astimezone(self.product.timezone).date()
