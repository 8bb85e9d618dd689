"""ParseContext GitHub over GraphQL: everything of an issue in one question."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.github.fetcher import Nodes, Order
from connectors.github.graphql import queries
from connectors.github.graphql.answers import project_of, project_variables, repository_of, variables_of
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.connections import complete
from connectors.github.options import Options

_BATCH = 50  # issues read one by one in one request
_AT_ONCE = 20  # repositories asked for news in one request


class GraphqlFetcher:
    """See ``connectors.github.fetch.Fetcher``."""

    def __init__(self, client: GraphqlClient, options: Options) -> None:
        self.client = client
        self.options = options

    async def page(self, repository: str, cursor: str | None, since: str | None) -> Nodes:
        if not repository:
            return await self._project_page(cursor)
        answer = await self.client.ask_sized(
            lambda first: (
                self._question(cursor, since),
                {**variables_of(repository), "first": first, "after": cursor, "since": since},
            )
        )
        held = repository_of(answer, repository)
        issues = held["issues"]
        nodes = await complete(issues["nodes"], self.client)
        milestones = (held.get("milestones") or {}).get("nodes") or ()
        return Nodes(nodes, following(issues), issues["totalCount"], [one for one in milestones if one])

    def _question(self, cursor: str | None, since: str | None) -> str:
        """History only of what changed: a first scan would be twice as heavy with it."""
        fields = self.client.fields_and_history if since else self.client.fields
        return queries.page(fields) if cursor else queries.first_page(fields)

    async def _project_page(self, cursor: str | None) -> Nodes:
        answer = await self.client.ask_sized(
            lambda first: (
                queries.project_page(self.client.fields),
                {**project_variables(self.options), "first": first, "after": cursor},
            )
        )
        items = project_of(answer, self.options)["items"]
        found = [row["content"] for row in items["nodes"] if is_issue(row)]
        return Nodes(await complete(found, self.client), following(items), items["totalCount"])

    async def identities(self, repository: str, cursor: str | None) -> Nodes:
        if not repository:
            items = await self._order_page(cursor)
            found = [row["content"]["id"] for row in items["nodes"] if is_issue(row)]
            return Nodes(found, following(items))
        answer = await self.client.ask(queries.IDENTITIES, {**variables_of(repository), "after": cursor})
        issues = repository_of(answer, repository)["issues"]
        return Nodes([one["id"] for one in issues["nodes"] if one], following(issues))

    async def repositories_with_news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        repositories = list(sinces)
        for begin in range(0, len(repositories), _AT_ONCE):
            asked = repositories[begin : begin + _AT_ONCE]
            variables: dict[str, Any] = {}
            for number, repository in enumerate(asked):
                variables |= {**variables_of(repository, str(number)), f"since{number}": sinces[repository]}
            answer = await self.client.ask(queries.news(len(asked)), variables)
            for number, repository in enumerate(asked):
                held = repository_of(answer, repository, f"r{number}")
                if is_news(held, sinces[repository], seen):
                    found.append(repository)
        return found

    async def issues_by_number(self, numbers: Mapping[str, Sequence[int]]) -> list[Any]:
        wanted = [(repository, number) for repository, held in numbers.items() for number in held]
        batches = [wanted[begin : begin + _BATCH] for begin in range(0, len(wanted), _BATCH)]
        return [one for found in await asyncio.gather(*map(self._numbered, batches)) for one in found]

    async def _numbered(self, wanted: Sequence[tuple[str, int]]) -> list[Any]:
        found: list[Any] = []
        begin = 0
        while begin < len(wanted):
            taken: dict[str, list[int]] = {}

            def question(first: int, rest: Any = wanted[begin:], taken: Any = taken) -> Any:
                taken.clear()
                for repository, number in rest[:first]:
                    taken.setdefault(repository, []).append(number)
                return queries.issues_by_number(
                    self.client.fields_and_history, list(taken.values())
                ), _variables_by_alias(taken)

            answer = await self.client.ask_sized(question)
            for alias, repository in enumerate(taken):
                held = repository_of(answer, repository, f"r{alias}")
                found += [one for name, one in held.items() if name != "id" and one]
            begin += sum(map(len, taken.values()))
        return await complete(found, self.client)

    async def issues_by_id(self, ids: Sequence[str]) -> list[Any]:
        batches = [ids[begin : begin + _BATCH] for begin in range(0, len(ids), _BATCH)]
        return [one for found in await asyncio.gather(*map(self._identified, batches)) for one in found]

    async def _identified(self, ids: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        begin = 0
        while begin < len(ids):
            asked: list[str] = []

            def question(first: int, rest: Any = ids[begin:], asked: Any = asked) -> Any:
                asked[:] = rest[:first]
                return queries.issues_by_id(self.client.fields_and_history), {"ids": asked}

            answer = await self.client.ask_sized(question)
            found += [one for one in answer.data.get("nodes") or () if one]
            begin += len(asked)
        return await complete(found, self.client)

    async def open_issues_of_milestone(self, repository: str, number: int) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            variables = {**variables_of(repository), "number": number, "after": cursor}
            answer = await self.client.ask(queries.MILESTONE_ISSUES, variables)
            milestone = repository_of(answer, repository)["milestone"]
            if milestone is None:
                return found
            found += [one["id"] for one in milestone["issues"]["nodes"] if one]
            cursor = following(milestone["issues"])
            if cursor is None:
                return found

    async def milestones(self, repository: str) -> list[Any]:
        found: list[Any] = []
        cursor: str | None = None
        while True:
            answer = await self.client.ask(queries.MILESTONES, {**variables_of(repository), "after": cursor})
            held = repository_of(answer, repository)["milestones"]
            found += [one for one in held["nodes"] if one]
            cursor = following(held)
            if cursor is None:
                return found

    async def order(self) -> Order:
        """Every row of the Project that is an issue, 100 a request; empty without a Project."""
        ranks: dict[str, str] = {}
        touched: dict[str, str] = {}
        cursor: str | None = None
        while self.options.project:
            items = await self._order_page(cursor)
            for row in filter(is_issue, items["nodes"]):
                node = row["content"]
                ranks[node["id"]] = f"{len(ranks):08d}"
                touched[node["id"]] = max(str(row["updatedAt"]), str(node["updatedAt"]))
            cursor = following(items)
            if cursor is None:
                break
        return Order(ranks, touched)

    async def _order_page(self, cursor: str | None) -> dict[str, Any]:
        answer = await self.client.ask(queries.ORDER, {**project_variables(self.options), "after": cursor})
        items: dict[str, Any] = project_of(answer, self.options)["items"]
        return items


def following(connection: Mapping[str, Any]) -> str | None:
    info = connection["pageInfo"]
    return info["endCursor"] if info["hasNextPage"] else None


def is_issue(row: Any) -> bool:
    """A Project also holds drafts and pull requests, archived rows, and rows we may not see."""
    return bool(row) and not row["isArchived"] and bool((row["content"] or {}).get("id"))


def is_news(repository: Mapping[str, Any], since: str, seen: Mapping[str, str]) -> bool:
    issues = repository["issues"]
    if issues["pageInfo"]["hasNextPage"]:
        return True
    milestones = (repository.get("milestones") or {}).get("nodes") or ()
    changed = [*issues["nodes"], *(one for one in milestones if one and one["updatedAt"] >= since)]
    return any(one and seen.get(one["id"]) != one["updatedAt"] for one in changed)


def _variables_by_alias(repositories: Iterable[str]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for alias, repository in enumerate(repositories):
        variables |= variables_of(repository, str(alias))
    return variables
