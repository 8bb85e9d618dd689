"""What a host knows and its repositories use. ``parse_*`` are pure."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors import text
from connectors.contract import SourceError
from connectors.github.api.errors import UnknownFields
from connectors.github.api.session import Session
from connectors.github.discovery.mapped_fields import fields_of, used_fields
from connectors.github.graphql import queries
from connectors.github.graphql.answers import project_of, project_variables, repository_of, variables_of
from connectors.github.graphql.schema import Host
from connectors.github.options import Epics, Options
from connectors.transport import with_retries
from connectors.vocabulary import Vocabulary


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
    session: Session, host: Host, options: Options, vocabulary: Vocabulary
) -> Discovery:
    """Raises SourceError: not-found for a repository or Project, mapping for a field."""
    if not host.graphql and not options.repository_names:
        raise SourceError(
            "mapping", f"{options.site} has no GraphQL, so a Project alone cannot be read there"
        )
    asked = [
        _fetch_repository(session, host, options, repository, vocabulary)
        for repository in options.repository_names
    ]
    found = dict(zip(options.repository_names, await asyncio.gather(*asked), strict=True))
    lines = [line for one in found.values() for line in one.definition_of_done]
    done = tuple(dict.fromkeys(lines))
    if not host.graphql:
        return Discovery(found, definition_of_done=done)
    project = await _fetch_project(session, options) if options.project else {}
    own = {name: one for held in found.values() for name, one in held.fields.items()}
    used = used_fields(own, fields_of(project, "fields"), options)
    return Discovery(found, project.get("id"), (project.get("items") or {}).get("totalCount"), done, used)


async def _fetch_repository(
    session: Session, host: Host, options: Options, repository: str, vocabulary: Vocabulary
) -> Repository:
    if not host.graphql:
        found, _ = await with_retries(lambda: session.rest(f"/repos/{repository}"))
        return Repository(found["node_id"], found["full_name"], options.epics or "label")
    try:
        found = await _about(session, host, repository)
    except UnknownFields as unknown:
        found = await _about(session, host.without(unknown.names), repository)
    epics = options.epics or parse_epics(found)
    done = parse_dod(found, vocabulary)
    issues, fields = found["all"]["totalCount"], fields_of(found, "issueFields")
    return Repository(found["id"], found["nameWithOwner"], epics, done, issues, fields)


async def _about(session: Session, host: Host, repository: str) -> dict[str, Any]:
    query = queries.about_repository(host.repository_fields, host.issue_fields)
    return repository_of(
        await with_retries(lambda: session.graphql(query, variables_of(repository))), repository
    )


async def _fetch_project(session: Session, options: Options) -> dict[str, Any]:
    answer = await with_retries(lambda: session.graphql(queries.PROJECT, project_variables(options)))
    return project_of(answer, options)


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
    for number in range(len(queries.DOD_FILES)):
        document = (repository.get(f"dod{number}") or {}).get("text")
        if document and (lines := text.dod_section(document, vocabulary) or text.checklist(document)):
            return tuple(line.text for line in lines)
    bodies = [one["body"] for one in repository.get("issueTemplates") or () if one["body"]]
    found = [line.text for body in bodies for line in text.dod_section(body, vocabulary)]
    return tuple(dict.fromkeys(found))
