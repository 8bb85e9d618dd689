"""Issues of an answer, each whole: what it holds in part only is asked for again by itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.client import GraphqlClient, Question, Unanswered
from connectors.github.graphql.connections import complete
from connectors.github.graphql.pages import failed_rows, next_cursor, value_at
from connectors.github.graphql.partial import address_of_id, name_null_parts, read_in_parts
from connectors.github.queries.selection import Part, issue_fields

INNER_ROWS = 10  # at least, of each connection inside an issue
NAMELESS = "GitHub does not answer for it"
Content = Callable[[Any], Any]
"""The issue in a row of a list; None for a row that holds none."""


def fields_for(parts: Sequence[Part], rows: int) -> str:
    """What is asked of each issue of a question for so many of them."""
    return issue_fields(parts, max(rows, INNER_ROWS))


class RowList(NamedTuple):
    """A list of an answer whose rows hold issues, and how it is asked for."""

    path: Sequence[str]
    question: Question
    names: Question  # ids of the same rows only; it tells which issue it is that fails
    content: Content
    failing: Callable[
        [GraphAnswer, Sequence[str]], list[int]
    ]  # null_rows, or failed_rows where null is usual
    beside: Sequence[str] = ()  # another list of the answer, whose failing rows harm no issue

    @property
    def rows(self) -> Sequence[str]:
        return (*self.path, "nodes")

    def gaps(self, answer: GraphAnswer) -> list[int]:
        beside = failed_rows(answer, self.beside) if self.beside else []
        return [*self.failing(answer, self.rows), *beside]


async def whole_rows(
    client: GraphqlClient, asked: RowList, parts_asked: Callable[[], Sequence[Part]]
) -> tuple[GraphAnswer, list[Any], str | None]:
    """One page of the list: the answer, its issues, and the next cursor.

    ``parts_asked`` may become fewer while a question is answered.
    """
    try:
        answer = await client.ask_partly("issues", asked.question, asked.gaps)
        nodes = await _filled(client, asked, answer, parts_asked)
    except Unanswered as unanswered:
        answer = await _one_name(client, asked, unanswered)
        nodes = await _mended(client, asked, answer, (), parts_asked())
    connection = value_at(answer.data, asked.path)
    parts = parts_asked()
    whole = await complete([name_null_parts(node, parts) for node in nodes], client, parts)
    return answer, whole, next_cursor(connection) if connection else None


async def _filled(
    client: GraphqlClient, asked: RowList, answer: GraphAnswer, parts_asked: Callable[[], Sequence[Part]]
) -> list[Any]:
    """The answer's issues, and those that it holds in part only."""
    failing = asked.failing(answer, asked.rows)
    rows = value_at(answer.data, asked.rows) or ()
    good = [asked.content(row) for place, row in enumerate(rows) if place not in failing]
    nodes = [node for node in good if node is not None]
    if not failing:
        return nodes
    count = len(rows)
    named = await client.ask_partly("names", lambda first: asked.names(count), asked.gaps)
    return [*nodes, *await _mended(client, asked, named, nodes, parts_asked())]


async def _one_name(client: GraphqlClient, asked: RowList, unanswered: Unanswered) -> GraphAnswer:
    """The next row's name, where the row itself cannot be had; what failed before when this does too."""
    try:
        return await client.ask("names", lambda first: asked.names(1))
    except Unanswered:
        raise unanswered from None


async def _mended(
    client: GraphqlClient,
    asked: RowList,
    named: GraphAnswer,
    nodes: Sequence[Any],
    parts: Sequence[Part],
) -> list[Any]:
    """The issues that ``nodes`` lack, by their names; a row without a name is a record to reject."""
    present = {node["id"] for node in nodes if isinstance(node, dict) and "id" in node}
    nameless = asked.failing(named, asked.rows)
    mended: list[Any] = []
    for place, row in enumerate(value_at(named.data, asked.rows) or ()):
        if place in nameless:
            mended.append({"unreadable": NAMELESS, "record": place + 1})
        elif row and (name := asked.content(row)) is not None and name["id"] not in present:
            mended.append(await mend(client, name, parts))
    return [node for node in mended if node is not None]


async def mend(client: GraphqlClient, name: Mapping[str, Any], parts: Sequence[Part]) -> Any:
    """The issue of this name, with the parts that can be had; None when it is gone."""
    node = await read_in_parts(client, address_of_id(str(name["id"])), parts)
    return {**name, **node} if node else None
