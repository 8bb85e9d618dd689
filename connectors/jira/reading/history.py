"""Fetching the changelog: of issues just read, and of a project's recent past."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from connectors.contract import SourceError
from connectors.item import Change
from connectors.jira.http.answers import is_of_a_part
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.parse.links import reference
from connectors.jira.reading import query
from connectors.jira.reading.discovery import SiteProfile

RECENT_SECONDS = 90 * 86_400.0  # of history kept from a tracker
MOST_REQUESTS = 11  # for the recent past of one full scan; the latest changed issues come first
ISSUES_AT_ONCE = 1000  # in one request, Cloud's limit
IDS_ON_A_PAGE = 5000  # Cloud's limit
DATA_CENTER_PAGE = 100  # issues
MOST_FAILURES = 10  # of parts of one batch, in the search for the issue whose changelog fails
CHANGELOG = "changelog"
_REFUSED = ("mapping", "not-found", "authentication")  # a missing scope answers 401

Issue = Mapping[str, Any]
Log = Sequence[Any]
"""The histories of one issue, as Jira writes them."""
Logs = dict[str, Log | None]
"""By the issue's id; None where it could not be read this time."""


class History:
    """Of one source. A site that refuses its changelog is read without one; ``missing`` says so."""

    def __init__(self, gateway: Gateway, options: Options, profile: SiteProfile) -> None:
        self.missing: str | None = None
        self._gateway = gateway
        self._options = options
        self._profile = profile

    def parse_recent(self, issue_id: str, log: Log | None, now: float) -> list[Change]:
        identity = reference(self._profile.site.name, {"id": issue_id})
        return self._profile.changes.parse(identity, log or (), now - RECENT_SECONDS)

    async def fetch(self, issues: Sequence[Issue]) -> Logs:
        """Data Center's issues may bring theirs along (expand=changelog); others are asked for.

        Raises SourceError for what fails all. Where a batch fails, the issue at fault is found by halving
        it: O(log n) requests for one.
        """
        logs: Logs = {str(one["id"]): _log_of(one) for one in issues if CHANGELOG in one}
        asked = [str(one["id"]) for one in issues if CHANGELOG not in one]
        at_once = ISSUES_AT_ONCE if self._profile.dialect.is_cloud else DATA_CENTER_PAGE
        for start in range(0, len(asked), at_once):
            logs |= await self._fetch_batch(asked[start : start + at_once])
        return logs

    async def _fetch_batch(self, ids: Sequence[str]) -> Logs:
        try:
            return await self._ask(ids)
        except SourceError as error:
            if error.reason in _REFUSED:
                self._give_up(error)
            elif not is_of_a_part(error):
                raise
            elif len(ids) > 1:
                return await self._fetch_halves(ids)
            return dict.fromkeys(ids)

    async def _fetch_halves(self, ids: Sequence[str]) -> Logs:
        logs: Logs = dict.fromkeys(ids)
        parts, failures = [ids[: len(ids) // 2], ids[len(ids) // 2 :]], 0
        while parts and failures < MOST_FAILURES:
            part = parts.pop()
            try:
                logs |= await self._ask(part, is_patient=False)
            except SourceError as error:
                if not is_of_a_part(error):
                    raise
                failures += 1
                if len(part) > 1:
                    parts += [part[: len(part) // 2], part[len(part) // 2 :]]
        return logs

    async def _ask(self, ids: Sequence[str], is_patient: bool = True) -> Logs:
        if not self._profile.dialect.is_cloud:
            return await self._ask_data_center(ids)
        logs: dict[str, list[Any] | None] = {issue_id: [] for issue_id in ids}
        async for entries in self._changelog_pages(ids, is_patient):
            for entry in entries:
                issue_id, histories = str(entry.get("issueId")), entry.get("changeHistories") or []
                kept = logs.get(issue_id)
                is_readable = kept is not None and isinstance(histories, list)
                logs[issue_id] = [*(kept or ()), *histories] if is_readable else None
        return dict(logs)

    async def _ask_data_center(self, ids: Sequence[str]) -> Logs:
        """From the index, a page at a time; what the index does not have comes from the database."""
        logs: Logs = {}
        while len(ids) > 1 and (rest := [one for one in ids if one not in logs]):
            jql = query.by_ids(rest)
            answer = await self._gateway.search_at(jql, ["status"], DATA_CENTER_PAGE, 0, [CHANGELOG])
            logs |= {str(one.get("id")): _log_of(one) for one in answer["issues"]}
            if not answer["issues"]:
                break
        late = [one for one in ids if one not in logs]
        asked = (self._gateway.issue(one, ["status"], [CHANGELOG]) for one in late)
        for issue_id, issue in zip(late, await asyncio.gather(*asked), strict=True):
            logs[issue_id] = _log_of(issue) if issue else None
        return {issue_id: logs[issue_id] for issue_id in ids}

    async def _changelog_pages(
        self, ids: Sequence[str], is_patient: bool = True
    ) -> AsyncGenerator[Sequence[Mapping[str, Any]]]:
        """Raises SourceError, also for an endless one and for another shape than Jira's."""
        ask = self._gateway.changelogs if is_patient else self._gateway.changelogs_once
        token: str | None = None
        used: set[str] = set()
        while True:
            page = await ask(ids, self._profile.changes.field_ids, token)
            entries = page.get("issueChangeLogs") or []
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise SourceError("answer", "Jira's changelog is of another shape than Jira describes.")
            yield entries
            token = page.get("nextPageToken")
            if not token:
                return
            if token in used:
                raise SourceError("answer", "Jira repeats a page's token, so the changelog would never end.")
            used.add(token)

    async def recent(self, now: float) -> AsyncGenerator[list[Change]]:
        """Of the issues that changed of late, the latest first, within MOST_REQUESTS.

        Where that is refused the source is read without, and ``missing`` says so.
        """
        jql = query.recent(self._options, self._profile.dialect, now - RECENT_SECONDS)
        is_cloud = self._profile.dialect.is_cloud
        batches = self._recent_on_cloud(jql) if is_cloud else self._recent_on_data_center(jql)
        try:
            async for logs in batches:
                changes = [one for issue, log in logs.items() for one in self.parse_recent(issue, log, now)]
                if changes:
                    yield changes
        except SourceError as error:
            if error.reason not in _REFUSED and not is_of_a_part(error):
                raise
            self._give_up(error)

    async def _recent_on_cloud(self, jql: str) -> AsyncGenerator[Logs]:
        left, token = MOST_REQUESTS, None
        while left > 1:
            page = await self._gateway.search_by_token(jql, ["id"], IDS_ON_A_PAGE, token)
            left -= 1
            ids, token = [str(one["id"]) for one in page["issues"] if "id" in one], page.get("nextPageToken")
            for start in range(0, len(ids), ISSUES_AT_ONCE):
                async for logs in self._log_pages(ids[start : start + ISSUES_AT_ONCE]):
                    yield logs
                    left -= 1
                    if left <= 0:
                        return
            if not token or not ids:
                return

    async def _log_pages(self, ids: Sequence[str]) -> AsyncGenerator[Logs]:
        try:
            async for entries in self._changelog_pages(ids):
                yield {str(one.get("issueId")): _listed(one.get("changeHistories")) for one in entries}
        except SourceError as error:
            if error.reason in _REFUSED or not is_of_a_part(error):
                raise
            yield await self._fetch_halves(ids)

    async def _recent_on_data_center(self, jql: str) -> AsyncGenerator[Logs]:
        at = 0
        for _ in range(MOST_REQUESTS):
            try:
                page = await self._gateway.search_at(jql, ["updated"], DATA_CENTER_PAGE, at, [CHANGELOG])
                logs = {str(one["id"]): _log_of(one) for one in page["issues"] if "id" in one}
            except SourceError as error:
                if error.reason in _REFUSED or not is_of_a_part(error):
                    raise
                page = await self._gateway.search_at(jql, ["updated"], DATA_CENTER_PAGE, at)
                logs = await self._fetch_halves([str(one["id"]) for one in page["issues"] if "id" in one])
            at += len(page["issues"])
            yield logs
            if not page["issues"] or at >= int(page["total"]):
                return

    def _give_up(self, error: SourceError) -> None:
        self.missing = f"the history of issues ({error})"


def _log_of(issue: Issue) -> Log | None:
    changelog = issue.get(CHANGELOG)
    return _listed(changelog.get("histories")) if isinstance(changelog, Mapping) else None


def _listed(histories: Any) -> Log | None:
    return histories if isinstance(histories, list) else None
