"""mailboxes and what came through them

Revision: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailbox",
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("folder", sa.String(length=200), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("subject_key", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=True),
        sa.Column("message_ref", sa.String(length=20), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("raw_key", sa.String(length=80), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("account", "key", name=op.f("uq_mail_account_key")),
    )
    op.create_index(op.f("ix_mail_account_id_hash"), "mail", ["account", "id_hash"])
    op.create_index(op.f("ix_mail_account_address_at"), "mail", ["account", "address", "at"])
    op.create_index(op.f("ix_mail_conversation_id_at"), "mail", ["conversation_id", "at"])
    op.create_index(op.f("ix_mail_state_retry_at"), "mail", ["state", "retry_at"])
    op.create_index(op.f("ix_mail_message_ref"), "mail", ["message_ref"])


def downgrade() -> None:
    op.drop_table("mail")
    op.drop_table("mailbox")
