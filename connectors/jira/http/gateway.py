"""Requests to one Jira, each in a thread, within the source's budget, tried again where that helps."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from jira.exceptions import JIRAError

from connectors.budget import Budget
from connectors.contract import SourceError
from connectors.jira.http.answers import Forbidden
from connectors.jira.http.session import Client
from connectors.jira.options import Options
from connectors.jira.parse.decode import as_record
from connectors.transport import Retry, with_retries

T = TypeVar("T")
Json = Mapping[str, Any]
LONGEST_QUERY = 2000  # characters of JQL that an address holds; a longer one is posted


class Gateway:
    """What attune asks of a Jira. Every method raises SourceError."""

    def __init__(self, options: Options) -> None:
        self._client = Client(options)
        self._host = urlsplit(options.url).netloc
        self._budget = Budget(options.max_requests_per_hour, options.max_requests_at_once)
        # its own threads: the loop's few are shared by every source
        self._threads = ThreadPoolExecutor(options.max_requests_at_once, f"jira-{options.key}")

    @property
    def requests(self) -> int:
        return self._budget.requests

    def now(self) -> float:
        """Epoch seconds by the tracker's clock."""
        return self._client.adapter.clock.now()

    async def close(self) -> None:
        await asyncio.to_thread(self._client.close)
        self._threads.shutdown(wait=False)

    async def server_info(self) -> Json:
        return await self._object("serverInfo")

    async def myself(self) -> Json:
        return await self._object("myself")

    async def fields(self) -> Sequence[Json]:
        return await self._list("field")

    async def statuses(self) -> Sequence[Json]:
        return await self._list("status")

    async def project(self, key: str) -> Json:
        """With the keys it had before (``projectKeys``), under any of which it is found."""
        return await self._object(f"project/{key}", {"expand": "projectKeys"})

    async def search_by_token(
        self, jql: str, fields: Sequence[str], size: int, token: str | None, fresh: Sequence[str] = ()
    ) -> Json:
        """Cloud. ``fresh``: at most 50 ids of which the index must know the latest."""
        asked: dict[str, Any] = {"jql": jql, "maxResults": size}
        if token:
            asked["nextPageToken"] = token
        if fresh:
            asked["reconcileIssues"] = [int(one) for one in fresh]
        return await self._searched("search/jql", asked, fields)

    async def search_at(
        self, jql: str, fields: Sequence[str], size: int, at: int, expand: Sequence[str] = ()
    ) -> Json:
        """Data Center. Unknown ids in the query are left out, not an error."""
        asked: dict[str, Any] = {"jql": jql, "maxResults": size, "startAt": at, "validateQuery": False}
        if expand:
            asked["expand"] = list(expand)
        return await self._searched("search", asked, fields)

    async def count_at(self, jql: str) -> int:
        """Data Center. A query with unknown names is an error here."""
        asked = {"jql": jql, "maxResults": 0, "startAt": 0, "validateQuery": True}
        return int((await self._searched("search", asked, ["id"]))["total"])

    async def _searched(self, path: str, asked: Mapping[str, Any], fields: Sequence[str]) -> Json:
        if len(asked["jql"]) > LONGEST_QUERY or "reconcileIssues" in asked:
            answer = await self._posted(path, {**asked, "fields": list(fields)})
        else:
            written = {name: _written(value) for name, value in asked.items()}
            answer = await self._object(path, {**written, "fields": ",".join(fields)})
        if not isinstance(answer.get("issues"), list):
            raise self._misshapen()
        if "startAt" in asked and not all(
            isinstance(answer.get(one), int) for one in ("total", "maxResults")
        ):
            raise self._misshapen()
        return {**answer, "issues": [as_record(one) for one in answer["issues"]]}

    async def issue(self, issue_id: str, fields: Sequence[str], expand: Sequence[str] = ()) -> Json | None:
        """As the database has it, whatever the index says; None when it is gone or hidden."""
        asked = {"fields": ",".join(fields), **({"expand": ",".join(expand)} if expand else {})}
        try:
            return await self._object(f"issue/{issue_id}", asked)
        except SourceError as error:
            if error.reason == "not-found" or isinstance(error, Forbidden):
                return None
            raise

    async def count(self, jql: str) -> int | None:
        """Cloud; for the progress that is shown, so nothing fails for it but what fails everything."""
        try:
            answer = (await self._posted("search/approximate-count", {"jql": jql})).get("count")
        except SourceError as error:
            if error.reason == "not-found":
                return None
            raise
        return answer if isinstance(answer, int) else None

    async def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str]) -> Json:
        """Cloud, at most 100; those that are gone are not in ``issues``."""
        asked = {"issueIdsOrKeys": list(ids), "fields": list(fields)}
        answer = await self._posted("issue/bulkfetch", asked)
        return {**answer, "issues": [as_record(one) for one in answer.get("issues") or ()]}

    async def changelogs(self, ids: Sequence[str], fields: Sequence[str], token: str | None) -> Json:
        """Cloud, at most 1,000 issues and 10 fields (none: all), a page of at most 10,000 changes."""
        return await self._posted("changelog/bulkfetch", _changelog_question(ids, fields, token))

    async def changelogs_once(self, ids: Sequence[str], fields: Sequence[str], token: str | None) -> Json:
        """Without trying again."""
        asked = _changelog_question(ids, fields, token)
        return self._mapping(await self._call_once(lambda: self._client.post("changelog/bulkfetch", asked)))

    async def remote_links(self, issue_id: str) -> Sequence[Json]:
        return self._records(await self._call(lambda: self._client.get(f"issue/{issue_id}/remotelink")))

    async def remote_links_once(self, issue_id: str) -> Sequence[Json]:
        """Without trying again."""
        return self._records(await self._call_once(lambda: self._client.get(f"issue/{issue_id}/remotelink")))

    async def _object(self, path: str, params: Json | None = None) -> Json:
        return self._mapping(await self._call(lambda: self._client.get(path, params)))

    async def _list(self, path: str) -> Sequence[Json]:
        return self._records(await self._call(lambda: self._client.get(path)))

    def _records(self, answer: Any) -> Sequence[Json]:
        if not isinstance(answer, list) or not all(isinstance(record, dict) for record in answer):
            raise self._misshapen()
        return answer

    async def _posted(self, path: str, body: Json) -> Json:
        return self._mapping(await self._call(lambda: self._client.post(path, body)))

    def _mapping(self, answer: Any) -> Json:
        if not isinstance(answer, dict):
            raise self._misshapen()
        return answer

    def _misshapen(self) -> SourceError:
        return SourceError("answer", f"{self._host} answers in another shape than Jira does.")

    async def _call(self, call: Callable[[], T]) -> T:
        return await with_retries(lambda: self._spend(call))

    async def _call_once(self, call: Callable[[], T]) -> T:
        try:
            return await self._spend(call)
        except Retry as failed:
            raise SourceError(failed.reason, str(failed), failed.after) from failed

    async def _spend(self, call: Callable[[], T]) -> T:
        async with self._budget:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._once, call)

    def _once(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except JIRAError:
            raise Retry("answer", f"{self._host} answers in a way that cannot be read.") from None
        except requests.Timeout:
            raise Retry("unreachable", f"{self._host} does not answer in time.") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Retry("unreachable", f"{self._host} cannot be reached ({type(error).__name__}).") from None
        except (ValueError, RecursionError):
            raise Retry("answer", f"{self._host} sends an answer that is no JSON.") from None


def _written(value: Any) -> str:
    """As a query parameter holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def _changelog_question(ids: Sequence[str], fields: Sequence[str], token: str | None) -> Json:
    asked: dict[str, Any] = {"issueIdsOrKeys": list(ids), "maxResults": 10_000}
    if fields:
        asked["fieldIds"] = list(fields)
    if token:
        asked["nextPageToken"] = token
    return asked
