"""What a host knows and its repositories use. ``parse_*`` are pure."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connectors import text
from connectors.contract import SourceError
from connectors.github import queries
from connectors.github.answers import UnknownFields
from connectors.github.mapped import fields_of, used_fields
from connectors.github.options import AppAuth, Epics, Options
from connectors.github.session import GraphAnswer, Session
from connectors.transport import with_retries
from connectors.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Host:
    """``graphql`` False: the host only speaks REST."""

    account: str
    graphql: bool
    issue_fields: frozenset[str] = frozenset()
    repository_fields: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()  # kinds of changes in an issue's history

    def without(self, names: Collection[tuple[str, str]]) -> "Host":
        """Less those (type, field) that the host turned out not to know."""
        lacking = {
            kind: frozenset(one for of, one in names if of == kind) for kind in ("Issue", "Repository")
        }
        return replace(
            self,
            issue_fields=self.issue_fields - lacking["Issue"],
            repository_fields=self.repository_fields - lacking["Repository"],
        )


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
class Known:
    """By the place the product file names; empty when a Project alone says which issues."""

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


async def fetch_host(session: Session) -> Host:
    try:
        answer = await with_retries(lambda: session.graphql(queries.ABOUT_SCHEMA, {}))
    except SourceError as error:
        if error.reason != "not-found":
            raise
        return Host(await _rest_account(session), graphql=False)
    return parse_host(answer.data)


async def _rest_account(session: Session) -> str:
    auth = session.options.auth
    if isinstance(auth, AppAuth):  # an installation is no user
        return f"GitHub App {auth.app_id}"
    account, _ = await with_retries(lambda: session.rest("/user"))
    return str(account["login"])


def parse_host(data: Mapping[str, Any]) -> Host:
    """A host that does not tell its schema is taken to know only what every host does."""
    issue, repository = (_names(data.get(name), "fields") for name in ("issue", "repository"))
    events = _names(data.get("events"), "enumValues")
    return Host((data.get("viewer") or {}).get("login", ""), True, issue, repository, events)


def _names(about: Mapping[str, Any] | None, part: str) -> frozenset[str]:
    return frozenset(one["name"] for one in (about or {}).get(part) or ())


async def fetch_known(session: Session, host: Host, options: Options, vocabulary: Vocabulary) -> Known:
    """Raises SourceError: not-found for a repository or Project, mapping for a field."""
    if not host.graphql and not options.places:
        raise SourceError(
            "mapping", f"{options.site} has no GraphQL, so a Project alone cannot be read there"
        )
    asked = [_fetch_repository(session, host, options, place, vocabulary) for place in options.places]
    found = dict(zip(options.places, await asyncio.gather(*asked), strict=True))
    lines = [line for one in found.values() for line in one.definition_of_done]
    done = tuple(dict.fromkeys(lines))
    if not host.graphql:
        return Known(found, definition_of_done=done)
    project = await _fetch_project(session, options) if options.project else {}
    own = {name: one for held in found.values() for name, one in held.fields.items()}
    used = used_fields(own, fields_of(project, "fields"), options)
    return Known(found, project.get("id"), (project.get("items") or {}).get("totalCount"), done, used)


async def _fetch_repository(
    session: Session, host: Host, options: Options, place: str, vocabulary: Vocabulary
) -> Repository:
    if not host.graphql:
        found, _ = await with_retries(lambda: session.rest(f"/repos/{place}"))
        return Repository(found["node_id"], found["full_name"], options.epics or "label")
    try:
        found = await _about(session, host, place)
    except UnknownFields as unknown:
        found = await _about(session, host.without(unknown.names), place)
    epics = options.epics or parse_epics(found)
    done = parse_dod(found, vocabulary)
    issues, fields = found["all"]["totalCount"], fields_of(found, "issueFields")
    return Repository(found["id"], found["nameWithOwner"], epics, done, issues, fields)


async def _about(session: Session, host: Host, place: str) -> dict[str, Any]:
    query = queries.about_repository(host.repository_fields, host.issue_fields)
    return repository_of(await with_retries(lambda: session.graphql(query, variables_of(place))), place)


def variables_of(place: str, suffix: str = "") -> dict[str, Any]:
    owner, _, name = place.partition("/")
    return {f"owner{suffix}": owner, f"name{suffix}": name}


def project_variables(options: Options) -> dict[str, Any]:
    login, _, number = (options.project or "").partition("/")
    return {"login": login, "number": int(number)}


def repository_of(answer: GraphAnswer, place: str, alias: str = "repository") -> dict[str, Any]:
    """Raises SourceError: why it is not in the answer."""
    found: dict[str, Any] | None = answer.data.get(alias)
    return _there(found, answer, f"repository {place}", "issues: read")


def project_of(answer: GraphAnswer, options: Options) -> dict[str, Any]:
    found: dict[str, Any] | None = (answer.data.get("repositoryOwner") or {}).get("projectV2")
    return _there(found, answer, f"Project {options.project}", "projects: read")


def _there(found: dict[str, Any] | None, answer: GraphAnswer, name: str, right: str) -> dict[str, Any]:
    if found is not None:
        return found
    kind = answer.errors[0].get("type") if answer.errors else "NOT_FOUND"
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        raise SourceError("authentication", f"the credential may not read {name} (it needs {right})")
    if kind == "NOT_FOUND":
        raise SourceError("not-found", f"{name} does not exist, or the token may not see it")
    raise SourceError("answer", f"GitHub: {answer.errors[0].get('message', 'no data')}"[:300])


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
