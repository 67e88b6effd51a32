"""second factors, sessions that can be told apart, what staff did and looked at

Revision: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("id", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("address", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("device", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("seen_at", UtcDateTime(), nullable=True))
        table.create_unique_constraint(op.f("uq_staff_session_id"), ["id"])
    op.create_table(
        "staff_second_factor",
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_second_factor_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_second_factor")),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_code_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_staff_recovery_code")),
    )
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index(op.f("ix_deed_at"), "deed", ["at"])
    op.create_index(op.f("ix_deed_by"), "deed", ["by"])
    op.create_index(op.f("ix_deed_subject"), "deed", ["subject"])
    op.create_index(op.f("ix_deed_what_at"), "deed", ["what", "at"])


def downgrade() -> None:
    op.drop_table("deed")
    op.drop_table("staff_recovery_code")
    op.drop_table("staff_second_factor")
    with op.batch_alter_table("staff_session") as table:
        table.drop_constraint(op.f("uq_staff_session_id"), type_="unique")
        for name in ("seen_at", "device", "address", "id"):
            table.drop_column(name)
