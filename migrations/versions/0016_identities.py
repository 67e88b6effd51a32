"""people who are the same, conversations that come first, and alerts as each one wants them

Revision: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime
from relevo.kit.phone import identity
from relevo.people.rules import name_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

person = sa.table("person", sa.column("id"), sa.column("name"), sa.column("name_key"))
known = sa.table("person_identity", sa.column("id"), sa.column("kind"), sa.column("value"))


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("profile_name", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("username", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name_key"), ["name_key"], unique=False)
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.String(length=20), nullable=False),
        sa.Column("other", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_by", sa.String(length=20), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_person_merge_by_staff")),
        sa.ForeignKeyConstraint(["kept"], ["person.id"], name=op.f("fk_person_merge_kept_person")),
        sa.ForeignKeyConstraint(["other"], ["person.id"], name=op.f("fk_person_merge_other_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_person_merge_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merge_kept"), ["kept"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merge_other"), ["other"], unique=False)
    op.create_table(
        "person_hint",
        sa.Column("one", sa.String(length=20), nullable=False),
        sa.Column("other", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["dismissed_by"], ["staff.id"], name=op.f("fk_person_hint_dismissed_by_staff")),
        sa.ForeignKeyConstraint(["one"], ["person.id"], name=op.f("fk_person_hint_one_person")),
        sa.ForeignKeyConstraint(["other"], ["person.id"], name=op.f("fk_person_hint_other_person")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_person_hint")),
    )
    with op.batch_alter_table("person_hint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_hint_other"), ["other"], unique=False)
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.String(length=10), nullable=False, server_default="normal"))
    op.create_table(
        "alert_choice",
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("wake_for_urgent", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_choice_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_alert_choice")),
    )
    op.create_table(
        "alert_told",
        sa.Column("alert_id", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_told_alert_id_alert"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_told_staff_id_staff")),
        sa.PrimaryKeyConstraint("alert_id", "staff_id", name=op.f("pk_alert_told")),
    )
    _fold()


def _fold() -> None:
    """Names as they are searched from now on, and Brazilian mobiles with their ninth digit."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(person.c.id, person.c.name).where(person.c.name.is_not(None))).all():
        connection.execute(sa.update(person).where(person.c.id == row.id).values(name_key=name_key(row.name)))
    brazilian = sa.select(known.c.id, known.c.value).where(known.c.kind == "phone", known.c.value.like("+55%"))
    for row in connection.execute(brazilian).all():
        folded = identity(row.value, "BR")
        taken = sa.select(known.c.id).where(known.c.kind == "phone", known.c.value == folded)
        if folded and folded != row.value and connection.execute(taken).first() is None:
            connection.execute(sa.update(known).where(known.c.id == row.id).values(value=folded))


def downgrade() -> None:
    op.drop_table("alert_told")
    op.drop_table("alert_choice")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("priority")
    op.drop_table("person_hint")
    op.drop_table("person_merge")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_key"))
        batch_op.drop_index(batch_op.f("ix_person_merged_into"))
        batch_op.drop_column("merged_into")
        batch_op.drop_column("username")
        batch_op.drop_column("profile_name")
        batch_op.drop_column("name_key")
