"""Names to look up, parts of items still to be read, what was closed as a duplicate, rejected records"""

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item", sa.Column("is_duplicate", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("link", sa.Column("name", sa.Text(), nullable=True))
    op.create_table(
        "look_up",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("asked", sa.Double(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name="pk_look_up"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_look_up_source_due", "look_up", ["source", "due"])
    op.create_index("ix_look_up_identity", "look_up", ["identity"])
    op.create_table(
        "unread_part",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("item", "part", name="pk_unread_part"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_unread_part_source_due", "unread_part", ["source", "due"])
    rejected = op.create_table(
        "rejected_record",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name="pk_rejected_record"),
    )
    op.create_index("ix_rejected_record_source_at", "rejected_record", ["source", "at"])
    listed = op.get_bind().execute(sa.text("SELECT key, rejected FROM source")).all()
    rows = [
        {"source": source, "key": one["key"], "reason": one["reason"], "at": 0.0}
        for source, text in listed
        for one in orjson.loads(text)
    ]
    if rows:
        op.bulk_insert(rejected, rows)
    with op.batch_alter_table("source") as batch:
        batch.drop_column("rejected")
        batch.alter_column("manner", new_column_name="digest")


def downgrade() -> None:
    with op.batch_alter_table("source") as batch:
        batch.alter_column("digest", new_column_name="manner")
        batch.add_column(sa.Column("rejected", sa.Text(), nullable=False, server_default="[]"))
    op.drop_table("rejected_record")
    op.drop_table("unread_part")
    op.drop_table("look_up")
    with op.batch_alter_table("link") as batch:
        batch.drop_column("name")
    with op.batch_alter_table("item") as batch:
        batch.drop_column("is_duplicate")
