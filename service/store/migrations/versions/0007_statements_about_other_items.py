"""What an item's text says of two other items"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item", "subject", "relation", "ref", name="pk_statement"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_subject", "statement", ["subject"])
    op.create_index("ix_statement_ref", "statement", ["ref"])


def downgrade() -> None:
    op.drop_table("statement")
