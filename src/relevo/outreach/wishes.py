"""What customers ask of outreach in a conversation of their own: an opinion, a reminder, no more reminders.

That a booking is theirs was settled before. What they ask for is a consent, or its end, with their words as the proof.
"""

from __future__ import annotations

from relevo.bookings import store as booked
from relevo.bookings.rules import Business, code_of
from relevo.bot.ports import Reminded
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.outreach.consents import CUSTOMER, Consents
from relevo.outreach.feedback import Feedbacks
from relevo.outreach.rules import Purpose, Way
from relevo.outreach.service import Reminders
from relevo.people.service import People

MOST_SAID = 200
MOST_BOOKINGS = 20


class Wishes:
    """``Aftercare`` over the outreach room."""

    def __init__(
        self,
        db: Database,
        people: People,
        reminders: Reminders,
        consents: Consents,
        feedbacks: Feedbacks,
        business: Business,
    ) -> None:
        self._db = db
        self._people = people
        self._reminders = reminders
        self._consents = consents
        self._feedbacks = feedbacks
        self._business = business

    async def rate(self, code: str, score: int, text: str | None) -> bool:
        return await self._feedbacks.by_word(code_of(self._business, code), score, text)

    async def remind(self, code: str, *, person_id: str, said: str) -> Reminded:
        async with self._db.write() as tx:
            booking = await booked.by_code(tx.session, code_of(self._business, code))
            if booking is None:
                raise NotFound("no_booking")
            await self._consents.give(
                tx, person_id, Purpose.REMINDER, Way.ANY, proof=said[:MOST_SAID], by=CUSTOMER, automated=True
            )
            return await self._reminders.wish(tx, booking)

    async def stop(self, *, person_id: str, said: str) -> int:
        async with self._db.write() as tx:
            await self._consents.withdraw(tx, person_id, Purpose.REMINDER, Way.ANY, proof=said[:MOST_SAID], by=CUSTOMER)
            theirs = await self._people.same_as(tx.session, person_id)
            found = await booked.of_people(tx.session, theirs, MOST_BOOKINGS)
            return await self._reminders.unwanted(tx, [booking.id for booking in found])
