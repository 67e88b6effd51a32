"""excursions, partners and commissions

Revision: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relevo.kit.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_code")),
    )
    op.create_table(
        "commission",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("partner_id", sa.String(length=20), nullable=False),
        sa.Column("booking_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=10), nullable=False),
        sa.Column("check_in", sa.Date(), nullable=False),
        sa.Column("check_out", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_commission_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_commission_booking_id")),
    )
    op.create_index(op.f("ix_commission_partner_id_at"), "commission", ["partner_id", "at"])
    op.create_table(
        "commission_entry",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("commission_id", sa.String(length=20), nullable=False),
        sa.Column("partner_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_commission_entry_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_commission_entry_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_entry")),
        sa.UniqueConstraint("commission_id", "kind", name=op.f("uq_commission_entry_commission_id_kind")),
    )
    op.create_index(op.f("ix_commission_entry_partner_id_at"), "commission_entry", ["partner_id", "at"])
    op.create_table(
        "partner_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_partner_try_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_try")),
    )
    op.create_index(op.f("ix_partner_try_conversation_id_at"), "partner_try", ["conversation_id", "at"])
    op.create_table(
        "partner_visit",
        sa.Column("conversation_id", sa.String(length=20), nullable=False),
        sa.Column("partner_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_partner_visit_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_visit_partner_id_partner")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_partner_visit")),
    )
    op.create_table(
        "tour_place",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=20), nullable=True),
        sa.Column("excursion", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("guest_name", sa.String(length=120), nullable=True),
        sa.Column("guest_phone", sa.String(length=40), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_tour_place_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tour_place_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tour_place")),
        sa.UniqueConstraint("code", name=op.f("uq_tour_place_code")),
        sa.UniqueConstraint("key", name=op.f("uq_tour_place_key")),
    )
    op.create_index(op.f("ix_tour_place_conversation_id"), "tour_place", ["conversation_id"])
    op.create_index(op.f("ix_tour_place_day_excursion"), "tour_place", ["day", "excursion"])
    op.create_index(op.f("ix_tour_place_person_id"), "tour_place", ["person_id"])
    op.create_table(
        "tour_seat",
        sa.Column("excursion", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["tour_place.id"], name=op.f("fk_tour_seat_place_id_tour_place")),
        sa.PrimaryKeyConstraint("excursion", "day", "seat", name=op.f("pk_tour_seat")),
    )
    op.create_index(op.f("ix_tour_seat_place_id"), "tour_seat", ["place_id"])


def downgrade() -> None:
    for table in (
        "tour_seat", "tour_place", "commission_entry", "commission", "partner_visit", "partner_try", "partner",
    ):  # fmt: skip
        op.drop_table(table)
