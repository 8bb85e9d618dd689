"""What a host knows and a repository uses. ``parse_*`` are pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors import text
from connectors.contract import SourceError
from connectors.github import queries
from connectors.github.options import Epics, Options
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


@dataclass(frozen=True, slots=True)
class Known:
    """The repository as it was when the source was last probed."""

    repository_id: str
    epics: Epics
    definition_of_done: Sequence[str]
    project_id: str | None = None


async def fetch_host(session: Session) -> Host:
    try:
        answer = await with_retries(lambda: session.graphql(queries.ABOUT_SCHEMA, {}))
    except SourceError as error:
        if error.reason != "not-found":
            raise
        account, _ = await with_retries(lambda: session.rest("/user"))
        return Host(account["login"], graphql=False)
    return parse_host(answer.data)


def parse_host(data: Mapping[str, Any]) -> Host:
    names = [frozenset(one["name"] for one in data[name]["fields"]) for name in ("issue", "repository")]
    return Host((data.get("viewer") or {}).get("login", ""), True, *names)


async def fetch_known(session: Session, host: Host, options: Options, vocabulary: Vocabulary) -> Known:
    if not host.graphql:
        found, _ = await with_retries(lambda: session.rest(f"/repos/{options.repository}"))
        return Known(found["node_id"], options.epics or "label", ())
    query = queries.about_repository(host.repository_fields, host.issue_fields)
    answer = await with_retries(lambda: session.graphql(query, place(options)))
    found = repository_of(answer, options)
    project = await _fetch_project(session, options) if options.project else None
    return Known(found["id"], options.epics or parse_epics(found), parse_dod(found, vocabulary), project)


def place(options: Options) -> dict[str, Any]:
    owner, _, name = options.repository.partition("/")
    return {"owner": owner, "name": name}


def project_place(options: Options) -> dict[str, Any]:
    login, _, number = (options.project or "").partition("/")
    return {"login": login, "number": int(number)}


def repository_of(answer: GraphAnswer, options: Options) -> dict[str, Any]:
    """Raises SourceError: not-found, or the answer's own words when it is something else."""
    found: dict[str, Any] | None = answer.data.get("repository")
    if found is not None:
        return found
    if not answer.errors or answer.errors[0].get("type") == "NOT_FOUND":
        raise SourceError(
            "not-found", f"repository {options.repository} does not exist, or the token may not see it"
        )
    raise SourceError("answer", f"GitHub: {answer.errors[0].get('message', 'no data')}"[:300])


async def _fetch_project(session: Session, options: Options) -> str:
    answer = await with_retries(lambda: session.graphql(queries.PROJECT, project_place(options)))
    found = (answer.data.get("repositoryOwner") or {}).get("projectV2")
    if not found:
        raise SourceError(
            "not-found", f"Project {options.project} does not exist, or the token may not see it"
        )
    return str(found["id"])


def parse_epics(repository: Mapping[str, Any]) -> Epics:
    """How the repository marks its epics: by type, label, sub-issues or milestones, in this order."""
    types = (repository.get("issueTypes") or {}).get("nodes") or []
    labels = (repository.get("labels") or {}).get("nodes") or []
    if any(one["name"].casefold() == "epic" for one in types):
        return "issue-type"
    if any(one["name"].casefold() == "epic" for one in labels):
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
