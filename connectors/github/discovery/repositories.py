"""What a host knows and its repositories use. ``parse_*`` are pure."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors import text
from connectors.contract import SourceError
from connectors.github.api.session import Session
from connectors.github.discovery.mapped_fields import fields_of, used_fields
from connectors.github.graphql.answers import project_of, project_variables, repository_of, variables_of
from connectors.github.graphql.client import GraphqlClient, Unanswered
from connectors.github.graphql.pages import next_cursor, null_rows, read_rows
from connectors.github.options import Epics, Options
from connectors.github.queries import documents
from connectors.github.renames import learn, recognise
from connectors.transport import with_retries
from connectors.vocabulary import Vocabulary

_ROWS = 50  # of each of a repository's lists


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as it was when the source was last probed; ``name`` as it is written now."""

    id: str
    name: str
    epics: Epics
    definition_of_done: Sequence[str] = ()
    issues: int | None = None
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # casefolded → name, data type


@dataclass(frozen=True, slots=True)
class Discovery:
    """By the name that the product file gives a repository; empty when a Project alone says which issues."""

    repositories: Mapping[str, Repository]
    project_id: str | None = None
    project_items: int | None = None
    definition_of_done: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)  # {"due": "Target date (Project)"}

    @property
    def total(self) -> int | None:
        if not self.repositories:
            return self.project_items
        counts = [one.issues for one in self.repositories.values()]
        known = [one for one in counts if one is not None]
        return sum(known) if len(known) == len(counts) else None

    @property
    def epics(self) -> dict[str, Epics]:
        """By a repository's name in lower case."""
        return {one.name.lower(): one.epics for one in self.repositories.values()}


async def fetch_discovery(
    session: Session, client: GraphqlClient | None, options: Options, vocabulary: Vocabulary
) -> Discovery:
    """``client`` None: the host only speaks REST.

    Raises SourceError: not-found for a repository or Project, mapping for a field.
    """
    names = options.repository_names
    if client is None:
        if not names:
            raise SourceError(
                "mapping", f"{options.site} has no GraphQL, so a Project alone cannot be read there"
            )
        over_rest = await asyncio.gather(*(_fetch_over_rest(session, options, name) for name in names))
        return Discovery(dict(zip(names, over_rest, strict=True)))
    asked = [_fetch_repository(client, options, name, vocabulary) for name in names]
    repositories = dict(zip(names, await asyncio.gather(*asked), strict=True))
    lines = [line for repository in repositories.values() for line in repository.definition_of_done]
    done = tuple(dict.fromkeys(lines))
    project = await _fetch_project(client, options) if options.project else {}
    own = {name: kind for repository in repositories.values() for name, kind in repository.fields.items()}
    used = used_fields(own, fields_of(project, "fields"), options)
    rows = (project.get("items") or {}).get("totalCount")
    return Discovery(repositories, project.get("id"), rows, done, used)


async def _fetch_over_rest(session: Session, options: Options, name: str) -> Repository:
    answer, _ = await with_retries(lambda: session.rest(f"/repos/{name}"))
    learn(options.site, name, answer["full_name"])
    recognise(options.site, answer["node_id"], answer["full_name"])
    return Repository(answer["node_id"], answer["full_name"], options.epics or "label")


async def _fetch_repository(
    client: GraphqlClient, options: Options, name: str, vocabulary: Vocabulary
) -> Repository:
    about = await _about(client, name)
    learn(options.site, name, about["nameWithOwner"])
    recognise(options.site, about["id"], about["nameWithOwner"])
    epics = options.epics or parse_epics(about)
    done = parse_dod(about, vocabulary)
    issues, fields = about["all"]["totalCount"], fields_of(about, "issueFields")
    return Repository(about["id"], about["nameWithOwner"], epics, done, issues, fields)


async def _about(client: GraphqlClient, name: str) -> dict[str, Any]:
    """With its lists to their ends. Issues that fail are no reason to know nothing of their repository."""

    def question(first: int) -> Any:
        text = documents.about_repository(client.host.repository_fields, client.host.issue_fields)
        return text, {**variables_of(name), "first": min(first, _ROWS)}

    def question_without_issues(first: int) -> Any:
        text = documents.about_repository(client.host.repository_fields, ())
        return text, {**variables_of(name), "first": min(first, _ROWS)}

    path = ("repository", "recent", "nodes")
    try:
        answer = await client.ask_partly("discovery", question, lambda answer: null_rows(answer, path))
    except Unanswered:
        answer = await client.ask("discovery", question_without_issues)
    about = repository_of(answer, name)
    for held in documents.LISTS:
        if about.get(held) and (after := next_cursor(about[held])):
            question_of_list = partial(_paged, documents.list_of_repository(held), variables_of(name))
            rest = await read_rows(client, "discovery", question_of_list, ("repository", held), after)
            about[held]["nodes"] += rest
    if about.get("recent"):
        await _sample_recent(client, name, about["recent"])
    return about


async def _sample_recent(client: GraphqlClient, name: str, recent: dict[str, Any]) -> None:
    """As many issues whatever the host answers at once: they tell how the repository marks its epics."""
    path = ("repository", "issues", "nodes")
    while len(recent["nodes"]) < _ROWS and (after := next_cursor(recent)):
        question = partial(_paged, documents.RECENT_ISSUES, variables_of(name), after=after)
        try:
            answer = await client.ask_partly("names", question, lambda answer: null_rows(answer, path))
        except Unanswered:
            return
        page = repository_of(answer, name)["issues"]
        recent["nodes"] += page["nodes"]
        recent["pageInfo"] = page["pageInfo"]


async def _fetch_project(client: GraphqlClient, options: Options) -> dict[str, Any]:
    question = partial(_paged, documents.PROJECT, project_variables(options))
    project = project_of(await client.ask("discovery", lambda first: question(first, None)), options)
    if after := next_cursor(project["fields"]):
        path = ("repositoryOwner", "projectV2", "fields")
        project["fields"]["nodes"] += await read_rows(client, "discovery", question, path, after)
    return project


def _paged(query: str, given: Mapping[str, Any], first: int, after: str | None) -> tuple[str, dict[str, Any]]:
    return query, {**given, "first": min(first, _ROWS), "after": after}


def parse_epics(repository: Mapping[str, Any]) -> Epics:
    """How the repository marks its epics: by type, label, sub-issues or milestones, in this order."""
    types = (repository.get("issueTypes") or {}).get("nodes") or []
    labels = (repository.get("labels") or {}).get("nodes") or []
    if any(one["name"].casefold() == "epic" for one in types if one):
        return "issue-type"
    if any(one["name"].casefold() == "epic" for one in labels if one):
        return "label"
    recent = (repository.get("recent") or {}).get("nodes") or []
    if any(one["subIssuesSummary"]["total"] for one in recent if one):
        return "sub-issues"
    return "milestone" if (repository.get("milestones") or {}).get("totalCount") else "label"


def parse_dod(repository: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Lines of the first document that has any, else of the issue templates' sections."""
    for number in range(len(documents.DOD_FILES)):
        document = (repository.get(f"dod{number}") or {}).get("text")
        if document and (lines := text.dod_section(document, vocabulary) or text.checklist(document)):
            return tuple(line.text for line in lines)
    bodies = [one["body"] for one in repository.get("issueTemplates") or () if one["body"]]
    texts = [line.text for body in bodies for line in text.dod_section(body, vocabulary)]
    return tuple(dict.fromkeys(texts))
