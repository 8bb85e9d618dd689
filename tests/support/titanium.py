"""Real issues of four related Jira projects, as the Data Center they come from would serve them.

The file was written by the agile API: its ``sprint``, ``closedSprints`` and ``epic`` become the
custom fields in which a plain search gives them. ``python -m tests.support.titanium FILE`` reads
them as four teams and shows what attune finds.
"""

import asyncio
import gzip
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from config.product import load_product
from config.settings import Settings
from connectors.jira.simulator import JiraSite, application
from connectors.jira.simulator import fields as known
from service.app import open_context
from service.cli.read_sources import read
from service.demo.trackers.served_trackers import address, listen, serving
from service.flow.context import Context

PROJECTS = {
    "AC": "Appcelerator - INBOX",
    "ALOY": "Alloy",
    "MOD": "Appcelerator Modules",
    "DAEMON": "Appc Daemon",
}
_LONE_BACKSLASH = re.compile(rb'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')


def load(path: Path) -> Iterator[dict[str, Any]]:
    """Every issue as written. Some lines hold a backslash that escapes nothing; it is doubled."""
    with gzip.open(path) as lines:
        for line in lines:
            yield orjson.loads(_LONE_BACKSLASH.sub(_doubled, line))


def _doubled(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else b"\\\\"


def native(issue: dict[str, Any]) -> dict[str, Any]:
    """The issue with its sprints and epic in custom fields, every field present as Jira has it."""
    fields = {**_EMPTY, **issue["fields"]}
    current, closed, epic = (fields.pop(one) for one in ("sprint", "closedSprints", "epic"))
    sprints = [*(closed or ()), *([current] if current else ())]
    fields[known.SPRINT] = [_written(one) for one in sprints] or None
    fields[known.EPIC_LINK] = epic["key"] if epic else None
    return {"id": issue["id"], "key": issue["key"], "fields": fields}


_EMPTY: dict[str, Any] = {
    "summary": None, "description": None, "fixVersions": [], "priority": None,
    "sprint": None, "closedSprints": None, "epic": None,
}  # fmt: skip


def _written(sprint: dict[str, Any]) -> str:
    """As Data Center writes the Java object."""
    dates = ",".join(
        f"{one}={sprint.get(one) or '<null>'}" for one in ("startDate", "endDate", "completeDate")
    )
    return (
        f"com.atlassian.greenhopper.service.sprint.Sprint@1bf75fd[id={sprint['id']},"
        f"rapidViewId={sprint.get('originBoardId') or '<null>'},state={sprint['state'].upper()},"
        f"name={sprint['name']},{dates},sequence={sprint['id']},goal=]"
    )


def site(path: Path, **more: Any) -> JiraSite:
    """The four projects; ``more`` are fields of JiraSite."""
    return JiraSite("datacenter", PROJECTS, (native(one) for one in load(path)), **more)


@asynccontextmanager
async def reading(
    path: Path,
    database_url: str,
    clock: Callable[[], float] = time.time,
    *,
    rules: Mapping[str, Any] | None = None,
    route: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> AsyncIterator[Context]:
    """Serve the projects, read each as a team of its own (or by ``route``), and analyse."""
    sockets = listen(1)
    url = address(sockets[0])
    with serving([application(site(path, url=url))], sockets), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "product.yaml"
        file.write_bytes(orjson.dumps(_product(url, rules or {}, route or {})))  # JSON is YAML
        product = load_product(file, {})
        settings = Settings(database_url=database_url)
        async with open_context(settings, product, open_access=True, clock=clock) as context:
            results = await read(context, [source.key for source in product.sources], full=False)
            if failed := [result for result in results if result.error]:
                raise RuntimeError(f"not read: {failed}")
            yield context


def _product(url: str, rules: Mapping[str, Any], route: Mapping[str, Any]) -> dict[str, Any]:
    teams = dict.fromkeys([*(key.lower() for key in PROJECTS), *_routed(route)])
    return {
        "product": {"name": "Titanium", "timezone": "UTC", "language": "en"},
        "teams": [{"key": key, "name": key.upper(), "owner": {"name": f"PO {key}"}} for key in teams],
        "sources": [
            {
                "key": key.lower(),
                "type": "jira",
                "url": url,
                "project": key,
                "auth": {"token": "none-is-asked-for"},
                "remote_links": "never",
                **({"route": route[key]} if key in route else {"team": key.lower()}),
            }
            for key in PROJECTS
        ],
        "rules": dict(rules),
    }


def _routed(route: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    return [one["team"] for routes in route.values() for one in routes]


async def _show(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with reading(path, f"sqlite:///{folder}/attune.db"):
            pass


if __name__ == "__main__":
    asyncio.run(_show(Path(sys.argv[1])))
