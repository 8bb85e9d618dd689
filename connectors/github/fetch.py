"""Pages of issues as nodes, over GraphQL or REST, each with the cursor of the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import httpx

from connectors.contract import SourceError
from connectors.github import queries, rest
from connectors.github.discover import Host, place, project_place, repository_of
from connectors.github.options import Options
from connectors.github.session import GraphAnswer, Session
from connectors.transport import Retry, with_retries

LARGEST = 100
_GROWS_AFTER = 5  # pages without trouble
_HIDDEN = ("FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES")
_BATCH = 50


class Nodes(NamedTuple):
    nodes: Sequence[Any]
    cursor: str | None  # None: this was the last page
    total: int | None


class Fetcher(Protocol):
    async def page(self, cursor: str | None, since: str | None) -> Nodes: ...

    async def numbers(self, numbers: Sequence[int], repository_id: str) -> list[Any]: ...

    async def milestones(self) -> list[Any]: ...

    async def order(self) -> dict[str, str]: ...


@dataclass(slots=True)
class PageSize:
    """Halves when a page was too heavy, grows again when all goes well."""

    now: int = LARGEST
    well: int = 0

    def halve(self) -> None:
        self.now, self.well = max(1, self.now // 2), 0

    def succeed(self) -> None:
        self.well += 1
        if self.well >= _GROWS_AFTER:
            self.now, self.well = min(LARGEST, self.now * 2), 0


class GraphFetcher:
    def __init__(self, session: Session, options: Options, host: Host) -> None:
        self.session = session
        self.options = options
        self.fields = queries.issue_fields(host.issue_fields, options.project is not None)
        self.size = PageSize()

    async def page(self, cursor: str | None, since: str | None) -> Nodes:
        answer = await with_retries(lambda: self._page(cursor, since))
        issues = repository_of(answer, self.options)["issues"]
        info = issues["pageInfo"]
        following = info["endCursor"] if info["hasNextPage"] else None
        if following is not None and following == cursor:
            raise SourceError("answer", "GitHub repeats a page's cursor")
        return Nodes(issues["nodes"], following, issues["totalCount"])

    async def _page(self, cursor: str | None, since: str | None) -> GraphAnswer:
        """At a smaller size when the answer is partial; one that stays so at size 1 is taken."""
        while True:
            variables = {**place(self.options), "first": self.size.now, "after": cursor, "since": since}
            try:
                answer = await self.session.graphql(queries.page(self.fields), variables)
            except Retry as failed:
                if failed.reason == "unreachable":
                    self.size.halve()
                raise
            if self.size.now == 1 or not is_partial(answer):
                self.size.succeed()
                return answer
            self.size.halve()

    async def numbers(self, numbers: Sequence[int], repository_id: str) -> list[Any]:
        found: list[Any] = []
        for begin in range(0, len(numbers), _BATCH):
            query = queries.by_number(self.fields, numbers[begin : begin + _BATCH])
            answer = await self._ask(query, place(self.options))
            held = repository_of(answer, self.options)
            found += [one for alias, one in held.items() if alias != "id" and _is_here(one, repository_id)]
        return found

    async def _ask(self, query: str, variables: dict[str, Any]) -> GraphAnswer:
        async def attempt() -> GraphAnswer:
            answer = await self.session.graphql(query, variables)
            if is_partial(answer):
                raise Retry("answer", "GitHub could not answer a query in full")
            return answer

        return await with_retries(attempt)

    async def milestones(self) -> list[Any]:
        found: list[Any] = []
        cursor: str | None = None
        while True:
            answer = await self._ask(queries.MILESTONES, {**place(self.options), "after": cursor})
            held = repository_of(answer, self.options)["milestones"]
            found += held["nodes"]
            cursor = held["pageInfo"]["endCursor"]
            if not held["pageInfo"]["hasNextPage"]:
                return found

    async def order(self) -> dict[str, str]:
        """Node id → place in the Project, as text that sorts."""
        ranks: dict[str, str] = {}
        cursor: str | None = None
        while self.options.project:
            answer = await self._ask(queries.ORDER, {**project_place(self.options), "after": cursor})
            items = answer.data["repositoryOwner"]["projectV2"]["items"]
            for row in items["nodes"]:
                if row and (row["content"] or {}).get("id"):
                    ranks[row["content"]["id"]] = f"{len(ranks):08d}"
            cursor = items["pageInfo"]["endCursor"]
            if not items["pageInfo"]["hasNextPage"]:
                break
        return ranks


def is_partial(answer: GraphAnswer) -> bool:
    """Something was left out that a smaller question may bring; what is hidden from us stays hidden."""
    return any(one.get("type") not in _HIDDEN for one in answer.errors)


def _is_here(node: Any, repository_id: str) -> bool:
    return node is not None and node["repository"]["id"] == repository_id


class RestFetcher:
    """For a host without GraphQL: the issues' own fields; dependencies come from their texts."""

    def __init__(self, session: Session, options: Options) -> None:
        self.session = session
        self.options = options

    @property
    def _root(self) -> str:
        return f"/repos/{self.options.repository}"

    async def page(self, cursor: str | None, since: str | None) -> Nodes:
        first = f"{self._root}/issues?state=all&sort=updated&direction=asc&per_page={LARGEST}"
        path = cursor or (f"{first}&since={since}" if since else first)
        found, answer = await with_retries(lambda: self.session.rest(path))
        issues = [one for one in found if not rest.is_pull_request(one)]
        return Nodes([_node(one) for one in issues], _next(answer.headers.get("link", "")), None)

    async def numbers(self, numbers: Sequence[int], repository_id: str) -> list[Any]:
        found = [await self._number(one) for one in numbers]
        return [_node(one) for one in found if one and not rest.is_pull_request(one)]

    async def _number(self, number: int) -> Any:
        try:
            return (await with_retries(lambda: self.session.rest(f"{self._root}/issues/{number}")))[0]
        except SourceError as error:
            if error.reason in ("not-found", "answer"):  # deleted; or transferred, which redirects
                return None
            raise

    async def milestones(self) -> list[Any]:
        found: list[Any] = []
        path: str | None = f"{self._root}/milestones?state=all&per_page={LARGEST}"
        while path:
            asked = path
            page, answer = await with_retries(lambda: self.session.rest(asked))  # noqa: B023 - awaited at once
            found += [rest.to_milestone(one) for one in page]
            path = _next(answer.headers.get("link", ""))
        return found

    async def order(self) -> dict[str, str]:
        return {}


def _node(issue: Any) -> Any:
    """A record that is not whole goes on as it is; reading it says what is wrong."""
    try:
        return rest.to_node(issue)
    except (KeyError, TypeError, AttributeError):
        return issue


def _next(link: str) -> str | None:
    """The path of a Link header's next page, whatever host it names."""
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if 'rel="next"' in relation:
            url = httpx.URL(address.strip().strip("<>"))
            return url.raw_path.decode().removeprefix("/api/v3")
    return None
