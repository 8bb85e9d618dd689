"""What a question costs of the hourly points, as GitHub counts: the requests its connections need / 100."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)


def cost_of_question(question: Mapping[str, Any]) -> int:
    """One point where it cannot be read."""
    try:
        return cost_of(_parsed(question["query"]), question.get("variables") or {})
    except GraphQLError:
        return 1


@lru_cache(maxsize=200)
def _parsed(query: str) -> DocumentNode:
    return parse(query)


def cost_of(document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """At least one point."""
    fragments = {
        one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
    }
    requests = sum(
        _requests(one.selection_set, 1, variables, fragments)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    )
    return max(1, round(requests / 100))


def _requests(
    selected: SelectionSetNode | None,
    times: int,
    variables: Mapping[str, Any],
    fragments: Mapping[str, FragmentDefinitionNode],
) -> int:
    requests = 0
    for one in selected.selections if selected else ():
        if isinstance(one, FragmentSpreadNode):
            requests += _requests(fragments[one.name.value].selection_set, times, variables, fragments)
        elif isinstance(one, InlineFragmentNode):
            requests += _requests(one.selection_set, times, variables, fragments)
        elif isinstance(one, FieldNode):
            rows = _rows(one, variables)
            requests += times if rows else 0
            requests += _requests(one.selection_set, times * (rows or 1), variables, fragments)
    return requests


def _rows(field: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value in ("first", "last"):
            return int(value_from_ast_untyped(argument.value, dict(variables)) or 0)
    return 0
