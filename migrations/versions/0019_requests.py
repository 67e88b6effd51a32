"""what guests ask the house for

Revision: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_request",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("booking_code", sa.String(length=20), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_by", sa.String(length=20), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_guest_request_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guest_request_person_id_person")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_guest_request_done_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_request")),
        sa.UniqueConstraint("conversation_id", "key", name=op.f("uq_guest_request_conversation_id_key")),
    )
    op.create_index(op.f("ix_guest_request_booking_code"), "guest_request", ["booking_code"])
    op.create_index(op.f("ix_guest_request_person_id"), "guest_request", ["person_id"])
    op.create_index(op.f("ix_guest_request_state_created_at"), "guest_request", ["state", "created_at"])


def downgrade() -> None:
    op.drop_table("guest_request")
