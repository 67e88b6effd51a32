"""All queries about partners and what they earned. They decide nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import upsert
from relevo.kit.money import Money
from relevo.tours.models import CommissionEntryRow, CommissionRow, PartnerRow, PartnerTryRow, PartnerVisitRow
from relevo.tours.rules import Attributed, Entry, EntryKind, Partner, StayNow, Title


async def add(session: AsyncSession, partner: Partner, at: datetime) -> bool:
    """False: there is one with this code."""
    row = upsert(session, PartnerRow).values(
        id=partner.id, code=partner.code, name=partner.name, email=partner.email, phone=partner.phone,
        rate=partner.rate, active=partner.active, created_at=at,
    )  # fmt: skip
    made = row.on_conflict_do_nothing(index_elements=["code"]).returning(PartnerRow.id)
    return (await session.execute(made)).first() is not None


async def change(session: AsyncSession, partner_id: str, values: dict[str, Any]) -> None:
    await session.execute(update(PartnerRow).where(PartnerRow.id == partner_id).values(**values))


async def by_id(session: AsyncSession, partner_id: str) -> Partner | None:
    query = select(PartnerRow).where(PartnerRow.id == partner_id).execution_options(populate_existing=True)
    row = (await session.execute(query)).scalar_one_or_none()
    return _partner(row) if row else None


async def by_code(session: AsyncSession, code: str) -> Partner | None:
    row = (await session.execute(select(PartnerRow).where(PartnerRow.code == code))).scalar_one_or_none()
    return _partner(row) if row else None


async def listing(session: AsyncSession, limit: int) -> list[Partner]:
    query = select(PartnerRow).order_by(PartnerRow.name, PartnerRow.id).limit(limit)
    return [_partner(row) for row in (await session.execute(query)).scalars()]


async def count_tries(session: AsyncSession, conversation_id: str, since: datetime) -> int:
    query = select(func.count()).where(PartnerTryRow.conversation_id == conversation_id, PartnerTryRow.at >= since)
    return int((await session.execute(query)).scalar_one())


async def add_try(session: AsyncSession, conversation_id: str, at: datetime) -> None:
    await session.execute(insert(PartnerTryRow).values(conversation_id=conversation_id, at=at))


async def visit(session: AsyncSession, conversation_id: str, partner_id: str, at: datetime) -> None:
    values = {"partner_id": partner_id, "at": at}
    row = upsert(session, PartnerVisitRow).values(conversation_id=conversation_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["conversation_id"], set_=values))


async def visiting(session: AsyncSession, conversation_id: str, since: datetime) -> Partner | None:
    query = (
        select(PartnerRow)
        .join(PartnerVisitRow, PartnerVisitRow.partner_id == PartnerRow.id)
        .where(PartnerVisitRow.conversation_id == conversation_id, PartnerVisitRow.at >= since, PartnerRow.active)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    return _partner(row) if row else None


async def attribute(session: AsyncSession, given: Attributed) -> bool:
    """False: the booking is somebody's already."""
    row = upsert(session, CommissionRow).values(
        id=given.id, partner_id=given.partner_id, booking_id=given.booking_id, code=given.code,
        conversation_id=given.conversation_id, rate=given.rate, title=given.title.value, check_in=given.check_in,
        check_out=given.check_out, total=given.total.amount, currency=given.total.currency, at=given.at,
    )  # fmt: skip
    made = row.on_conflict_do_nothing(index_elements=["booking_id"]).returning(CommissionRow.id)
    return (await session.execute(made)).first() is not None


async def of_booking(session: AsyncSession, booking_id: str, *, lock: bool = False) -> Attributed | None:
    query = (
        select(CommissionRow).where(CommissionRow.booking_id == booking_id).execution_options(populate_existing=True)
    )
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _attributed(row) if row else None


async def brought(session: AsyncSession, partner_id: str, limit: int) -> tuple[Attributed, ...]:
    query = (
        select(CommissionRow)
        .where(CommissionRow.partner_id == partner_id)
        .order_by(CommissionRow.at.desc(), CommissionRow.id.desc())
        .limit(limit)
    )
    return tuple(_attributed(row) for row in (await session.execute(query)).scalars())


async def stand(session: AsyncSession, commission_id: str, title: Title, stay: StayNow | None) -> None:
    """How it stands now, and the stay it is about."""
    values: dict[str, Any] = {"title": title.value}
    if stay is not None:
        values |= {
            "check_in": stay.check_in, "check_out": stay.check_out, "total": stay.total.amount,
            "currency": stay.total.currency,
        }  # fmt: skip
    await session.execute(update(CommissionRow).where(CommissionRow.id == commission_id).values(**values))


async def add_entry(
    session: AsyncSession, entry_id: str, of: Attributed, kind: EntryKind, amount: Money, base: Money, at: datetime
) -> bool:
    """False: it has one of that kind."""
    row = upsert(session, CommissionEntryRow).values(
        id=entry_id, commission_id=of.id, partner_id=of.partner_id, kind=kind.value, amount=amount.amount,
        base=base.amount, currency=amount.currency, rate=of.rate, at=at,
    )  # fmt: skip
    made = row.on_conflict_do_nothing(index_elements=["commission_id", "kind"]).returning(CommissionEntryRow.id)
    return (await session.execute(made)).first() is not None


async def entry(session: AsyncSession, commission_id: str, kind: EntryKind) -> Money | None:
    query = select(CommissionEntryRow.amount, CommissionEntryRow.currency).where(
        CommissionEntryRow.commission_id == commission_id, CommissionEntryRow.kind == kind.value
    )
    row = (await session.execute(query)).first()
    return Money(row.amount, row.currency) if row else None


async def entries(session: AsyncSession, partner_id: str, first: datetime, last: datetime) -> list[Entry]:
    """Of one partner between two moments, the oldest first."""
    query = (
        select(CommissionEntryRow, CommissionRow)
        .join(CommissionRow, CommissionRow.id == CommissionEntryRow.commission_id)
        .where(
            CommissionEntryRow.partner_id == partner_id, CommissionEntryRow.at >= first, CommissionEntryRow.at < last
        )
        .order_by(CommissionEntryRow.at, CommissionEntryRow.id)
    )
    return [
        Entry(
            line.id, line.partner_id, of.code, EntryKind(line.kind), Money(line.amount, line.currency),
            Money(line.base, line.currency), line.rate, of.check_in, of.check_out, line.at,
        )
        for line, of in await session.execute(query)
    ]  # fmt: skip


def _partner(row: PartnerRow) -> Partner:
    return Partner(row.id, row.code, row.name, row.email, row.phone, row.rate, row.active)


def _attributed(row: CommissionRow) -> Attributed:
    return Attributed(
        row.id, row.partner_id, row.booking_id, row.code, row.conversation_id, row.rate, Title(row.title),
        row.check_in, row.check_out, Money(row.total, row.currency), row.at,
    )  # fmt: skip
