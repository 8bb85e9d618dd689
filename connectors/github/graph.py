"""Reading GitHub over GraphQL: everything of an issue in one question."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.github import queries
from connectors.github.ask import Asker
from connectors.github.discover import project_of, project_variables, repository_of, variables_of
from connectors.github.fetch import Nodes, Order
from connectors.github.inner import complete
from connectors.github.options import Options

_BATCH = 50  # issues read one by one in one request
_AT_ONCE = 20  # repositories asked for news in one request


class GraphFetcher:
    """See ``connectors.github.fetch.Fetcher``."""

    def __init__(self, asker: Asker, options: Options) -> None:
        self.asker = asker
        self.options = options

    async def page(self, place: str, cursor: str | None, since: str | None) -> Nodes:
        if not place:
            return await self._project_page(cursor)
        answer = await self.asker.sized(
            lambda first: (
                self._question(cursor, since),
                {**variables_of(place), "first": first, "after": cursor, "since": since},
            )
        )
        held = repository_of(answer, place)
        issues = held["issues"]
        nodes = await complete(issues["nodes"], self.asker)
        milestones = (held.get("milestones") or {}).get("nodes") or ()
        return Nodes(nodes, following(issues), issues["totalCount"], [one for one in milestones if one])

    def _question(self, cursor: str | None, since: str | None) -> str:
        """History only of what changed: a first scan would be twice as heavy with it."""
        fields = self.asker.fields_and_history if since else self.asker.fields
        return queries.page(fields) if cursor else queries.first_page(fields)

    async def _project_page(self, cursor: str | None) -> Nodes:
        answer = await self.asker.sized(
            lambda first: (
                queries.project_page(self.asker.fields),
                {**project_variables(self.options), "first": first, "after": cursor},
            )
        )
        items = project_of(answer, self.options)["items"]
        found = [row["content"] for row in items["nodes"] if is_issue(row)]
        return Nodes(await complete(found, self.asker), following(items), items["totalCount"])

    async def identities(self, place: str, cursor: str | None) -> Nodes:
        if not place:
            items = await self._order_page(cursor)
            found = [row["content"]["id"] for row in items["nodes"] if is_issue(row)]
            return Nodes(found, following(items))
        answer = await self.asker.small(queries.IDENTITIES, {**variables_of(place), "after": cursor})
        issues = repository_of(answer, place)["issues"]
        return Nodes([one["id"] for one in issues["nodes"] if one], following(issues))

    async def with_news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        places = list(sinces)
        for begin in range(0, len(places), _AT_ONCE):
            asked = places[begin : begin + _AT_ONCE]
            variables: dict[str, Any] = {}
            for number, place in enumerate(asked):
                variables |= {**variables_of(place, str(number)), f"since{number}": sinces[place]}
            answer = await self.asker.small(queries.news(len(asked)), variables)
            for number, place in enumerate(asked):
                held = repository_of(answer, place, f"r{number}")
                if is_news(held, sinces[place], seen):
                    found.append(place)
        return found

    async def by_number(self, numbers: Mapping[str, Sequence[int]]) -> list[Any]:
        wanted = [(place, number) for place, held in numbers.items() for number in held]
        batches = [wanted[begin : begin + _BATCH] for begin in range(0, len(wanted), _BATCH)]
        return [one for found in await asyncio.gather(*map(self._numbered, batches)) for one in found]

    async def _numbered(self, wanted: Sequence[tuple[str, int]]) -> list[Any]:
        found: list[Any] = []
        begin = 0
        while begin < len(wanted):
            taken: dict[str, list[int]] = {}

            def question(first: int, rest: Any = wanted[begin:], taken: Any = taken) -> Any:
                taken.clear()
                for place, number in rest[:first]:
                    taken.setdefault(place, []).append(number)
                return queries.by_number(self.asker.fields_and_history, list(taken.values())), _places(taken)

            answer = await self.asker.sized(question)
            for alias, place in enumerate(taken):
                held = repository_of(answer, place, f"r{alias}")
                found += [one for name, one in held.items() if name != "id" and one]
            begin += sum(map(len, taken.values()))
        return await complete(found, self.asker)

    async def by_id(self, ids: Sequence[str]) -> list[Any]:
        batches = [ids[begin : begin + _BATCH] for begin in range(0, len(ids), _BATCH)]
        return [one for found in await asyncio.gather(*map(self._identified, batches)) for one in found]

    async def _identified(self, ids: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        begin = 0
        while begin < len(ids):
            asked: list[str] = []

            def question(first: int, rest: Any = ids[begin:], asked: Any = asked) -> Any:
                asked[:] = rest[:first]
                return queries.by_id(self.asker.fields_and_history), {"ids": asked}

            answer = await self.asker.sized(question)
            found += [one for one in answer.data.get("nodes") or () if one]
            begin += len(asked)
        return await complete(found, self.asker)

    async def in_milestone(self, place: str, number: int) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            variables = {**variables_of(place), "number": number, "after": cursor}
            answer = await self.asker.small(queries.MILESTONE_ISSUES, variables)
            milestone = repository_of(answer, place)["milestone"]
            if milestone is None:
                return found
            found += [one["id"] for one in milestone["issues"]["nodes"] if one]
            cursor = following(milestone["issues"])
            if cursor is None:
                return found

    async def milestones(self, place: str) -> list[Any]:
        found: list[Any] = []
        cursor: str | None = None
        while True:
            answer = await self.asker.small(queries.MILESTONES, {**variables_of(place), "after": cursor})
            held = repository_of(answer, place)["milestones"]
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
        answer = await self.asker.small(queries.ORDER, {**project_variables(self.options), "after": cursor})
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


def _places(places: Iterable[str]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for alias, place in enumerate(places):
        variables |= variables_of(place, str(alias))
    return variables
