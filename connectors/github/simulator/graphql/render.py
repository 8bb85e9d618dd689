"""A GraphQL question answered as bytes."""

import re
from functools import lru_cache
from typing import Any

import orjson
from graphql import DocumentNode, GraphQLError, GraphQLSchema, execute, parse, validate
from graphql.execution import ExecutionResult

from connectors.github.simulator.graphql.resolvers import root
from connectors.github.simulator.graphql.sdl import schema
from connectors.github.simulator.host import GitHubHost

_UNKNOWN = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


def render(host: GitHubHost, question: dict[str, Any]) -> bytes:
    """The answer as JSON; empty when the query is too heavy."""
    variables = question.get("variables") or {}
    if variables.get("first", 0) > host.page_limit:
        return b""
    told = "__type" in question["query"]
    served = schema(host.enterprise_version, frozenset() if told else host.lacks)
    try:
        document, errors = _checked(served, question["query"])
    except GraphQLError as wrong:
        return orjson.dumps({"errors": [_error(wrong)]})
    if errors:
        return orjson.dumps({"errors": [_error(one) for one in errors]})
    found = execute(served, document, root(host), variable_values=variables)
    if not isinstance(found, ExecutionResult):
        raise TypeError("the simulator's resolvers are synchronous")
    shown: dict[str, Any] = {"data": found.data}
    if found.errors:
        shown["errors"] = [_error(one) for one in found.errors]
    return orjson.dumps(shown)


@lru_cache(maxsize=200)
def _checked(served: GraphQLSchema, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    document = parse(query)
    return document, validate(served, document)


def _error(wrong: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": wrong.message, **(wrong.extensions or {})}
    if unknown := _UNKNOWN.match(wrong.message):
        shown["message"] = f"Field '{unknown[1]}' doesn't exist on type '{unknown[2]}'"
        shown["extensions"] = {"code": "undefinedField", "typeName": unknown[2], "fieldName": unknown[1]}
    if wrong.path:
        shown["path"] = wrong.path
    if wrong.locations:
        shown["locations"] = [{"line": one.line, "column": one.column} for one in wrong.locations]
    return shown
