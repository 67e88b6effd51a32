"""one row per interaction

Revision: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("intent", sa.String(length=60), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("entities", sa.JSON(), nullable=True),
        sa.Column("action", sa.String(length=250), nullable=False),
        sa.Column("engine_answer", sa.Text(), nullable=True),
        sa.Column("llm_answer", sa.Text(), nullable=True),
        sa.Column("api_calls", sa.JSON(), nullable=False),
        sa.Column("processing_ms", sa.Double(), nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_interaction_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interaction_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_at"), "interaction", ["at"])
    op.create_index(op.f("ix_interaction_conversation_id_at"), "interaction", ["conversation_id", "at"])
    op.create_index(op.f("ix_interaction_person_id_at"), "interaction", ["person_id", "at"])


def downgrade() -> None:
    op.drop_table("interaction")
