"""One Jira source: its issues page by page, by id, and as a list of identities."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from connectors.contract import Capabilities, Checkpoint, Lookup, Page, Quota, Setting
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.reading.checkpoint import Delta, Scan, resume
from connectors.jira.reading.discovery import SiteProfile, account_name, profile_site, run_filter
from connectors.jira.reading.history import Logs
from connectors.jira.reading.lookup import NameLookup
from connectors.jira.reading.parts import Parts
from connectors.jira.reading.search import Search

Issue = Mapping[str, Any]


def connect(options: Options, setting: Setting) -> "JiraConnector":
    return JiraConnector(options, setting)


class JiraConnector:
    """See connectors.contract.Connector."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self._options = options
        self._setting = setting
        self._gateway = Gateway(options)
        self._profile: SiteProfile | None = None
        self._parts: Parts | None = None

    @property
    def requests(self) -> int:
        return self._gateway.requests

    @property
    def quota(self) -> Quota | None:
        return None

    async def close(self) -> None:
        await self._gateway.close()

    async def probe(self) -> Capabilities:
        refused = self._parts.missing if self._parts else []
        self._profile = profile = await profile_site(self._gateway, self._options, self._setting)
        self._parts = None  # what a site refused it may grant now
        selected = await run_filter(self._gateway, self._options, profile.dialect)
        notes = [*profile.capabilities.notes, *([selected] if selected else [])]
        missing = [*profile.capabilities.missing, *refused]
        return replace(profile.capabilities, missing=missing, notes=notes)

    async def pages(self, since: Checkpoint | None) -> AsyncGenerator[Page]:
        profile = await self._get_profile()
        now = self._gateway.now()
        progress = Scan(now) if since is None else resume(since)
        reading = (
            self._scan(profile, progress)
            if isinstance(progress, Scan)
            else self._delta(profile, progress, now)
        )
        async with aclosing(reading) as pages:
            async for page in pages:
                yield page

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Of this source only: an issue that has left the project or the filter is not in the page.

        Besides ids it takes ``sprint:7`` and ``version:7`` (webhook.py): the open issues in those.
        """
        profile = await self._get_profile()
        search = Search(self._gateway, self._options, profile)
        issues = await search.fetch_named(list(dict.fromkeys(native_ids)))
        return await self._page_with_changes(profile, issues, {}, 1, lambda _: False)

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        profile = await self._get_profile()
        return _parsed(profile, [orjson.loads(answer) for answer in answers.values()], {}, 1)

    async def identities(self) -> AsyncGenerator[Sequence[str]]:
        """Of everything this source selects and everyone may see, in as few requests as there are.

        From the index, which on Cloud lags by minutes: ``read`` what seems to be gone before it goes.
        """
        profile = await self._get_profile()
        async with aclosing(Search(self._gateway, self._options, profile).identities()) as pages:
            async for identities in pages:
                yield identities

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        return await NameLookup(self._gateway, await self._get_profile()).find(names)

    async def _get_profile(self) -> SiteProfile:
        if self._profile is None:
            self._profile = await profile_site(self._gateway, self._options, self._setting)
        return self._profile

    def _get_parts(self, profile: SiteProfile) -> Parts:
        if self._parts is None:
            self._parts = Parts(self._gateway, self._options, profile)
        return self._parts

    async def _scan(self, profile: SiteProfile, progress: Scan) -> AsyncGenerator[Page]:
        """By creation, which does not change while we read; a cut-off scan goes on where it was.

        Every issue is in before the recent history is asked for, so that it has whom to belong to.
        """
        search, number = Search(self._gateway, self._options, profile), 0
        total = await search.count()
        is_empty, page = progress.created is None, Page((), progress.checkpoint())
        async with aclosing(search.created(progress.created)) as results:
            async for result in results:
                number += 1
                progress = progress.after(result.issues)
                is_empty = is_empty and not result.issues
                page = await self._page(profile, result.issues, {}, progress.checkpoint(), number)
                page = replace(page, total=total or result.total)
                if not result.is_last:
                    yield page
        if is_empty:
            account_name(await self._gateway.myself(), self._options)
        async with aclosing(self._get_parts(profile).history.recent(progress.watermark)) as batches:
            async for changes in batches:
                yield replace(page, changes=changes)
                page = Page((), progress.checkpoint(), total=page.total)
        yield replace(page, checkpoint=Delta(progress.watermark).checkpoint())

    async def _delta(self, profile: SiteProfile, progress: Delta, began: float) -> AsyncGenerator[Page]:
        search, number = Search(self._gateway, self._options, profile), 0
        async with aclosing(search.updated(progress.since)) as results:
            async for result in results:
                number += 1
                fresh = progress.fresh(result.issues)
                progress = progress.after(result.issues, began)
                progress = progress.settled(began) if result.is_last else progress
                yield await self._page_with_changes(
                    profile, fresh, progress.checkpoint(), number, self._closed_long_ago(profile)
                )

    async def _page_with_changes(
        self,
        profile: SiteProfile,
        issues: Sequence[Issue],
        checkpoint: Checkpoint,
        number: int,
        is_for_later: Callable[[Issue], bool],
    ) -> Page:
        """A page with the history of its issues; of those only that everyone may see."""
        parts, now = self._get_parts(profile), self._gateway.now()
        logs = await parts.history.fetch([one for one in issues if profile.reader.is_shown(one)])
        complete = await parts.complete(issues, logs, is_for_later)
        page = _parsed(profile, complete, checkpoint, number)
        histories = (
            parts.history.parse_recent(one.native_id, logs.get(one.native_id), now) for one in page.items
        )
        return replace(page, changes=[change for changes in histories for change in changes])

    async def _page(
        self, profile: SiteProfile, issues: Sequence[Issue], logs: Logs, checkpoint: Checkpoint, number: int
    ) -> Page:
        is_for_later = self._closed_long_ago(profile)
        complete = await self._get_parts(profile).complete(issues, logs, is_for_later)
        return _parsed(profile, complete, checkpoint, number)

    def _closed_long_ago(self, profile: SiteProfile) -> Callable[[Issue], bool]:
        """Whose remote links can wait."""
        if self._options.remote_links == "always":
            return lambda _: False
        today = datetime.fromtimestamp(self._gateway.now(), UTC).astimezone(self._setting.timezone).date()
        return lambda issue: profile.reader.closed_long_ago(issue, today)


def _parsed(profile: SiteProfile, issues: Sequence[Issue], checkpoint: Checkpoint, number: int) -> Page:
    parsed = profile.reader.parse_page(issues, number)
    return Page(
        items=parsed.items,
        checkpoint=checkpoint,
        rejected=parsed.rejected,
        restricted=parsed.restricted,
        unmapped=parsed.unmapped,
    )
