"""Issues that are asked for by number or node id, many in one question."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.answers import repository_of, variables_of
from connectors.github.graphql.client import HIDDEN, GraphqlClient, Unanswered
from connectors.github.graphql.connections import complete
from connectors.github.graphql.issues import fields_for
from connectors.github.graphql.pages import null_rows
from connectors.github.graphql.partial import (
    address_of_id,
    address_of_number,
    name_null_parts,
    read_in_parts,
)
from connectors.github.queries import documents

_BATCH = 50  # issues in one request

Numbered = tuple[str, int]
"""A repository's name and an issue's number."""


async def issues_by_id(client: GraphqlClient, ids: Sequence[str]) -> list[Any]:
    """Those that are still there."""
    batches = [ids[begin : begin + _BATCH] for begin in range(0, len(ids), _BATCH)]
    answered = await asyncio.gather(*(_identified(client, batch) for batch in batches))
    return [node for nodes in answered for node in nodes]


async def issues_by_number(client: GraphqlClient, numbers: Mapping[str, Sequence[int]]) -> list[Any]:
    """Those that are still there; a transferred one as it is now."""
    wanted = [(repository, number) for repository, held in numbers.items() for number in held]
    batches = [wanted[begin : begin + _BATCH] for begin in range(0, len(wanted), _BATCH)]
    answered = await asyncio.gather(*(_numbered(client, batch) for batch in batches))
    return [node for nodes in answered for node in nodes]


async def _identified(client: GraphqlClient, ids: Sequence[str]) -> list[Any]:
    nodes: list[Any] = []
    begin = 0
    while begin < len(ids):
        asked: list[str] = []

        def question(first: int, rest: Sequence[str] = ids[begin:], asked: list[str] = asked) -> Any:
            asked[:] = rest[:first]
            return documents.issues_by_id(fields_for(client.parts_and_history, first)), {"ids": asked}

        try:
            answer = await client.ask_partly("single", question, lambda answer: null_rows(answer, ("nodes",)))
            failing = null_rows(answer, ("nodes",))
            rows = enumerate(answer.data.get("nodes") or ())
            nodes += [row for place, row in rows if row and place not in failing]
        except Unanswered:
            asked, failing = list(ids[begin : begin + 1]), [0]
        for node_id in (asked[place] for place in failing):
            node = await read_in_parts(client, address_of_id(node_id), client.parts_and_history)
            nodes += [{"id": node_id, **node}] if node else []
        begin += len(asked)
    parts = client.parts_and_history
    return await complete([name_null_parts(node, parts) for node in nodes], client, parts)


async def _numbered(client: GraphqlClient, wanted: Sequence[Numbered]) -> list[Any]:
    nodes: list[Any] = []
    begin = 0
    while begin < len(wanted):
        asked: dict[str, list[int]] = {}

        def question(first: int, rest: Any = wanted[begin:], asked: Any = asked) -> Any:
            asked.clear()
            for repository, number in rest[:first]:
                asked.setdefault(repository, []).append(number)
            return (
                documents.issues_by_number(fields_for(client.parts_and_history, first), list(asked.values())),
                _variables_by_alias(asked),
            )

        try:
            answer = await client.ask_partly("single", question, partial(_gaps, asked=asked))
            failing = _gaps(answer, asked)
            nodes += _answered(answer, asked, failing)
        except Unanswered:
            repository, number = wanted[begin]
            asked, failing = {repository: [number]}, [(repository, number)]
        for repository, number in failing:
            address = address_of_number(repository, number)
            node = await read_in_parts(client, address, client.parts_and_history)
            nodes += [{"number": number, "repository": {"nameWithOwner": repository}, **node}] if node else []
        begin += sum(map(len, asked.values()))
    parts = client.parts_and_history
    return await complete([name_null_parts(node, parts) for node in nodes], client, parts)


def _answered(
    answer: GraphAnswer, asked: Mapping[str, Sequence[int]], failing: Sequence[Numbered]
) -> list[Any]:
    nodes: list[Any] = []
    for alias, (repository, numbers) in enumerate(asked.items()):
        held = repository_of(answer, repository, f"r{alias}")
        whole = [held.get(f"i{number}") for number in numbers if (repository, number) not in failing]
        nodes += [node for node in whole if node]
    return nodes


def _gaps(answer: GraphAnswer, asked: Mapping[str, Sequence[int]]) -> list[Numbered]:
    """Issues that are null without being hidden or gone, or of which an error speaks."""
    failed = {tuple(where[:2]) for where in _paths(answer, hidden=False)}
    hidden = {tuple(where[:2]) for where in _paths(answer, hidden=True)}
    gaps: list[Numbered] = []
    for alias, (repository, numbers) in enumerate(asked.items()):
        held = answer.data.get(f"r{alias}")
        if held is None:
            continue
        for number in numbers:
            where = (f"r{alias}", f"i{number}")
            if where in failed or (held.get(where[1]) is None and where not in hidden):
                gaps.append((repository, number))
    return gaps


def _paths(answer: GraphAnswer, hidden: bool) -> list[list[Any]]:
    return [
        error["path"]
        for error in answer.errors
        if error.get("path") and (error.get("type") in HIDDEN) == hidden
    ]


def _variables_by_alias(repositories: Iterable[str]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for alias, repository in enumerate(repositories):
        variables |= variables_of(repository, str(alias))
    return variables
