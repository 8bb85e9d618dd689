"""Connections inside an issue that are longer than a page of issues brings."""

from collections.abc import Sequence
from typing import Any

from connectors.github import queries
from connectors.github.ask import Asker
from connectors.github.selection import INNER


async def complete(nodes: Sequence[Any], asker: Asker) -> list[Any]:
    """The nodes, with every label, dependency and field value. Most need no further request."""
    return [await _whole(one, asker) if cut_off(one) else one for one in nodes]


def cut_off(node: Any) -> list[str]:
    """Names of the connections that go on. Pure."""
    if not isinstance(node, dict):
        return []
    return [name for name in INNER if (found := node.get(name)) and _goes_on(found)]


def _goes_on(connection: Any) -> bool:
    return isinstance(connection, dict) and bool((connection.get("pageInfo") or {}).get("hasNextPage"))


async def _whole(node: dict[str, Any], asker: Asker) -> dict[str, Any]:
    found = {name: {"nodes": await _all(str(node["id"]), name, asker)} for name in cut_off(node)}
    return {**node, **found}


async def _all(identity: str, name: str, asker: Asker) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        answer = await asker.small(queries.inner(name), {"id": identity, "after": cursor})
        connection = (answer.data.get("node") or {}).get(name)
        if connection is None:
            return found
        found += connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return found
        cursor = connection["pageInfo"]["endCursor"]
