"""the mirror of the PMS

Revision: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pms_mirror",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("asked_until", UtcDateTime(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("complete_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pms_mirror")),
    )


def downgrade() -> None:
    op.drop_table("pms_mirror")
