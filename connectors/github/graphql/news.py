"""Whether anything changed in repositories, for one point: the rest is asked only where something has."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.github.graphql.answers import repository_of, variables_of
from connectors.github.graphql.client import GraphqlClient
from connectors.github.queries import documents

_REPOSITORIES_AT_ONCE = 20
_ROWS = 50  # of each list: what an overlap usually shows again


async def repositories_with_news(
    client: GraphqlClient, sinces: Mapping[str, str], seen: Mapping[str, str]
) -> list[str]:
    """Of these repositories those where something changed that is not in ``seen``."""
    with_news: list[str] = []
    names = list(sinces)
    begin = 0
    while begin < len(names):
        asked: list[str] = []

        def question(first: int, rest: Sequence[str] = names[begin:], asked: list[str] = asked) -> Any:
            asked[:] = rest[: min(first, _REPOSITORIES_AT_ONCE)]
            variables: dict[str, Any] = {"first": min(first, _ROWS)}
            for alias, name in enumerate(asked):
                variables |= {**variables_of(name, str(alias)), f"since{alias}": sinces[name]}
            return documents.news(len(asked)), variables

        answer = await client.ask("news", question)
        for alias, name in enumerate(asked):
            if is_news(repository_of(answer, name, f"r{alias}"), sinces[name], seen):
                with_news.append(name)
        begin += len(asked)
    return with_news


def is_news(repository: Mapping[str, Any], since: str, seen: Mapping[str, str]) -> bool:
    issues = repository["issues"]
    if issues["pageInfo"]["hasNextPage"]:
        return True
    milestones = (repository.get("milestones") or {}).get("nodes") or ()
    changed = [*issues["nodes"], *(row for row in milestones if row and row["updatedAt"] >= since)]
    return any(row and seen.get(row["id"]) != row["updatedAt"] for row in changed)
