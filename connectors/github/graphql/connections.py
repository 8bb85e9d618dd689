"""Connections inside an issue that are longer than a page of issues brings."""

from collections.abc import Sequence
from typing import Any

from connectors.github.graphql import queries
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.selection import INNER


async def complete(nodes: Sequence[Any], client: GraphqlClient) -> list[Any]:
    """The nodes, with every label, dependency and field value. Most need no further request."""
    return [await _whole(one, client) if cut_off(one) else one for one in nodes]


def cut_off(node: Any) -> list[str]:
    """Names of the connections that go on. Pure."""
    if not isinstance(node, dict):
        return []
    return [name for name in INNER if (found := node.get(name)) and _goes_on(found)]


def _goes_on(connection: Any) -> bool:
    return isinstance(connection, dict) and bool((connection.get("pageInfo") or {}).get("hasNextPage"))


async def _whole(node: dict[str, Any], client: GraphqlClient) -> dict[str, Any]:
    found = {name: {"nodes": await _all(str(node["id"]), name, client)} for name in cut_off(node)}
    return {**node, **found}


async def _all(identity: str, name: str, client: GraphqlClient) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        answer = await client.ask(queries.inner(name), {"id": identity, "after": cursor})
        connection = (answer.data.get("node") or {}).get(name)
        if connection is None:
            return found
        found += connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return found
        cursor = connection["pageInfo"]["endCursor"]
