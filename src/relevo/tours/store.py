"""All queries about excursions. They decide nothing. Seats are written in rising order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import upsert
from relevo.kit.money import Money
from relevo.tours.models import TourPlaceRow, TourSeatRow
from relevo.tours.rules import Place, Status


async def sold(session: AsyncSession, first: date, last: date) -> dict[tuple[str, date], int]:
    """Seats that are taken, by excursion and day, from day to day, both included."""
    query = (
        select(TourSeatRow.excursion, TourSeatRow.day, func.count())
        .where(TourSeatRow.day >= first, TourSeatRow.day <= last)
        .group_by(TourSeatRow.excursion, TourSeatRow.day)
    )
    return {(excursion, day): count for excursion, day, count in await session.execute(query)}


async def taken(session: AsyncSession, excursion: str, day: date) -> frozenset[int]:
    query = select(TourSeatRow.seat).where(TourSeatRow.excursion == excursion, TourSeatRow.day == day)
    return frozenset((await session.execute(query)).scalars())


async def take(session: AsyncSession, place: Place, seats: Sequence[int]) -> bool:
    """All of them, or False (the caller rolls back)."""
    rows = [
        {"excursion": place.excursion, "day": place.day, "seat": seat, "place_id": place.id} for seat in sorted(seats)
    ]
    written = await session.execute(
        upsert(session, TourSeatRow)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["excursion", "day", "seat"])
        .returning(TourSeatRow.seat)
    )
    return len(written.all()) == len(rows)


async def free(session: AsyncSession, place_id: str) -> None:
    await session.execute(delete(TourSeatRow).where(TourSeatRow.place_id == place_id))


async def add(session: AsyncSession, place: Place, key: str) -> None:
    session.add(
        TourPlaceRow(
            id=place.id, code=place.code, key=key, person_id=place.person_id, conversation_id=place.conversation_id,
            excursion=place.excursion, name=place.name, day=place.day, start=place.start, adults=place.adults,
            children=place.children, price=place.price.amount, currency=place.price.currency,
            status=place.status.value, guest_name=place.guest_name, guest_phone=place.guest_phone,
            created_at=place.created_at,
        )
    )  # fmt: skip
    await session.flush()


async def by_key(session: AsyncSession, key: str) -> Place | None:
    row = (await session.execute(select(TourPlaceRow).where(TourPlaceRow.key == key))).scalar_one_or_none()
    return _place(row) if row else None


async def by_code(session: AsyncSession, code: str, *, lock: bool = False) -> Place | None:
    query = select(TourPlaceRow).where(TourPlaceRow.code == code).execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _place(row) if row else None


async def of_people(session: AsyncSession, people: Collection[str], limit: int) -> tuple[Place, ...]:
    query = select(TourPlaceRow).where(TourPlaceRow.person_id.in_(people)).order_by(TourPlaceRow.start.desc())
    return tuple(_place(row) for row in (await session.execute(query.limit(limit))).scalars())


async def of_day(session: AsyncSession, day: date, limit: int) -> tuple[Place, ...]:
    query = (
        select(TourPlaceRow)
        .where(TourPlaceRow.day == day)
        .order_by(TourPlaceRow.start, TourPlaceRow.excursion, TourPlaceRow.id)
        .limit(limit)
    )
    return tuple(_place(row) for row in (await session.execute(query)).scalars())


async def settle(session: AsyncSession, place_id: str, *, at: datetime, by: str) -> None:
    await session.execute(
        update(TourPlaceRow)
        .where(TourPlaceRow.id == place_id)
        .values(status=Status.CANCELLED.value, cancelled_at=at, cancelled_by=by)
    )


async def fruitless(
    session: AsyncSession, before: datetime, *, after: str = "", limit: int = 200
) -> list[tuple[str, str]]:
    """(places, person) of those made before that were cancelled and still know their customer, after id ``after``."""
    query = (
        select(TourPlaceRow.id, TourPlaceRow.person_id)
        .where(
            TourPlaceRow.id > after, TourPlaceRow.status == Status.CANCELLED.value, TourPlaceRow.created_at < before,
            or_(TourPlaceRow.guest_name.is_not(None), TourPlaceRow.guest_phone.is_not(None)),
        )
        .order_by(TourPlaceRow.id)
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def forget_customer(session: AsyncSession, place_id: str) -> None:
    nobody = update(TourPlaceRow).where(TourPlaceRow.id == place_id).values(guest_name=None, guest_phone=None)
    await session.execute(nobody)


def _place(row: TourPlaceRow) -> Place:
    return Place(
        row.id, row.code, row.person_id, row.conversation_id, row.excursion, row.name, row.day, row.start, row.adults,
        row.children, Money(row.price, row.currency), Status(row.status), row.guest_name, row.guest_phone,
        row.created_at, row.cancelled_at,
    )  # fmt: skip
