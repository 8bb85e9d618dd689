"""Connections inside an issue that are longer than a page of issues brings."""

from collections.abc import Sequence
from typing import Any

from connectors.github.graphql.client import GraphqlClient, Unanswered
from connectors.github.graphql.pages import read_rows
from connectors.github.queries import documents
from connectors.github.queries.selection import CONNECTIONS, Part


async def complete(nodes: Sequence[Any], client: GraphqlClient, parts: Sequence[Part]) -> list[Any]:
    """The nodes, with every label, dependency and field value. Most need no further request."""
    names = {part.field: part.name for part in parts}
    return [await _whole(node, client, names) if is_cut_off(node) else node for node in nodes]


def is_cut_off(node: Any) -> bool:
    """Pure."""
    return bool(cut_off(node)) or any(_goes_on(row.get("fieldValues")) for row in _project_rows(node))


def _project_rows(node: Any) -> list[dict[str, Any]]:
    rows = ((node.get("projectItems") or {}).get("nodes") or ()) if isinstance(node, dict) else ()
    return [row for row in rows if row]


def cut_off(node: Any) -> list[str]:
    """Names of the connections that go on. Pure."""
    if not isinstance(node, dict):
        return []
    return [name for name in CONNECTIONS if _goes_on(node.get(name))]


def _goes_on(connection: Any) -> bool:
    return isinstance(connection, dict) and bool((connection.get("pageInfo") or {}).get("hasNextPage"))


async def _whole(node: dict[str, Any], client: GraphqlClient, names: dict[str, str]) -> dict[str, Any]:
    """A connection that cannot be read to its end is left out altogether: half of it would tell untruths."""
    whole = dict(node)
    unread = list(node.get("unread", ()))
    for name in (*cut_off(node), "projectItems"):
        try:
            if name in cut_off(whole):
                whole[name] = {"nodes": await _all(str(node["id"]), name, client)}
            if name == "projectItems" and name in whole:
                whole[name] = {"nodes": [await _with_values(row, client) for row in _project_rows(whole)]}
        except Unanswered:
            whole[name] = {"nodes": []}
            unread.append(names[name])
    return {**whole, **({"unread": unread} if unread else {})}


async def _all(node_id: str, name: str, client: GraphqlClient) -> list[Any]:
    return await _rest(client, documents.connection(name), node_id, name)


async def _with_values(row: dict[str, Any], client: GraphqlClient) -> dict[str, Any]:
    if not _goes_on(row.get("fieldValues")):
        return row
    values = await _rest(client, documents.project_values(), str(row["id"]), "fieldValues")
    return {**row, "fieldValues": {"nodes": values}}


async def _rest(client: GraphqlClient, query: str, node_id: str, name: str) -> list[Any]:
    return await read_rows(
        client,
        "inside",
        lambda first, after: (query, {"id": node_id, "first": first, "after": after}),
        ("node", name),
    )
