"""how much of the house an account is for, and which queue a conversation came to and who has or had it

Revision: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BATCH = 1_000


def upgrade() -> None:
    op.add_column("staff", sa.Column("scope", sa.String(length=10), nullable=False, server_default="house"))
    op.add_column("conversation", sa.Column("queue_id", sa.String(length=20), nullable=True))
    op.add_column("conversation", sa.Column("holders", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE conversation SET queue_id = (SELECT q.queue_id FROM queue_entry q"
            " WHERE q.conversation_id = conversation.id ORDER BY q.since DESC LIMIT 1)"
            " WHERE id IN (SELECT conversation_id FROM queue_entry)"
        )
    )
    connection.execute(sa.text("UPDATE conversation SET holders = ' ' || agent_id || ' ' WHERE agent_id IS NOT NULL"))
    held = connection.execute(
        sa.text("SELECT DISTINCT conversation_id, taken_by FROM queue_entry WHERE taken_by IS NOT NULL")
    )
    rows = [{"id": each[0], "who": f"{each[1]} ", "like": f"% {each[1]} %"} for each in held]
    add = sa.text(
        "UPDATE conversation SET holders = CASE WHEN holders = '' THEN ' ' ELSE holders END || :who"
        " WHERE id = :id AND holders NOT LIKE :like"
    )
    for start in range(0, len(rows), BATCH):
        connection.execute(add, rows[start : start + BATCH])
    op.create_index(op.f("ix_conversation_queue_id_last_at"), "conversation", ["queue_id", "last_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_conversation_queue_id_last_at"), table_name="conversation")
    op.drop_column("conversation", "holders")
    op.drop_column("conversation", "queue_id")
    op.drop_column("staff", "scope")
