"""Whether anything changed in repositories, for one point: the rest is asked only where something has."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from connectors.github.fetcher import News
from connectors.github.graphql.answers import project_of, project_variables, repository_of, variables_of
from connectors.github.graphql.client import GraphqlClient, Unanswered
from connectors.github.options import Options
from connectors.github.queries import documents

_REPOSITORIES_AT_ONCE = (
    40  # with two lists each, and a Project's rows, they make 81 of a point's 100 requests
)
_ROWS = 50  # of each list: what an overlap usually shows again


class Answered(NamedTuple):
    """``rows``: the first page of the Project's rows, where they were asked for."""

    news: News
    rows: Mapping[str, Any] | None = None


async def ask_for_news(
    client: GraphqlClient, sinces: Mapping[str, str], seen: Mapping[str, str], options: Options | None = None
) -> Answered:
    """Repositories where something changed that is not in ``seen``; ``options``: their Project's rows too.

    One whose news GitHub fails to tell counts as one with news.
    """
    with_news: list[str] = []
    present: dict[str, str] = {}
    rows: Mapping[str, Any] | None = None
    names = list(sinces)
    begin = 0
    while begin < len(names):
        project = options if begin == 0 else None
        asked: list[str] = []

        def question(
            first: int,
            rest: Sequence[str] = names[begin:],
            asked: list[str] = asked,
            project: Options | None = project,
        ) -> Any:
            asked[:] = rest[: min(first, _REPOSITORIES_AT_ONCE)]
            variables: dict[str, Any] = {"first": min(first, _ROWS)}
            for alias, name in enumerate(asked):
                variables |= {**variables_of(name, str(alias)), f"since{alias}": sinces[name]}
            if project is None:
                return documents.news(len(asked)), variables
            return documents.news_and_order(len(asked)), variables | project_variables(project) | {
                "rows": first
            }

        try:
            answer = await client.ask("news", question)
        except Unanswered:
            with_news.append(names[begin])
            begin += 1
            continue
        for alias, name in enumerate(asked):
            repository = repository_of(answer, name, f"r{alias}")
            present[name] = repository["nameWithOwner"]
            if is_news(repository, sinces[name], seen):
                with_news.append(name)
        rows = project_of(answer, project)["items"] if project else rows
        begin += len(asked)
    return Answered(News(with_news, present), rows)


def is_news(repository: Mapping[str, Any], since: str, seen: Mapping[str, str]) -> bool:
    """More than a page of either list in the overlap counts as news: nobody knows what comes after."""
    issues, milestones = repository["issues"], repository["milestones"]
    changed = [row for row in milestones["nodes"] if row and row["updatedAt"] >= since]
    if issues["pageInfo"]["hasNextPage"]:
        return True
    if milestones["pageInfo"]["hasNextPage"] and len(changed) == len(milestones["nodes"]):
        return True
    return any(row is None or seen.get(row["id"]) != row["updatedAt"] for row in (*issues["nodes"], *changed))
