"""One Jira source: its issues page by page, by id, and as a list of identities."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import orjson

from connectors.contract import Capabilities, Checkpoint, Lookup, Page, Quota, Setting
from connectors.item import Change
from connectors.jira.checkpoint import Delta, Scan, resume
from connectors.jira.discovery import Known, account_of, visit
from connectors.jira.gateway import Gateway
from connectors.jira.history import CHANGELOG, RECENT, History
from connectors.jira.options import Options
from connectors.jira.parse import REMOTE_LINKS
from connectors.jira.search import Search

Issue = Mapping[str, Any]


def connect(options: Options, setting: Setting) -> "JiraConnector":
    return JiraConnector(options, setting)


class JiraConnector:
    """See connectors.contract.Connector."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self._options = options
        self._setting = setting
        self._gateway = Gateway(options)
        self._known: Known | None = None
        self._history: History | None = None

    @property
    def requests(self) -> int:
        return self._gateway.requests

    @property
    def quota(self) -> Quota | None:
        return None

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        return {}

    async def close(self) -> None:
        await self._gateway.close()

    async def probe(self) -> Capabilities:
        refused = self._history.missing if self._history else None
        self._known = known = await visit(self._gateway, self._options, self._setting)
        self._history = None  # what a site refused it may grant now
        missing = [*known.capabilities.missing, *([refused] if refused else [])]
        return replace(known.capabilities, missing=missing)

    async def pages(self, since: Checkpoint | None) -> AsyncGenerator[Page]:
        known = await self._knowing()
        now = self._gateway.now()
        place = Scan(now) if since is None else resume(since)
        reading = self._scan(known, place) if isinstance(place, Scan) else self._delta(known, place, now)
        async with aclosing(reading) as pages:
            async for page in pages:
                yield page

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Of this source only: an issue that has left the project or the filter is not in the page.

        Besides ids it takes ``sprint:7`` and ``version:7`` (webhook.py): the open issues in those.
        """
        known = await self._knowing()
        search = Search(self._gateway, self._options, known)
        issues = await search.named(list(dict.fromkeys(native_ids)))
        return await self._told(known, issues, {}, None)

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        known = await self._knowing()
        return _parsed(known, [orjson.loads(one) for one in answers.values()], {}, None)

    async def identities(self) -> AsyncGenerator[Sequence[str]]:
        """Of everything this source selects and everyone may see, in as few requests as there are.

        From the index, which on Cloud lags by minutes: ``read`` what seems to be gone before it goes.
        """
        known = await self._knowing()
        async with aclosing(Search(self._gateway, self._options, known).identities()) as found:
            async for one in found:
                yield one

    async def _knowing(self) -> Known:
        if self._known is None:
            self._known = await visit(self._gateway, self._options, self._setting)
        return self._known

    def _past(self, known: Known) -> History:
        if self._history is None:
            self._history = History(self._gateway, self._options, known.changes, known.place)
        return self._history

    async def _scan(self, known: Known, place: Scan) -> AsyncGenerator[Page]:
        """By creation, which does not change while we read; a cut-off scan goes on where it was.

        Every issue is in before the recent history is asked for, so that it has whom to belong to.
        """
        search = Search(self._gateway, self._options, known)
        total = await search.count()
        is_empty, page = place.created is None, Page((), place.checkpoint())
        async with aclosing(search.created(place.created)) as pages:
            async for found in pages:
                place = place.after(found.issues)
                is_empty = is_empty and not found.issues
                page = await self._page(known, found.issues, place.checkpoint(), total or found.total)
                if not found.is_last:
                    yield page
        if is_empty:
            account_of(await self._gateway.myself(), self._options)
        async with aclosing(self._past(known).recent(known.site.name, place.watermark)) as batches:
            async for changes in batches:
                yield replace(page, changes=changes)
                page = Page((), place.checkpoint(), total=page.total)
        yield replace(page, checkpoint=Delta(place.watermark).checkpoint())

    async def _delta(self, known: Known, place: Delta, began: float) -> AsyncGenerator[Page]:
        search = Search(self._gateway, self._options, known)
        async with aclosing(search.updated(place.since)) as pages:
            async for found in pages:
                fresh = place.fresh(found.issues)
                place = place.after(found.issues, began)
                place = place.settled(began) if found.is_last else place
                yield await self._told(known, fresh, place.checkpoint(), None)

    async def _told(
        self, known: Known, issues: Sequence[Issue], checkpoint: Checkpoint, total: int | None
    ) -> Page:
        """A page with the history of its issues; of those only that everyone may see."""
        page = await self._page(known, issues, checkpoint, total)
        shown = {item.native_id for item in page.items}
        asked = [one for one in issues if str(one.get("id")) in shown]
        changes: Sequence[Change] = ()
        if asked:
            since = self._gateway.now() - RECENT
            changes = await self._past(known).of(known.site.name, asked, since)
        return replace(page, changes=changes)

    async def _page(
        self, known: Known, issues: Sequence[Issue], checkpoint: Checkpoint, total: int | None
    ) -> Page:
        linked = await self._with_remote_links(known, [_without_past(one) for one in issues])
        return _parsed(known, linked, checkpoint, total)

    async def _with_remote_links(self, known: Known, issues: Sequence[Issue]) -> Sequence[Issue]:
        if self._options.remote_links == "never":
            return issues
        return await asyncio.gather(*(self._with_its_remote_links(known, one) for one in issues))

    async def _with_its_remote_links(self, known: Known, issue: Issue) -> Issue:
        if not known.reader.may_have_remote_links(issue):
            return issue
        found = await self._gateway.remote_links(str(issue["id"]))
        return {**issue, REMOTE_LINKS: found} if found else issue


def _parsed(known: Known, issues: Sequence[Issue], checkpoint: Checkpoint, total: int | None) -> Page:
    parsed = known.reader.parse_page(issues)
    return Page(
        items=parsed.items,
        checkpoint=checkpoint,
        rejected=parsed.rejected,
        restricted=parsed.restricted,
        unmapped=parsed.unmapped,
        total=total,
    )


def _without_past(issue: Issue) -> Issue:
    """The history is kept by itself, not within every item."""
    return (
        {name: value for name, value in issue.items() if name != CHANGELOG} if CHANGELOG in issue else issue
    )
