"""A hotel made of plain values, and a way to run specialists against it without any database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from relevo.bookings.rules import (
    Booking,
    BookingStatus,
    Business,
    DepositStatus,
    Offer,
    RoomType,
    Season,
    check_party,
    check_stay,
    quote,
)
from relevo.bot.ports import CancelTerms, ChangeTerms, Entities, Taken, TakenAs, Understanding, VoucherSent
from relevo.bot.rules import asking, steps
from relevo.bot.rules.dialogue import Dialogue, Guest, Stay
from relevo.bot.rules.guard import facts, invented
from relevo.bot.rules.knowledge import Knowledge
from relevo.bot.rules.orchestrate import decide
from relevo.bot.rules.steps import Outcome, Request, Scene
from relevo.bot.rules.wording import render
from relevo.bot.specialists import specialists
from relevo.conversations.rules import Reply
from relevo.desk.rules import GuestRequest, RequestState
from relevo.kit.errors import Conflict, RelevoError, TooMany
from relevo.kit.money import Money
from relevo.texts import Texts

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)


def pesos(amount: int) -> Money:
    return Money(amount * 100, "ARS")


def hotel() -> Business:
    return Business(
        name="Hotel Mirador del Río",
        city="Rosario, Argentina",
        timezone=ZONE,
        currency="ARS",
        locale="es_AR",
        phone="+543414000000",
        email="reservas@mirador.example",
        check_in="14:00",
        check_out="10:00",
        deposit_percent=30,
        hold_minutes=20,
        hold_extensions=2,
        code_prefix="RL",
        bank={"holder": "Mirador S.A.", "bank": "Banco Demo", "cbu": "0000003100010000000001", "alias": "mirador.demo"},
        room_types=(
            RoomType("simple", "Simple", 1, ("101",), pesos(45_000)),
            RoomType("doble", "Doble", 2, ("201",), pesos(68_000)),
            RoomType("triple", "Triple", 3, ("301",), pesos(89_000)),
            RoomType("suite", "Suite con vista al río", 2, ("401",), pesos(135_000)),
        ),
        seasons=(Season("verano", 125, (12, 20), (2, 28)),),
        policies={"mascotas": "Se aceptan mascotas de hasta 8 kg con un cargo de $ 12.000 por estadía."},
        services={"cochera": "Cochera cubierta, $ 9.000 por noche.", "pileta": "Pileta de 9:00 a 21:00."},
    )


@dataclass
class Made:
    """Bookings that are made, as values; what of them was done is written down."""

    bookings: dict[str, Booking] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    """Codes that are nobody's here until proven."""
    tries: int = 5
    how: TakenAs = TakenAs.IN_TIME
    refund: Money = field(default_factory=lambda: pesos(40_800))
    policy: str | None = None
    refusal: RelevoError | None = None
    slowly: bool = False
    """A change is done later."""
    done: list[str] = field(default_factory=list)
    stays: tuple[Booking, ...] = ()
    """All that this customer ever booked."""
    requests: dict[str, GuestRequest] = field(default_factory=dict)
    """What the house was asked for, by its key."""

    def answer(self, request: Request, talk: Talk) -> Any:
        if self.refusal and isinstance(request, steps.PriceChange | steps.PriceCancelling | steps.SendVoucher):
            raise self.refusal
        match request:
            case steps.FindOwn():
                own = [*talk.others.values(), *self.bookings.values()]
                return tuple(each.as_of(talk.now) for each in own if each.code not in self.strangers)
            case steps.Identify(code, phone, email):
                if self.tries == 0:
                    raise TooMany("identity_tries")
                self.tries -= 1
                found = self.bookings.get(code)
                return found if found and (found.guest_phone == phone or found.guest_email == email) else None
            case steps.AttachReceipt(code, file_id):
                own = [*([talk.hold] if talk.hold else []), *talk.others.values(), *self.bookings.values()]
                meant = [
                    each for each in own if code in (None, each.code) and (code or each.code not in self.strangers)
                ]
                if not meant:
                    return None
                self.done.append(f"receipt {meant[0].code} {file_id}")
                return Taken(meant[0].as_of(talk.now), self.how)
            case steps.PriceChange(code, stay):
                if stay.room_type in talk.full:
                    raise Conflict("no_room")
                booking, price = self._known(code, talk), talk._quote(stay)
                return ChangeTerms(
                    code, stay.check_in, stay.check_out, stay.room_type, stay.guests, stay.children,
                    booking.total, price.total, price.total - booking.total, self.policy,
                )  # fmt: skip
            case steps.ChangeStay(terms):
                self.done.append(f"change {terms.code} {terms.room_type} {terms.check_in} {terms.check_out}")
                if self.slowly:
                    return self._known(terms.code, talk)
                changed = replace(
                    self._known(terms.code, talk), check_in=terms.check_in, check_out=terms.check_out,
                    room_type=terms.room_type,
                    guests=terms.guests, children=terms.children, total=terms.after,
                )  # fmt: skip
                self.bookings[changed.code] = changed
                return changed
            case steps.PriceCancelling(code):
                return CancelTerms(self.refund, self._known(code, talk).deposit, self.policy)
            case steps.CancelBooking(code):
                self.done.append(f"cancel {code}")
                return CancelTerms(self.refund, self._known(code, talk).deposit)
            case steps.SendVoucher(code):
                self.done.append(f"voucher {code}")
                return VoucherSent(thread=True, mail=bool(self._known(code, talk).guest_email))
            case asking.AskHouse(kind, details, code, key):
                made = GuestRequest(
                    "req_1", kind, key or f"{kind}:{len(self.requests)}", "cnv_1", "webchat", "per_1", code, "",
                    dict(details), RequestState.OPEN, None, False, talk.now,
                )  # fmt: skip
                self.requests[made.key] = made
                return made
            case asking.FindAsked():
                return tuple(self.requests.values())
            case asking.FindStays():
                return self.stays
        return None

    def _known(self, code: str, talk: Talk) -> Booking:
        held = talk.hold if talk.hold and talk.hold.code == code else None
        return self.bookings.get(code) or held or talk.others[code]


