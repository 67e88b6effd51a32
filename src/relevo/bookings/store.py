"""All queries of the bookings room. They decide nothing.

Nights are written and removed in (room, night) order, and whoever lets nights go may take others in the same
transaction and does so alone: no two transactions wait for each other in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, bindparam, delete, func, or_, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import PROPERTY, BookingRow, HoldAuditRow, ReceiptRow, RoomNightRow, VoucherRow
from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.bookings.voucher import Made
from relevo.conversations.reach_store import within
from relevo.kit.db import take_turns
from relevo.kit.money import Money
from relevo.people.rules import Staff

NIGHTS = "nights"
_HAS_HOLD = select(BookingRow.id).where(
    BookingRow.conversation_id == bindparam("of"), BookingRow.status == BookingStatus.HOLD.value
)
"""Made once: every message asks, and most have none."""


async def taken(
    session: AsyncSession,
    check_in: date,
    check_out: date,
    *,
    now: datetime,
    except_hold_of: str | None = None,
    except_booking: str | None = None,
) -> dict[str, set[date]]:
    """Live nights per room between the dates; the hold of one conversation, or one booking, may be left out."""
    own = select(BookingRow.id).where(
        BookingRow.conversation_id == except_hold_of, BookingRow.status == BookingStatus.HOLD.value
    )
    query = select(RoomNightRow.room, RoomNightRow.night).where(
        RoomNightRow.property == PROPERTY,
        RoomNightRow.night >= check_in,
        RoomNightRow.night < check_out,
        or_(RoomNightRow.status != "hold", RoomNightRow.expires_at > now),
    )
    if except_hold_of is not None:
        query = query.where(RoomNightRow.booking_id.not_in(own))
    if except_booking is not None:
        query = query.where(RoomNightRow.booking_id != except_booking)
    nights: defaultdict[str, set[date]] = defaultdict(set)
    for room, night in await session.execute(query):
        nights[room].add(night)
    return nights


async def take_nights(
    session: AsyncSession,
    booking_id: str,
    room: str,
    nights: Sequence[date],
    *,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """Write every night or report False (the caller rolls back). Nights of holds that ran out are taken over. Without
    ``expires_at`` they are booked for good."""
    rows = [
        {
            "property": PROPERTY, "room": room, "night": night, "booking_id": booking_id,
            "status": "hold" if expires_at else "booked", "expires_at": expires_at,
        }
        for night in sorted(nights)
    ]  # fmt: skip
    if not rows:
        return True
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if on_postgresql else sqlite.insert)(RoomNightRow).values(rows)
    written = await session.execute(
        insert.on_conflict_do_update(
            index_elements=["property", "room", "night"],
            set_={
                "booking_id": insert.excluded.booking_id,
                "status": insert.excluded.status,
                "expires_at": insert.excluded.expires_at,
            },
            where=(RoomNightRow.status == "hold") & (RoomNightRow.expires_at <= now),
        ).returning(RoomNightRow.night)
    )
    return len(written.all()) == len(rows)


async def take_turn(session: AsyncSession, *, moves: bool) -> None:
    """Before nights are written. ``moves``: the booking has some already, which may be let go."""
    await take_turns(session, NIGHTS, shared=not moves)


async def free_nights(session: AsyncSession, booking_id: str) -> None:
    await take_turn(session, moves=True)
    await _lock_nights(session, booking_id)
    await session.execute(delete(RoomNightRow).where(RoomNightRow.booking_id == booking_id))


async def free_other_nights(session: AsyncSession, booking_id: str, room: str, first: date, last: date) -> None:
    """Of a booking's nights keep only those of ``room`` from ``first`` to before ``last``."""
    await _lock_nights(session, booking_id)
    kept = (RoomNightRow.room == room) & (RoomNightRow.night >= first) & (RoomNightRow.night < last)
    await session.execute(delete(RoomNightRow).where(RoomNightRow.booking_id == booking_id, ~kept))


async def nights_of(session: AsyncSession, booking_id: str) -> set[tuple[str, date]]:
    query = select(RoomNightRow.room, RoomNightRow.night).where(RoomNightRow.booking_id == booking_id)
    return {(room, night) for room, night in await session.execute(query)}


