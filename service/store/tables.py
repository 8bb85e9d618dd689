"""Every table. Moments are epoch seconds (UTC), dates ISO text, structures JSON as text.

Plain types on purpose: the same bytes in SQLite and PostgreSQL, no conversion on the hot paths.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")

# Counters: 1 grows with every change a reader could see (ETags are made of it), 2 with every analysis,
# 3 with every change that is to be judged.
revision = Table(
    "revision",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("key", Text, primary_key=True),
    Column("state", Text, nullable=False),  # never, ok, syncing, stale, failing
    Column("checkpoint", Text),
    Column("complete", Boolean, nullable=False, default=False),  # a full scan has finished once
    Column("last_delta", Double),
    Column("last_full_scan", Double),
    Column("last_sweep", Double),
    Column("watermark", Double),
    Column("capabilities", Text),
    Column("rejected_count", Integer, nullable=False, default=0),  # rows of ``rejected_record``
    Column("unmapped", Text, nullable=False, default="{}"),
    Column("definition_of_done", Text),  # lines of its DoD document
    Column("requests", BigInteger, nullable=False, default=0),
    Column("quota_remaining", Integer),  # as the tracker said last, of the credential's limit
    Column("quota_limit", Integer),
    Column("quota_resets_at", Double),
    Column("error", Text),
    Column("error_reason", Text),
    Column("failing_since", Double),
    Column("digest", Text),  # of how the product file had it read, see flow/reading/source_digest.py
    Column("scan", Double),  # when the full scan under way began; null when none is
    Column("suspected", Double),  # a full scan lacked so much that its removals wait for a second one
)

# Records that could not be read, by the best name each has.
rejected_record = Table(
    "rejected_record",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Double, nullable=False),
    Index("ix_rejected_record_source_at", "source", "at"),
)

# ``record`` and ``derived`` are two halves of one JSON object: what the tracker says and what the
# analysis found. An answer joins them with the position as bytes; nothing is parsed to be read.
item = Table(
    "item",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("priority", SmallInteger),
    Column("priority_name", Text),
    Column("start", Text),
    Column("start_from", Text),
    Column("due", Text),
    Column("due_from", Text),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("closed_on", Text),
    Column("rank", Text),
    Column("labels", Text, nullable=False),
    Column("components", Text, nullable=False),
    Column("parent_ref", Text),
    Column("dod", Text),  # [{"text","checked","optional"?}], null without any
    Column("hidden_blockers", Integer, nullable=False, default=0),
    Column("hash", LargeBinary, nullable=False),  # of everything read from the tracker
    Column("record", LargeBinary, nullable=False),
    Column("seen", Double, nullable=False),  # when a read last met it
    # What the analysis found; null or empty until then.
    Column("position", BigInteger),  # sparse sort key of an open item; the answer shows its rank
    Column("parent", Text),
    Column("goal", Text),
    Column("effective_priority", SmallInteger),
    Column("conflicts", Integer, nullable=False, default=0),
    Column("derived", LargeBinary, nullable=False, default=b"{}"),
    Column("why", Text),
    Column("place", BigInteger),  # sparse sort key in its team's chain; the answer shows its rank
    Column("digest", BigInteger),  # of all that the analysis found: would it be another?
    # Last, as an older database has it.
    Column("is_duplicate", Boolean, nullable=False, server_default=false()),  # closed as one
    Index("ix_item_position", "position"),
    Index("ix_item_team_position", "team", "position"),
    Index("ix_item_is_open_updated", "is_open", "updated"),
    Index("ix_item_is_open_due", "is_open", "due"),
    Index("ix_item_source_native_id", "source", "native_id"),
)
ANALYSED_COLUMNS = frozenset(
    {
        "position",
        "parent",
        "goal",
        "effective_priority",
        "conflicts",
        "derived",
        "why",
        "place",
        "digest",
    }
)
"""Of ``item``: what an analysis finds. Every other column is what a read brings."""
# Few items have these, or none before they are analysed: what has none is not in the index.
for _name, _columns, _has in (
    ("with_dod", ("id",), item.c.dod.is_not(None)),
    ("with_hidden_blockers", ("id",), item.c.hidden_blockers > 0),
    ("team_source_place", ("team", "source", "place"), item.c.place.is_not(None)),
    ("parent", ("parent",), item.c.parent.is_not(None)),
    ("goal", ("goal",), item.c.goal.is_not(None)),
):
    Index(f"ix_item_{_name}", *(item.c[one] for one in _columns), sqlite_where=_has, postgresql_where=_has)

item_raw = Table(
    "item_raw",
    metadata,
    Column("item", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zstd of the tracker's own answer
)

# Every name an item has ever had, as a canonical reference (connectors/item.py).
reference = Table(
    "reference",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Index("ix_reference_item", "item"),
    sqlite_with_rowid=False,
)

# What an item says of others, as read; resolved through ``reference`` when analysed.
link = Table(
    "link",
    metadata,
    Column("item", Text, primary_key=True),
    Column("relation", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("origin", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("name", Text),  # what ``ref``, a tracker's own id, is called, where the tracker said so
    Index("ix_link_ref", "ref"),
    sqlite_with_rowid=False,
)

# What an item's text says of two others, as read; both are references.
statement = Table(
    "statement",
    metadata,
    Column("item", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("relation", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Index("ix_statement_subject", "subject"),
    Index("ix_statement_ref", "ref"),
    sqlite_with_rowid=False,
)

# What changed on an item and when: as its tracker's own history tells it, or as a read noticed it.
item_change = Table(
    "item_change",
    metadata,
    Column("item", Text, primary_key=True),
    Column("ref", Text, primary_key=True),  # the tracker's id of the change, or "read:" and the moment
    Column("field", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("by", Text),
    Index("ix_item_change_item_at", "item", "at"),
    Index("ix_item_change_at", "at"),
)

restricted = Table("restricted", metadata, Column("ref", Text, primary_key=True))

# Names that items mention and no stored item answers to, and what their tracker says of each.
look_up = Table(
    "look_up",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("source", Text, nullable=False),  # whose connector asks
    Column("state", Text),  # item, other, hidden, absent; null until it was asked
    Column("identity", Text),  # what it leads to
    Column("name", Text),
    Column("asked", Double),
    Column("times", Integer, nullable=False, default=0),  # asked in a row with the same outcome
    Column("due", Double, nullable=False),
    Index("ix_look_up_source_due", "source", "due"),
    Index("ix_look_up_identity", "identity"),
    sqlite_with_rowid=False,
)

# Parts that a read left out of an item, still to be read. What is stored of them stays until then.
unread_part = Table(
    "unread_part",
    metadata,
    Column("item", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("tried", Integer, nullable=False, default=0),
    Column("due", Double, nullable=False),
    Index("ix_unread_part_source_due", "source", "due"),
    sqlite_with_rowid=False,
)

# Items to be judged again; "*" stands for everything.
touched = Table(
    "touched",
    metadata,
    Column("item", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

declaration = Table(
    "declaration",
    metadata,
    Column("id", Text, primary_key=True),  # the dependency's id
    Column("blocker", Text, nullable=False),
    Column("dependent", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Double, nullable=False),
    Index("ix_declaration_blocker", "blocker"),
    Index("ix_declaration_dependent", "dependent"),
)

dependency = Table(
    "dependency",
    metadata,
    Column("id", Text, primary_key=True),
    Column("blocker", Text, nullable=False),
    Column("dependent", Text, nullable=False),
    Column("blocker_team", Text, nullable=False),
    Column("dependent_team", Text, nullable=False),
    Column("origins", Text, nullable=False),  # JSON list, sorted
    Column("cross_team", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("health", Text, nullable=False),
    Index("ix_dependency_blocker", "blocker"),
    Index("ix_dependency_dependent", "dependent"),
    Index("ix_dependency_health", "health"),
)

# What the two ends of a dependency have agreed, and the steps to it.
agreement = Table(
    "agreement",
    metadata,
    Column("dependency", Text, primary_key=True),
    Column("state", Text, nullable=False),  # requested, committed, proposed, declined
    Column("needed_by", Text, nullable=False),
    Column("date", Text),
    Column("asked_on", Text, nullable=False),
)

agreement_step = Table(
    "agreement_step",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("dependency", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("what", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("day", Text),
    Column("note", Text),
    Index("ix_agreement_step_dependency", "dependency"),
)

pin = Table(
    "pin",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("item", Text, nullable=False, unique=True),
)

# The newest Definition of Done comparison, as the API answers it, and each team's lines.
dod = Table(
    "dod",
    metadata,
    Column("team", Text, primary_key=True),
    Column("lines", Text, nullable=False),
    Column("origin", Text),  # items, document, product
)

conflict = Table(
    "conflict",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # the rule
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, acknowledged, accepted, resolved
    Column("sort", Text, nullable=False),  # severity, rule's place in the table, id: the rulebook's order
    Column("goal", Text),
    Column("hash", LargeBinary, nullable=False),  # of severity and facts: has it changed?
    Column("body", Text, nullable=False),  # title, explanation, suggestions, items, teams, owners, facts …
    Column("first_seen", Double, nullable=False),
    Column("last_seen", Double, nullable=False),
    Column("resolved_at", Double),
    Column("accepted_until", Text),
    Column("accepted_severity", Text),
    Column("escalates_at", Double),  # null unless it is open and nobody was told yet
    Column("escalated_at", Double),
    Column("changed_at", Double, nullable=False),
    Index("ix_conflict_state_sort", "state", "sort"),
    Index("ix_conflict_kind", "kind"),
    Index("ix_conflict_sort", "sort"),
    Index("ix_conflict_escalates_at", "escalates_at"),
)

conflict_item = Table(
    "conflict_item",
    metadata,
    Column("conflict", Text, ForeignKey("conflict.id", ondelete="CASCADE"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Index("ix_conflict_item_item", "item"),
)

conflict_team = Table(
    "conflict_team",
    metadata,
    Column("conflict", Text, ForeignKey("conflict.id", ondelete="CASCADE"), primary_key=True),
    Column("team", Text, primary_key=True),
    Index("ix_conflict_team_team", "team"),
)

conflict_dependency = Table(
    "conflict_dependency",
    metadata,
    Column("conflict", Text, ForeignKey("conflict.id", ondelete="CASCADE"), primary_key=True),
    Column("dependency", Text, primary_key=True),  # what the conflict is with: its health
)
conflict_history = Table(
    "conflict_history",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("conflict", Text, ForeignKey("conflict.id", ondelete="CASCADE"), nullable=False),
    Column("at", Double, nullable=False),
    Column("what", Text, nullable=False),  # opened, changed, resolved, reopened, acknowledged, …
    Column("by", Text, nullable=False),
    Column("note", Text),
    Index("ix_conflict_history_conflict", "conflict"),
)

event = Table(
    "event",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("teams", Text, nullable=False),  # JSON list
    Column("kind", Text),  # the conflict's rule, when it tells of one
    Column("severity", Text),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, unique=True),  # of one that the product file configures
    Column("url", LargeBinary, nullable=False),  # encrypted: chat channels' addresses are secrets
    Column("format", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("teams", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("min_severity", Text),
    Column("mode", Text, nullable=False),
    Column("secret", LargeBinary),  # encrypted
    Column("old_secret", LargeBinary),  # encrypted; signs as well until old_until
    Column("old_until", Double),
    Column("state", Text, nullable=False),  # active, disabled
    Column("owner", Text, nullable=False),  # token id, or "product-file"
    Column("owner_teams", Text, nullable=False),  # JSON list; null in it means all
    Column("created", Double, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),  # the webhook-id, the same over retries
    Column("subscription", Text, ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),  # pending, delivered, dead
    Column("attempts", Integer, nullable=False, default=0),
    Column("created", Double, nullable=False),
    Column("due", Double, nullable=False),
    Column("leased_until", Double),
    Column("lease", Text),
    Index("ix_delivery_state_due", "state", "due"),
    Index("ix_delivery_subscription_created", "subscription", "created"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("delivery", Text, ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("duration", Double, nullable=False),  # seconds
    Column("status", Integer),
    Column("error", Text),
    Column("answer", Text),  # its first 2 kB
)

# What the worker has to do; ``key`` is unique among unfinished jobs, so that work is not doubled.
job = Table(
    "job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # see flow/worker.py
    Column("key", Text, nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("due", Double, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("again", Boolean, nullable=False, default=False),  # asked for once more while it runs
    Column("leased_until", Double),
    Column("lease", Text),
    Index("ix_job_due", "due"),
)

sync = Table(
    "sync",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),  # running, done, failed
    Column("full", Boolean, nullable=False),
    Column("started", Double, nullable=False),
    Column("finished", Double),
    Column("read", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("total", Integer),
    Column("error", Text),
    Index("ix_sync_source_started", "source", "started"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("source", Text, primary_key=True),
    Column("delivery", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("received", Double, nullable=False),
    Index("ix_inbound_received", "received"),
)

# Items that tracker webhooks told of and that are still to be read again.
announced = Table(
    "announced",
    metadata,
    Column("source", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("at", Double, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),  # SHA-256 of the token
    Column("role", Text, nullable=False),
    Column("teams", Text, nullable=False),  # JSON list
    Column("created", Double, nullable=False),
    Column("last_used", Double),
    Column("revoked", Double),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),  # SHA-256 of method, path and body
    Column("status", Integer),
    Column("answer", LargeBinary),
    Column("at", Double, nullable=False),
)
