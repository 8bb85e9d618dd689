"""What a search does not bring of an issue: when it closed, and its links to other sites."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.contract import SourceError
from connectors.jira.http.answers import is_of_a_part
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.parse.closing import Statuses, find_closing
from connectors.jira.parse.issue import (
    CLOSING,
    HISTORY_PART,
    REMOTE_LINKS,
    REMOTE_LINKS_PART,
    UNREAD,
    UNREADABLE_SHAPE,
)
from connectors.jira.reading.discovery import SiteProfile
from connectors.jira.reading.history import CHANGELOG, History, Logs
from connectors.jira.reading.remote_links import RemoteLinks

STATUSES_SECONDS = 3600.0  # for which the list of a site's statuses is believed

Issue = Mapping[str, Any]


class Parts:
    """Of one source. A part that fails for an issue is named in it (``UNREAD``), and the issue goes on."""

    def __init__(self, gateway: Gateway, options: Options, profile: SiteProfile) -> None:
        self.history = History(gateway, options, profile)
        self._gateway = gateway
        self._options = options
        self._reader = profile.reader
        self._links = RemoteLinks(gateway, options.max_requests_at_once)
        self._statuses: Sequence[Any] | None = None
        self._statuses_at = 0.0

    @property
    def missing(self) -> list[str]:
        """What this site refuses for every issue."""
        return [refused for refused in (self.history.missing, self._links.missing) if refused]

    async def complete(
        self, issues: Sequence[Issue], logs: Logs, is_for_later: Callable[[Issue], bool]
    ) -> list[Issue]:
        """``logs`` as far as they were read; ``is_for_later``: whose remote links are not asked for now."""
        shown = {str(one["id"]): one for one in issues if self._reader.is_shown(one)}
        closings, logs = await self._find_closings(list(shown.values()), logs)
        dated = {issue_id: {**one, **closings.get(issue_id, {})} for issue_id, one in shown.items()}
        links: dict[str, Any] = {}
        if self._options.remote_links != "never":
            links = dict.fromkeys(dated)
            links |= await self._links.fetch([one for one in dated if not is_for_later(dated[one])])
        complete = {
            issue_id: _without_log({**one, **_additions(issue_id, logs, links)})
            for issue_id, one in dated.items()
        }
        return [complete.get(str(one.get("id")), _without_log(one)) for one in issues]

    async def _find_closings(
        self, issues: Sequence[Issue], logs: Logs
    ) -> tuple[dict[str, dict[str, str]], Logs]:
        """Of those that are closed while no field says when; with the logs that were read for it."""
        undated = {str(one["id"]): one for one in issues if self._reader.lacks_closing(one)}
        unknown = [one for issue_id, one in undated.items() if issue_id not in logs]
        logs = {**logs, **await self.history.fetch(unknown)} if unknown else logs
        listed = await self._fetch_statuses() if undated else ()
        statuses = Statuses([*(one["fields"]["status"] for one in undated.values()), *listed])
        closings: dict[str, dict[str, str]] = {}
        for issue_id in undated:
            try:
                at = find_closing(logs[issue_id] or (), statuses, self._reader.states.is_closed)
            except UNREADABLE_SHAPE:
                logs = {**logs, issue_id: None}
            else:
                closings |= {issue_id: {CLOSING: at.isoformat()}} if at else {}
        return closings, logs

    async def _fetch_statuses(self) -> Sequence[Any]:
        """Asked for now and then. Where a site tells none, nothing is known of statuses of the past."""
        now = self._gateway.now()
        if self._statuses is not None and now < self._statuses_at + STATUSES_SECONDS:
            return self._statuses
        try:
            self._statuses, self._statuses_at = await self._gateway.statuses(), now
        except SourceError as error:
            if not is_of_a_part(error):
                raise
        return self._statuses or ()


def _additions(issue_id: str, logs: Logs, links: Mapping[str, Any]) -> dict[str, Any]:
    unread = [HISTORY_PART] if issue_id in logs and logs[issue_id] is None else []
    unread += [REMOTE_LINKS_PART] if issue_id in links and links[issue_id] is None else []
    linked = {REMOTE_LINKS: links[issue_id]} if links.get(issue_id) else {}
    return {**linked, UNREAD: unread} if unread else linked


def _without_log(issue: Issue) -> Issue:
    """The history is kept by itself, not within every item."""
    if CHANGELOG not in issue:
        return issue
    return {name: value for name, value in issue.items() if name != CHANGELOG}
