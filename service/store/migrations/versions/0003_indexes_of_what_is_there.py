"""Indexes on what few items have, or none before they are analysed, hold only those that have it"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF = {
    "ix_item_team_source_place": ["team", "source", "place"],
    "ix_item_parent": ["parent"],
    "ix_item_goal": ["goal"],
}


def upgrade() -> None:
    for name, columns in _OF.items():
        has = sa.text(f"{columns[-1]} IS NOT NULL")
        op.drop_index(name, "item")
        op.create_index(name, "item", columns, sqlite_where=has, postgresql_where=has)


def downgrade() -> None:
    for name, columns in _OF.items():
        op.drop_index(name, "item")
        op.create_index(name, "item", columns)
