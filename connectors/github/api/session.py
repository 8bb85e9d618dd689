"""GitHub over HTTP: one request with the credential, within the source's budget."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import orjson

from connectors.budget import Budget
from connectors.contract import Quota, SourceError
from connectors.github.api.auth import Credential, FixedToken, InstallationToken
from connectors.github.api.decode import decode
from connectors.github.api.errors import date_of, raise_for_errors, raise_for_status
from connectors.github.api.quota import TokenQuota, quota_for
from connectors.github.options import Options, TokenAuth
from connectors.transport import Answer, Retry, exchange, http_client

API_VERSION = "2022-11-28"  # later ones drop what older Enterprise Servers still need
_MOST_KEPT = 500  # REST answers with an ETag
_LARGEST_KEPT = 64 * 1024  # bytes
_MOST_MOVES = 3


class GraphAnswer(NamedTuple):
    data: dict[str, Any]
    errors: list[dict[str, Any]]


class Moved(Exception):
    """The host says that what was asked lives at another of its addresses."""

    def __init__(self, location: httpx.URL) -> None:
        super().__init__("moved")
        self.location = location


class Session:
    """One credential at one host. Every method sends once; retrying is the caller's."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.enterprise_version: str | None = None
        self._now: datetime | None = None
        self._quota: TokenQuota | None = quota_for(options)  # shared with other sources of the token
        self._budget = Budget(options.max_requests_per_hour, options.max_requests_at_once)
        self._client = http_client()
        self._client.event_hooks = {"response": [_notice_move]}
        self._credential: Credential = (
            FixedToken(options.auth)
            if isinstance(options.auth, TokenAuth)
            else InstallationToken(options.auth, self._installation_token)
        )
        self._strikes = 0  # limits met in a row
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    @property
    def requests(self) -> int:
        return self._budget.requests

    @property
    def now(self) -> datetime:
        """By the host's clock, at its last answer."""
        return self._now or datetime.now(UTC)

    @property
    def quota(self) -> Quota | None:
        return self._quota.present if self._quota else None

    async def close(self) -> None:
        self._quota = None
        await self._client.aclose()

    async def graphql(self, query: str, variables: Mapping[str, Any]) -> GraphAnswer:
        """Data and errors as they came.

        Raises Retry for limits and what may pass, SourceError for lost credentials, and
        UnknownFields and UnknownCursor (connectors.github.answers).
        """
        body = orjson.dumps({"query": query, "variables": variables})
        try:
            answer = await self._send("POST", self.options.graphql_url, body)
        except Moved as moved:
            raise SourceError(
                "answer",
                f"GitHub's GraphQL is not at {self.options.graphql_url} but at {moved.location.path}",
            ) from moved
        self._judge(answer, f"GitHub's GraphQL at {self.options.graphql_url}")
        content = decode(answer)
        if not isinstance(content, dict):
            raise SourceError("answer", "GitHub's GraphQL answered with something else than data")
        errors = [one for one in content.get("errors") or () if isinstance(one, dict)]
        try:
            raise_for_errors(errors, answer, self._strikes)
        except Retry:
            self._strikes += 1
            raise
        self._strikes = 0
        return GraphAnswer(content.get("data") or {}, errors)

    async def rest(self, path: str) -> tuple[Any, Answer]:
        """``path`` from the API's root. What has moved on the same host is followed there."""
        url = f"{self.options.url}/{path.lstrip('/')}"
        for _ in range(_MOST_MOVES + 1):
            try:
                answer = await self._conditional(url)
            except Moved as moved:
                url = str(moved.location)
                continue
            self._judge(answer, self._what(path))
            self._strikes = 0
            return decode(answer), answer
        raise SourceError("answer", "GitHub redirects in a circle")

    def _what(self, path: str) -> str:
        parts = path.strip("/").split("?")[0].split("/")
        address = f"{self.options.url}/{'/'.join(parts)}"
        return f"repository {'/'.join(parts[1:3])} at {address}" if parts[0] == "repos" else address

    def _judge(self, answer: Answer, what: str) -> None:
        try:
            raise_for_status(answer, what, self._strikes)
        except Retry as failed:
            self._strikes += failed.reason == "limited"
            raise

    async def _conditional(self, url: str) -> Answer:
        """GET; an answer that has not changed since costs no quota and comes from memory."""
        kept = self._kept.get(url)
        tags = {"If-None-Match": kept.headers["etag"]} if kept else {}
        answer = await self._send("GET", url, more=tags)
        if answer.status == 304 and kept:
            self._kept.move_to_end(url)
            return kept
        if answer.status == 200 and answer.headers.get("etag") and len(answer.body) <= _LARGEST_KEPT:
            self._kept[url] = answer
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return answer

    async def _send(
        self, method: str, url: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        """With a new token when an App's was refused before its time."""
        token = await self._credential.token()
        answer = await self._exchange(method, url, token, body, more)
        if answer.status != 401 or (renewed := await self._credential.renewed(token)) is None:
            return answer
        return await self._exchange(method, url, renewed, body, more)

    async def _exchange(
        self, method: str, url: str, token: str, body: bytes | None, more: Mapping[str, str] | None = None
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
        headers |= {"User-Agent": "attune", "X-GitHub-Api-Version": API_VERSION, **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        is_graphql = url == self.options.graphql_url
        if self._quota:
            self._quota.check(is_graphql)
        async with self._budget:
            request = self._client.build_request(method, url, headers=headers, content=body)
            answer = await exchange(self._client, request)
        if self._quota:
            self._quota.note(answer, is_graphql)
        self._now = date_of(answer)
        self.enterprise_version = answer.headers.get("x-github-enterprise-version") or self.enterprise_version
        return answer

    async def _installation_token(self, path: str, proof: str) -> Any:
        try:
            answer = await self._exchange("POST", f"{self.options.url}{path}", proof, b"")
        except Moved as moved:
            raise SourceError("answer", f"GitHub's API is not at {self.options.url}") from moved
        if answer.status == 404:
            raise SourceError(
                "authentication",
                f"{self.options.url} knows no installation {path.split('/')[3]} of this GitHub App",
            )
        self._judge(answer, "the installation of the GitHub App")
        return decode(answer)


async def _notice_move(response: httpx.Response) -> None:
    """A redirect within the same origin is told apart; any other is refused by the transport."""
    if not response.has_redirect_location:
        return
    asked = response.request.url
    try:
        target = asked.join(response.headers["location"])
    except httpx.InvalidURL as wrong:
        raise SourceError("answer", f"{asked.host} redirects to no address") from wrong
    if (target.scheme, target.host, target.port) == (asked.scheme, asked.host, asked.port):
        raise Moved(target)
