"""attune reading one tracker: ``python -m tests.bench.attune jira|github PORT``.

Prints JSON: seconds for reading, storing and analysing, and the process's largest memory in MB.
"""

import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from config.product import Product, load_product
from config.settings import Settings
from config.vocabulary import load_vocabulary
from service.app import open_context
from service.cli import loop
from service.flow.analysis.full import analyse
from service.flow.product_plan import catalogue
from service.flow.reading.sync import sync_source
from service.logs import configure_logging
from tests.bench.memory import largest_memory
from tests.bench.tracker import EMAIL, SECRET, TOKEN


def write_product(file: Path, kind: str, port: int) -> Path:
    told: dict[str, Any] = {
        "product": {"name": "Bench", "timezone": "Europe/Amsterdam"},
        "teams": [{"key": "one", "name": "One"}, {"key": "two", "name": "Two"}],
        "sources": [{"key": "bench", "webhook_secret": SECRET, "poll": "1d", **_source(kind, port)}],
    }
    file.write_text(json.dumps(told))  # JSON is YAML
    return file


def product(kind: str, port: int) -> Product:
    with tempfile.TemporaryDirectory() as folder:
        return load_product(write_product(Path(folder) / "product.yaml", kind, port), {})


def _source(kind: str, port: int) -> dict[str, Any]:
    """Two teams, so that dependencies cross between them."""
    shared = {"route": [{"when": {"label": "stores"}, "team": "two"}, {"team": "one"}]}
    if kind == "jira":
        auth = {"email": EMAIL, "token": TOKEN}
        url = f"http://127.0.0.1:{port}"
        return {"type": "jira", "url": url, "project": "ONL", "remote_links": "never", "auth": auth, **shared}
    return {
        "type": "github",
        "url": f"http://127.0.0.1:{port}/api/v3",
        "repository": "acme/web",
        "auth": {"token": TOKEN},
        **shared,
    }


async def read(kind: str, port: int, database_url: str) -> dict[str, float]:
    settings = Settings(database_url=database_url)
    configure_logging("text", logging.WARNING)
    load_vocabulary()  # read once per process, as the catalogue is
    catalogue()
    async with open_context(settings, product(kind, port)) as context:
        begun = time.perf_counter()
        result = await sync_source(context, "bench")
        stored = time.perf_counter()
        found = await analyse(context)
        done = time.perf_counter()
    if result.error or result.rejected:
        raise SystemExit(f"not read: {result}")
    return {
        "items": found.items,
        "conflicts": found.open_conflicts,
        "requests": context.connectors["bench"].requests,
        "read_and_store": stored - begun,
        "analyse": done - stored,
        "seconds": done - begun,
        "cpu": time.process_time(),
        "megabytes": largest_memory(),
    }


def main(kind: str, port: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return loop.run(read(kind, port, f"sqlite:///{folder}/attune.db"))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
