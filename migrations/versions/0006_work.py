"""durable work on PostgreSQL: Procrastinate's queue, and each job's number in it

Revision: 0006
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# As Procrastinate 3.10 ships it. It lies here so that every database is the same, whatever is installed where.
SCHEMA = Path(__file__).parents[1] / "procrastinate_3_10.sql"


def upgrade() -> None:
    with op.batch_alter_table("job") as batch:
        batch.add_column(sa.Column("queue_id", sa.BigInteger(), nullable=True))
        batch.create_index(op.f("ix_job_queue_id"), ["queue_id"])
    if op.get_bind().dialect.name == "postgresql":
        _run(SCHEMA.read_text())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(
            """
            DO $$ DECLARE each record; BEGIN
                DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
                    procrastinate_workers CASCADE;
                FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate%' LOOP
                    EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE';
                END LOOP;
                DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type;
            END $$;
            """
        )
    with op.batch_alter_table("job") as batch:
        batch.drop_index(op.f("ix_job_queue_id"))
        batch.drop_column("queue_id")


def _run(script: str) -> None:
    """Many statements with percent signs of their own, which only the driver takes as they are."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(script)
    cursor.close()
