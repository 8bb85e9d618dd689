"""Whether the trackers answer: every credential, project and field of a product tried at once."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass

from config.product import Product, connector_kinds
from config.vocabulary import load_vocabulary
from connectors.contract import Capabilities, Setting, SourceError
from connectors.options import SourceOptions


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """``error`` is a sentence for a person; either it or ``capabilities`` is there."""

    source: str
    capabilities: Capabilities | None
    error: str | None = None


def setting(product: Product) -> Setting:
    """What every connector must know of a product."""
    components = frozenset(name.strip().casefold() for name in _components(product))
    return Setting(load_vocabulary(), product.timezone, components)


def _components(product: Product) -> Iterator[str]:
    for team in product.teams:
        yield from team.components
    for part in product.shared:
        yield part.component
    for goal in product.goals:
        yield from goal.select.components


async def check_online(product: Product) -> AsyncGenerator[SourceCheck, None]:
    """Each source as soon as it is known; closes every connector, also when it is left early."""
    known = setting(product)
    checks = [asyncio.create_task(_check(options, known)) for options in product.sources]
    try:
        for finished in asyncio.as_completed(checks):
            yield await finished
    finally:
        for one in checks:
            one.cancel()
        await asyncio.gather(*checks, return_exceptions=True)


async def _check(options: SourceOptions, known: Setting) -> SourceCheck:
    connector = connector_kinds()[options.type].connect(options, known)
    try:
        return SourceCheck(options.key, await connector.probe())
    except SourceError as error:
        return SourceCheck(options.key, None, str(error))
    finally:
        await connector.close()
