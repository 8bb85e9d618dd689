"""One Jira source: who we are there, what its fields are called, and its issues page by page."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.contract import Capabilities, Checkpoint, Page, Setting, SourceError
from connectors.jira import query, values
from connectors.jira.checkpoint import Delta, Scan, moment_of, resume
from connectors.jira.fields import Fields, discover
from connectors.jira.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.paging import ByPositions, Found, by_token
from connectors.jira.parse import REMOTE_LINKS, Reader, Site

PAGE = 100  # issues; also the most that Cloud gives
REMOTE_AT_ONCE = 4

Issue = Mapping[str, Any]


def connect(options: Options, setting: Setting) -> "JiraConnector":
    return JiraConnector(options, setting)


@dataclass(frozen=True, slots=True)
class Known:
    """What one visit found out about the site and our account there."""

    is_cloud: bool
    account: str
    zone: ZoneInfo | None
    site: Site
    fields: Fields
    reader: Reader
    capabilities: Capabilities


class JiraConnector:
    """See connectors.contract.Connector."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self._options = options
        self._setting = setting
        self._gateway = Gateway(options)
        self._known: Known | None = None
        self._remote = asyncio.Semaphore(REMOTE_AT_ONCE)

    @property
    def requests(self) -> int:
        return self._gateway.requests

    async def close(self) -> None:
        await self._gateway.close()

    async def probe(self) -> Capabilities:
        self._known = await self._discover()
        return self._known.capabilities

    async def pages(self, since: Checkpoint | None) -> AsyncGenerator[Page]:
        known = self._known or await self._discover()
        self._known = known
        now = _server_time(await self._gateway.server_info())
        place = Scan(now) if since is None else resume(since)
        reading = self._scan(known, place) if isinstance(place, Scan) else self._delta(known, place, now)
        async with aclosing(reading) as pages:
            async for page in pages:
                yield page

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Of this source only: an issue that has left the project or the filter is not in the page."""
        known = self._known or await self._discover()
        self._known = known
        ids = [one for one in dict.fromkeys(native_ids) if one.isdigit()]
        issues: list[Issue] = []
        for start in range(0, len(ids), PAGE):
            issues += await self._by_ids(known, ids[start : start + PAGE])
        return await self._page(known, issues, {}, None)

    async def _discover(self) -> Known:
        """Identity first: an anonymous search finds nothing and says so nowhere."""
        options, gateway = self._options, self._gateway
        info = await gateway.server_info()
        myself = await gateway.myself()
        project = await gateway.project(options.project)
        listed = await gateway.fields()
        names = self._setting.vocabulary.dod_names
        fields = discover(listed, options.mapping.fields, names, str(project.get("id")))
        site = _site(options.url, str(info.get("baseUrl") or ""))
        zone = query.account_zone(myself.get("timeZone"))
        is_cloud = info.get("deploymentType") == "Cloud"
        account = str(myself.get("displayName") or myself.get("name") or "")
        capabilities = Capabilities(
            account=account,
            site=site.name,
            holds=(f"jira://{site.name}/{options.project}",),
            fields=fields.described(listed),
            missing=_missing(fields),
            notes=_notes(is_cloud, info, zone),
        )
        reader = Reader(options, self._setting, fields, site)
        return Known(is_cloud, account, zone, site, fields, reader, capabilities)

    async def _scan(self, known: Known, place: Scan) -> AsyncGenerator[Page]:
        """By creation, which does not change while we read; a cut-off scan goes on where it was."""
        total = await self._count(known)
        async with aclosing(self._search(known, "created", place.created)) as search:
            async for found in search:
                place = Scan(place.watermark, _last_moment(found.issues, "created") or place.created)
                after = Delta(place.watermark) if found.is_last else place
                yield await self._page(known, found.issues, after.checkpoint(), total or found.total)

    async def _delta(self, known: Known, place: Delta, now: float) -> AsyncGenerator[Page]:
        async with aclosing(self._search(known, "updated", place.since)) as search:
            async for found in search:
                fresh = place.fresh(found.issues)
                place = place.after(found.issues, now)
                yield await self._page(known, fresh, place.checkpoint(), None)

    async def _search(self, known: Known, by: query.By, since: float | None) -> AsyncGenerator[Found]:
        wanted = known.fields.wanted()

        async def after(token: str | None) -> Mapping[str, Any]:
            jql = query.changed(self._options, by, since, known.zone)
            return await self._gateway.search_by_token(jql, wanted, PAGE, token)

        async def at(lower: float | None, position: int) -> Mapping[str, Any]:
            jql = query.changed(self._options, by, lower, known.zone)
            return await self._gateway.search_at(jql, wanted, PAGE, position)

        positions = ByPositions(at, lambda issue: moment_of(issue, by) or since or 0.0)
        pages = by_token(after) if known.is_cloud else positions.pages(since)
        async with aclosing(pages) as found:
            async for one in found:
                yield one

    async def _count(self, known: Known) -> int | None:
        """Data Center says it on every page."""
        if not known.is_cloud:
            return None
        try:
            return await self._gateway.count(query.changed(self._options, "created", None, known.zone))
        except SourceError as error:
            if error.reason == "not-found":
                return None
            raise

    async def _by_ids(self, known: Known, ids: Sequence[str]) -> list[Issue]:
        wanted = known.fields.wanted()
        if not known.is_cloud:
            answer = await self._gateway.search_at(query.among(self._options, ids), wanted, PAGE, 0)
            return list(answer["issues"])
        answer = await self._gateway.bulk_fetch(ids, wanted)
        inside = [one for one in answer["issues"] if self._is_ours(one)]
        if not inside or not self._options.filter:
            return inside
        jql = query.among(self._options, [str(one["id"]) for one in inside])
        matching = await self._gateway.search_by_token(jql, ["id"], PAGE, None)
        fitting = {str(one["id"]) for one in matching["issues"]}
        return [one for one in inside if str(one["id"]) in fitting]

    def _is_ours(self, issue: Issue) -> bool:
        return str(issue["key"]).rpartition("-")[0] == self._options.project

    async def _page(
        self, known: Known, issues: Sequence[Issue], checkpoint: Checkpoint, total: int | None
    ) -> Page:
        parsed = known.reader.parse_page(await self._with_remote_links(known, issues))
        return Page(
            items=parsed.items,
            checkpoint=checkpoint,
            rejected=parsed.rejected,
            restricted=parsed.restricted,
            unmapped=parsed.unmapped,
            total=total,
        )

    async def _with_remote_links(self, known: Known, issues: Sequence[Issue]) -> Sequence[Issue]:
        if self._options.remote_links == "never":
            return issues
        return await asyncio.gather(*(self._with_its_remote_links(known, one) for one in issues))

    async def _with_its_remote_links(self, known: Known, issue: Issue) -> Issue:
        if self._options.remote_links == "auto" and not known.reader.is_open(issue):
            return issue
        async with self._remote:
            found = await self._gateway.remote_links(str(issue["id"]))
        return {**issue, REMOTE_LINKS: found} if found else issue


def _last_moment(issues: Sequence[Issue], by: str) -> float | None:
    return moment_of(issues[-1], by) if issues else None


def _server_time(info: Mapping[str, Any]) -> float:
    """The tracker's clock, so that ours may be wrong."""
    try:
        return values.moment(info["serverTime"]).timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return datetime.now(UTC).timestamp()


def _site(url: str, base_url: str) -> Site:
    """As a browser names it; behind Atlassian's gateway only the server knows that name."""
    shown = base_url if urlsplit(url).netloc == "api.atlassian.com" and base_url else url
    parts = urlsplit(shown.rstrip("/"))
    return Site((parts.netloc + parts.path).lower(), shown.rstrip("/") + "/browse/")


def _missing(fields: Fields) -> list[str]:
    words = {"sprint": "sprints", "rank": "the team's own order (rank)", "start": "start dates"}
    return [what for slot, what in words.items() if not getattr(fields, slot)]


def _notes(is_cloud: bool, info: Mapping[str, Any], zone: ZoneInfo | None) -> list[str]:
    kind = "Jira Cloud" if is_cloud else "Jira Data Center"
    found = [f"{kind} {info.get('version') or ''}".strip()]
    if zone is None:
        found.append("The account has no known time zone, so each reading overlaps the last by a day.")
    return found
