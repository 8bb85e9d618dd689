"""Lists that come in pages, and what of an answer is not whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.contract import SourceError
from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.client import HIDDEN, GraphqlClient, Kind

PagedQuestion = Callable[[int, str | None], tuple[str, Mapping[str, Any]]]
"""How many rows, after which cursor → query and variables."""


def value_at(data: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What stands at a path of an answer; None where it ends early."""
    value: Any = data
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def failed_rows(answer: GraphAnswer, path: Sequence[str]) -> list[int]:
    """Which of the rows at ``path`` (a list of the answer) an error says are not whole."""
    return sorted(_rows_of_errors(answer, path, is_hidden=False))


def null_rows(answer: GraphAnswer, path: Sequence[str]) -> list[int]:
    """The same, and those that are null although no error says that they are hidden from us."""
    rows = value_at(answer.data, path) or ()
    hidden = _rows_of_errors(answer, path, is_hidden=True)
    nulls = {place for place, row in enumerate(rows) if row is None and place not in hidden}
    return sorted(nulls | _rows_of_errors(answer, path, is_hidden=False))


def _rows_of_errors(answer: GraphAnswer, path: Sequence[str], is_hidden: bool) -> set[int]:
    rows: set[int] = set()
    for error in answer.errors:
        where = error.get("path") or ()
        begins = list(where[: len(path)]) == list(path) and len(where) > len(path)
        if begins and isinstance(where[len(path)], int) and (error.get("type") in HIDDEN) == is_hidden:
            rows.add(where[len(path)])
    return rows


def next_cursor(connection: Mapping[str, Any]) -> str | None:
    info = connection["pageInfo"]
    return info["endCursor"] if info["hasNextPage"] else None


async def read_rows(
    client: GraphqlClient,
    kind: Kind,
    question: PagedQuestion,
    path: Sequence[str],
    after: str | None = None,
) -> list[Any]:
    """Every row of the list at ``path``; None stands for a row that GitHub fails to answer.

    None at ``path`` ends the list. Raises SourceError, also for cursors that go round in a circle.
    """
    rows: list[Any] = []
    asked: set[str | None] = set()
    while after not in asked:
        asked.add(after)
        connection = await _page(client, kind, question, path, after)
        rows += connection["nodes"] if connection else ()
        after = next_cursor(connection) if connection else None
        if after is None:
            return rows
    raise SourceError("answer", "GitHub's pages go round in a circle")


async def _page(
    client: GraphqlClient, kind: Kind, question: PagedQuestion, path: Sequence[str], after: str | None
) -> Any:
    answer = await client.ask_partly(
        kind, lambda first: question(first, after), lambda answer: failed_rows(answer, (*path, "nodes"))
    )
    return value_at(answer.data, path)
