"""A GraphQL question answered as bytes."""

import re
from functools import lru_cache
from typing import Any

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    SelectionSetNode,
    Visitor,
    execute,
    parse,
    validate,
    value_from_ast_untyped,
    visit,
)
from graphql.execution import ExecutionResult

from connectors.github.simulator.graphql.resolvers import root
from connectors.github.simulator.graphql.sdl import schema
from connectors.github.simulator.host import GitHubHost

HANGS = b"hang"  # instead of an answer: none in time
_UNKNOWN = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


def render(host: GitHubHost, question: dict[str, Any]) -> bytes:
    """The answer as JSON; empty when it is a 502."""
    variables = question.get("variables") or {}
    told = "__type" in question["query"]
    served = schema(host.enterprise_version, frozenset() if told else host.lacks)
    try:
        document, errors = _checked(served, question["query"])
    except GraphQLError as wrong:
        return orjson.dumps({"errors": [_error(wrong)]})
    if errors:
        return orjson.dumps({"errors": [_error(one) for one in errors]})
    if rows_asked(document, variables) > host.page_limit:
        return _TOO_MANY[host.too_many]
    found = execute(served, document, root(host), variable_values=variables)
    if not isinstance(found, ExecutionResult):
        raise TypeError("the simulator's resolvers are synchronous")
    return _shown(found)


_WRONG = [{"message": "Something went wrong while executing your query."}]
_NOTHING = orjson.dumps({"data": None, "errors": _WRONG})
_TOO_MANY = {
    "502": b"",
    "error": orjson.dumps({"data": {}, "errors": _WRONG}),
    "nothing": _NOTHING,
    "hang": HANGS,
}


def _shown(found: ExecutionResult) -> bytes:
    errors = [(one, getattr(one.original_error, "how", None)) for one in found.errors or ()]
    failures = {how for _, how in errors}
    if "502" in failures:
        return b""
    if "nothing" in failures:
        return _NOTHING
    told = [_error(one) for one, how in errors if how != "null"]
    return orjson.dumps({"data": found.data, **({"errors": told} if told else {})})


def rows_asked(document: DocumentNode, variables: dict[str, Any]) -> int:
    """The most rows that a question asks for at one place."""
    counter = _RowCounter(variables)
    visit(document, counter)
    return counter.most


class _RowCounter(Visitor):
    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__()
        self.most = 0
        self._variables = variables

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        if node.name.value in ("first", "last", "ids"):
            value = value_from_ast_untyped(node.value, self._variables)
            self.most = max(self.most, len(value) if isinstance(value, list) else int(value or 0))

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        issues = [one for one in node.selections if isinstance(one, FieldNode) and one.name.value == "issue"]
        self.most = max(self.most, len(issues))


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
