"""All queries of the appointments room. They decide nothing. Cells are written in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.appointments.models import AppointmentCellRow, AppointmentRow, PurchaseRow
from relevo.appointments.rules import Appointment, Places, Purchase, Status
from relevo.kit.db import upsert
from relevo.kit.money import Money


async def taken(session: AsyncSession, since: datetime, until: datetime) -> Places:
    found: defaultdict[tuple[str, int], set[datetime]] = defaultdict(set)
    query = select(AppointmentCellRow.resource, AppointmentCellRow.place, AppointmentCellRow.at).where(
        AppointmentCellRow.at >= since, AppointmentCellRow.at < until
    )
    for resource, place, at in await session.execute(query):
        found[resource, place].add(at)
    return found


async def take(session: AsyncSession, appointment: Appointment, cells: Sequence[datetime]) -> bool:
    """All of them, or False (the caller rolls back)."""
    rows = [
        {"resource": appointment.resource, "place": appointment.place, "at": at, "appointment_id": appointment.id}
        for at in cells
    ]
    written = await session.execute(
        upsert(session, AppointmentCellRow)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["resource", "place", "at"])
        .returning(AppointmentCellRow.at)
    )
    return len(written.all()) == len(rows)


async def free(session: AsyncSession, appointment_id: str) -> None:
    await session.execute(delete(AppointmentCellRow).where(AppointmentCellRow.appointment_id == appointment_id))


async def add(session: AsyncSession, appointment: Appointment, key: str) -> None:
    session.add(
        AppointmentRow(
            id=appointment.id, code=appointment.code, key=key, person_id=appointment.person_id,
            conversation_id=appointment.conversation_id, service=appointment.service, resource=appointment.resource,
            place=appointment.place, start=appointment.start, end=appointment.end, status=appointment.status.value,
            price=appointment.price.amount, currency=appointment.price.currency, name=appointment.name,
            phone=appointment.phone, created_at=appointment.created_at,
        )
    )  # fmt: skip
    await session.flush()


async def by_key(session: AsyncSession, key: str) -> Appointment | None:
    row = (await session.execute(select(AppointmentRow).where(AppointmentRow.key == key))).scalar_one_or_none()
    return _appointment(row) if row else None


async def by_code(session: AsyncSession, code: str, *, lock: bool = False) -> Appointment | None:
    query = select(AppointmentRow).where(AppointmentRow.code == code).execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _appointment(row) if row else None


async def of_person(session: AsyncSession, person_id: str, limit: int) -> tuple[Appointment, ...]:
    query = select(AppointmentRow).where(AppointmentRow.person_id == person_id).order_by(AppointmentRow.start.desc())
    return tuple(_appointment(row) for row in (await session.execute(query.limit(limit))).scalars())


async def between(session: AsyncSession, since: datetime, until: datetime, limit: int) -> tuple[Appointment, ...]:
    query = (
        select(AppointmentRow)
        .where(AppointmentRow.start >= since, AppointmentRow.start < until)
        .order_by(AppointmentRow.start, AppointmentRow.id)
        .limit(limit)
    )
    return tuple(_appointment(row) for row in (await session.execute(query)).scalars())


async def settle(session: AsyncSession, appointment_id: str, status: Status, *, at: datetime, by: str) -> None:
    cancelled = {"cancelled_at": at, "cancelled_by": by} if status is Status.CANCELLED else {}
    await session.execute(
        update(AppointmentRow).where(AppointmentRow.id == appointment_id).values(status=status.value, **cancelled)
    )


async def fruitless(
    session: AsyncSession, before: datetime, *, after: str = "", limit: int = 200
) -> list[tuple[str, str]]:
    """(appointment, person) of those made before that were cancelled and still know their customer, after id
    ``after``."""
    query = (
        select(AppointmentRow.id, AppointmentRow.person_id)
        .where(
            AppointmentRow.id > after, AppointmentRow.status == Status.CANCELLED.value,
            AppointmentRow.created_at < before,
            or_(AppointmentRow.name.is_not(None), AppointmentRow.phone.is_not(None)),
        )
        .order_by(AppointmentRow.id)
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def forget_customer(session: AsyncSession, appointment_id: str) -> None:
    nobody = update(AppointmentRow).where(AppointmentRow.id == appointment_id).values(name=None, phone=None)
    await session.execute(nobody)


async def add_purchase(session: AsyncSession, purchase: Purchase, key: str) -> None:
    session.add(
        PurchaseRow(
            id=purchase.id, code=purchase.code, key=key, person_id=purchase.person_id, package=purchase.package,
            name=purchase.name, sessions=purchase.sessions, price=purchase.price.amount,
            currency=purchase.price.currency, paid=purchase.paid, at=purchase.at,
        )
    )  # fmt: skip
    await session.flush()


async def purchase_by_key(session: AsyncSession, key: str) -> Purchase | None:
    row = (await session.execute(select(PurchaseRow).where(PurchaseRow.key == key))).scalar_one_or_none()
    return _purchase(row) if row else None


async def purchases_of(session: AsyncSession, person_id: str, limit: int) -> tuple[Purchase, ...]:
    query = select(PurchaseRow).where(PurchaseRow.person_id == person_id).order_by(PurchaseRow.at.desc())
    return tuple(_purchase(row) for row in (await session.execute(query.limit(limit))).scalars())


def _appointment(row: AppointmentRow) -> Appointment:
    return Appointment(
        row.id, row.code, row.person_id, row.conversation_id, row.service, row.resource, row.place, row.start, row.end,
        Status(row.status), Money(row.price, row.currency), row.name, row.phone, row.created_at, row.cancelled_at,
    )  # fmt: skip


def _purchase(row: PurchaseRow) -> Purchase:
    return Purchase(
        row.id, row.code, row.person_id, row.package, row.name, row.sessions, Money(row.price, row.currency), row.paid,
        row.at,
    )  # fmt: skip
