"""Reading GitHub over GraphQL: everything of an issue in one question."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from connectors.github.fetcher import News, Nodes, Order
from connectors.github.graphql.answers import project_of, project_variables, repository_of, variables_of
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.issues import RowList, fields_for, whole_rows
from connectors.github.graphql.news import ask_for_news
from connectors.github.graphql.pages import failed_rows, next_cursor, null_rows, read_rows, value_at
from connectors.github.graphql.single import issues_by_id, issues_by_number
from connectors.github.options import Options
from connectors.github.queries import documents
from connectors.github.queries.selection import Part

_ISSUES = ("repository", "issues")
_ROWS = ("repositoryOwner", "projectV2", "items")


class GraphqlFetcher:
    """See ``connectors.github.fetcher.Fetcher``."""

    def __init__(self, client: GraphqlClient, options: Options) -> None:
        self.client = client
        self.options = options

    async def page(self, repository: str, cursor: str | None, since: str | None) -> Nodes:
        """History only of what changed: a first scan would be twice as heavy with it."""
        if not repository:
            return await self._project_page(cursor)
        text = documents.page if cursor else documents.first_page
        given = {**variables_of(repository), "after": cursor, "since": since}
        parts = self._parts_of_changed if since else self._parts
        rows = RowList(
            _ISSUES,
            lambda first: (text(fields_for(parts(), first)), {**given, "first": first}),
            lambda first: (documents.NAMES, {**given, "first": first}),
            lambda row: row,
            null_rows,
            beside=("repository", "milestones", "nodes"),
        )
        answer, nodes, following = await whole_rows(self.client, rows, parts)
        held = repository_of(answer, repository)
        newest = held.get("milestones")
        milestones = [] if cursor else await self._changed_milestones(repository, since, newest)
        return Nodes(nodes, following, held["issues"]["totalCount"], milestones)

    def _parts(self) -> Sequence[Part]:
        return self.client.parts

    def _parts_of_changed(self) -> Sequence[Part]:
        return self.client.parts_and_history

    async def _changed_milestones(self, repository: str, since: str | None, newest: Any) -> list[Any]:
        """Those of a first page; more where even the oldest of these has changed since."""
        if newest is None:
            changed = await self._milestones(documents.CHANGED_MILESTONES, repository, None)
            return [row for row in changed if row]
        rows = [row for row in newest["nodes"] if row]
        if since and rows and rows[-1]["updatedAt"] >= since and (after := next_cursor(newest)):
            rows += filter(None, await self._milestones(documents.CHANGED_MILESTONES, repository, after))
        return rows

    async def _project_page(self, cursor: str | None) -> Nodes:
        given = {**project_variables(self.options), "after": cursor}
        rows = RowList(
            _ROWS,
            lambda first: (
                documents.project_page(fields_for(self._parts(), first)),
                {**given, "first": first},
            ),
            lambda first: (documents.PROJECT_NAMES, {**given, "first": first}),
            lambda row: row["content"] if is_issue(row) else None,
            failed_rows,
        )
        answer, nodes, following = await whole_rows(self.client, rows, self._parts)
        return Nodes(nodes, following, project_of(answer, self.options)["items"]["totalCount"])

    async def identities(self, repository: str, cursor: str | None) -> Nodes:
        if not repository:
            items = await self._order_page(cursor)
            return Nodes(
                [row["content"]["id"] for row in items["nodes"] if is_issue(row)], next_cursor(items)
            )
        given = {**variables_of(repository), "after": cursor}
        answer = await self.client.ask(
            "names", lambda first: (documents.IDENTITIES, {**given, "first": first})
        )
        issues = repository_of(answer, repository)["issues"]
        return Nodes([row["id"] for row in issues["nodes"] if row], next_cursor(issues))

    async def news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> News:
        return (await ask_for_news(self.client, sinces, seen)).news

    async def news_and_order(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> tuple[News, Order]:
        answered = await ask_for_news(self.client, sinces, seen, self.options)
        order = await self._order_from(answered.rows) if answered.rows else await self.order()
        return answered.news, order

    async def issues_by_number(self, numbers: Mapping[str, Sequence[int]]) -> list[Any]:
        return await issues_by_number(self.client, numbers)

    async def issues_by_id(self, ids: Sequence[str]) -> list[Any]:
        return await issues_by_id(self.client, ids)

    async def open_issues_of_milestone(self, repository: str, number: int) -> list[str]:
        given = {**variables_of(repository), "number": number}
        path = ("repository", "milestone", "issues")
        question = partial(_paged, documents.MILESTONE_ISSUES, given)
        return [row["id"] for row in await read_rows(self.client, "names", question, path) if row]

    async def milestones(self, repository: str) -> list[Any]:
        return await self._milestones(documents.MILESTONES, repository, None)

    async def _milestones(self, query: str, repository: str, after: str | None) -> list[Any]:
        question = partial(_paged, query, variables_of(repository))
        return await read_rows(self.client, "milestones", question, ("repository", "milestones"), after)

    async def order(self) -> Order:
        """Every row of the Project that is an issue, 100 a request; empty without a Project."""
        return await self._order_from(await self._order_page(None)) if self.options.project else Order()

    async def _order_from(self, items: Mapping[str, Any] | None) -> Order:
        """``items`` is the first page."""
        ranks: dict[str, str] = {}
        touched: dict[str, str] = {}
        while items:
            for row in filter(is_issue, items["nodes"]):
                node = row["content"]
                ranks[node["id"]] = f"{len(ranks):08d}"
                touched[node["id"]] = max(str(row["updatedAt"]), str(node["updatedAt"]))
            cursor = next_cursor(items)
            items = await self._order_page(cursor) if cursor else None
        return Order(ranks, touched)

    async def _order_page(self, cursor: str | None) -> dict[str, Any]:
        """Whole: a row that is missing would take its issue out of the Project."""
        given = {**project_variables(self.options), "after": cursor}
        answer = await self.client.ask("rows", lambda first: (documents.ORDER, {**given, "first": first}))
        project_of(answer, self.options)
        items: dict[str, Any] = value_at(answer.data, _ROWS)
        return items


def _paged(
    query: str, given: Mapping[str, Any], first: int, after: str | None
) -> tuple[str, Mapping[str, Any]]:
    return query, {**given, "first": first, "after": after}


def is_issue(row: Any) -> bool:
    """A Project also holds drafts and pull requests, archived rows, and rows we may not see."""
    return bool(row) and not row["isArchived"] and bool((row["content"] or {}).get("id"))
