"""agents' states and their time

Revision: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=True),
        sa.Column("next_state", sa.String(length=10), nullable=True),
        sa.Column("next_reason", sa.String(length=40), nullable=True),
        sa.Column("next_by", sa.String(length=20), nullable=True),
        sa.Column("next_note", sa.String(length=200), nullable=True),
        sa.Column("base_state", sa.String(length=10), nullable=False),
        sa.Column("base_reason", sa.String(length=40), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("acted_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["next_by"], ["staff.id"], name=op.f("fk_presence_next_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "presence_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_presence_change_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_change_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_change")),
        sa.UniqueConstraint("staff_id", "version", "step", name=op.f("uq_presence_change_staff_id_version_step")),
    )
    op.create_index(op.f("ix_presence_change_at"), "presence_change", ["at"])
    op.create_index(op.f("ix_presence_change_staff_id_at"), "presence_change", ["staff_id", "at"])
    op.create_table(
        "presence_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_call_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_call")),
    )
    op.create_index(op.f("ix_presence_call_conversation_id"), "presence_call", ["conversation_id"])
    op.create_index(op.f("ix_presence_call_staff_id_left_at"), "presence_call", ["staff_id", "left_at"])
    op.create_index(op.f("ix_presence_call_staff_id_entered_at"), "presence_call", ["staff_id", "entered_at"])
    op.create_table(
        "presence_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("end_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_presence_correction_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_correction_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_correction")),
    )
    op.create_index(op.f("ix_presence_correction_staff_id_end_at"), "presence_correction", ["staff_id", "end_at"])


def downgrade() -> None:
    for table in ("presence_correction", "presence_call", "presence_change", "presence"):
        op.drop_table(table)
