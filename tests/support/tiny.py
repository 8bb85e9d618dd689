"""The smallest tracker there can be, in memory, and its connector: what the flow needs and no more.

Its clock ticks with every change, so no two changes share a moment. Its references look like Jira's;
an issue that is transferred gets a new id, as GitHub's do.
"""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import orjson
from pydantic import SecretStr

from connectors.contract import (
    Capabilities,
    Checkpoint,
    ForgedHook,
    Hook,
    Lookup,
    MalformedHook,
    Page,
    Quota,
    Setting,
    SourceError,
)
from connectors.item import Change, DodLine, Kind, Link, Rejected, State, TrackerItem
from connectors.options import SourceOptions

BEGINNING = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
SECRET = "tiny-secret"
TOKEN = "tiny-token"


class TinyOptions(SourceOptions):
    """``project`` "*" selects everything; ``label`` narrows it."""

    type: Literal["tiny"] = "tiny"
    project: str
    label: str | None = None
    token: str = TOKEN
    webhook_secret: SecretStr | None = SecretStr(SECRET)


@dataclass(frozen=True)
class Issue:
    id: int
    project: str
    number: int
    updated: float
    created: float
    title: str = ""
    kind: Kind = "story"
    state: State = "todo"
    priority: int | None = None
    word: str | None = None
    start: date | None = None
    due: date | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    rank: str | None = None
    parent: int | None = None
    parent_key: str | None = None  # where its tracker tells no more of it
    blocks: tuple[int, ...] = ()
    blocked_by: tuple[int, ...] = ()
    dod: tuple[DodLine, ...] = ()
    closed_on: date | None = None
    is_duplicate: bool = False
    texts: tuple[Link, ...] = ()  # links that its description tells of
    remote: tuple[Link, ...] = ()  # read apart, see TinyTracker.leaves_out
    is_secret: bool = False
    is_broken: bool = False
    is_nameless: bool = False  # of a broken one not even its key can be read
    is_pull_request: bool = False

    @property
    def key(self) -> str:
        return f"{self.project}-{self.number}"


@dataclass
class TinyTracker:
    """``faults`` are raised by the next requests, one each (None: that one goes well)."""

    site: str = "tiny.example"
    page_size: int = 10
    now: float = BEGINNING
    token: str = TOKEN
    issues: dict[int, Issue] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    document: tuple[str, ...] | None = None  # its Definition of Done
    faults: deque[Exception | None] = field(default_factory=deque)
    always: Exception | None = None
    asked: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)  # names that were asked for, in order
    redirects: dict[str, str] = field(default_factory=dict)  # a key, or a project's, of before → of now
    unanswered: set[str] = field(default_factory=set)  # keys that it does not answer for now
    leaves_out: bool = False  # pages leave the remote links of issues for later
    failing_parts: set[int] = field(default_factory=set)  # ids whose remote links cannot be read at all
    answers: dict[bytes, Issue] = field(default_factory=dict)  # what it said, as it was then
    on_request: Callable[[str], None] = lambda _what: None

    def add(self, project: str = "ONL", number: int | None = None, **values: Any) -> Issue:
        self.now += 1
        new = len(self.issues) + 1 if not self.issues else max(self.issues) + 1
        made = Issue(new, project, number or new, self.now, self.now, **{"title": f"Title {new}", **values})
        self.issues[new] = made
        return made

    def fill(self, count: int, project: str = "ONL", **values: Any) -> list[Issue]:
        return [self.add(project, **values) for _ in range(count)]

    def change(self, issue: int | Issue, **values: Any) -> Issue:
        self.now += 1
        number = issue if isinstance(issue, int) else issue.id
        self.issues[number] = replace(self.issues[number], updated=self.now, **values)
        return self.issues[number]

    def change_silently(self, issue: int | Issue, **values: Any) -> None:
        """Without a new ``updated``, as trackers do with links."""
        number = issue if isinstance(issue, int) else issue.id
        self.issues[number] = replace(self.issues[number], **values)

    def delete(self, *issues: int | Issue) -> None:
        for issue in issues:
            del self.issues[issue if isinstance(issue, int) else issue.id]

    def transfer(self, issue: int | Issue, project: str) -> Issue:
        """To another project, under another id; its old name leads there."""
        self.now += 1
        old = self.issues.pop(issue if isinstance(issue, int) else issue.id)
        new = max([*self.issues, old.id, old.number]) + 1
        self.issues[new] = replace(old, id=new, project=project, number=new, updated=self.now)
        self.redirects[old.key] = self.issues[new].key
        return self.issues[new]

    def named(self, key: str) -> Issue | None:
        """What a key leads to, by as many redirects as there are."""
        project, _, number = key.rpartition("-")
        if key in self.redirects:
            return self.named(self.redirects[key])
        if project in self.redirects:
            return self.named(f"{self.redirects[project]}-{number}")
        return next((one for one in self.issues.values() if one.key == key), None)

    def name(self, issue: Issue) -> str:
        return f"jira://{self.site}/{issue.key}"

    def request(self, what: str) -> None:
        self.asked.append(what)
        self.on_request(what)
        fault = self.faults.popleft() if self.faults else self.always
        if fault is not None:
            raise fault

    def identity(self, number: int) -> str:
        return f"jira://{self.site}/id/{number}"


