"""Places in a team's chain as sparse keys, and what an analysis would look for in every item"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WITH = {"dod": sa.text("dod IS NOT NULL"), "hidden_blockers": sa.text("hidden_blockers > 0")}


def upgrade() -> None:
    op.add_column("item", sa.Column("place", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("digest", sa.BigInteger(), nullable=True))
    op.create_index("ix_item_team_source_place", "item", ["team", "source", "place"])
    for name, has in _WITH.items():
        op.create_index(f"ix_item_with_{name}", "item", ["id"], sqlite_where=has, postgresql_where=has)
    # Said in another form from here on: the next analysis says it anew.
    item = sa.table("item", sa.column("derived", sa.LargeBinary()), sa.column("why", sa.Text()))
    op.execute(item.update().values(derived=b"{}", why=None))


def downgrade() -> None:
    for name in _WITH:
        op.drop_index(f"ix_item_with_{name}", "item")
    op.drop_index("ix_item_team_source_place", "item")
    with op.batch_alter_table("item") as batch:
        batch.drop_column("digest")
        batch.drop_column("place")
