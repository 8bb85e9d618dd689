"""What one profile_site finds out about a site: who we are there, and what its fields are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.contract import Capabilities, Setting, SourceError
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.parse.changelog import ChangeReader
from connectors.jira.parse.fields import Contest, Discovery, Fields, discover
from connectors.jira.parse.issue import IssueReader, Site
from connectors.jira.reading import query
from connectors.jira.reading.query import Dialect

RECENT = 50  # issues that tell which of several fields of one name is used
_GATEWAY_PATH = "/ex/jira/"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SiteProfile:
    place: Dialect
    project_id: str
    site: Site
    fields: Fields
    reader: IssueReader
    changes: ChangeReader
    capabilities: Capabilities


async def profile_site(gateway: Gateway, options: Options, setting: Setting) -> SiteProfile:
    """Identity first: an anonymous search finds nothing and says so nowhere. Raises SourceError."""
    info = await gateway.server_info()
    myself = await gateway.myself()
    account = account_name(myself, options)
    project = await gateway.project(options.project)
    listed = await gateway.fields()
    place = Dialect(info.get("deploymentType") == "Cloud", query.account_zone(myself.get("timeZone")))
    found = await _discover_fields(gateway, options, setting, place, listed, str(project.get("id")))
    site = _site(options.url, str(info.get("baseUrl") or ""))
    names = dict.fromkeys((options.project, str(project.get("key") or options.project)))
    capabilities = Capabilities(
        account=account,
        site=site.name,
        holds=tuple(f"jira://{site.name}/{name}" for name in names),
        fields=found.discovery.fields.described(listed),
        missing=_missing(found.discovery.fields),
        notes=[*_notes(place, info), *found.notes],
    )
    fields = found.discovery.fields
    return SiteProfile(
        replace(place, level_clause=fields.level_clause),
        str(project.get("id")),
        site,
        fields,
        IssueReader(options, setting, fields, site),
        ChangeReader(fields, listed),
        capabilities,
    )


def account_name(myself: Json, options: Options) -> str:
    """Our name there. Raises SourceError for an answer that names nobody."""
    if not (myself.get("accountId") or myself.get("name") or myself.get("key")):
        host = urlsplit(options.url).netloc
        raise SourceError("authentication", f"Authentication failed: {host} does not say who we are.")
    return str(myself.get("displayName") or myself.get("name") or myself.get("accountId"))


@dataclass(frozen=True, slots=True)
class _DiscoveredFields:
    discovery: Discovery
    notes: Sequence[str] = ()


async def _discover_fields(
    gateway: Gateway, options: Options, setting: Setting, place: Dialect, listed: Sequence[Json], project: str
) -> _DiscoveredFields:
    """Of several fields of one name the one in use: one small search tells, where there are several."""
    names = setting.vocabulary.dod_names
    found = discover(listed, options.mapping.fields, names, project)
    if not found.contests:
        return _DiscoveredFields(found)
    rivals = list(dict.fromkeys(one for contest in found.contests for one in contest.candidates))
    jql = query.latest(options)
    if place.is_cloud:
        answer = await gateway.search_by_token(jql, rivals, RECENT, None)
    else:
        answer = await gateway.search_at(jql, rivals, RECENT, 0)
    issues = answer.get("issues") or ()
    use = {one: sum(_is_filled(issue, one) for issue in issues) for one in rivals}
    found = discover(listed, options.mapping.fields, names, project, use)
    return _DiscoveredFields(found, [_told(contest, use, len(issues)) for contest in found.contests])


def _is_filled(issue: Json, field_id: str) -> bool:
    return (issue.get("fields") or {}).get(field_id) not in (None, "", [])


def _told(contest: Contest, use: Mapping[str, int], issues: int) -> str:
    counted = ", ".join(f"{one} in {use.get(one, 0)}" for one in contest.candidates)
    return (
        f'{len(contest.candidates)} fields answer to "{contest.name}"; {contest.candidates[0]} goes first '
        f"(filled in the latest {issues} issues: {counted})."
    )


def _site(url: str, base_url: str) -> Site:
    """As a browser names it; behind Atlassian's gateway only the server knows that name."""
    is_gateway = urlsplit(url).path.startswith(_GATEWAY_PATH)
    shown = base_url if is_gateway and base_url else url
    parts = urlsplit(shown.rstrip("/"))
    return Site((parts.netloc + parts.path).lower(), shown.rstrip("/") + "/browse/")


def _missing(fields: Fields) -> list[str]:
    words = {"sprint": "sprints", "rank": "the team's own order (rank)", "start": "start dates"}
    return [what for slot, what in words.items() if not getattr(fields, slot)]


def _notes(place: Dialect, info: Json) -> list[str]:
    kind = "Jira Cloud" if place.is_cloud else "Jira Data Center"
    found = [f"{kind} {info.get('version') or ''}".strip()]
    zone: ZoneInfo | None = place.zone
    if zone is None:
        found.append("The account has no known time zone, so each reading overlaps the last by a day.")
    return found
