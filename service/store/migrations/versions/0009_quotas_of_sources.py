"""What is left of the limit that a source's credential has"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, sa.Integer | sa.Double[float]] = {
    "quota_remaining": sa.Integer(),
    "quota_limit": sa.Integer(),
    "quota_resets_at": sa.Double(),
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("source", sa.Column(name, kind))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("source", name)
