"""The calendar of the house: free slots, appointments that nobody else can have, packages.

One short transaction writes an appointment with all its cells or nothing; whoever comes second learns that it is taken.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from relevo.appointments import rules, store
from relevo.appointments.rules import Agenda, Appointment, Part, Purchase, Service, Slot, Status
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried, take_turns
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live

CODE = "CT-"
CALENDAR = "appointments"
"""Topic of the live feed, and the name under which writers of the calendar take turns."""
_MOST = 50
_MOST_OF_DAY = 500
_DAY = timedelta(days=1)


class HouseCalendar:
    """``Calendar`` over the database of this installation."""

    name = "embedded"

    def __init__(self, db: Database, live: Live, facts: Agenda, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._live = live
        self._facts = facts
        self._clock = clock
        self._ids = ids

    async def agenda(self) -> Agenda:
        return self._facts

    async def free(self, service: str, day: date, *, part: Part | None = None) -> tuple[Slot, ...]:
        wanted, now = self._facts.service(service), self._clock.now()
        noon = datetime.combine(day, datetime.min.time(), self._facts.timezone)
        async with self._db.read() as session:
            taken = await store.taken(session, noon - _DAY, noon + 2 * _DAY)
        return rules.free(self._facts, wanted, day, taken, now=now, part=part)

    @retried
    async def book(
        self,
        service: str,
        start: datetime,
        *,
        person_id: str,
        conversation_id: str | None,
        name: str | None,
        phone: str | None,
        key: str,
    ) -> Appointment:
        wanted, now = self._facts.service(service), self._clock.now()
        async with self._db.write() as tx:
            await take_turns(tx.session, CALENDAR)
            if known := await store.by_key(tx.session, key):
                return known
            rules.check_start(self._facts, wanted, start, now=now)
            needed = rules.cells(start, wanted)
            taken = await store.taken(tx.session, needed[0], needed[-1] + rules.GRID)
            place = next(rules.places(self._facts, wanted, start, taken), None)
            if place is None:
                raise Conflict("slot_taken")
            made = Appointment(
                self._ids.new("apt"), CODE + self._ids.code(5), person_id, conversation_id, wanted.code, *place, start,
                start + timedelta(minutes=wanted.minutes), Status.BOOKED, wanted.price, name, phone, now,
            )  # fmt: skip
            await store.add(tx.session, made, key)
            if not await store.take(tx.session, made, needed):
                raise Conflict("slot_taken")
            await self._announce(tx, made)
        return made

    async def find(self, code: str) -> Appointment | None:
        async with self._db.read() as session:
            return await store.by_code(session, code.strip().upper())

    async def of(self, person_id: str) -> tuple[Appointment, ...]:
        async with self._db.read() as session:
            return await store.of_person(session, person_id, _MOST)

    async def days(self, first: date, count: int) -> tuple[Appointment, ...]:
        begins = datetime.combine(first, datetime.min.time(), self._facts.timezone)
        ends = datetime.combine(first + count * _DAY, datetime.min.time(), self._facts.timezone)
        async with self._db.read() as session:
            return await store.between(session, begins, ends, _MOST_OF_DAY * count)

    @retried
    async def cancel(self, code: str, *, by: str, by_staff: bool = False) -> Appointment:
        async with self._db.write() as tx:
            found = await store.by_code(tx.session, code.strip().upper(), lock=True)
            if found is None:
                raise NotFound("no_appointment")
            now = self._clock.now()
            rules.check_cancel(self._facts, found, now=now, by_staff=by_staff)
            await store.settle(tx.session, found.id, Status.CANCELLED, at=now, by=by)
            await store.free(tx.session, found.id)
            after = await store.by_code(tx.session, found.code)
            assert after is not None
            await self._announce(tx, after)
        return after

    @retried
    async def buy(self, package: str, *, person_id: str, key: str) -> Purchase:
        wanted = self._facts.package(package)
        async with self._db.write() as tx:
            await take_turns(tx.session, f"purchase {key}")
            if known := await store.purchase_by_key(tx.session, key):
                return known
            made = Purchase(
                self._ids.new("pur"), "PK-" + self._ids.code(5), person_id, wanted.code, wanted.name, wanted.sessions,
                wanted.price, paid=False, at=self._clock.now(),
            )  # fmt: skip
            await store.add_purchase(tx.session, made, key)
        return made

    async def bought(self, person_id: str) -> tuple[Purchase, ...]:
        async with self._db.read() as session:
            return await store.purchases_of(session, person_id, _MOST)

    async def close(self) -> None:
        """It has none of its own."""

    async def _announce(self, tx: Tx, appointment: Appointment) -> None:
        service = self._facts.service(appointment.service)
        await self._live.announce(tx, CALENDAR, "appointment", appointment_json(appointment, service))


def appointment_json(appointment: Appointment, service: Service) -> dict[str, Any]:
    """The ``Appointment`` of docs/api.md."""
    return {
        "code": appointment.code,
        "service": {"code": service.code, "name": service.name, "minutes": service.minutes},
        "resource": appointment.resource,
        "start": appointment.start.isoformat(),
        "end": appointment.end.isoformat(),
        "status": appointment.status.value,
        "price": {"amount": appointment.price.amount, "currency": appointment.price.currency},
        "name": appointment.name,
        "phone": appointment.phone,
        "person_id": appointment.person_id,
        "conversation_id": appointment.conversation_id,
    }
