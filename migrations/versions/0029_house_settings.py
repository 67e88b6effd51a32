"""what the house decides in the console

Revision: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "house_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_house_setting_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_setting")),
    )
    op.create_index(op.f("ix_house_setting_name"), "house_setting", ["name"])


def downgrade() -> None:
    op.drop_index(op.f("ix_house_setting_name"), table_name="house_setting")
    op.drop_table("house_setting")
