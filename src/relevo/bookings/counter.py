"""Holds that the house itself makes: somebody at the counter or on the telephone, and a member of staff who writes.

A hold belongs to a conversation, so that deposit, receipt and voucher go the one road. The guest's own thread is taken
where there is one that reaches them and has no hold yet; otherwise a conversation of the counter is opened, which
nobody carries: what the guest is to be told there is told by staff. The nights are kept apart by the same rows as all
others, and the same ``client_id`` again makes no second hold.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import partial

from relevo.bookings import road_store
from relevo.bookings.rules import Booking
from relevo.bookings.service import Bookings, Held
from relevo.conversations.rules import Control
from relevo.conversations.service import Conversations
from relevo.kit.db import Tx
from relevo.kit.ids import ALPHABET
from relevo.people.contacts import contacts
from relevo.people.rules import IdentityKind, Staff
from relevo.people.service import People

CHANNEL = "counter"
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guest asks for. ``room``: that very one; None: whichever of the type is free."""

    room_type: str
    room: str | None
    check_in: date
    check_out: date
    guests: int
    children: int
    babies: int
    name: str
    phone: str | None
    email: str | None


class Counter:
    def __init__(self, bookings: Bookings, people: People, conversations: Conversations, *, country: str) -> None:
        self._bookings = bookings
        self._people = people
        self._conversations = conversations
        self._country = country

    async def hold(self, asked: Asked, *, staff: Staff, client_id: str) -> Booking:
        """Raises ``Invalid("guest_contact")`` without a telephone or an e-mail, and whatever a hold raises."""
        reached = contacts(asked.phone, asked.email, self._country)
        return await self._bookings.hold_in(
            partial(self._where, asked, staff),
            room_type=asked.room_type,
            check_in=asked.check_in,
            check_out=asked.check_out,
            guests=asked.guests,
            children=asked.children,
            babies=asked.babies,
            guest_name=asked.name,
            guest_phone=next((each.value for each in reached if each.kind is IdentityKind.PHONE), None),
            guest_email=next((each.value for each in reached if each.kind is IdentityKind.EMAIL), None),
            room=asked.room,
            booking_id=_id_of(staff, client_id),
        )

    async def _where(self, asked: Asked, staff: Staff, tx: Tx) -> Held:
        person = await self._people.find_or_create(
            tx, contacts(asked.phone, asked.email, self._country), name=asked.name
        )
        known = await self._conversations.of_people(tx.session, person.ids, limit=_LOOKED_AT)
        reaching = [each.id for each in known if each.address and self._conversations.carries(each.channel)]
        holding = await road_store.holding(tx.session, reaching)
        chosen = next((each for each in reaching if each not in holding), None)
        if chosen is None:
            opened = await self._conversations.open(
                tx, channel=CHANNEL, person_id=person.id, control=Control.CLOSED, meta={"staff": staff.id}
            )
            chosen = opened.id
        return Held(chosen, person.id, staff.id, partial(self._say, staff))

    async def _say(self, staff: Staff, tx: Tx, booking: Booking) -> None:
        await self._conversations.record(
            tx,
            booking.conversation_id,
            event="held_at_counter",
            meta={"booking": booking.code},
            name=staff.name,
            code=booking.code,
        )


def _id_of(staff: Staff, client_id: str) -> str:
    """The booking's own key is made from what was asked, so that asking again finds it."""
    digest = hashlib.sha256(f"{staff.id}:{client_id}".encode()).digest()
    return "bkg_" + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:14])
