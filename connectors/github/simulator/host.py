"""What a simulated GitHub holds: repositories, projects, files, and the faults it shall show next."""

import hashlib
import hmac
import uuid
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from connectors.github.simulator.fault import Failure, Fault, TooMany
from connectors.github.simulator.native import node_id


@dataclass(slots=True)
class GitHubHost:
    """Mutable on purpose: tests and the demonstration change issues while it is served.

    Repositories and projects go by ``owner/name`` and ``owner/number``. Without a ``token``
    anyone may read. ``enterprise_version`` (``3.18``) leaves out what that version lacks;
    ``graphql`` False answers 404 there, as a host that only speaks REST.
    """

    repositories: Mapping[str, Sequence[dict[str, Any]]]
    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    milestones: Mapping[str, Sequence[dict[str, Any]]] = field(default_factory=dict)
    token: str | None = None
    enterprise_version: str | None = None
    graphql: bool = True
    webhook_secret: str = ""
    account: str = "attune-reader"
    url: str = ""  # as a browser reaches it; the first request tells when it is empty
    points_limit: int = 5000  # an hour, of GraphQL and of REST
    points_used: Counter[str] = field(default_factory=Counter)  # by resource: "graphql", "core"
    page_limit: int = 100  # a question for more rows anywhere in it fails, as heavy queries do
    too_many: TooMany = "502"  # how it fails
    failing: dict[tuple[str, int], Mapping[str, Failure]] = field(default_factory=dict)  # parts of issues
    failing_milestones: dict[tuple[str, int], Mapping[str, Failure]] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[tuple[str, str]] = field(default_factory=list)  # (method, path with query)
    queries: Counter[str] = field(default_factory=Counter)  # GraphQL documents
    headers: Mapping[str, str] = field(default_factory=dict)  # of the last request
    lacks: frozenset[str] = frozenset()  # fields of an issue that the schema tells of but nobody answers
    splices: Mapping[bytes, bytes] = field(default_factory=dict)  # what stands in answers instead
    date_offset: timedelta | None = None  # how wrong the host's clock is, in its Date header
    app_key: bytes | None = None  # the App's public key (PEM): only its signature gets a token
    token_life: float = 3600.0  # seconds of an installation token, as the host says
    installation_tokens: set[str] = field(default_factory=set)  # good ones; clear them to end them early
    moved: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)  # transferred issues
    renamed: dict[str, str] = field(default_factory=dict)  # a repository's old name → its present one
    gone: set[tuple[str, int]] = field(default_factory=set)  # deleted issues
    pull_requests: set[tuple[str, int]] = field(default_factory=set)
    discussions: set[tuple[str, int]] = field(default_factory=set)
    version: int = 0  # grows with every change of data
    _repository_ids: dict[str, str] = field(init=False, default_factory=dict)
    _issues: dict[str, dict[int, dict[str, Any]]] = field(init=False)
    _sorted: dict[str, tuple[int, list[dict[str, Any]]]] = field(init=False, default_factory=dict)
    _blocking: tuple[int, dict[tuple[str, int], list[tuple[str, int]]]] = field(init=False, default=(-1, {}))
    _children: tuple[int, dict[tuple[str, int], list[dict[str, Any]]]] = field(init=False, default=(-1, {}))
    _by_node: tuple[int, dict[str, dict[str, Any]]] = field(init=False, default=(-1, {}))

    def __post_init__(self) -> None:
        self._issues = {
            name: {one["number"]: {**one, "repository": name} for one in issues}
            for name, issues in self.repositories.items()
        }

    def put(self, repository: str, issue: dict[str, Any]) -> dict[str, Any]:
        """Create or replace an issue by its number; ``updated_at`` moves to now."""
        made = {**issue, "repository": repository, "updated_at": self._later(repository)}
        self._issues[repository][issue["number"]] = made
        self.version += 1
        return made

    def _later(self, repository: str) -> str:
        """Now, in whole seconds, after every earlier change."""
        latest = max((one["updated_at"] for one in self._issues[repository].values()), default="")
        now = self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if now > latest:
            return now
        after = datetime.fromisoformat(latest) + timedelta(seconds=1)
        return after.strftime("%Y-%m-%dT%H:%M:%SZ")

    def put_quietly(self, repository: str, number: int, **values: Any) -> None:
        """Change an issue in a way that GitHub tells by no ``updated_at``: blockers, a Project's values."""
        self._issues[repository][number] = {**self._issues[repository][number], **values}
        self.version += 1

    def delete(self, repository: str, number: int) -> None:
        del self._issues[repository][number]
        self.gone.add((repository, number))
        self.version += 1

    def transfer(self, repository: str, number: int, to: str, new_number: int) -> None:
        """The same issue under another repository's number and a new node id; its old address leads there."""
        one = self._issues[repository].pop(number)
        self.moved[(repository, number)] = (to, new_number)
        self.put(to, {**one, "number": new_number, "node_id": None})

    def rename(self, old: str, new: str) -> None:
        """The same repository under another name; GitHub goes on answering under the old one."""
        held = self._issues.pop(old)
        self._issues[new] = {
            number: {**one, "repository": new, "node_id": node_id(one)} for number, one in held.items()
        }
        self.repositories = {
            new if name == old else name: issues for name, issues in self.repositories.items()
        }
        self.renamed[old] = new
        self._repository_ids[new] = self.repository_id(old)
        self.version += 1

    def repository_id(self, name: str) -> str:
        """It survives a rename."""
        return self._repository_ids.get(name, f"R_{name.replace('/', '_')}")

    def present_name(self, name: str) -> str:
        """What a repository is called now that was called ``name`` once; letter case does not count."""
        renamed = {old.lower(): new for old, new in self.renamed.items()}
        while name.lower() in renamed:
            name = renamed[name.lower()]
        return name

    def by_node_id(self, identity: str) -> dict[str, Any] | None:
        if self._by_node[0] != self.version:
            held = (one for issues in self._issues.values() for one in issues.values())
            self._by_node = (self.version, {node_id(one): one for one in held})
        return self._by_node[1].get(identity)

    def find(self, repository: str, number: int) -> dict[str, Any] | None:
        return self._issues.get(repository, {}).get(number)

    def issues(self, repository: str) -> list[dict[str, Any]]:
        """By ``updated_at``, then number."""
        version, found = self._sorted.get(repository, (-1, []))
        if version != self.version:
            rows = self._issues[repository].values()
            found = sorted(rows, key=lambda one: (one["updated_at"], one["number"]))
            self._sorted[repository] = (self.version, found)
        return found

    def blocking(self, repository: str, number: int) -> list[tuple[str, int]]:
        """Which issues name this one as a blocker."""
        if self._blocking[0] != self.version:
            back: dict[tuple[str, int], list[tuple[str, int]]] = {}
            for name, issues in self._issues.items():
                for one in issues.values():
                    for blocker in one["blocked_by"]:
                        back.setdefault(tuple(blocker), []).append((name, one["number"]))
            self._blocking = (self.version, back)
        return self._blocking[1].get((repository, number), [])

    def children(self, repository: str, number: int) -> list[dict[str, Any]]:
        if self._children[0] != self.version:
            found: dict[tuple[str, int], list[dict[str, Any]]] = {}
            for one in (one for held in self._issues.values() for one in held.values()):
                if one["parent"]:
                    found.setdefault(tuple(one["parent"]), []).append(one)
            self._children = (self.version, found)
        return self._children[1].get((repository, number), [])

    def spend(self, points: int) -> bool:
        """Of the hour's GraphQL points; whether there were enough."""
        if self.points_used["graphql"] + points > self.points_limit:
            self.points_used["graphql"] = self.points_limit
            return False
        self.points_used["graphql"] += points
        return True

    def milestones_of(self, repository: str) -> list[dict[str, Any]]:
        found = {one["number"]: one for one in self.milestones.get(repository, ())}
        for one in self._issues[repository].values():
            if one["milestone"]:
                found.setdefault(one["milestone"]["number"], one["milestone"])
        return [found[number] for number in sorted(found)]

    def rows(self, project: str) -> list[dict[str, Any]]:
        """The issues of a Project in its order."""
        repositories = self.projects[project]["repositories"]
        found = [one for name in repositories for one in self.issues(name) if one["project"]]
        return sorted(found, key=lambda one: (one["project"]["order"], one["number"]))

    def projects_of(self, issue: Mapping[str, Any]) -> list[str]:
        if not issue["project"]:
            return []
        return [key for key, one in self.projects.items() if issue["repository"] in one["repositories"]]

    def announce_transfer(
        self, repository: str, number: int, to: str, new_number: int
    ) -> tuple[dict[str, str], bytes]:
        """The transfer is made; ``issues.transferred`` tells of the new issue and its repository."""
        from connectors.github.simulator.rest import rest_issue, rest_repository  # noqa: PLC0415 - a circle

        before = self.find(repository, number)
        old = rest_issue(self, before) if before else {"number": number}
        self.transfer(repository, number, to, new_number)
        arrived = self.find(to, new_number)
        changes = {
            "new_issue": rest_issue(self, arrived) if arrived else None,
            "new_repository": rest_repository(self, to),
        }
        payload = {"action": "transferred", "issue": old, "changes": changes}
        return self.announce("issues", repository, payload)

    def announce(
        self, event: str, repository: str, payload: Mapping[str, Any]
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a signed webhook, such as ``("issues", "acme/stores", {"action": …})``.

        ``payload`` with an ``issue`` that is a number gets that issue as GitHub's REST writes it.
        """
        from connectors.github.simulator.rest import rest_issue, rest_repository  # noqa: PLC0415 - a circle

        more = dict(payload)
        if isinstance(more.get("issue"), int):
            found = self.find(repository, more["issue"])
            more["issue"] = rest_issue(self, found) if found else {"number": more["issue"]}
        body = orjson.dumps({**more, "repository": rest_repository(self, repository)})
        signature = hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        }, body
