"""files of conversations, and vouchers

Revision: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path_key", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_attachment_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_attachment_message_id_message"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    for column in ("conversation_id", "message_id", "sha256"):
        op.create_index(op.f(f"ix_attachment_{column}"), "attachment", [column])
    op.create_table(
        "voucher",
        sa.Column("booking_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.String(length=20), nullable=False),
        sa.Column("calendar_id", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("mailed_at", UtcDateTime(), nullable=True),
        sa.Column("mail_error", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_voucher_booking_id_booking")),
        sa.PrimaryKeyConstraint("booking_id", "version", name=op.f("pk_voucher")),
    )


def downgrade() -> None:
    op.drop_table("voucher")
    op.drop_table("attachment")
