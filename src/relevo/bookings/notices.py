"""What guest and staff are told as a booking goes its road, written in the transaction that makes it true.

The guest reads it in the conversation the booking was made in; where that was a call, staff are told to tell them.
"""

from __future__ import annotations

from relevo.bookings.events import NeedsStaff
from relevo.bookings.rooms import NEEDS_STAFF, Rooms
from relevo.bookings.rules import Booking, Needs
from relevo.conversations.rules import Priority
from relevo.conversations.service import Conversations
from relevo.kit.db import Tx
from relevo.texts import Texts

ALTERNATIVES = "bookings.offer_alternatives"


class Notices:
    def __init__(self, conversations: Conversations, rooms: Rooms, texts: Texts) -> None:
        self._conversations = conversations
        self._rooms = rooms
        self._texts = texts

    async def locale(self, tx: Tx, booking: Booking) -> str:
        """In which language the guest is written to."""
        if booking.locale:
            return booking.locale
        conversation = await self._conversations.get(tx.session, booking.conversation_id)
        return str(conversation.meta.get("locale") or self._rooms.business.locale)

    async def tell(self, tx: Tx, booking: Booking, key: str, *, once: str, **params: object) -> None:
        """Say ``bookings.<key>`` to the guest. ``once``: what makes this message one, however often it is said."""
        conversation = await self._conversations.get(tx.session, booking.conversation_id)
        if not self._conversations.carries(conversation.channel):
            await self.need_staff(tx, booking, Needs.TELL_GUEST)
            return
        texts = self._texts.other(await self.locale(tx, booking))
        words = {
            "code": booking.code,
            "room": booking.type_name,
            "check_in": booking.check_in,
            "check_out": booking.check_out,
            "deposit": booking.deposit,
            **params,
        }
        await self._conversations.system_says(
            tx,
            booking.conversation_id,
            text=texts.say(f"bookings.{key}", **words),
            meta={"booking": booking.code},
            key=f"{booking.id}:{once}",
        )

    async def need_staff(self, tx: Tx, booking: Booking, why: Needs, *, ask: bool = False) -> None:
        """``ask``: the bot steps back and the conversation waits for a person."""
        if ask:
            conversation = await self._conversations.get(tx.session, booking.conversation_id)
            reason = self._texts.say(f"bookings.needs.{why.value}", code=booking.code)
            await self._conversations.ask_for_person(
                tx, conversation.id, version=conversation.control_version, reason=reason, priority=Priority.URGENT
            )
        await tx.publish(NeedsStaff(NEEDS_STAFF, booking.id, booking.conversation_id, why.value))

    async def room_is_gone(self, tx: Tx, booking: Booking) -> None:
        """Paid, and no room: said at once, a person asked for, and other rooms looked for."""
        await self.tell(tx, booking, "room_gone", once=f"gone:{booking.version}")
        await self.need_staff(tx, booking, Needs.NO_ROOM, ask=True)
        await self._rooms.promise(tx, booking.id, ALTERNATIVES)
