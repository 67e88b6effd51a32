"""teams, queues, skills, results

Revision: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_member_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "staff_id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_staff_id"), "team_member", ["staff_id"])
    op.create_table(
        "work_hours",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("region", sa.String(length=10), nullable=True),
        sa.Column("closures", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_hours")),
        sa.UniqueConstraint("name", name=op.f("uq_work_hours_name")),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("offer_seconds", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.JSON(), nullable=False),
        sa.Column("hours_id", sa.String(length=20), nullable=True),
        sa.Column("wrap_up_seconds", sa.Integer(), nullable=False),
        sa.Column("first_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("next_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("resolution_seconds", sa.Integer(), nullable=True),
        sa.Column("closed_answer", sa.Text(), nullable=True),
        sa.Column("closed_callback", sa.Boolean(), nullable=False),
        sa.Column("result_required", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["hours_id"], ["work_hours.id"], name=op.f("fk_queue_hours_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("name", name=op.f("uq_queue_name")),
    )
    op.create_table(
        "queue_team",
        sa.Column("queue_id", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_queue_team_queue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_queue_team_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "team_id", name=op.f("pk_queue_team")),
    )
    op.create_index(op.f("ix_queue_team_team_id"), "queue_team", ["team_id"])
    op.create_table(
        "agent_profile",
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_agent_profile_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_agent_profile")),
    )
    op.create_table(
        "queue_entry",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("queue_id", sa.String(length=20), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("offered_to", sa.String(length=20), nullable=True),
        sa.Column("offered_until", UtcDateTime(), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("last_agent_id", sa.String(length=20), nullable=True),
        sa.Column("requeues", sa.Integer(), nullable=False),
        sa.Column("requeued_why", sa.String(length=20), nullable=True),
        sa.Column("closed_hours", sa.Boolean(), nullable=False),
        sa.Column("callback_offered", sa.String(length=10), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("taken_by", sa.String(length=20), nullable=True),
        sa.Column("first_reply_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_queue_entry_conversation_id")),
        sa.ForeignKeyConstraint(["offered_to"], ["staff.id"], name=op.f("fk_queue_entry_offered_to")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_entry_person_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_queue_entry_queue_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_queue_entry_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_entry")),
    )
    op.create_index(op.f("ix_queue_entry_conversation_id"), "queue_entry", ["conversation_id"])
    op.create_index(op.f("ix_queue_entry_ended_at"), "queue_entry", ["ended_at"])
    op.create_index(op.f("ix_queue_entry_queue_id_since"), "queue_entry", ["queue_id", "since"])
    op.create_index(op.f("ix_queue_entry_state_since"), "queue_entry", ["state", "since"])
    op.create_index(op.f("ix_queue_entry_taken_by_since"), "queue_entry", ["taken_by", "since"])
    op.create_index(
        "uq_queue_entry_live",
        "queue_entry",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "queue_offer",
        sa.Column("entry_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("advised_by", sa.String(length=10), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("among", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["queue_entry.id"], name=op.f("fk_queue_offer_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_queue_offer_staff_id")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_queue_offer")),
    )
    op.create_index(op.f("ix_queue_offer_staff_id"), "queue_offer", ["staff_id"])
    op.create_table(
        "result_code",
        sa.Column("queue_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("needs_note", sa.Boolean(), nullable=False),
        sa.Column("callback", sa.Boolean(), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_result_code_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "code", name=op.f("pk_result_code")),
    )
    op.create_table(
        "conversation_result",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.String(length=20), nullable=False),
        sa.Column("queue_id", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("callback_at", UtcDateTime(), nullable=True),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_conversation_result_by")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_result_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["queue_entry.id"], name=op.f("fk_conversation_result_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queue.id"], name=op.f("fk_conversation_result_queue_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_result")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_conversation_result_entry_id")),
    )
    op.create_index(op.f("ix_conversation_result_at"), "conversation_result", ["at"])
    op.create_index(
        op.f("ix_conversation_result_conversation_id"), "conversation_result", ["conversation_id"], unique=False
    )
    op.create_table(
        "planned_callback",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("begin_at", UtcDateTime(), nullable=False),
        sa.Column("end_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_planned_callback_conversation_id")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_planned_callback_done_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_planned_callback_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_callback")),
    )
    op.create_index(op.f("ix_planned_callback_conversation_id"), "planned_callback", ["conversation_id"])
    op.create_index(
        op.f("ix_planned_callback_done_at_begin_at"), "planned_callback", ["done_at", "begin_at"], unique=False
    )
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("shortcut", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=20), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_canned_reply_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_reply_shortcut")),
    )


def downgrade() -> None:
    op.drop_table("canned_reply")
    op.drop_table("planned_callback")
    op.drop_table("conversation_result")
    op.drop_table("result_code")
    op.drop_table("queue_offer")
    op.drop_table("queue_entry")
    op.drop_table("agent_profile")
    op.drop_table("queue_team")
    op.drop_table("queue")
    op.drop_table("work_hours")
    op.drop_table("team_member")
    op.drop_table("team")
