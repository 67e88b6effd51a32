"""Excursions and agencies, wired: what the house sells, whose bookings they are, what is earned when a stay ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter

from relevo.adapters import catalog
from relevo.app.nightly import Forgetting
from relevo.bookings import store as booked
from relevo.bookings.events import BookingChanged, BookingChangedStay
from relevo.bookings.rules import BookingStatus, Business
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.tours.forgetting import forget_travellers
from relevo.tours.partners import ACCRUE, Partners
from relevo.tours.rules import StayNow
from relevo.tours.service import Tours
from relevo.web import tours as tours_http
from relevo.web.auth import Gate
from relevo.web.guests import Guests

HELD = (BookingStatus.HOLD, BookingStatus.CONFIRMING, BookingStatus.NEEDS_STAFF)


class BookedStays:
    """``Stays`` over the bookings of the house."""

    async def stay(self, tx: Tx, booking_id: str) -> StayNow | None:
        booking = await booked.by_id(tx.session, booking_id)
        if booking is None:
            return None
        return StayNow(
            booking.id, booking.code, booking.check_in, booking.check_out, booking.total,
            confirmed=booking.status is BookingStatus.CONFIRMED, held=booking.status in HELD,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """``tours`` is None where the house sells no excursions."""

    db: Database
    tours: Tours | None
    partners: Partners
    given: tuple[dict[str, Any], ...]
    routers: Callable[[Gate], list[APIRouter]]

    async def open(self) -> None:
        """The agencies that the house's file names are there from the start."""
        for each in self.given:
            await self.partners.welcome(each)

    def subscribe(self, events: Events) -> None:
        events.on_within(BookingChanged, self._changed)
        events.on_within(BookingChangedStay, self._moved)

    def handle(self, work: Work) -> None:
        work.handle(ACCRUE, self.partners.accrue_job)

    @property
    def forgetting(self) -> Forgetting:
        return partial(forget_travellers, self.db)

    async def _changed(self, tx: Tx, event: BookingChanged) -> None:
        await self.partners.on_stay(tx, event.booking_id, event.conversation_id)

    async def _moved(self, tx: Tx, event: BookingChangedStay) -> None:
        booking = await booked.by_id(tx.session, event.booking_id)
        if booking is not None:
            await self.partners.on_stay(tx, booking.id, booking.conversation_id)


def wire(
    settings: Settings, db: Database, live: Live, work: Work, people: People, business: Business, texts: Texts,
    clock: Clock, ids: Ids,
) -> Trade:  # fmt: skip
    """Raises ``Misconfigured`` for a file that cannot be read."""
    tours, given = catalog.make_tours(settings, db, live, business, clock, ids)
    partners = Partners(db, work, BookedStays(), clock, ids, zone=business.timezone, country=settings.country)

    guests = Guests(db, people, settings.country)

    def routers(gate: Gate) -> list[APIRouter]:
        found = [tours_http.partners_router(partners, gate, texts, business.timezone)]
        return [*found, tours_http.router(tours, guests, gate, clock)] if tours is not None else found

    return Trade(db, tours, partners, given, routers)
