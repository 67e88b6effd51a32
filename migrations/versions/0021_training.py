"""examples that staff taught the understanding, what they set, and how customers feel by their words

Revision: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interaction", sa.Column("handoff", sa.String(length=20), nullable=True))
    op.add_column("interaction", sa.Column("meant", sa.String(length=60), nullable=True))
    op.add_column("conversation", sa.Column("mood", sa.Double(), nullable=True))
    op.create_table(
        "training_example",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("intent", sa.String(length=60), nullable=True),
        sa.Column("before_intent", sa.String(length=60), nullable=True),
        sa.Column("interaction_id", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_training_example_by_staff")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_training_example_ended_by_staff")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_training_example_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_example")),
    )
    op.create_index(op.f("ix_training_example_at"), "training_example", ["at"])
    taught, standing = sa.text("state = 'taught'"), sa.text("state <> 'withdrawn'")
    op.create_index(
        "uq_training_example_key",
        "training_example",
        ["key"],
        unique=True,
        sqlite_where=taught,
        postgresql_where=taught,
    )
    op.create_index(
        "uq_training_example_interaction",
        "training_example",
        ["interaction_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "understanding_version",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_understanding_version_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_understanding_version")),
        sa.UniqueConstraint("number", name=op.f("uq_understanding_version_number")),
    )
    op.create_table(
        "assistant_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_assistant_change_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_change")),
    )
    op.create_index(op.f("ix_assistant_change_what_subject"), "assistant_change", ["what", "subject"])


def downgrade() -> None:
    op.drop_table("assistant_change")
    op.drop_table("understanding_version")
    op.drop_table("training_example")
    op.drop_column("conversation", "mood")
    op.drop_column("interaction", "meant")
    op.drop_column("interaction", "handoff")
