"""Does what specialists ask for, with the real bookings. Without a conversation it only reads what is for anybody."""

from __future__ import annotations

import re
import time
from typing import Any

from relevo.appointments.ports import Calendar, Profiles
from relevo.bookings.rules import Booking
from relevo.bot.beyond import Beyond
from relevo.bot.interactions import ApiCall
from relevo.bot.ports import GuestRequests, Hotel, Made
from relevo.bot.rules import asking, steps, touring, visiting
from relevo.bot.rules.steps import Outcome, Request, Steps
from relevo.kit.errors import Forbidden, ProviderError, RelevoError

MOST_OWN = 20
"""Bookings of one conversation that are looked at."""
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Tools:
    def __init__(
        self,
        hotel: Hotel,
        made: Made,
        conversation_id: str | None,
        person_id: str | None,
        *,
        calendar: Calendar | None = None,
        requests: GuestRequests | None = None,
        beyond: Beyond | None = None,
        turn: str = "",
    ) -> None:
        """``turn``: the id of the message that is answered; what it makes is made once however often it is answered."""
        self._hotel = hotel
        self._calendar = calendar
        self._requests = requests
        self._beyond = beyond or Beyond()
        self._turn = turn
        self._made = made
        self._conversation_id = conversation_id
        self._person_id = person_id
        self.known_as: frozenset[str] = frozenset([person_id] if person_id else [])
        """All the ids of the customer: bookings under any of them are theirs."""
        self.used: list[ApiCall] = []
        """What was done, with how long it took and how it ended."""

    def note(self, request: Request, began: float, error: str | None = None) -> None:
        tool = _WORD.sub("_", type(request).__name__).lower()
        self.used.append(ApiCall(tool, round((time.perf_counter() - began) * 1000, 1), error))

    async def perform(self, request: Request) -> Any:
        own = self._conversation_id
        if own is None:
            if isinstance(request, (*steps.WRITES, *steps.OWN)):
                raise Forbidden("not_allowed")
            return await self._look(request)
        if isinstance(request, touring.ALL):
            return await self._beyond.perform(
                request, conversation_id=own, person_id=self._person_id or "", known_as=self.known_as, turn=self._turn
            )
        match request:
            case steps.HoldRoom(stay, guest):
                return await self._hotel.hold(
                    conversation_id=own,
                    person_id=self._person_id or "",
                    room_type=stay.room_type,
                    check_in=stay.check_in,
                    check_out=stay.check_out,
                    guests=stay.guests,
                    children=stay.children,
                    guest_name=guest.name,
                    guest_phone=guest.phone,
                    guest_email=guest.email,
                )
            case steps.CompleteGuest(booking_id, guest):
                return await self._hotel.complete_guest(
                    booking_id, name=guest.name, phone=guest.phone, email=guest.email
                )
            case steps.ReleaseHold(code):
                return await self._hotel.release(code, by=own, reason="guest")
            case steps.FindBooking(code, proven):
                found = await self._hotel.find(code)
                return found if found and (proven or self._is_theirs(found)) else None
            case steps.FindOwn():
                return await self._hotel.listing(conversation_id=own, limit=MOST_OWN)
            case steps.Identify() | steps.AttachReceipt() | steps.SendVoucher():
                return await self._of_made(request, own)
            case steps.PriceChange() | steps.ChangeStay() | steps.PriceCancelling() | steps.CancelBooking():
                return await self._of_made(request, own)
            case visiting.BookSlot() | visiting.FindVisits() | visiting.CancelVisit():
                return await self._of_calendar(request, own)
            case visiting.BuyPackage() | visiting.FindPurchases():
                return await self._of_calendar(request, own)
            case visiting.FindProfile() | visiting.SaveProfile():
                return await self._of_profile(request)
            case asking.AskHouse() | asking.FindAsked() | asking.FindStays():
                return await self._of_guest(request, own)
        return await self._look(request)

    async def _of_guest(self, request: Request, own: str) -> Any:
        requests, hotel = self._requests, self._hotel
        if isinstance(request, asking.FindStays):
            proven = await hotel.find(request.code) if request.code else None
            return await hotel.made_by(self.known_as | ({proven.person_id} if proven else frozenset()))
        if requests is None:
            raise Forbidden("not_allowed")
        match request:
            case asking.AskHouse(kind, details, code, key):
                return await requests.ask(
                    kind, conversation_id=own, person_id=self._person_id or "", details=dict(details),
                    key=key or f"{kind}:{self._turn}", booking_code=code,
                )  # fmt: skip
            case asking.FindAsked():
                return tuple(await requests.of_conversation(own))

    async def _of_profile(self, request: Request) -> Any:
        profiles, person = self._calendar, self._person_id or ""
        if not isinstance(profiles, Profiles):
            raise Forbidden("not_allowed")
        if isinstance(request, visiting.SaveProfile):
            return await profiles.save_profile(person, request.new)
        return await profiles.profile(person)

    async def _of_calendar(self, request: Request, own: str) -> Any:
        calendar, person = self._calendar, self._person_id or ""
        if calendar is None:
            raise Forbidden("not_allowed")
        match request:
            case visiting.BookSlot(service, start, guest):
                return await calendar.book(
                    service, start, person_id=person, conversation_id=own, name=guest.name, phone=guest.phone,
                    key=f"{own}:{self._turn}:{service}:{start.isoformat()}",
                )  # fmt: skip
            case visiting.FindVisits():
                visits = [each for known in sorted(self.known_as) for each in await calendar.of(known)]
                return tuple(sorted(visits, key=lambda each: each.start, reverse=True))
            case visiting.CancelVisit(code):
                return await calendar.cancel(code, by=own)
            case visiting.BuyPackage(code):
                return await calendar.buy(code, person_id=person, key=f"{own}:{self._turn}:{code}")
            case visiting.FindPurchases():
                return tuple([each for known in sorted(self.known_as) for each in await calendar.bought(known)])

    async def _look(self, request: Request) -> Any:
        hotel, own = self._hotel, self._conversation_id
        match request:
            case steps.FindRooms(draft) if draft.check_in and draft.check_out:
                return await hotel.availability(
                    draft.check_in, draft.check_out, guests=draft.guests or 1, children=draft.children or 0, holder=own
                )
            case steps.FindAlternatives(draft) if draft.check_in and draft.check_out:
                return await hotel.alternatives(
                    draft.check_in, draft.check_out, guests=draft.guests or 1, room_type=draft.room_type, holder=own
                )
            case steps.PriceStay(stay):
                return await hotel.quote(
                    stay.room_type, stay.check_in, stay.check_out, guests=stay.guests, children=stay.children
                )
            case visiting.FindSlots(service, day, part) if self._calendar is not None:
                return await self._calendar.free(service, day, part=part)
            case touring.FindDepartures():
                return await self._beyond.look(request)
        raise ValueError("a request that cannot be performed")

    async def _of_made(self, request: Request, own: str) -> Any:
        made = self._made
        match request:
            case steps.Identify(code, phone, email):
                return await made.identify(code, phone=phone, email=email, conversation_id=own)
            case steps.AttachReceipt(code, file_id):
                return await made.attach(code, file_id, conversation_id=own)
            case steps.PriceChange(code, stay):
                return await made.price_change(
                    code,
                    check_in=stay.check_in,
                    check_out=stay.check_out,
                    room_type=stay.room_type,
                    guests=stay.guests,
                    children=stay.children,
                )
            case steps.ChangeStay(terms):
                return await made.change(terms, by=own)
            case steps.PriceCancelling(code):
                return await made.price_cancelling(code)
            case steps.CancelBooking(code):
                return await made.cancel(code, by=own)
            case steps.SendVoucher(code):
                return await made.send_voucher(code, by=own)

    def _is_theirs(self, booking: Booking) -> bool:
        return booking.conversation_id == self._conversation_id or booking.person_id in self.known_as


async def drive(deciding: Steps[Outcome], tools: Tools) -> Outcome:
    """Run the specialists, giving them the facts they ask for; a refusal is theirs to handle."""
    try:
        request = next(deciding)
        while True:
            began = time.perf_counter()
            try:
                facts = await tools.perform(request)
            except ProviderError as failure:
                tools.note(request, began, failure.code)
                raise
            except RelevoError as refusal:
                tools.note(request, began, refusal.code)
                request = deciding.throw(refusal)
            else:
                tools.note(request, began)
                request = deciding.send(facts)
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome
