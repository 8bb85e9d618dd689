"""What a host is and what its GraphQL schema knows. ``parse_host`` is pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.contract import SourceError
from connectors.github.api.session import Session
from connectors.github.options import AppAuth
from connectors.github.queries import documents
from connectors.transport import with_retries


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


async def fetch_host(session: Session) -> Host:
    try:
        answer = await with_retries(lambda: session.graphql(documents.ABOUT_SCHEMA, {}))
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