@dataclass
class Talk:
    """One guest and the pure core: facts come from ``hotel`` answers made here, holds are values."""

    business: Business
    knowledge: Knowledge
    texts: Texts = field(default_factory=lambda: Texts("es_AR"))
    dialogue: Dialogue = field(default_factory=Dialogue)
    hold: Booking | None = None
    full: set[str] = field(default_factory=set)
    closed: bool = False
    """Nothing is sold."""
    others: dict[str, Booking] = field(default_factory=dict)
    spoken: bool = False
    vouched: bool = False
    guest: Guest = field(default_factory=Guest)
    now: datetime = NOW
    asked: list[Request] = field(default_factory=list)
    outcome: Outcome | None = None
    known: list[Any] = field(default_factory=list)
    """Everything a tool ever answered or the guest ever said."""

    made: Made = field(default_factory=lambda: Made())

    def says(
        self,
        text: str,
        intent: str,
        *more: str,
        sure: float = 0.9,
        files: tuple[str, ...] = (),
        unread: bool = False,
        mumbled: bool = False,
        **entities: Any,
    ) -> Reply:
        heard = Understanding(text, intent, sure, intents=(intent, *more), entities=Entities(**entities))
        return self.hears(heard, files=files, unread=unread, mumbled=mumbled)

    def hears(
        self, heard: Understanding, *, files: tuple[str, ...] = (), unread: bool = False, mumbled: bool = False
    ) -> Reply:
        scene = Scene(
            heard,
            self.dialogue,
            self.business,
            self.knowledge,
            self.texts,
            self.now,
            self.hold,
            self.guest,
            self.spoken,
            files=files,
            unread=unread,
            mumbled=mumbled,
            conversation_id="cnv_1",
            vouched=self.vouched,
        )
        self.asked.clear()
        self.outcome = self._run(decide(scene, specialists()))
        self.dialogue = self.outcome.dialogue
        reply = render(self.outcome, self.texts, spoken=self.spoken)
        self._check(heard, reply)
        return reply

    def _check(self, heard: Understanding, reply: Reply) -> None:
        self.known += [heard.text, heard.entities, self.now]
        topics = [topic.text for topic in self.knowledge.topics.values()]
        known = facts(self.business, topics, self.dialogue, self.hold, *self.known, zone=ZONE)
        for text in (reply.text, reply.spoken_text or "", *reply.buttons):
            assert invented(text, known, self.texts) == (), text

    @property
    def handoff(self) -> str | None:
        return self.outcome.handoff if self.outcome else None

    def _run(self, deciding: Any) -> Outcome:
        try:
            request = next(deciding)
            while True:
                self.asked.append(request)
                try:
                    answer = self._facts(request)
                except RelevoError as refusal:
                    self.known.append(refusal.params)
                    request = deciding.throw(refusal)
                else:
                    self.known.append(answer)
                    request = deciding.send(answer)
        except StopIteration as done:
            return done.value

    def _facts(self, request: Request) -> Any:
        match request:
            case steps.FindRooms(draft):
                check_stay(self.business, draft.check_in, draft.check_out, now=self.now)
                check_party(self.business, draft.guests, draft.children or 0)
                return self._offers(draft.check_in, draft.check_out, draft.guests, draft.children or 0)
            case steps.FindAlternatives(draft):
                here = self._offers(draft.check_in, draft.check_out, draft.guests, 0)
                day = timedelta(days=1)
                self.full, full = set(), self.full
                later = self._offers(draft.check_in + day, draft.check_out + day, draft.guests, 0)
                self.full = full
                return (*here[:2], *[o for o in later if o.room_type == draft.room_type or not draft.room_type][:1])
            case steps.PriceStay(stay):
                return self._quote(stay)
            case steps.HoldRoom(stay, guest):
                if self.closed:
                    raise Conflict("not_selling")
                if stay.room_type in self.full:
                    raise Conflict("no_room")
                self.hold = self._booking(stay, guest)
                return self.hold
            case steps.CompleteGuest(_, guest):
                self.hold = replace(
                    self.hold,
                    guest_name=guest.name or self.hold.guest_name,
                    guest_phone=guest.phone or self.hold.guest_phone,
                    guest_email=guest.email or self.hold.guest_email,
                )
                return self.hold
            case steps.FindBooking(code, proven):
                if self.hold and code == self.hold.code:
                    return self.hold
                strange = code in self.made.strangers and not proven
                return None if strange else self.others.get(code) or self.made.bookings.get(code)
            case steps.ReleaseHold():
                released, self.hold = replace(self.hold, status=BookingStatus.CANCELLED), None
                self.others[released.code] = released
                return released
        return self.made.answer(request, self)

    def _quote(self, stay: Stay) -> Any:
        kind = self.business.room_type(stay.room_type)
        return quote(self.business, kind, stay.check_in, stay.check_out, guests=stay.guests, children=stay.children)

    def _offers(self, check_in: date, check_out: date, guests: int, children: int) -> tuple[Offer, ...]:
        return tuple(
            Offer(
                kind.code,
                kind.name,
                kind.capacity,
                1,
                self._quote(Stay(kind.code, check_in, check_out, guests, children)),
            )
            for kind in self.business.room_types
            if kind.capacity >= guests and kind.code not in self.full
        )

    def _booking(self, stay: Stay, guest: Guest) -> Booking:
        price = self._quote(stay)
        kind = self.business.room_type(stay.room_type)
        return Booking(
            id="bkg_1", code="RL-4K7Q2" if self.hold is None else "RL-5K7Q2", status=BookingStatus.HOLD,
            room_number=kind.rooms[0], room_type=kind.code, type_name=kind.name, check_in=stay.check_in,
            check_out=stay.check_out, guests=stay.guests, children=stay.children, guest_name=guest.name,
            guest_phone=guest.phone, guest_email=guest.email, total=price.total, deposit=price.deposit,
            deposit_status=DepositStatus.REQUESTED, hold_expires_at=self.now + timedelta(minutes=20), extensions=0,
            conversation_id="cnv_1", person_id="per_1", created_at=self.now,
        )  # fmt: skip
