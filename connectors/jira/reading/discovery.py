"""What is found out about a site before it is read: who we are there, and what its fields are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from connectors.contract import Capabilities, Setting, SourceError
from connectors.jira.http.gateway import Gateway
from connectors.jira.jql_filter import parse_filter
from connectors.jira.options import Options
from connectors.jira.parse.changelog import ChangeReader
from connectors.jira.parse.fields import Contest, Discovery, Fields, discover
from connectors.jira.parse.issue import IssueReader, Site
from connectors.jira.reading import query
from connectors.jira.reading.addresses import aliases_of, project_keys, site_name, site_of
from connectors.jira.reading.query import Dialect

RECENT_ISSUES = 50  # that tell which of several fields of one name is used

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SiteProfile:
    dialect: Dialect
    project_id: str
    site: Site
    prefixes: Sequence[str]  # of references to its issues: "jira://SITE/", also by the address we talk to
    fields: Fields
    reader: IssueReader
    changes: ChangeReader
    capabilities: Capabilities


async def profile_site(gateway: Gateway, options: Options, setting: Setting) -> SiteProfile:
    """Identity first: an anonymous search finds nothing and says so nowhere. Raises SourceError."""
    is_ordered = parse_filter(options.filter).is_ordered
    info = await gateway.server_info()
    myself = await gateway.myself()
    account = account_name(myself, options)
    project = await gateway.project(options.project)
    project_id, keys = str(project.get("id")), project_keys(options, project)
    listed = await gateway.fields()
    dialect = Dialect(info.get("deploymentType") == "Cloud", query.account_zone(myself.get("timeZone")))
    discovered, contests = await _discover_fields(gateway, options, setting, dialect, listed, project_id)
    fields, site = discovered.fields, site_of(options, info)
    notes = [*_site_notes(dialect, info), *_project_notes(options, keys), *contests]
    capabilities = Capabilities(
        account=account,
        site=site.name,
        holds=tuple(f"jira://{site.name}/{key}" for key in dict.fromkeys((options.project, keys[0]))),
        fields=fields.described(listed),
        missing=_missing(fields),
        notes=[*notes, "The filter's ORDER BY is dropped: attune reads by date."] if is_ordered else notes,
        aliases=aliases_of(site, options, keys),
    )
    return SiteProfile(
        replace(dialect, level_clause=fields.level_clause),
        project_id,
        site,
        [f"jira://{name}/" for name in dict.fromkeys((site.name, site_name(options.url)))],
        fields,
        IssueReader(options, setting, fields, site),
        ChangeReader(fields, listed),
        capabilities,
    )


async def run_filter(gateway: Gateway, options: Options, dialect: Dialect) -> str | None:
    """How many items the source's filter selects, in a sentence; None without a filter or a figure.

    Raises SourceError (mapping), which names the filter, for one that Jira does not understand.
    """
    if parse_filter(options.filter).jql is None:
        return None
    jql = query.selection(options, dialect)
    try:
        count = await gateway.count(jql) if dialect.is_cloud else await gateway.count_at(jql)
        if count is None:
            await gateway.search_by_token(jql, ["id"], 1, None)
    except SourceError as error:
        if error.reason != "mapping":
            raise
        raise SourceError("mapping", f'The filter "{options.filter}" does not work: {error}') from error
    return None if count is None else f"The filter selects {count} item{'' if count == 1 else 's'}."


def account_name(myself: Json, options: Options) -> str:
    """Our name there. Raises SourceError for an answer that names nobody."""
    if not (myself.get("accountId") or myself.get("name") or myself.get("key")):
        host = urlsplit(options.url).netloc
        raise SourceError("authentication", f"Authentication failed: {host} does not say who we are.")
    return str(myself.get("displayName") or myself.get("name") or myself.get("accountId"))


async def _discover_fields(
    gateway: Gateway,
    options: Options,
    setting: Setting,
    dialect: Dialect,
    listed: Sequence[Json],
    project: str,
) -> tuple[Discovery, Sequence[str]]:
    """Of several fields of one name the one in use, which a small search tells; with notes on them."""
    names = setting.vocabulary.dod_names
    discovered = discover(listed, options.mapping.fields, names, project)
    if not discovered.contests:
        return discovered, ()
    rivals = list(dict.fromkeys(one for contest in discovered.contests for one in contest.candidates))
    jql = query.latest(options)
    if dialect.is_cloud:
        answer = await gateway.search_by_token(jql, rivals, RECENT_ISSUES, None)
    else:
        answer = await gateway.search_at(jql, rivals, RECENT_ISSUES, 0)
    issues = answer["issues"]
    use = {one: sum(_is_filled(issue, one) for issue in issues) for one in rivals}
    decided = discover(listed, options.mapping.fields, names, project, use)
    return decided, [_describe_contest(contest, use, len(issues)) for contest in decided.contests]


def _is_filled(issue: Json, field_id: str) -> bool:
    return (issue.get("fields") or {}).get(field_id) not in (None, "", [])


def _describe_contest(contest: Contest, use: Mapping[str, int], issues: int) -> str:
    counted = ", ".join(f"{one} in {use.get(one, 0)}" for one in contest.candidates)
    return (
        f'{len(contest.candidates)} fields answer to "{contest.name}"; {contest.candidates[0]} goes first '
        f"(filled in the latest {issues} issues: {counted})."
    )


def _missing(fields: Fields) -> list[str]:
    words = {"sprint": "sprints", "rank": "the team's own order (rank)", "start": "start dates"}
    return [what for slot, what in words.items() if not getattr(fields, slot)]


def _site_notes(dialect: Dialect, info: Json) -> list[str]:
    product = "Jira Cloud" if dialect.is_cloud else "Jira Data Center"
    notes = [f"{product} {info.get('version') or ''}".strip()]
    if dialect.zone is None:
        notes.append("The account has no known time zone, so each reading overlaps the last by a day.")
    return notes


def _project_notes(options: Options, keys: Sequence[str]) -> list[str]:
    if keys[0] == options.project:
        return []
    return [f"The project {options.project} is called {keys[0]} now; webhooks need that name under project."]
