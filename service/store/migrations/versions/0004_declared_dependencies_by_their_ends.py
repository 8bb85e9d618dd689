"""Dependencies that people declared are found by either end"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENDS = ("blocker", "dependent")


def upgrade() -> None:
    for end in _ENDS:
        op.create_index(f"ix_declaration_{end}", "declaration", [end])


def downgrade() -> None:
    for end in _ENDS:
        op.drop_index(f"ix_declaration_{end}", "declaration")
