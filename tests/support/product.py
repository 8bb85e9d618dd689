"""A product of a few teams for tests of the flow: sources that nobody asks, over a database of the test's."""

import json
from pathlib import Path
from typing import Any

from config.product import Product, load_product
from config.settings import Settings
from service.delivery.vault import Vault
from service.flow.context import Context
from service.store.database.engine import Database
from service.store.sources import sources

TEAMS = ("online", "stores", "data")


def make_product(folder: Path, **more: Any) -> Product:
    """A Jira source per team, unless ``more`` says otherwise."""
    told: dict[str, Any] = {
        "product": {"name": "Shop", "timezone": "Europe/Amsterdam"},
        "teams": [{"key": key, "name": key.capitalize(), "owner": {"name": f"PO {key}"}} for key in TEAMS],
        "sources": [
            {
                "key": f"{key}-jira",
                "type": "jira",
                "url": "http://127.0.0.1:9",
                "project": key[:3].upper(),
                "auth": {"token": "nobody-asks"},
                "team": key,
            }
            for key in TEAMS
        ],
    } | more
    file = folder / "product.yaml"
    file.write_text(json.dumps(told))  # JSON is YAML
    return load_product(file, {})


async def make_context(database: Database, folder: Path, now: float, **more: Any) -> Context:
    product = make_product(folder, **more)
    context = Context(product, Settings(), database, Vault("key"), clock=lambda: now, open_access=True)
    async with database.write() as connection:
        keys = [source.key for source in product.sources]
        await sources.ensure(connection, keys)
        for key in keys:
            await sources.change(connection, key, state="ok", complete=True)
    return context
