"""Fetching the changelog: of issues just read, and of a project's recent past."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from connectors.contract import SourceError
from connectors.item import Change
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.parse.changelog import ChangeReader
from connectors.jira.parse.links import reference
from connectors.jira.reading import query

RECENT = 90 * 86_400.0  # seconds of history kept from a tracker
MOST_REQUESTS = 11  # for the recent past of one full scan; the latest changed issues come first
AT_ONCE = 1000  # issues in one request, Cloud's limit
IDS = 5000  # ids in one page, Cloud's limit
DATA_CENTER_PAGE = 100
CHANGELOG = "changelog"
_REFUSED = ("mapping", "not-found", "authentication")

Issue = Mapping[str, Any]


class History:
    """Of one source. A site that refuses its changelog is read without one; ``missing`` says so."""

    def __init__(
        self, gateway: Gateway, options: Options, reader: ChangeReader, place: query.Dialect
    ) -> None:
        self.missing: str | None = None
        self._gateway = gateway
        self._options = options
        self._reader = reader
        self._place = place

    async def of(self, site: str, issues: Sequence[Issue], since: float) -> list[Change]:
        """Data Center's issues bring theirs along (expand=changelog); Cloud is asked for it."""
        if not self._place.is_cloud:
            return self._brought(site, issues, since)
        ids = [str(one["id"]) for one in issues]
        found: list[Change] = []
        try:
            for start in range(0, len(ids), AT_ONCE):
                async for changes in self._asked(site, ids[start : start + AT_ONCE], since):
                    found += changes
        except SourceError as error:
            self._give_up(error)
        return found

    async def recent(self, site: str, now: float) -> AsyncGenerator[list[Change]]:
        """Of the issues that changed of late, the latest first, within MOST_REQUESTS."""
        since = now - RECENT
        jql = query.recent(self._options, self._place, since)
        batches = self._recent_on_cloud(site, jql, since)
        if not self._place.is_cloud:
            batches = self._recent_on_data_center(site, jql, since)
        try:
            async for changes in batches:
                if changes:
                    yield changes
        except SourceError as error:
            self._give_up(error)

    async def _recent_on_cloud(self, site: str, jql: str, since: float) -> AsyncGenerator[list[Change]]:
        left, token = MOST_REQUESTS, None
        while left > 1:
            page = await self._gateway.search_by_token(jql, ["id"], IDS, token)
            left -= 1
            ids, token = [str(one["id"]) for one in page.get("issues") or ()], page.get("nextPageToken")
            for start in range(0, len(ids), AT_ONCE):
                async for changes in self._asked(site, ids[start : start + AT_ONCE], since):
                    yield changes
                    left -= 1
                    if left <= 0:
                        return
            if not token or not ids:
                return

    async def _recent_on_data_center(self, site: str, jql: str, since: float) -> AsyncGenerator[list[Change]]:
        at = 0
        for _ in range(MOST_REQUESTS):
            page = await self._gateway.search_at(jql, ["updated"], DATA_CENTER_PAGE, at, [CHANGELOG])
            issues = page.get("issues") or ()
            at += len(issues)
            yield self._brought(site, issues, since)
            if not issues or at >= int(page["total"]):
                return

    async def _asked(self, site: str, ids: Sequence[str], since: float) -> AsyncGenerator[list[Change]]:
        """A page of changes at a time, the oldest first. Raises SourceError, also for an endless one."""
        token: str | None = None
        used: set[str] = set()
        while True:
            page = await self._gateway.changelogs(ids, self._reader.field_ids, token)
            found: list[Change] = []
            for one in page.get("issueChangeLogs") or ():
                told = reference(site, {"id": one.get("issueId")})
                found += self._reader.parse(told, one.get("changeHistories") or (), since)
            yield found
            token = page.get("nextPageToken")
            if not token:
                return
            if token in used:
                raise SourceError("answer", "Jira repeats a page's token, so the changelog would never end.")
            used.add(token)

    def _brought(self, site: str, issues: Sequence[Issue], since: float) -> list[Change]:
        return [
            change
            for one in issues
            for change in self._reader.parse(
                reference(site, one), (one.get(CHANGELOG) or {}).get("histories") or (), since
            )
        ]

    def _give_up(self, error: SourceError) -> None:
        """Raises what is no refusal."""
        if error.reason not in _REFUSED:
            raise error
        self.missing = f"the history of issues ({error})"
