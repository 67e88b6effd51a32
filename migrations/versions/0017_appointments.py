"""resources, services and slots

Revision: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=True),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("end", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_appointment_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_code")),
        sa.UniqueConstraint("key", name=op.f("uq_appointment_key")),
    )
    op.create_index(op.f("ix_appointment_conversation_id"), "appointment", ["conversation_id"])
    op.create_index(op.f("ix_appointment_person_id_start"), "appointment", ["person_id", "start"])
    op.create_index(op.f("ix_appointment_start"), "appointment", ["start"])
    op.create_table(
        "appointment_cell",
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("appointment_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_cell_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("resource", "place", "at", name=op.f("pk_appointment_cell")),
    )
    op.create_index(op.f("ix_appointment_cell_appointment_id"), "appointment_cell", ["appointment_id"])
    op.create_table(
        "package_purchase",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("package", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_package_purchase_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_purchase")),
        sa.UniqueConstraint("code", name=op.f("uq_package_purchase_code")),
        sa.UniqueConstraint("key", name=op.f("uq_package_purchase_key")),
    )
    op.create_index(op.f("ix_package_purchase_person_id"), "package_purchase", ["person_id"])


def downgrade() -> None:
    op.drop_table("package_purchase")
    op.drop_table("appointment_cell")
    op.drop_table("appointment")
