"""what conversations cost, how long answers took, and the indexes that make lists of a year quick

Revision: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("queue_entry", ("first_reply_at",)),
    ("booking", ("cancelled_at",)),
    ("room_night", ("night",)),
    ("hold_audit", ("at",)),
    ("deposit_audit", ("at",)),
    ("call", ("person_id", "started_at")),
)


def upgrade() -> None:
    op.create_table(
        "figure_spread",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("stretch", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "figure", "channel", "staff_id", "stretch", name=op.f("pk_figure_spread")),
    )
    op.create_table(
        "figure_look",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_look")),
    )
    op.create_table(
        "price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_price_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
    )
    op.add_column("figured_day", sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
    for table, columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    op.drop_index("ix_person_merged_into", table_name="person")
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_person_merged_into", "person", ["merged_into"], sqlite_where=merged, postgresql_where=merged)


def downgrade() -> None:
    op.drop_index("ix_person_merged_into", table_name="person")
    op.create_index("ix_person_merged_into", "person", ["merged_into"])
    for table, columns in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
    op.drop_column("figured_day", "edition")
    op.drop_table("price")
    op.drop_table("figure_look")
    op.drop_table("figure_spread")
