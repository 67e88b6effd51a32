"""addresses, windows and carriers' ids

Revision: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column("window_until", UtcDateTime(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_conversation_channel_account_address"), ["channel", "account", "address"], unique=False
        )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("external_id", existing_type=sa.String(length=120), type_=sa.String(length=200))
        batch_op.add_column(sa.Column("carrier_id", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("handed", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_message_channel_carrier_id"), ["channel", "carrier_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_channel_carrier_id"))
        batch_op.drop_column("handed")
        batch_op.drop_column("carrier_id")
        batch_op.alter_column("external_id", existing_type=sa.String(length=200), type_=sa.String(length=120))
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_channel_account_address"))
        batch_op.drop_column("window_until")
        batch_op.drop_column("address")
        batch_op.drop_column("account")
