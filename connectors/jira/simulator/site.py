"""What a simulated Jira holds: projects, issues, accounts and the faults it shall show next."""

import hashlib
import hmac
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from connectors.jira.simulator import changelog
from connectors.jira.simulator import fields as known
from connectors.jira.simulator.faults import Fault
from connectors.jira.simulator.index import Index
from connectors.jira.simulator.jql import QueryError
from connectors.jira.simulator.native import Flavour, moment

_FIRST_ID = 10000


@dataclass(slots=True)
class JiraSite:
    """Mutable on purpose: tests and the demonstration change issues while it is served.

    With none of ``token``, ``email`` and ``username`` set anyone may read. ``page_cap`` is the
    most issues a page holds whatever was asked for, as installations limit it silently;
    ``result_limit``: a page that reaches beyond so many results is an error. ``prefix`` is the path
    it answers below; a ``is_scoped`` credential counts only there. ``index_lag`` and ``latency``
    are seconds. An issue may bring a ``changelog``. ``statuses``: those the site has besides the ones its
    issues were in, or by another name now. ``broken_histories``: keys of issues whose changelog makes any
    request for it fail.
    """

    flavour: Flavour
    projects: Mapping[str, str]
    issues: Iterable[dict[str, Any]] = ()
    fields: Sequence[Mapping[str, Any]] = tuple(known.DEFAULT_FIELDS)
    statuses: Sequence[Mapping[str, Any]] = ()
    broken_histories: set[str] = field(default_factory=set)
    remote_links: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by key
    token: str | None = None
    email: str | None = None
    username: str | None = None
    password: str | None = None
    account_timezone: str = "Europe/Amsterdam"
    page_cap: int = 100
    ids_cap: int = 5000  # Cloud, where only ids are asked for
    result_limit: int | None = None
    most_rows: int | None = None  # a question for more of them fails
    prefix: str = ""
    is_scoped: bool = False
    index_lag: float = 0.0
    latency: float = 0.0
    webhook: tuple[str, str] | None = None  # (url, secret)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    url: str = ""  # as a browser reaches it; the first request tells when it is empty
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[tuple[str, str, str]] = field(default_factory=list)  # (method, path, query)
    waiting: int = 0  # requests that its latency holds up now
    most_waiting: int = 0  # at one time, so far
    sent: list[tuple[str, bytes]] = field(default_factory=list)  # (path, body) of what was posted
    _issues: dict[int, dict[str, Any]] = field(init=False, default_factory=dict)
    _keys: dict[str, int] = field(init=False, default_factory=dict)
    _index: Index = field(init=False, default_factory=Index)
    _histories: dict[int, list[dict[str, Any]]] = field(init=False, default_factory=dict)
    _project_ids: dict[str, str] = field(init=False, default_factory=dict)
    _present_keys: dict[str, str] = field(init=False, default_factory=dict)  # of projects, by former key
    _statuses: list[Mapping[str, Any]] = field(init=False, default_factory=list)  # that issues were ever in
    _bodies: dict[tuple[int, tuple[str, ...]], bytes] = field(init=False, default_factory=dict)
    _tokens: dict[str, tuple[list[int], int]] = field(init=False, default_factory=dict)
    _next_id: int = field(init=False, default=_FIRST_ID)

    def __post_init__(self) -> None:
        issues = [{**one, "fields": dict(one["fields"])} for one in self.issues]
        self.issues = ()
        taken = [int(one["id"]) for one in issues if one.get("id")]
        self._next_id = max([_FIRST_ID, *(number + 1 for number in taken)])
        for at, key in enumerate(self.projects):
            self._project_ids[key] = str(_FIRST_ID + at)
        for one in issues:
            told = one.pop("changelog", None) or {}
            self._learn_project(one)
            self._hold(one, lag=0.0)
            self._histories[int(one["id"])] = list(told.get("histories") or ())
        for number in list(self._issues):
            self._complete(self._issues[number])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.account_timezone)

    def put(self, issue: dict[str, Any]) -> dict[str, Any]:
        """Create or replace an issue (by id, else by key); ``updated`` moves to now."""
        known_id = issue.get("id") or self._keys.get(issue["key"])
        before = self._issues.get(int(known_id)) if known_id else None
        latest = before["fields"]["updated"] if before else ""
        now = max(moment(self.clock()), _just_after(latest))
        made = {**issue, "fields": {**issue["fields"], "updated": now}}
        if known_id:
            made["id"] = str(known_id)
        self._hold(made, self.index_lag)
        self._complete(made)
        self._remember(int(made["id"]), before, made, now)
        return made

    def _remember(self, number: int, before: dict[str, Any] | None, made: dict[str, Any], now: str) -> None:
        known = self._histories.setdefault(number, [])
        items = changelog.entries(before["fields"], made["fields"]) if before else []
        if items:
            known.append(changelog.history(number * 1000 + len(known), now, items))

    def histories(self, number: int, wanted: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The changes of an issue, the oldest first; of the wanted fields only, if any are named."""
        cloud = self.flavour == "cloud"
        shown = (changelog.shown(one, wanted, cloud) for one in self._histories.get(number, ()))
        return [one for one in shown if one]

    def has_broken_history(self, numbers: Iterable[int]) -> bool:
        broken = {self._keys.get(key) for key in self.broken_histories}
        return not broken.isdisjoint(numbers)

    def all_statuses(self) -> list[Mapping[str, Any]]:
        """As ``GET /status`` lists them."""
        by_id = {str(one.get("id")): {"description": "", **one} for one in (*self._statuses, *self.statuses)}
        return list(by_id.values())

    def project_id(self, key: str) -> str:
        return self._project_ids[key]

    def present_key(self, key: str) -> str:
        """A project's key now; a former one still finds it."""
        return self._present_keys.get(key, key)

    def former_keys_of(self, key: str) -> list[str]:
        return [former for former, present in self._present_keys.items() if present == key]

    def rekey(self, before: str, after: str) -> None:
        """Give a project another key; its issues keep their ids and numbers, and are found by both keys."""
        self.projects = {after if key == before else key: name for key, name in self.projects.items()}
        self._project_ids[after] = self._project_ids[before]
        self._present_keys = {
            former: after if key == before else key for former, key in self._present_keys.items()
        } | {before: after}
        for issue in list(self._issues.values()):
            project, _, number = issue["key"].rpartition("-")
            if project == before:
                fields = {**issue["fields"], "project": {**issue["fields"]["project"], "key": after}}
                self._hold({**issue, "key": f"{after}-{number}", "fields": fields}, lag=0.0)

    def delete(self, key: str) -> None:
        self._forget(self._keys.pop(key))

    def _forget(self, number: int) -> None:
        del self._issues[number]
        self._index.forget(number)
        self._bodies.clear()

    def announce(self, event: str, key: str, **more: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of a webhook about an issue (``jira:issue_updated``), signed."""
        issue = self.find(key) or {"id": "0", "key": key, "fields": {}}
        stamp = int(self.clock().timestamp() * 1000)
        body = orjson.dumps({"timestamp": stamp, "webhookEvent": event, "issue": issue, **more})
        secret = self.webhook[1] if self.webhook else ""
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Atlassian-Webhook-Identifier": uuid.uuid4().hex,
            "X-Hub-Signature": f"sha256={signature}",
        }, body

    def find(self, id_or_key: str) -> dict[str, Any] | None:
        """Old keys of moved issues still find them, as in Jira."""
        number = int(id_or_key) if id_or_key.isdigit() else self._keys.get(id_or_key.upper(), -1)
        return self._issues.get(number)

    def search(self, query: str) -> list[int]:
        """Ids in the query's order, as the index has them. Raises QueryError."""
        return self._index.search(query, self.zone, self.clock().timestamp(), self._present_keys)

    def reconcile(self, numbers: Iterable[int]) -> None:
        self._index.reconcile(numbers)

    def page_after(self, token: str, query: str) -> tuple[list[int], int]:
        """A kept result and the position in it, or a new one at its beginning. Raises QueryError."""
        if not token:
            return list(self.search(query)), 0
        if token not in self._tokens:
            raise QueryError("The provided nextPageToken is invalid or has expired.")
        return self._tokens[token]

    def token_for(self, found: list[int], at: int) -> str:
        if len(self._tokens) > 1000:
            self._tokens.clear()
        token = f"page-{id(found):x}-{at}"
        self._tokens[token] = (found, at)
        return token

    def holds(self, number: int) -> bool:
        return number in self._issues

    def render(self, number: int, wanted: tuple[str, ...]) -> bytes:
        """The issue's JSON with these fields; kept until something changes."""
        known_body = self._bodies.get((number, wanted))
        if known_body is None:
            known_body = self._bodies[number, wanted] = orjson.dumps(self._select(number, wanted))
        return known_body

    def _select(self, number: int, wanted: tuple[str, ...]) -> dict[str, Any]:
        issue = self._issues[number]
        found = {"id": issue["id"], "key": issue["key"], "self": f"{self.url}/rest/api/2/issue/{number}"}
        if wanted == ("id",):
            return found
        fields = issue["fields"]
        if "*all" not in wanted and "*navigable" not in wanted:
            fields = {name: fields[name] for name in wanted if name in fields}
        return {**found, "fields": fields}

    def _learn_project(self, issue: dict[str, Any]) -> None:
        """Recorded issues bring their projects' own ids."""
        project = issue["fields"].get("project") or {}
        if project.get("id"):
            self._project_ids[issue["key"].rpartition("-")[0]] = str(project["id"])

    def _hold(self, issue: dict[str, Any], lag: float) -> None:
        if not issue.get("id"):
            issue["id"], self._next_id = str(self._next_id), self._next_id + 1
        number = int(issue["id"])
        project = issue["key"].rpartition("-")[0]
        project_id = self._project_ids.setdefault(project, str(_FIRST_ID + len(self._project_ids)))
        name = self.projects.get(project, project)
        issue["fields"].setdefault("project", {"id": project_id, "key": project, "name": name})
        self._issues[number] = issue
        if (status := issue["fields"].get("status")) and status not in self._statuses:
            self._statuses.append(status)
        self._keys[issue["key"]] = number
        self._index.put(issue, self.clock().timestamp() + lag if lag else 0.0)
        self._bodies.clear()

    def _complete(self, issue: dict[str, Any]) -> None:
        """Give parents and links their ids, and each link its other end."""
        fields = issue["fields"]
        if fields.get("parent") and "id" not in fields["parent"]:
            fields["parent"] = self._short(fields["parent"]["key"])
        fields["issuelinks"] = [self._link(issue, one) for one in fields.get("issuelinks") or ()]

    def _link(self, issue: dict[str, Any], link: dict[str, Any]) -> dict[str, Any]:
        if "id" in link:
            return link
        end = "outwardIssue" if "outwardIssue" in link else "inwardIssue"
        other_end = "inwardIssue" if end == "outwardIssue" else "outwardIssue"
        named, self._next_id = str(self._next_id), self._next_id + 1
        other = self.find(link[end]["key"])
        if other is not None:
            back = {"id": named, "type": link["type"], other_end: self._short(issue["key"])}
            links = [*(other["fields"].get("issuelinks") or ()), back]
            self._issues[int(other["id"])] = {**other, "fields": {**other["fields"], "issuelinks": links}}
        return {"id": named, "type": link["type"], end: self._short(link[end]["key"])}

    def _short(self, key: str) -> dict[str, Any]:
        found = self.find(key)
        if found is None:
            return {"id": str(_FIRST_ID - 1), "key": key}
        fields = found["fields"]
        return {
            "id": found["id"],
            "key": found["key"],
            "fields": {name: fields.get(name) for name in ("summary", "status", "priority", "issuetype")},
        }


def _just_after(stamp: str) -> str:
    """One millisecond later, so that no two changes of an issue look alike."""
    if not stamp:
        return ""
    return moment(datetime.fromtimestamp(datetime.fromisoformat(stamp).timestamp() + 0.0011, UTC))
