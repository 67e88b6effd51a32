"""The words in which specialists speak: what they see, what they ask of a tool, what they answer.

A specialist is a generator. It yields a request and is sent the facts; a refusal is thrown into it. So it decides
everything and touches nothing, and whoever drives it chooses the tools: the real bookings, or ones that only read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from relevo.appointments.rules import Agenda
from relevo.bookings.rules import Booking, Business, Offer, Quote
from relevo.bot.ports import CancelTerms, ChangeTerms, Expecting, Taken, Understanding, VoucherSent
from relevo.bot.rules import asking, touring, visiting
from relevo.bot.rules.dialogue import Dialogue, Draft, Guest, Option, Stay
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.knowledge import Knowledge
from relevo.bot.rules.objections import Argument, Campaign
from relevo.bot.rules.tuning import Bands
from relevo.texts import Texts
from relevo.tours.rules import Catalogue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FindRooms:
    draft: Draft


@dataclass(frozen=True, slots=True)
class FindAlternatives:
    draft: Draft


@dataclass(frozen=True, slots=True)
class PriceStay:
    stay: Stay


@dataclass(frozen=True, slots=True)
class HoldRoom:
    stay: Stay
    guest: Guest


@dataclass(frozen=True, slots=True)
class CompleteGuest:
    booking_id: str
    guest: Guest


@dataclass(frozen=True, slots=True)
class FindBooking:
    code: str
    proven: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    code: str


@dataclass(frozen=True, slots=True)
class FindOwn:
    """The bookings made in this conversation, the newest first."""


@dataclass(frozen=True, slots=True)
class Identify:
    code: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class AttachReceipt:
    code: str | None
    file_id: str


@dataclass(frozen=True, slots=True)
class PriceChange:
    code: str
    stay: Stay


@dataclass(frozen=True, slots=True)
class ChangeStay:
    terms: ChangeTerms


@dataclass(frozen=True, slots=True)
class PriceCancelling:
    code: str


@dataclass(frozen=True, slots=True)
class CancelBooking:
    code: str


@dataclass(frozen=True, slots=True)
class SendVoucher:
    code: str


Request = (
    FindRooms | FindAlternatives | PriceStay | HoldRoom | CompleteGuest | FindBooking | ReleaseHold | FindOwn
    | Identify | AttachReceipt | PriceChange | ChangeStay | PriceCancelling | CancelBooking | SendVoucher
    | visiting.VisitingRequest | asking.AskingRequest | touring.TouringRequest
)  # fmt: skip
WRITES = (
    HoldRoom, CompleteGuest, ReleaseHold, AttachReceipt, ChangeStay, CancelBooking, SendVoucher, *visiting.WRITES,
    *asking.WRITES, *touring.WRITES,
)  # fmt: skip
"""The requests that change something."""
OWN = (
    FindBooking, FindOwn, Identify, PriceChange, PriceCancelling, *visiting.OWN, *asking.OWN, *touring.OWN
)  # fmt: skip
"""The requests that tell of bookings: whose they are has to be known."""
Steps = Generator[Request, Any, T]


def find_rooms(draft: Draft) -> Steps[tuple[Offer, ...]]:
    found: tuple[Offer, ...] = yield FindRooms(draft)
    return found


def find_alternatives(draft: Draft) -> Steps[tuple[Offer, ...]]:
    found: tuple[Offer, ...] = yield FindAlternatives(draft)
    return found


def price_stay(stay: Stay) -> Steps[Quote]:
    quote: Quote = yield PriceStay(stay)
    return quote


def hold_room(stay: Stay, guest: Guest) -> Steps[Booking]:
    booking: Booking = yield HoldRoom(stay, guest)
    return booking


def complete_guest(booking_id: str, guest: Guest) -> Steps[Booking]:
    booking: Booking = yield CompleteGuest(booking_id, guest)
    return booking


def find_booking(code: str, *, proven: bool = False) -> Steps[Booking | None]:
    """The booking with this code, where it belongs to this conversation or its person, or was ``proven`` theirs."""
    booking: Booking | None = yield FindBooking(code, proven)
    return booking


def find_own() -> Steps[tuple[Booking, ...]]:
    own: tuple[Booking, ...] = yield FindOwn()
    return own


def identify(code: str, phone: str | None, email: str | None) -> Steps[Booking | None]:
    """The booking whose code and contact these are; nobody learns which of them was wrong. ``TooMany`` guesses end."""
    booking: Booking | None = yield Identify(code, phone, email)
    return booking


def attach_receipt(code: str | None, file_id: str) -> Steps[Taken | None]:
    """Beside this booking, or the one the conversation is about; None where it is about none."""
    taken: Taken | None = yield AttachReceipt(code, file_id)
    return taken


def price_change(code: str, stay: Stay) -> Steps[ChangeTerms]:
    terms: ChangeTerms = yield PriceChange(code, stay)
    return terms


def change_stay(terms: ChangeTerms) -> Steps[Booking]:
    booking: Booking = yield ChangeStay(terms)
    return booking


def price_cancelling(code: str) -> Steps[CancelTerms]:
    terms: CancelTerms = yield PriceCancelling(code)
    return terms


def cancel_booking(code: str) -> Steps[CancelTerms]:
    """What really comes back."""
    terms: CancelTerms = yield CancelBooking(code)
    return terms


def send_voucher(code: str) -> Steps[VoucherSent]:
    sent: VoucherSent = yield SendVoucher(code)
    return sent


def release_hold(code: str) -> Steps[Booking]:
    booking: Booking = yield ReleaseHold(code)
    return booking


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to say: a key of ``texts/*/bot.toml`` and what fills it."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """The question that ends a reply. ``options`` are buttons; ``numbered`` also writes them as a list."""

    key: str
    expecting: Expecting
    params: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    numbered: bool = False
    patient: bool = True
    """Whether asking it again without progress ends with a person."""
    again: bool = False
    """It was put before; say it with other words."""


@dataclass(frozen=True, slots=True)
class Move:
    """A specialist's part of the answer and the dialogue after it."""

    dialogue: Dialogue
    lines: tuple[Line, ...] = ()
    ask: Ask | None = None
    handoff: Reason | None = None
    """Why a person is needed."""
    closes: bool = False
    """The open question is dropped instead of repeated."""
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a specialist may look at."""

    heard: Understanding
    dialogue: Dialogue
    business: Business
    knowledge: Knowledge
    texts: Texts
    now: datetime
    """Aware, in the business's time zone."""
    hold: Booking | None = None
    """This conversation's live hold."""
    guest: Guest = field(default_factory=Guest)
    """What is known of the person from their identities."""
    spoken: bool = False
    picked: Option | None = None
    """The button or number this message stands for."""
    files: tuple[str, ...] = ()
    """Pictures and documents that came with the message."""
    unread: bool = False
    """Files came that are neither."""
    mumbled: bool = False
    """A voice note of which hardly anything was understood: its words are guesses."""
    conversation_id: str | None = None
    vouched: bool = False
    """The carrier says that the message comes from the guest's telephone."""
    vip_words: tuple[str, ...] = ()
    """By which the house knows whom a person looks after."""
    agenda: Agenda | None = None
    """What appointments there are, where the business takes any."""
    bands: Bands = Bands()
    tours: Catalogue | None = None
    """What excursions there are, where the house sells any."""
    agencies: bool = False
    """Whether agencies bring guests; ``aftercare``: whether reminders and opinions are kept."""
    aftercare: bool = False
    arguments: tuple[Argument, ...] = ()
    campaigns: tuple[Campaign, ...] = ()

    @property
    def today(self) -> date:
        return self.now.date()

    def says(self, *intents: str) -> bool:
        """Whether any of ``intents`` is said, as the main thing or beside it."""
        return self.heard.intent in intents or any(intent in intents for intent in self.heard.intents)


class Track(StrEnum):
    """The three tracks of specialists."""

    GUESTS = "guests"
    BUSINESS = "business"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class Specialist:
    """Somebody who knows one thing. ``priority`` orders the parts of a reply (low speaks first) and, for those that
    want to be ``alone``, who wins (high)."""

    name: str
    track: Track
    goal: str
    intents: frozenset[str]
    priority: int
    wants: Callable[[Scene], bool]
    act: Callable[[Scene], Steps[Move]]
    alone: bool = False
    keeps_files: bool = False
    """Takes part whenever files come, whoever else answers: a receipt is not lost to another wish."""
    slots: tuple[str, ...] = ()
    """What it has to know before it acts, by the names of entities."""
    tools: tuple[type, ...] = ()
    """The requests it may make."""
    knows: Callable[[Scene], bool] | None = None
    """Whether it is sure of the message by words of its own, whatever the engine makes of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn came to."""

    dialogue: Dialogue
    lines: tuple[Line, ...]
    ask: Ask | None
    handoff: Reason | None
    specialists: tuple[str, ...]
