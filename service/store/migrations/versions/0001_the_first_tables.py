"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announced",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("source", "native_id", name=op.f("pk_announced")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Double(), nullable=False),
        sa.Column("last_seen", sa.Double(), nullable=False),
        sa.Column("resolved_at", sa.Double(), nullable=True),
        sa.Column("accepted_until", sa.Text(), nullable=True),
        sa.Column("accepted_severity", sa.Text(), nullable=True),
        sa.Column("escalates_at", sa.Double(), nullable=True),
        sa.Column("escalated_at", sa.Double(), nullable=True),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_escalates_at", ["escalates_at"], unique=False)
        batch_op.create_index("ix_conflict_kind", ["kind"], unique=False)
        batch_op.create_index("ix_conflict_sort", ["sort"], unique=False)
        batch_op.create_index("ix_conflict_state_sort", ["state", "sort"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("blocker", sa.Text(), nullable=False),
        sa.Column("dependent", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_table(
        "dependency",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("blocker", sa.Text(), nullable=False),
        sa.Column("dependent", sa.Text(), nullable=False),
        sa.Column("blocker_team", sa.Text(), nullable=False),
        sa.Column("dependent_team", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("cross_team", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("health", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependency")),
    )
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.create_index("ix_dependency_blocker", ["blocker"], unique=False)
        batch_op.create_index("ix_dependency_dependent", ["dependent"], unique=False)
        batch_op.create_index("ix_dependency_health", ["health"], unique=False)

    op.create_table(
        "dod",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_dod")),
    )
    op.create_table(
        "event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("teams", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "inbound",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("received", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("source", "delivery", name=op.f("pk_inbound")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_received", ["received"], unique=False)

    op.create_table(
        "item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("priority_name", sa.Text(), nullable=True),
        sa.Column("start", sa.Text(), nullable=True),
        sa.Column("start_from", sa.Text(), nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_from", sa.Text(), nullable=True),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("parent_ref", sa.Text(), nullable=True),
        sa.Column("dod", sa.Text(), nullable=True),
        sa.Column("hidden_blockers", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.Double(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("effective_priority", sa.SmallInteger(), nullable=True),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("derived", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index("ix_item_goal", ["goal"], unique=False)
        batch_op.create_index("ix_item_is_open_due", ["is_open", "due"], unique=False)
        batch_op.create_index("ix_item_is_open_updated", ["is_open", "updated"], unique=False)
        batch_op.create_index("ix_item_parent", ["parent"], unique=False)
        batch_op.create_index("ix_item_position", ["position"], unique=False)
        batch_op.create_index("ix_item_source_native_id", ["source", "native_id"], unique=False)
        batch_op.create_index("ix_item_team_position", ["team", "position"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("dependency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("needed_by", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("asked_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dependency", name=op.f("pk_agreement")),
    )
    op.create_table(
        "agreement_step",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("dependency", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_agreement_step")),
    )
    with op.batch_alter_table("agreement_step", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_step_dependency", ["dependency"], unique=False)

    op.create_table(
        "restricted",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_restricted")),
    )
    op.create_table(
        "touched",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_touched")),
    )
    op.create_table(
        "item_change",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("item", "ref", "field", name=op.f("pk_item_change")),
    )
    with op.batch_alter_table("item_change", schema=None) as batch_op:
        batch_op.create_index("ix_item_change_item_at", ["item", "at"], unique=False)
        batch_op.create_index("ix_item_change_at", ["at"], unique=False)

    op.create_table(
        "item_raw",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_item_raw")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["due"], unique=False)

    op.create_table(
        "link",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item", "relation", "ref", "origin", name=op.f("pk_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_ref", ["ref"], unique=False)

    op.create_table(
        "pin",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_pin")),
        sa.UniqueConstraint("item", name=op.f("uq_pin_item")),
    )
    op.create_table(
        "reference",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_reference")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index("ix_reference_item", ["item"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "source",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("last_delta", sa.Double(), nullable=True),
        sa.Column("last_full_scan", sa.Double(), nullable=True),
        sa.Column("last_sweep", sa.Double(), nullable=True),
        sa.Column("watermark", sa.Double(), nullable=True),
        sa.Column("capabilities", sa.Text(), nullable=True),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("rejected_count", sa.Integer(), nullable=False),
        sa.Column("unmapped", sa.Text(), nullable=False),
        sa.Column("definition_of_done", sa.Text(), nullable=True),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_reason", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.Double(), nullable=True),
        sa.Column("manner", sa.Text(), nullable=True),
        sa.Column("scan", sa.Double(), nullable=True),
        sa.Column("suspected", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_source")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("teams", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("min_severity", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_until", sa.Double(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_teams", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("key", name=op.f("uq_subscription_key")),
    )
    op.create_table(
        "sync",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("started", sa.Double(), nullable=False),
        sa.Column("finished", sa.Double(), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync")),
    )
    with op.batch_alter_table("sync", schema=None) as batch_op:
        batch_op.create_index("ix_sync_source_started", ["source", "started"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("teams", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("last_used", sa.Double(), nullable=True),
        sa.Column("revoked", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_table(
        "conflict_history",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conflict"], ["conflict.id"], name=op.f("fk_conflict_history_conflict"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_conflict_history")),
    )
    with op.batch_alter_table("conflict_history", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_history_conflict", ["conflict"], unique=False)

    op.create_table(
        "conflict_item",
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict"], ["conflict.id"], name=op.f("fk_conflict_item_conflict"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conflict", "item", "role", name=op.f("pk_conflict_item")),
    )
    with op.batch_alter_table("conflict_item", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_item_item", ["item"], unique=False)

    op.create_table(
        "conflict_team",
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict"], ["conflict.id"], name=op.f("fk_conflict_team_conflict"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conflict", "team", name=op.f("pk_conflict_team")),
    )
    with op.batch_alter_table("conflict_team", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_team_team", ["team"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name=op.f("fk_delivery_subscription"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_state_due", ["state", "due"], unique=False)
        batch_op.create_index("ix_delivery_subscription_created", ["subscription", "created"], unique=False)

    op.create_table(
        "delivery_attempt",
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery", "number", name=op.f("pk_delivery_attempt")),
    )


def downgrade() -> None:
    op.drop_table("delivery_attempt")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_subscription_created")
        batch_op.drop_index("ix_delivery_state_due")

    op.drop_table("delivery")
    with op.batch_alter_table("conflict_team", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_team_team")

    op.drop_table("conflict_team")
    with op.batch_alter_table("conflict_item", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_item_item")

    op.drop_table("conflict_item")
    with op.batch_alter_table("conflict_history", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_history_conflict")

    op.drop_table("conflict_history")
    op.drop_table("token")
    with op.batch_alter_table("sync", schema=None) as batch_op:
        batch_op.drop_index("ix_sync_source_started")

    op.drop_table("sync")
    op.drop_table("subscription")
    op.drop_table("source")
    op.drop_table("revision")
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.drop_index("ix_reference_item")

    op.drop_table("reference")
    op.drop_table("pin")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_ref")

    op.drop_table("link")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("item_raw")
    with op.batch_alter_table("item_change", schema=None) as batch_op:
        batch_op.drop_index("ix_item_change_at")
        batch_op.drop_index("ix_item_change_item_at")

    op.drop_table("item_change")
    op.drop_table("touched")
    op.drop_table("restricted")
    with op.batch_alter_table("agreement_step", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_step_dependency")

    op.drop_table("agreement_step")
    op.drop_table("agreement")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_team_position")
        batch_op.drop_index("ix_item_source_native_id")
        batch_op.drop_index("ix_item_position")
        batch_op.drop_index("ix_item_parent")
        batch_op.drop_index("ix_item_is_open_updated")
        batch_op.drop_index("ix_item_is_open_due")
        batch_op.drop_index("ix_item_goal")

    op.drop_table("item")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_received")

    op.drop_table("inbound")
    op.drop_table("idempotency")
    op.drop_table("event")
    op.drop_table("dod")
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.drop_index("ix_dependency_health")
        batch_op.drop_index("ix_dependency_dependent")
        batch_op.drop_index("ix_dependency_blocker")

    op.drop_table("dependency")
    op.drop_table("declaration")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_state_sort")
        batch_op.drop_index("ix_conflict_sort")
        batch_op.drop_index("ix_conflict_kind")
        batch_op.drop_index("ix_conflict_escalates_at")

    op.drop_table("conflict")
    op.drop_table("announced")