class TinyConnector:
    """See ``connectors.contract.Connector``."""

    def __init__(self, options: TinyOptions, tracker: TinyTracker) -> None:
        self.options = options
        self.tracker = tracker
        self.requests = 0
        self.probes = 0
        self.is_closed = False
        self.fails_at_reread: int | None = None  # how often it goes well, and then once not

    def _ask(self, what: str) -> None:
        self.requests += 1
        if self.options.token != self.tracker.token:
            raise SourceError("authentication", f"{self.tracker.site} does not accept the token")
        self.tracker.request(what)

    @property
    def quota(self) -> Quota | None:
        return None

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        if not names:
            return {}
        self._ask("look up")
        self.tracker.looked_up.extend(names)
        keys = {name: name.rpartition("/")[2] for name in names}
        return {name: self._look_up(key) for name, key in keys.items() if key not in self.tracker.unanswered}

    def _look_up(self, key: str) -> Lookup:
        found = self.tracker.named(key)
        if found is None:
            return Lookup("absent")
        if found.is_pull_request:
            return Lookup("other")
        state: Literal["item", "hidden"] = "item" if self._is_shown(found) else "hidden"
        return Lookup(state, self.tracker.identity(found.id), self.tracker.name(found))

    async def close(self) -> None:
        self.is_closed = True

    async def probe(self) -> Capabilities:
        self.probes += 1
        self._ask("probe")
        projects = {one.project for one in self.tracker.issues.values()}
        held = projects if self.options.project == "*" else {self._project()}
        site = f"jira://{self.tracker.site}"
        return Capabilities(
            account="someone",
            site=self.tracker.site,
            holds=tuple(f"{site}/{project}" for project in sorted(held)),
            aliases={
                f"{site}/{old}": f"{site}/{new}"
                for old, new in self.tracker.redirects.items()
                if new in held and "-" not in old
            },
        )

    def _project(self) -> str:
        """What the project that the product file names is called now."""
        return self.tracker.redirects.get(self.options.project, self.options.project)

    def _selected(self) -> list[Issue]:
        return [
            one
            for one in self.tracker.issues.values()
            if self.options.project == "*" or one.project == self._project()
            if self.options.label is None or self.options.label in one.labels
            if not one.is_pull_request
        ]

    async def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        """``{"scan": last id, "began": moment}`` inside a full scan, ``{"since": moment}`` after one."""
        if since is None or "scan" in since:
            reading = self._scan(since or {"scan": 0, "began": self.tracker.now})
        else:
            reading = self._delta(since)
        async for page in reading:
            yield page

    async def _scan(self, place: Checkpoint) -> AsyncIterator[Page]:
        after, began, told = place["scan"], place["began"], list(self.tracker.changes)
        while True:
            self._ask("page")
            left = sorted((one for one in self._selected() if one.id > after), key=lambda one: one.id)
            part, rest = left[: self.tracker.page_size], left[self.tracker.page_size :]
            after = part[-1].id if part else after
            mark: Checkpoint = {"scan": after, "began": began} if rest else {"since": began}
            yield self._page(part, mark, changes=[] if rest else told, total=len(self._selected()))
            if not rest:
                return

    async def _delta(self, place: Checkpoint) -> AsyncIterator[Page]:
        since = place["since"]
        while True:
            self._ask("page")
            fresh = [one for one in self._selected() if one.updated > since]
            fresh.sort(key=lambda one: one.updated)
            part, rest = fresh[: self.tracker.page_size], fresh[self.tracker.page_size :]
            since = part[-1].updated if part else since
            ids = {self.tracker.identity(one.id) for one in part}
            yield self._page(part, {"since": since}, [one for one in self.tracker.changes if one.item in ids])
            if not rest:
                return

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Also by key."""
        self._ask("read")
        wanted = set(native_ids)
        chosen = [one for one in self._selected() if wanted & {str(one.id), one.key}]
        return self._page(chosen, {}, is_whole=True)

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        if self.fails_at_reread is not None:
            self.fails_at_reread -= 1
            if self.fails_at_reread < 0:
                self.fails_at_reread = None
                raise SourceError("unreachable", f"{self.tracker.site} does not answer")
        return self._page([self.tracker.answers[one] for one in answers.values()], {})

    async def identities(self) -> AsyncIterator[Sequence[str]]:
        self._ask("identities")
        yield [self.tracker.identity(one.id) for one in self._selected() if self._is_shown(one)]

    def _is_shown(self, issue: Issue) -> bool:
        return self.options.include_restricted or not issue.is_secret

    def _page(
        self,
        issues: Iterable[Issue],
        checkpoint: Checkpoint,
        changes: Sequence[Change] = (),
        total: int | None = None,
        is_whole: bool = False,
    ) -> Page:
        issues = list(issues)
        shown = [one for one in issues if self._is_shown(one)]
        return Page(
            items=[self._item(one, is_whole) for one in shown if not one.is_broken],
            checkpoint=checkpoint,
            rejected=[_rejected(one, place) for place, one in enumerate(shown) if one.is_broken],
            restricted=[self.tracker.identity(one.id) for one in issues if not self._is_shown(one)],
            changes=changes,
            unmapped={"priority": [one.word for one in shown if one.word and self._priority(one) is None]},
            definition_of_done=self.tracker.document,
            total=total,
        )

    def _priority(self, issue: Issue) -> int | None:
        return issue.priority or self.options.mapping.priority.get(issue.word or "")

    def _answer(self, issue: Issue) -> bytes:
        told = json.dumps({"id": issue.id, "title": issue.title, "at": issue.updated}).encode()
        self.tracker.answers[told] = issue
        return told

    def _item(self, issue: Issue, is_whole: bool) -> TrackerItem:
        site, identity = self.tracker.site, self.tracker.identity
        links = [Link("blocks", identity(one), "native", "blocks", self._name(one)) for one in issue.blocks]
        links += [
            Link("blocked-by", identity(one), "native", "is blocked by", self._name(one))
            for one in issue.blocked_by
        ]
        is_left_out = issue.id in self.tracker.failing_parts or (self.tracker.leaves_out and not is_whole)
        links += [*issue.texts, *(() if is_left_out else issue.remote)]
        return TrackerItem(
            native_id=str(issue.id),
            identity=identity(issue.id),
            name=f"jira://{site}/{issue.key}",
            key=issue.key,
            url=f"https://{site}/{issue.key}",
            title=issue.title,
            kind=issue.kind,
            type=issue.kind.capitalize(),
            state=issue.state,
            status=issue.state,
            created=datetime.fromtimestamp(issue.created, UTC),
            updated=datetime.fromtimestamp(issue.updated, UTC),
            priority=self._priority(issue),
            priority_name=issue.word,
            labels=issue.labels,
            components=issue.components,
            start=issue.start,
            start_from="field" if issue.start else None,
            due=issue.due,
            due_from="field" if issue.due else None,
            rank=issue.rank,
            parent=_parent(issue, site, identity),
            links=tuple(links),
            dod=issue.dod,
            closed_on=issue.closed_on,
            is_duplicate=issue.is_duplicate,
            unread=("remote-links",) if is_left_out else (),
            raw=self._answer(issue),
        )

    def _name(self, number: int) -> str | None:
        """Of the other end of a link, where this account sees it."""
        found = self.tracker.issues.get(number)
        return self.tracker.name(found) if found else None


def _parent(issue: Issue, site: str, identity: Callable[[int], str]) -> str | None:
    if issue.parent_key:
        return f"jira://{site}/{issue.parent_key}"
    return identity(issue.parent) if issue.parent else None


def _rejected(issue: Issue, place: int) -> Rejected:
    key = f"{issue.project}, record {place + 1} of its page" if issue.is_nameless else issue.key
    return Rejected(key, "its record is broken")


TRACKERS: dict[str, TinyTracker] = {}
"""By site; ``connect`` finds them here."""

Options = TinyOptions


def connect(options: TinyOptions, _setting: Setting | None = None) -> TinyConnector:
    return TinyConnector(options, next(iter(TRACKERS.values())))


def receive(
    options: TinyOptions, headers: Mapping[str, str], body: bytes, _aliases: Mapping[str, str]
) -> Hook:
    secret = options.webhook_secret.get_secret_value() if options.webhook_secret else ""
    if not hmac.compare_digest(headers.get("x-signature", "").encode(), signature(body, secret).encode()):
        raise ForgedHook
    try:
        told = orjson.loads(body)
        return Hook(
            delivery=headers["x-delivery"],
            event=told.get("event", "changed"),
            native_ids=told.get("ids", ()),
            deleted=told.get("deleted", ()),
            rescan=told.get("rescan", False),
            moved=told.get("moved", {}),
        )
    except (ValueError, KeyError, AttributeError) as error:
        raise MalformedHook("it is no hook of the tiny tracker") from error


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def hook(delivery: str, **told: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook as the tracker sends it."""
    body = orjson.dumps(told)
    return {"x-signature": signature(body), "x-delivery": delivery}, body
