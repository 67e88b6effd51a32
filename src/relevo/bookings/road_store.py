"""All queries about receipts, changes, the steps of a deposit and tries at an identity. They decide nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import (
    BookingChangeRow,
    BookingRow,
    DepositAuditRow,
    HoldAuditRow,
    IdentityTryRow,
    ReceiptRow,
)
from relevo.bookings.rules import BookingStatus
from relevo.kit.db import upsert


@dataclass(frozen=True, slots=True)
class Receipt:
    id: str
    booking_id: str
    attachment_id: str
    sha256: str
    amount: int | None
    problem: str | None
    duplicate_of: str | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A stay that a sold booking is to have."""

    id: str
    booking_id: str
    room_number: str
    room_type: str
    check_in: date
    check_out: date
    guests: int
    children: int
    babies: int
    total: int
    deposit: int
    by: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a booking's history."""

    at: datetime
    what: str
    by: str
    reason: str | None
    amount: int | None = None


async def add_receipt(session: AsyncSession, receipt: Receipt) -> bool:
    """False where the file is a receipt of this booking, or (without ``duplicate_of``) of any, already."""
    values = {name: getattr(receipt, name) for name in Receipt.__slots__}
    done = await session.execute(
        upsert(session, ReceiptRow).values(**values).on_conflict_do_nothing().returning(ReceiptRow.id)
    )
    return done.first() is not None


async def receipt_of(session: AsyncSession, booking_id: str, sha256: str) -> Receipt | None:
    query = select(ReceiptRow).where(ReceiptRow.booking_id == booking_id, ReceiptRow.sha256 == sha256)
    row = (await session.execute(query)).scalar_one_or_none()
    return _receipt(row) if row else None


async def owner_of(session: AsyncSession, sha256: str) -> str | None:
    """The code of the booking that had a file first."""
    query = (
        select(BookingRow.code)
        .join(ReceiptRow, ReceiptRow.booking_id == BookingRow.id)
        .where(ReceiptRow.sha256 == sha256, ReceiptRow.duplicate_of.is_(None))
    )
    return (await session.execute(query)).scalar_one_or_none()


async def receipts_of(session: AsyncSession, bookings: Collection[str]) -> list[Receipt]:
    query = select(ReceiptRow).where(ReceiptRow.booking_id.in_(list(bookings))).order_by(ReceiptRow.at, ReceiptRow.id)
    return [_receipt(row) for row in (await session.execute(query.execution_options(populate_existing=True))).scalars()]


async def mark_receipts(
    session: AsyncSession, booking_id: str, *, problem: str | None, amount: int | None = None
) -> None:
    """Say of those that are not known to be another's what is the matter with them."""
    values: dict[str, object] = {"problem": problem}
    if amount is not None:
        values["amount"] = amount
    await session.execute(
        update(ReceiptRow)
        .where(ReceiptRow.booking_id == booking_id, ReceiptRow.duplicate_of.is_(None))
        .values(**values)
    )


async def move_receipts(session: AsyncSession, before: str, after: str) -> None:
    """From a hold to the one that takes its place."""
    await session.execute(update(ReceiptRow).where(ReceiptRow.booking_id == before).values(booking_id=after))


async def step(
    session: AsyncSession,
    booking_id: str,
    what: str,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
    amount: int | None = None,
) -> None:
    row = {"booking_id": booking_id, "what": what, "by": by, "reason": reason and reason[:200], "amount": amount}
    await session.execute(insert(DepositAuditRow).values(**row, at=at))


async def history(session: AsyncSession, booking_id: str) -> list[Step]:
    """Everything that happened to a booking, in order."""
    holds = select(HoldAuditRow).where(HoldAuditRow.booking_id == booking_id).order_by(HoldAuditRow.id)
    deposits = select(DepositAuditRow).where(DepositAuditRow.booking_id == booking_id).order_by(DepositAuditRow.id)
    found = [Step(row.at, row.what, row.by, row.reason) for row in (await session.execute(holds)).scalars()]
    found += [
        Step(row.at, row.what, row.by, row.reason, row.amount) for row in (await session.execute(deposits)).scalars()
    ]
    return sorted(found, key=lambda each: each.at)


async def add_change(session: AsyncSession, change: PendingChange, at: datetime) -> bool:
    """False where another change is under way."""
    values = {name: getattr(change, name) for name in PendingChange.__slots__}
    row = upsert(session, BookingChangeRow).values(**values, state="pending", at=at)
    done = await session.execute(row.on_conflict_do_nothing().returning(BookingChangeRow.id))
    return done.first() is not None


async def pending_change(session: AsyncSession, booking_id: str) -> PendingChange | None:
    query = select(BookingChangeRow).where(
        BookingChangeRow.booking_id == booking_id, BookingChangeRow.state == "pending"
    )
    row = (await session.execute(query)).scalar_one_or_none()
    return PendingChange(*(getattr(row, name) for name in PendingChange.__slots__)) if row else None


async def end_change(session: AsyncSession, change_id: str, state: str, at: datetime) -> bool:
    """Compare-and-set from pending; False if it was ended before."""
    ended = await session.execute(
        update(BookingChangeRow)
        .where(BookingChangeRow.id == change_id, BookingChangeRow.state == "pending")
        .values(state=state, done_at=at)
        .returning(BookingChangeRow.id)
    )
    return ended.first() is not None


async def next_turn(session: AsyncSession, booking_id: str, due_at: datetime) -> int:
    """Whatever job was promised for the booking before is out of date; the number of the new one."""
    turned = await session.execute(
        update(BookingRow)
        .where(BookingRow.id == booking_id)
        .values(tries=BookingRow.tries + 1, due_at=due_at)
        .returning(BookingRow.tries)
    )
    return turned.scalar_one()


async def turn_of(session: AsyncSession, booking_id: str) -> int | None:
    """The number of the job that the booking waits for; None if it waits for none."""
    query = select(BookingRow.tries).where(BookingRow.id == booking_id, BookingRow.due_at.is_not(None))
    return (await session.execute(query)).scalar_one_or_none()


async def settled(session: AsyncSession, booking_id: str) -> None:
    await session.execute(update(BookingRow).where(BookingRow.id == booking_id).values(due_at=None))


async def overdue(session: AsyncSession, before: datetime) -> list[str]:
    """Bookings whose job was due before and has not been done."""
    query = select(BookingRow.id).where(BookingRow.due_at < before).order_by(BookingRow.due_at)
    return list((await session.execute(query)).scalars())


async def count_tries(session: AsyncSession, conversation_id: str, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(IdentityTryRow)
        .where(IdentityTryRow.conversation_id == conversation_id, IdentityTryRow.at > since)
    )
    return (await session.execute(query)).scalar_one()


async def add_try(session: AsyncSession, conversation_id: str, at: datetime) -> None:
    await session.execute(insert(IdentityTryRow).values(conversation_id=conversation_id, at=at))


def _receipt(row: ReceiptRow) -> Receipt:
    return Receipt(*(getattr(row, name) for name in Receipt.__slots__))


async def holding(session: AsyncSession, conversations: Collection[str]) -> frozenset[str]:
    """Those of some conversations that have a hold, run out or not."""
    if not conversations:
        return frozenset()
    query = select(BookingRow.conversation_id).where(
        BookingRow.conversation_id.in_(conversations), BookingRow.status == BookingStatus.HOLD.value
    )
    return frozenset((await session.execute(query)).scalars())
