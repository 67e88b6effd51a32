"""deposits, receipts and the road of a booking

Revision: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("pms_number", sa.String(length=40), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("needs", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("refund", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("booking", column)
    op.create_index(op.f("ix_booking_deposit_status"), "booking", ["deposit_status"])
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("booking_id", sa.String(length=20), nullable=False),
        sa.Column("attachment_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(length=12), nullable=True),
        sa.Column("duplicate_of", sa.String(length=12), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_receipt_booking_id_booking")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("booking_id", "sha256", name=op.f("uq_receipt_booking_id_sha256")),
    )
    op.create_index(op.f("ix_receipt_sha256"), "receipt", ["sha256"])
    op.create_index(
        "uq_receipt_original",
        "receipt",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("duplicate_of IS NULL"),
        postgresql_where=sa.text("duplicate_of IS NULL"),
    )
    op.create_table(
        "deposit_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_deposit_audit_booking_id_booking")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_audit")),
    )
    op.create_index(op.f("ix_deposit_audit_booking_id"), "deposit_audit", ["booking_id"])
    op.create_table(
        "booking_change",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("booking_id", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("room_number", sa.String(length=12), nullable=False),
        sa.Column("room_type", sa.String(length=40), nullable=False),
        sa.Column("check_in", sa.Date(), nullable=False),
        sa.Column("check_out", sa.Date(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("babies", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("deposit", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_change_booking_id_booking")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_change")),
    )
    op.create_index(
        "uq_booking_change_pending",
        "booking_change",
        ["booking_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "identity_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_identity_try_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_try")),
    )
    op.create_index(op.f("ix_identity_try_conversation_id_at"), "identity_try", ["conversation_id", "at"])


def downgrade() -> None:
    for table in ("identity_try", "booking_change", "deposit_audit", "receipt"):
        op.drop_table(table)
    op.drop_index(op.f("ix_booking_deposit_status"), "booking")
    for column in (
        "tries", "due_at", "refund", "paid", "locale", "version", "needs", "cancelled_at", "confirmed_at", "pms_number"
    ):  # fmt: skip
        op.drop_column("booking", column)