async def firm_nights(session: AsyncSession, booking_id: str) -> int:
    """Held nights become booked ones; how many are still this booking's. A row of ours is ours until somebody takes it
    over, whatever the time, so one that ran out unnoticed may still be made firm."""
    await _lock_nights(session, booking_id)
    firm = await session.execute(
        update(RoomNightRow)
        .where(RoomNightRow.booking_id == booking_id)
        .values(status="booked", expires_at=None)
        .returning(RoomNightRow.night)
    )
    return len(firm.all())


async def keep_nights(session: AsyncSession, booking_id: str, expires_at: datetime, *, now: datetime) -> int:
    """Move the end of a hold that is still live; returns how many nights it has (0: it ran out)."""
    await _lock_nights(session, booking_id)
    kept = await session.execute(
        update(RoomNightRow)
        .where(RoomNightRow.booking_id == booking_id, RoomNightRow.status == "hold", RoomNightRow.expires_at > now)
        .values(expires_at=expires_at)
        .returning(RoomNightRow.night)
    )
    return len(kept.all())


async def _lock_nights(session: AsyncSession, booking_id: str) -> None:
    # On PostgreSQL this order of locks is what removes deadlocks; SQLite ignores FOR UPDATE.
    await session.execute(
        select(RoomNightRow.night)
        .where(RoomNightRow.booking_id == booking_id)
        .order_by(RoomNightRow.room, RoomNightRow.night)
        .with_for_update()
    )


async def add(session: AsyncSession, booking: Booking) -> None:
    session.add(
        BookingRow(
            id=booking.id, code=booking.code, status=booking.status.value, room_number=booking.room_number,
            room_type=booking.room_type, type_name=booking.type_name, check_in=booking.check_in,
            check_out=booking.check_out, guests=booking.guests, children=booking.children, babies=booking.babies,
            guest_name=booking.guest_name, guest_phone=booking.guest_phone, guest_email=booking.guest_email,
            total=booking.total.amount, deposit=booking.deposit.amount, currency=booking.total.currency,
            deposit_status=booking.deposit_status.value, hold_expires_at=booking.hold_expires_at,
            extensions=booking.extensions, conversation_id=booking.conversation_id, person_id=booking.person_id,
            created_at=booking.created_at, locale=booking.locale, version=booking.version, paid=0, refund=0, tries=0,
        )
    )  # fmt: skip
    await session.flush()


async def audit(
    session: AsyncSession, booking_id: str, what: str, *, by: str, at: datetime, reason: str | None = None
) -> None:
    session.add(HoldAuditRow(booking_id=booking_id, what=what, by=by, reason=reason and reason[:80], at=at))
    await session.flush()


async def move(session: AsyncSession, booking: Booking, values: Mapping[str, object]) -> bool:
    """Write columns of a booking that is still in the states in which it was read."""
    moved = await session.execute(
        update(BookingRow)
        .where(
            BookingRow.id == booking.id,
            BookingRow.status == booking.status.value,
            BookingRow.deposit_status == booking.deposit_status.value,
        )
        .values(**values)
        .returning(BookingRow.id)
    )
    return moved.first() is not None


async def set_expiry(session: AsyncSession, booking_id: str, expires_at: datetime, extensions: int) -> None:
    await session.execute(
        update(BookingRow).where(BookingRow.id == booking_id).values(hold_expires_at=expires_at, extensions=extensions)
    )


async def set_guest(session: AsyncSession, booking_id: str, known: Mapping[str, str]) -> None:
    if known:
        await session.execute(update(BookingRow).where(BookingRow.id == booking_id).values(**known))


async def by_id(session: AsyncSession, booking_id: str, *, lock: bool = False) -> Booking | None:
    return await _one(session, select(BookingRow).where(BookingRow.id == booking_id), lock=lock)


async def by_code(session: AsyncSession, code: str, *, lock: bool = False) -> Booking | None:
    return await _one(session, select(BookingRow).where(BookingRow.code == code), lock=lock)


async def listing(
    session: AsyncSession,
    *,
    status: str | None,
    conversation_id: str | None,
    limit: int,
    now: datetime,
    viewer: Staff | None = None,
) -> list[Booking]:
    """Newest first. A hold that has run out counts as expired."""
    query = select(BookingRow).order_by(BookingRow.created_at.desc(), BookingRow.id.desc()).limit(limit)
    if status == BookingStatus.HOLD.value:
        query = query.where(BookingRow.status == status, BookingRow.hold_expires_at > now)
    elif status == BookingStatus.EXPIRED.value:
        ran_out = (BookingRow.status == BookingStatus.HOLD.value) & (BookingRow.hold_expires_at <= now)
        query = query.where(or_(BookingRow.status == status, ran_out))
    elif status is not None:
        query = query.where(BookingRow.status == status)
    if conversation_id is not None:
        query = query.where(BookingRow.conversation_id == conversation_id)
    query = within(query, viewer, BookingRow.conversation_id)
    return [booking_of(row) for row in (await session.execute(query)).scalars().all()]


