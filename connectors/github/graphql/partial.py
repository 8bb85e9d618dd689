"""Issues that GitHub answers only in part: asked for again part by part, what fails is named.

An error inside an issue makes GitHub write null for the whole of it, so one failing time line would hide
the issue. Each part asked under an alias of its own fails by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from connectors.contract import SourceError
from connectors.github.api.errors import UnknownFields
from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.answers import variables_of
from connectors.github.graphql.client import HIDDEN, GraphqlClient
from connectors.github.queries.selection import ALWAYS, Part
from connectors.transport import with_retries

_WHOLE = "whole"


class Address(NamedTuple):
    """How one issue is asked for: what is declared and given, and how a selection of it is written."""

    declared: str
    variables: Mapping[str, Any]
    select: Callable[[str], str]
    inside: str | None = None  # the field that holds the issue in what is selected


def address_of_id(node_id: str) -> Address:
    return Address("$id:ID!", {"id": node_id}, lambda fields: f"node(id:$id){{... on Issue{{{fields}}}}}")


def address_of_number(repository: str, number: int) -> Address:
    return Address(
        "$owner:String!,$name:String!,$number:Int!",
        {**variables_of(repository), "number": number},
        lambda fields: f"repository(owner:$owner,name:$name){{issue(number:$number){{{fields}}}}}",
        "issue",
    )


async def read_in_parts(client: GraphqlClient, address: Address, parts: Sequence[Part]) -> Any:
    """The issue with its parts, those that fail named under ``unread``; None when there is no such issue.

    Where even its title fails: ``{"unreadable": reason}``. One question, or one for each part when that
    fails altogether. Raises SourceError.
    """
    names = (_WHOLE, *(part.field for part in parts))
    texts = (ALWAYS, *(f"id {part.text(client.rows('inside'))}" for part in parts))
    asked = dict(zip(names, texts, strict=True))
    answer = await _ask(client, address, asked)
    if answer is None or not any(answer.data.values()):
        answer = await _ask_one_by_one(client, address, asked)
    if _is_gone(answer):
        return None
    values = {name: _issue(answer, name, address) for name in names}
    node = values.pop(_WHOLE)
    if node is None:
        return {"unreadable": "GitHub does not answer for it"}
    for part in parts:
        value = values[part.field]
        node[part.field] = value[part.field] if value else part.empty
    return {**node, "unread": [part.name for part in parts if values[part.field] is None]}


async def _ask(client: GraphqlClient, address: Address, asked: Mapping[str, str]) -> GraphAnswer | None:
    """None when GitHub does not answer at all."""
    selections = " ".join(f"{name}:{address.select(fields)}" for name, fields in asked.items())
    query = f"query({address.declared}){{{selections}}}"
    try:
        return await with_retries(lambda: client.session.graphql(query, address.variables))
    except UnknownFields:
        raise
    except SourceError as failed:
        if failed.reason not in ("unreachable", "answer"):
            raise
        return None


async def _ask_one_by_one(client: GraphqlClient, address: Address, asked: Mapping[str, str]) -> GraphAnswer:
    data: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    for name, fields in asked.items():
        answer = await _ask(client, address, {name: fields})
        if answer is None and name == _WHOLE:
            break
        if answer:
            data |= answer.data
            errors += answer.errors
    return GraphAnswer(data, errors)


def _is_gone(answer: GraphAnswer) -> bool:
    return any(error.get("type") in HIDDEN and _alias_of(error) == _WHOLE for error in answer.errors)


def _issue(answer: GraphAnswer, name: str, address: Address) -> Any:
    """Of one alias; None when an error concerns it."""
    if any(_alias_of(error) == name and error.get("type") not in HIDDEN for error in answer.errors):
        return None
    value = answer.data.get(name)
    return value.get(address.inside) if value and address.inside else value


def _alias_of(error: Mapping[str, Any]) -> Any:
    path = error.get("path")
    return path[0] if path else None


def name_null_parts(node: Any, parts: Sequence[Part]) -> Any:
    """Parts that GitHub never leaves empty and that are null all the same are unread. Pure."""
    if not isinstance(node, dict):
        return node
    nulls = [part for part in parts if part.is_never_null and part.field in node and node[part.field] is None]
    if not nulls:
        return node
    unread = dict.fromkeys((*node.get("unread", ()), *(part.name for part in nulls)))
    return {**node, **{part.field: part.empty for part in nulls}, "unread": list(unread)}
