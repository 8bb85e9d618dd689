"""Requests to one Jira, each in a thread, tried again where that helps, its errors in our words."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from jira.exceptions import JIRAError

from connectors.contract import SourceError
from connectors.jira.options import Options
from connectors.jira.session import Client
from connectors.transport import Retry, parse_retry_after, with_retries

T = TypeVar("T")
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class Gateway:
    """What attune asks of a Jira. Every method raises SourceError."""

    def __init__(self, options: Options) -> None:
        self._client = Client(options)
        self._host = urlsplit(options.url).netloc

    @property
    def requests(self) -> int:
        return self._client.adapter.requests

    async def close(self) -> None:
        await asyncio.to_thread(self._client.close)

    async def server_info(self) -> Mapping[str, Any]:
        return await self._object("serverInfo")

    async def myself(self) -> Mapping[str, Any]:
        return await self._object("myself")

    async def fields(self) -> Sequence[Mapping[str, Any]]:
        return await self._list("field")

    async def project(self, key: str) -> Mapping[str, Any]:
        return await self._object(f"project/{key}")

    async def search_by_token(
        self, jql: str, fields: Sequence[str], size: int, token: str | None
    ) -> Mapping[str, Any]:
        """Cloud."""
        asked = {"jql": jql, "fields": ",".join(fields), "maxResults": size}
        return await self._object("search/jql", {**asked, "nextPageToken": token} if token else asked)

    async def search_at(self, jql: str, fields: Sequence[str], size: int, at: int) -> Mapping[str, Any]:
        """Data Center. Unknown ids in the query are left out, not an error."""
        asked = {"jql": jql, "fields": ",".join(fields), "maxResults": size, "startAt": at}
        return await self._object("search", {**asked, "validateQuery": "false"})

    async def count(self, jql: str) -> int:
        """Cloud."""
        found = await self._posted("search/approximate-count", {"jql": jql})
        return int(found["count"])

    async def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str]) -> Mapping[str, Any]:
        """Cloud, at most 100; those that are gone are not in ``issues``."""
        asked = {"issueIdsOrKeys": list(ids), "fields": list(fields)}
        return await self._posted("issue/bulkfetch", asked)

    async def remote_links(self, issue_id: str) -> Sequence[Mapping[str, Any]]:
        """Empty for an issue that has gone meanwhile."""
        try:
            return await self._list(f"issue/{issue_id}/remotelink")
        except SourceError as error:
            if error.reason == "not-found":
                return ()
            raise

    async def _object(self, path: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return self._mapping(await self._call(lambda: self._client.get(path, params)))

    async def _list(self, path: str) -> Sequence[Mapping[str, Any]]:
        found = await self._call(lambda: self._client.get(path))
        if not isinstance(found, list):
            raise self._misshapen()
        return found

    async def _posted(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._mapping(await self._call(lambda: self._client.post(path, body)))

    def _mapping(self, found: Any) -> Mapping[str, Any]:
        if not isinstance(found, dict):
            raise self._misshapen()
        return found

    def _misshapen(self) -> SourceError:
        return SourceError("answer", f"{self._host} answers in another shape than Jira does.")

    async def _call(self, call: Callable[[], T]) -> T:
        return await with_retries(lambda: asyncio.to_thread(self._once, call))

    def _once(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except JIRAError as error:
            raise _said(self._host, error) from None
        except requests.Timeout:
            raise Retry("unreachable", f"{self._host} does not answer in time.") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Retry("unreachable", f"{self._host} cannot be reached ({type(error).__name__}).") from None
        except (ValueError, RecursionError):
            raise Retry("answer", f"{self._host} sends an answer that is no JSON.") from None


def _said(host: str, error: JIRAError) -> Exception:
    """What an HTTP status means for a source."""
    status = int(error.status_code or 0)
    headers = error.response.headers if error.response is not None else {}
    if status in (401, 403):
        return SourceError("authentication", f"Authentication failed: {host} answers {_words(status)}.")
    if status == 404:
        return SourceError("not-found", f"{host}: {_first_line(error)}")
    if status == 400:
        return SourceError("mapping", f"{host} does not understand the query: {_first_line(error)}")
    if status in _PASSING:
        reason = "limited" if status == 429 else "unreachable"
        wait = parse_retry_after(headers.get("Retry-After"))
        return Retry(
            "limited" if reason == "limited" else "unreachable", f"{host} answers {_words(status)}.", wait
        )
    return SourceError("answer", f"{host} answers {_words(status)}.")


def _words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _first_line(error: JIRAError) -> str:
    return (str(error.text or "").strip().splitlines() or ["it was not found"])[0][:300]