async def of_people(
    session: AsyncSession, ids: Collection[str], limit: int, viewer: Staff | None = None
) -> list[Booking]:
    """Made by these people, newest first."""
    query = within(select(BookingRow).where(BookingRow.person_id.in_(ids)), viewer, BookingRow.conversation_id)
    query = query.order_by(BookingRow.created_at.desc(), BookingRow.id.desc()).limit(limit)
    return [booking_of(row) for row in (await session.execute(query)).scalars()]


async def booked_with(session: AsyncSession, contacts: Collection[str], limit: int) -> list[str]:
    """Who made a booking with one of these numbers or addresses: people's ids."""
    if not contacts:
        return []
    given = or_(BookingRow.guest_phone.in_(contacts), BookingRow.guest_email.in_(contacts))
    return list((await session.execute(select(BookingRow.person_id).where(given).distinct().limit(limit))).scalars())


async def hold_of(session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Booking | None:
    """The one hold of a conversation, run out or not."""
    if not lock and (await session.execute(_HAS_HOLD, {"of": conversation_id})).first() is None:
        return None
    query = select(BookingRow).where(
        BookingRow.conversation_id == conversation_id, BookingRow.status == BookingStatus.HOLD.value
    )
    return await _one(session, query, lock=lock)


async def run_out(session: AsyncSession, now: datetime) -> list[str]:
    query = select(BookingRow.id).where(
        BookingRow.status == BookingStatus.HOLD.value, BookingRow.hold_expires_at <= now
    )
    return list((await session.execute(query)).scalars().all())


async def lasting(session: AsyncSession, conversation_id: str) -> list[Booking]:
    """All bookings of a conversation, the newest first."""
    query = (
        select(BookingRow)
        .where(BookingRow.conversation_id == conversation_id)
        .order_by(BookingRow.created_at.desc(), BookingRow.id.desc())
        .limit(20)
    )
    return [booking_of(row) for row in (await session.execute(query)).scalars().all()]


async def with_deposit(
    session: AsyncSession, statuses: Collection[str] | None, limit: int, viewer: Staff | None = None
) -> list[Booking]:
    """Bookings by the state of their deposit, the oldest first; without ``statuses`` all that ever had one."""
    query = select(BookingRow).order_by(BookingRow.created_at, BookingRow.id).limit(limit)
    if statuses is None:
        query = query.where(BookingRow.deposit_status != DepositStatus.REQUESTED.value)
    else:
        query = query.where(BookingRow.deposit_status.in_(list(statuses)))
    query = within(query, viewer, BookingRow.conversation_id)
    return [booking_of(row) for row in (await session.execute(query)).scalars().all()]


async def _one(session: AsyncSession, query: Select[BookingRow], *, lock: bool) -> Booking | None:
    """``lock`` before deciding about a booking: the row first, its nights after. SQLite has one writer anyway."""
    query = query.execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return booking_of(row) if row else None


def booking_of(row: BookingRow) -> Booking:
    return Booking(
        id=row.id, code=row.code, status=BookingStatus(row.status), room_number=row.room_number,
        room_type=row.room_type, type_name=row.type_name, check_in=row.check_in, check_out=row.check_out,
        guests=row.guests, children=row.children, guest_name=row.guest_name, guest_phone=row.guest_phone,
        guest_email=row.guest_email, total=Money(row.total, row.currency), deposit=Money(row.deposit, row.currency),
        deposit_status=DepositStatus(row.deposit_status), hold_expires_at=row.hold_expires_at,
        extensions=row.extensions, conversation_id=row.conversation_id, person_id=row.person_id,
        created_at=row.created_at, babies=row.babies, pms_number=row.pms_number, confirmed_at=row.confirmed_at,
        cancelled_at=row.cancelled_at, needs=row.needs, version=row.version, locale=row.locale, paid=row.paid,
        refund=row.refund,
    )  # fmt: skip


async def fruitless(
    session: AsyncSession, before: datetime, *, after: str = "", limit: int = 200
) -> list[tuple[str, str]]:
    """(booking, person) of bookings made before that came to nothing and still know their guest, after id ``after``."""
    over = (BookingStatus.CANCELLED.value, BookingStatus.EXPIRED.value)
    known = or_(
        BookingRow.guest_name.is_not(None), BookingRow.guest_phone.is_not(None), BookingRow.guest_email.is_not(None)
    )
    query = (
        select(BookingRow.id, BookingRow.person_id)
        .where(BookingRow.id > after, BookingRow.status.in_(over), BookingRow.created_at < before, known)
        .order_by(BookingRow.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def forget_guest(session: AsyncSession, booking_id: str) -> None:
    nobody = {"guest_name": None, "guest_phone": None, "guest_email": None}
    await session.execute(update(BookingRow).where(BookingRow.id == booking_id).values(**nobody))


async def conversations_in_use(session: AsyncSession, conversations: Collection[str], since: date) -> frozenset[str]:
    """Those whose words a booking still needs: one that stands, of a stay that ends on ``since`` or later."""
    standing = [
        status.value for status in BookingStatus if status not in (BookingStatus.CANCELLED, BookingStatus.EXPIRED)
    ]
    query = select(BookingRow.conversation_id).where(
        BookingRow.conversation_id.in_(list(conversations)),
        BookingRow.status.in_(standing),
        BookingRow.check_out >= since,
    )
    return frozenset((await session.execute(query)).scalars())


async def staying(session: AsyncSession, *, arriving: date | None = None, leaving: date | None = None) -> list[Booking]:
    """Confirmed bookings that begin or end on a day."""
    query = select(BookingRow).where(BookingRow.status == BookingStatus.CONFIRMED.value).order_by(BookingRow.code)
    if arriving is not None:
        query = query.where(BookingRow.check_in == arriving)
    if leaving is not None:
        query = query.where(BookingRow.check_out == leaving)
    return [booking_of(row) for row in (await session.execute(query)).scalars().all()]


async def open_counts(session: AsyncSession, now: datetime) -> tuple[int, int]:
    """(live holds, deposits that wait to be confirmed)."""
    held = (BookingRow.status == BookingStatus.HOLD.value) & (BookingRow.hold_expires_at > now)
    received = BookingRow.deposit_status == DepositStatus.RECEIVED.value
    holds = (await session.execute(select(func.count()).where(held))).scalar_one()
    return holds, (await session.execute(select(func.count()).where(received))).scalar_one()


async def add_voucher(session: AsyncSession, made: Made) -> None:
    session.add(
        VoucherRow(
            booking_id=made.booking_id, version=made.version, attachment_id=made.attachment_id,
            calendar_id=made.calendar_id, made_at=made.made_at, sent=made.sent, sent_at=made.sent_at,
        )
    )  # fmt: skip
    await session.flush()


async def voucher(session: AsyncSession, booking_id: str, version: int) -> Made | None:
    query = select(VoucherRow).where(VoucherRow.booking_id == booking_id, VoucherRow.version == version)
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if row is None:
        return None
    return Made(
        row.booking_id, row.version, row.attachment_id, row.calendar_id, row.made_at, row.sent, row.sent_at,
        row.mailed_at, row.mail_error,
    )  # fmt: skip


async def set_voucher(session: AsyncSession, made: Made, **columns: object) -> None:
    await session.execute(
        update(VoucherRow)
        .where(VoucherRow.booking_id == made.booking_id, VoucherRow.version == made.version)
        .values(**columns)
    )


async def standing(session: AsyncSession, statuses: Collection[BookingStatus], after: date) -> list[Booking]:
    """Bookings in some states whose stay ends after a day."""
    query = select(BookingRow).where(
        BookingRow.status.in_([status.value for status in statuses]), BookingRow.check_out > after
    )
    return [booking_of(row) for row in (await session.execute(query)).scalars().all()]


async def papers_among(session: AsyncSession, attachments: Collection[str]) -> frozenset[str]:
    """Those of some attachments that are a receipt, or a voucher."""
    columns = (ReceiptRow.attachment_id, VoucherRow.attachment_id, VoucherRow.calendar_id)
    found = union(*(select(column).where(column.in_(attachments)) for column in columns))
    return frozenset((await session.execute(found)).scalars())
