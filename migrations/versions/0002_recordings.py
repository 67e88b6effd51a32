"""recordings: state, number, markers, search, who listened

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recording", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=12), nullable=False, server_default="recording"))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("agent_id", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("markers", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("names", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_recording_started_at"), ["started_at"], unique=False)
    # What was recorded before lies there as WAV, and is counted in the order in which it began.
    op.execute("UPDATE recording SET state = 'kept_wav' WHERE ended_at IS NOT NULL")
    op.execute(
        "UPDATE recording SET number = (SELECT count(*) FROM recording AS earlier WHERE earlier.ended_at IS NOT NULL "
        "AND (earlier.started_at < recording.started_at OR (earlier.started_at = recording.started_at "
        "AND earlier.id <= recording.id))) WHERE ended_at IS NOT NULL"
    )
    op.create_table(
        "recording_access",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("recording_id", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=op.f("fk_recording_access_recording_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recording_access_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_access")),
    )
    with op.batch_alter_table("recording_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recording_access_recording_id_at"), ["recording_id", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("recording_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recording_access_recording_id_at"))

    op.drop_table("recording_access")
    with op.batch_alter_table("recording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recording_started_at"))
        for name in ("names", "words", "sha256", "markers", "agent_id", "number", "state"):
            batch_op.drop_column(name)
