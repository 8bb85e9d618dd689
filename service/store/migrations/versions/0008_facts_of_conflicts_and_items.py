"""What conflicts say of dependencies stands in a table, how many conflicts an item has in its column alone"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_GATHER = {
    "sqlite": "SELECT DISTINCT conflict.id, value FROM conflict, json_each(body, '$.dependencies')",
    "postgresql": "SELECT DISTINCT id, jsonb_array_elements_text(body::jsonb->'dependencies') FROM conflict",
}
_TAKE_OUT = {
    "sqlite": "CAST(json_remove(CAST(derived AS TEXT), '$.conflicts') AS BLOB)",
    "postgresql": "convert_to((convert_from(derived, 'UTF8')::jsonb - 'conflicts')::text, 'UTF8')",
}
_PUT_IN = {
    "sqlite": "CAST(json_set(CAST(derived AS TEXT), '$.conflicts', conflicts) AS BLOB)",
    "postgresql": "convert_to((convert_from(derived, 'UTF8')::jsonb"
    " || jsonb_build_object('conflicts', conflicts))::text, 'UTF8')",
}


def _rewrite_derived(how: dict[str, str]) -> None:
    item = sa.table("item", sa.column("derived", sa.LargeBinary()))
    new: sa.ColumnElement[bytes] = sa.literal_column(how[op.get_bind().dialect.name])
    op.execute(item.update().where(item.c.derived != sa.literal(b"{}", sa.LargeBinary())).values(derived=new))


def upgrade() -> None:
    op.create_table(
        "conflict_dependency",
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("dependency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict"], ["conflict.id"], name="fk_conflict_dependency_conflict", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conflict", "dependency", name="pk_conflict_dependency"),
    )
    op.execute(f"INSERT INTO conflict_dependency {_GATHER[op.get_bind().dialect.name]}")
    _rewrite_derived(_TAKE_OUT)


def downgrade() -> None:
    _rewrite_derived(_PUT_IN)
    op.drop_table("conflict_dependency")
