"""What a connector hands over: a tracker's item in standard terms, its own words beside them.

**References.** Everything that can be pointed at has a canonical reference, the same for every
connector, so that links meet over tracker borders:

- ``jira://SITE/id/10023``       a Jira issue by its numeric id (its identity: survives moves)
- ``jira://SITE/ONL-12``         a Jira issue by key
- ``github://SITE/id/I_kwDO…``   a GitHub issue by node id (its identity: survives transfers)
- ``github://SITE/acme/web#12``  a GitHub issue by number (owner and repository in lower case)
- ``github://SITE/acme/web/milestone/3``  a milestone that serves as an epic
- ``jira:ONL-12``, ``github:acme/web#12``  written in a text that does not say on which site

SITE is the host a browser uses (``acme.atlassian.net``, ``github.com``, ``127.0.0.1:8101``),
in lower case, with the context path if there is one (``intranet.example/jira``).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import orjson

Kind = Literal["initiative", "epic", "story", "task", "bug", "subtask"]
State = Literal["todo", "doing", "done", "dropped"]
DateOrigin = Literal["field", "sprint", "release", "milestone", "iteration"]
Origin = Literal["native", "remote", "text"]
Relation = Literal["blocks", "blocked-by", "conflicts", "mirrors", "duplicates", "clones", "relates"]


@dataclass(frozen=True, slots=True)
class Link:
    """``relation`` reads from the item that carries it: this item *blocks* ``ref``.

    ``words`` are the tracker's own ("is blocked by") or the phrase found in the text. ``subject`` is who
    says it, where a text speaks of another item ("ONL-4, which depends on STO-2"): a reference.
    Every native link travels, blocking or not (``relates`` when its words mean nothing to attune).
    """

    relation: Relation
    ref: str
    origin: Origin
    words: str
    name: str | None = None  # canonical reference of the other end's key, where ``ref`` is its tracker's id
    subject: str | None = None  # None: the item that carries it


@dataclass(frozen=True, slots=True)
class DodLine:
    text: str
    checked: bool
    optional: bool = False  # marked so in its checklist: kept, and no part of the Definition of Done


@dataclass(frozen=True, slots=True)
class TrackerItem:
    """One issue, epic or milestone as its tracker tells it. Dates are days in the product's zone."""

    native_id: str  # Jira's numeric id, GitHub's issue number, "milestone-3"
    identity: str  # canonical reference that survives moves and renames
    name: str  # canonical reference of its present key
    key: str  # what people say: ONL-12, acme/web#12
    url: str
    title: str
    kind: Kind
    type: str  # the tracker's own word for the kind
    state: State
    status: str  # the tracker's own word for the state
    created: datetime  # aware, UTC
    updated: datetime  # aware, UTC
    closed_on: date | None = None
    closed_as: str | None = None  # the tracker's own word for why: Duplicate, DUPLICATE
    is_duplicate: bool = False  # closed_as says so: the work goes on in another item
    priority: int | None = None
    priority_name: str | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    estimate: float | None = None
    start: date | None = None
    start_from: DateOrigin | None = None
    due: date | None = None
    due_from: DateOrigin | None = None
    sprint: str | None = None
    release: str | None = None
    rank: str | None = None  # sorts as text into the team's own order; None: comes after
    parent: str | None = None  # canonical reference
    links: tuple[Link, ...] = ()
    dod: tuple[DodLine, ...] = ()
    hidden_blockers: int = 0  # blockers the tracker counts but does not list
    unread: tuple[str, ...] = ()  # parts left out of this read: "remote-links", "history"; see contract.py
    raw: bytes = field(default=b"null", compare=False)  # the tracker's own answer, see ``kept``


UNSHOWN = frozenset(
    {
        "native_id",
        "identity",
        "name",
        "created",
        "closed_on",
        "closed_as",
        "is_duplicate",
        "rank",
        "parent",
        "links",
        "hidden_blockers",
        "unread",
        "raw",
    }
)
"""Fields of an item that answers do not show as they stand. Every other one is shown under its name."""


def kept(answer: Any) -> bytes:
    """A tracker's answer for one item as JSON, to be stored. Raises ValueError for what JSON cannot hold."""
    try:
        return orjson.dumps(answer)
    except TypeError as error:
        raise ValueError(f"it is no JSON that can be kept ({error})") from error


ChangedField = Literal[
    "start", "due", "sprint", "release", "status", "priority", "assignee", "team", "order"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a tracker's own history tells of. ``before`` and ``after`` are its words.

    ``order``: the item was moved in its team's own order; ``after`` says which way.
    """

    item: str  # identity
    id: str  # the tracker's own id of the change, so that it is kept once; "read:…": noticed by us
    at: datetime  # aware, UTC
    field: ChangedField
    before: str | None
    after: str | None
    by: str | None = None  # a display name


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read. ``key`` is the best name it has."""

    key: str
    reason: str
