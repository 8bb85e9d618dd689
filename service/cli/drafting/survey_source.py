"""A look at each named source: who we are there, what it holds, and its first items."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from config.product.kinds import connector_kinds
from config.vocabulary import load_vocabulary
from connectors.contract import Connector, Page, Setting, SourceError
from connectors.options import SourceOptions
from service.cli.drafting.chosen.chosen_source import ChosenSource, options
from service.cli.drafting.written.survey import Survey, sampled

MOST_ITEMS = 200  # that a look reads of one source; a page may bring a few more
MOST_PAGES = 6
PATIENCE = 120.0  # seconds for one source


async def look(wanted: Sequence[ChosenSource], values: Mapping[str, str], timezone: ZoneInfo) -> list[Survey]:
    """All side by side, in their order. ``values``: of the variables; one that fails stops no other."""
    setting = Setting(load_vocabulary(), timezone)
    looks = (_look(one, values, setting) for one in wanted)
    return [_told(one) for one in await asyncio.gather(*looks, return_exceptions=True)]


def _told(outcome: Survey | BaseException) -> Survey:
    if isinstance(outcome, Survey):
        return outcome
    if isinstance(outcome, Exception):
        return Survey(error=f"it could not be read ({type(outcome).__name__})")
    raise outcome


async def _look(wanted: ChosenSource, values: Mapping[str, str], setting: Setting) -> Survey:
    if unset := [name for name in wanted.auth.values() if not values.get(name)]:
        verb = "is" if len(unset) == 1 else "are"
        return Survey(error=f"{' and '.join(unset)} {verb} not set, in the environment or in .env")
    connector: Connector = connector_kinds()[wanted.type].connect(_sparing(wanted, values), setting)
    try:
        async with asyncio.timeout(PATIENCE):
            return await _read(connector)
    except SourceError as error:
        return Survey(error=str(error), reason=error.reason)
    except TimeoutError:
        return Survey(error=f"it did not answer within {PATIENCE:.0f} seconds", reason="unreachable")
    finally:
        await connector.close()


def _sparing(wanted: ChosenSource, values: Mapping[str, str]) -> SourceOptions:
    """Without the requests per issue that a real reading makes."""
    source_options = options(wanted, values)
    spared: dict[str, Any] = {"remote_links": "never"} if hasattr(source_options, "remote_links") else {}
    return source_options.model_copy(update=spared)


async def _read(connector: Connector) -> Survey:
    capabilities = await connector.probe()
    pages: list[Page] = []
    try:
        await _sample(connector, pages)
    except SourceError as error:
        return Survey(capabilities, sampled(pages), str(error), error.reason)
    return Survey(capabilities, sampled(pages), name=_name(pages))


async def _sample(connector: Connector, pages: list[Page]) -> None:
    """Into ``pages``, so that what came before a failure is kept."""
    reading: Any = connector.pages(None)
    read = 0
    async with aclosing(reading) as page_stream:
        async for page in page_stream:
            pages.append(page)
            read += len(page.items)
            if read >= min(MOST_ITEMS, page.total or MOST_ITEMS) or len(pages) >= MOST_PAGES:
                return


def _name(pages: Sequence[Page]) -> str | None:
    """What Jira calls the project; its issues say it."""
    for item in (item for page in pages for item in page.items):
        raw = orjson.loads(item.raw)
        project = (raw.get("fields") or {}).get("project") if isinstance(raw, dict) else None
        return str(project["name"]) if isinstance(project, dict) and project.get("name") else None
    return None
