"""Issues of an answer, each whole: what it holds in part only is asked for again by itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.client import GraphqlClient, Unanswered
from connectors.github.graphql.connections import complete
from connectors.github.graphql.pages import next_cursor, null_rows, value_at
from connectors.github.graphql.partial import address_of_id, name_null_parts, read_in_parts
from connectors.github.queries.selection import Part, issue_fields

INNER_ROWS = 10  # at least, of each connection inside an issue
NAMELESS = "GitHub does not answer for it"
Content = Callable[[Any], Any]
"""The issue in a row of a list; None for a row that holds none."""


def fields_for(parts: Sequence[Part], rows: int) -> str:
    """What is asked of each issue of a question for so many of them."""
    return issue_fields(parts, max(rows, INNER_ROWS))


async def whole_rows(
    client: GraphqlClient,
    question: Callable[[int], tuple[str, Mapping[str, Any]]],
    names: Callable[[int], tuple[str, Mapping[str, Any]]],
    path: Sequence[str],
    content: Content,
    parts_asked: Callable[[], Sequence[Part]],
) -> tuple[GraphAnswer, list[Any], str | None]:
    """One page of the list at ``path``: the answer, its issues, and the next cursor.

    ``names`` asks for ids of the same rows only; it tells which issue it is that fails. ``parts_asked`` may
    become fewer while a question is answered.
    """
    rows_path = (*path, "nodes")
    try:
        answer = await client.ask_partly("issues", question, lambda found: null_rows(found, rows_path))
        failing = null_rows(answer, rows_path)
        rows = value_at(answer.data, rows_path) or ()
        good = [content(row) for place, row in enumerate(rows) if place not in failing]
        nodes = [node for node in good if node is not None]
        if failing:
            taken = len(rows)
            named = await client.ask_partly(
                "names", lambda first: names(taken), lambda found: null_rows(found, rows_path)
            )
            nodes += await _mended(client, named, rows_path, content, nodes, parts_asked())
        connection = value_at(answer.data, path)
        cursor = next_cursor(connection) if connection else None
    except Unanswered as unanswered:
        answer = await _one_name(client, names, unanswered)
        nodes = await _mended(client, answer, rows_path, content, (), parts_asked())
        cursor = next_cursor(value_at(answer.data, path))
    parts = parts_asked()
    whole = await complete([name_null_parts(node, parts) for node in nodes], client, parts)
    return answer, whole, cursor


async def _one_name(
    client: GraphqlClient, names: Callable[[int], tuple[str, Mapping[str, Any]]], unanswered: Unanswered
) -> GraphAnswer:
    """The next row's name, where the row itself cannot be had; what failed before when this does too."""
    try:
        return await client.ask("names", lambda first: names(1))
    except Unanswered:
        raise unanswered from None


async def _mended(
    client: GraphqlClient,
    named: GraphAnswer,
    rows_path: Sequence[str],
    content: Content,
    nodes: Sequence[Any],
    parts: Sequence[Part],
) -> list[Any]:
    """The issues that ``nodes`` lack, by their names; a row without a name is a record to reject."""
    present = {node["id"] for node in nodes if isinstance(node, dict) and "id" in node}
    mended: list[Any] = []
    for place, row in enumerate(value_at(named.data, rows_path) or (), 1):
        name = content(row) if row is not None else {"unreadable": NAMELESS, "record": place}
        if name is None or name.get("id") in present:
            continue
        mended.append(await mend(client, name, parts) if "id" in name else name)
    return [node for node in mended if node is not None]


async def mend(client: GraphqlClient, name: Mapping[str, Any], parts: Sequence[Part]) -> Any:
    """The issue of this name, with the parts that can be had; None when it is gone."""
    node = await read_in_parts(client, address_of_id(str(name["id"])), parts)
    return {**name, **node} if node else None
