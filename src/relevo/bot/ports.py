"""What the bot needs from outside: an engine that understands a customer's words, the bookings it may act on, and,
where one is configured, a language model.

Engines only read and word; they decide nothing and keep no state between messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from relevo.bookings.rules import Booking, Business, Offer, Quote
from relevo.desk.rules import GuestRequest, RequestKind
from relevo.kit.health import OFF
from relevo.kit.money import Money


class Expecting(StrEnum):
    """What the bot's last sentence asked for; the strongest hint for reading a short answer."""

    NOTHING = "nothing"
    DATES = "dates"
    NIGHTS = "nights"
    GUESTS = "guests"
    ROOM_TYPE = "room_type"
    CONFIRMATION = "confirmation"
    GUEST_NAME = "guest_name"
    CONTACT = "contact"
    BOOKING_CODE = "booking_code"
    MENU = "menu"
    DETAIL = "detail"
    """Something that only the guest knows, in their own words (a flight, a kind of event)."""


@dataclass(frozen=True, slots=True)
class RoomTypeName:
    """A room type of the business: its code and the words guests use for it."""

    code: str
    names: tuple[str, ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What was known before the message. ``now`` is aware, in the business's time zone."""

    now: datetime
    expecting: Expecting = Expecting.NOTHING
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None
    room_types: tuple[RoomTypeName, ...] = ()
    spoken: bool = False
    """True when the text comes from a recogniser (no punctuation to trust, homophones)."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Something with more than one fair reading, worth asking about (``kind``: dates, guests, room_type)."""

    kind: str
    text: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entities:
    """What a message says. ``guests`` counts everybody, children and babies included."""

    check_in: date | None = None
    check_out: date | None = None
    nights: int | None = None
    guests: int | None = None
    adults: int | None = None
    children: int | None = None
    rooms: int | None = None
    room_type: str | None = None
    """A code of the business when one matches, else the guest's own normalised word (``matrimonial``)."""
    guest_name: str | None = None
    phone: str | None = None
    email: str | None = None
    booking_code: str | None = None
    topics: tuple[str, ...] = ()
    """Policy and service topics asked about, by the keys of the business's knowledge (``mascotas``, ``cochera``)."""
    choice: int | None = None
    """1-based option picked from a numbered menu."""
    past_dates: bool = False
    """The message names explicit dates that are already past."""
    ambiguities: tuple[Ambiguity, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    """(entity, words it was read from), for the console and for tests."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message read. ``alternatives`` are the next likeliest intents, best first; ``intents`` all those said."""

    text: str
    intent: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    intents: tuple[str, ...] = ()
    entities: Entities = field(default_factory=Entities)
    ruled: bool = False
    """A rule is sure of the intent; it is nobody's guess."""


class Understander(Protocol):
    """Reads one message; raises ``ProviderError``. Who asks nobody else inherits everything but ``read``."""

    name: str

    def read(self, text: str, context: ReadingContext) -> Understanding:
        """Return what ``text`` (at most 4,000 characters are read) means in ``context``, without asking anybody else:
        synchronous and CPU-bound."""
        ...

    async def aread(self, text: str, context: ReadingContext) -> Understanding:
        """The same for the event loop, which it never blocks; here another engine may have its say."""
        return await asyncio.to_thread(self.read, text, context)

    async def check(self) -> str:
        """How the other engine is: ``ok``, what is wrong with it, or ``off`` where there is none."""
        return OFF

    async def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Exam:
    """How a model did on messages that it had not been shown: in all, and by intent as (asked, right)."""

    asked: int
    right: int
    by_intent: Mapping[str, tuple[int, int]]

    @property
    def accuracy(self) -> float:
        return self.right / self.asked if self.asked else 0.0

    @property
    def shares(self) -> dict[str, float]:
        return {intent: right / asked for intent, (asked, right) in self.by_intent.items() if asked}


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of teaching: the same exam without and with what is new, and what was not learned all the same."""

    before: Exam
    after: Exam
    taught: int
    taught_before: int
    """Taught messages that were answered well already."""
    missed: tuple[tuple[str, str, str], ...]
    """(text, intent, what is answered instead)."""
    seconds: float


class Pupil(Protocol):
    """An understanding that can be taught. ``taught``: (text, intent) in the order in which they were."""

    @property
    def intents(self) -> tuple[str, ...]: ...

    def ranked(self, text: str) -> list[tuple[str, float]]:
        """The likeliest intents now, CPU-bound."""
        ...

    def is_name(self, word: str) -> bool | None:
        """None: a word that none of its examples has."""
        ...

    def known(self, text: str) -> str | None:
        """The intent of a packaged example that says the same."""
        ...

    async def study(
        self,
        taught: Sequence[tuple[str, str]],
        before: Sequence[tuple[str, str]],
        told: Callable[[str], Awaitable[None]],
    ) -> Learned:
        """Learn elsewhere (calls must not feel it) and be examined; ``told`` hears the step it is at. What was learned
        is kept for ``use``. Raises ``NotReady``."""
        ...

    async def use(self, taught: Sequence[tuple[str, str]]) -> None:
        """From now on, in this process, understand as taught; learns it first where nobody has kept it."""
        ...


class Hotel(Protocol):
    """The bookings room, as far as the bot uses it. Whatever the bot states about rooms and prices comes from here."""

    @property
    def business(self) -> Business:
        """Facts of the house: name, hours, room types, policies, services, bank."""
        ...

    async def availability(
        self, check_in: date, check_out: date, *, guests: int = 1, children: int = 0, holder: str | None = None
    ) -> tuple[Offer, ...]:
        """Room types with room for everybody, cheapest first; ``holder``'s own hold does not count against it."""
        ...

    async def quote(
        self, room_type: str, check_in: date, check_out: date, *, guests: int, children: int = 0
    ) -> Quote: ...

    async def alternatives(
        self, check_in: date, check_out: date, *, guests: int, room_type: str | None = None, holder: str | None = None
    ) -> tuple[Offer, ...]:
        """Other types for these dates, then nearby dates; at most three."""
        ...

    async def hold(
        self,
        *,
        conversation_id: str,
        person_id: str,
        room_type: str,
        check_in: date,
        check_out: date,
        guests: int,
        children: int = 0,
        guest_name: str | None = None,
        guest_phone: str | None = None,
        guest_email: str | None = None,
    ) -> Booking:
        """Block the nights, replacing the conversation's earlier hold; the same stay again answers the same booking."""
        ...

    async def complete_guest(
        self, booking_id: str, *, name: str | None = None, phone: str | None = None, email: str | None = None
    ) -> Booking: ...

    async def release(self, code: str, *, by: str, reason: str) -> Booking: ...

    async def live_hold(self, conversation_id: str) -> Booking | None: ...

    async def find(self, code: str) -> Booking | None: ...

    async def listing(self, *, conversation_id: str | None = None, limit: int = 100) -> tuple[Booking, ...]:
        """As of now, newest first."""
        ...

    async def made_by(self, people: Collection[str]) -> tuple[Booking, ...]:
        """The bookings of somebody who is known under these ids, as of now, newest first."""
        ...


class GuestRequests(Protocol):
    """What guests ask the house for; a person sees to it."""

    async def ask(
        self,
        kind: RequestKind,
        *,
        conversation_id: str,
        person_id: str,
        details: Mapping[str, str],
        key: str,
        booking_code: str | None = None,
    ) -> GuestRequest:
        """Take it down; under the same ``key`` of the conversation it is the same one."""
        ...

    async def of_conversation(self, conversation_id: str) -> Sequence[GuestRequest]: ...


class TakenAs(StrEnum):
    """What became of a receipt."""

    IN_TIME = "in_time"
    AGAIN = "again"
    """The booking had one already."""
    DUPLICATE = "duplicate"
    """Another booking had the file first: a person looks."""
    LATE = "late"
    """The hold had run out; whether the room is free is found out."""
    LATE_HELD = "late_held"
    LATE_LOST = "late_lost"
    """The room is gone: a person has been asked for."""
    EXTRA = "extra"
    """Nothing is to be paid any more."""
    WITH_STAFF = "with_staff"
    """A person has the booking already."""


@dataclass(frozen=True, slots=True)
class Taken:
    booking: Booking
    how: TakenAs


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """A change as it would be done. ``details`` belongs to whoever made it and is handed back untouched."""

    code: str
    check_in: date
    check_out: date
    room_type: str
    guests: int
    children: int
    before: Money
    after: Money
    difference: Money
    policy: str | None = None
    details: object = None


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What comes back if it is cancelled now, and of how much paid."""

    refund: Money
    paid: Money
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherSent:
    """Where it went: to the conversation it was booked in, and to the guest's e-mail."""

    thread: bool
    mail: bool


class Made(Protocol):
    """Bookings that are made already, as far as a customer may reach them through the bot.

    Whose booking it is was settled before: by the conversation or by ``identify``.
    """

    async def identify(
        self, code: str, *, phone: str | None, email: str | None, conversation_id: str
    ) -> Booking | None:
        """None whether the code or the contact was wrong. Raises ``TooMany`` after too many tries."""
        ...

    async def attach(self, code: str | None, attachment_id: str, *, conversation_id: str) -> Taken | None:
        """Lay a receipt beside the booking ``code``, or the one that the conversation is about; None where it is
        about none. Nothing that was sent is turned away."""
        ...

    async def price_change(
        self, code: str, *, check_in: date, check_out: date, room_type: str, guests: int, children: int
    ) -> ChangeTerms:
        """Raises ``Conflict`` (``no_room``, or the booking cannot be changed) or ``Invalid``. Changes nothing."""
        ...

    async def change(self, terms: ChangeTerms, *, by: str) -> Booking:
        """As it is now: a stay that is sold changes once the PMS has it. Raises ``Conflict`` (``offer_changed``)."""
        ...

    async def price_cancelling(self, code: str) -> CancelTerms:
        """Raises ``Conflict`` where a person has to do it. Changes nothing."""
        ...

    async def cancel(self, code: str, *, by: str) -> CancelTerms: ...

    async def send_voucher(self, code: str, *, by: str) -> VoucherSent:
        """Raises ``Conflict`` where there is none yet."""
        ...


@dataclass(frozen=True, slots=True)
class Reminded:
    """When a reminder leaves; or why none does."""

    due_at: datetime | None
    why: str | None = None
    """``not_confirmed``, ``late`` or ``already_sent``."""


class Aftercare(Protocol):
    """What comes before and after a stay. Whose booking it is was settled before."""

    async def rate(self, code: str, score: int, text: str | None) -> bool:
        """Keep a score from one to five; words are added to a score that has none. False: the stay has both."""
        ...

    async def remind(self, code: str, *, person_id: str, said: str) -> Reminded:
        """Remind of the stay the day before it; they asked for it in these words."""
        ...

    async def stop(self, *, person_id: str, said: str) -> int:
        """No more reminders; how many were still to come."""
        ...


class NoteVoice(Protocol):
    """Says written text as a voice note."""

    async def speak(self, text: str, *, locale: str) -> tuple[bytes, float] | None:
        """An OGG/Opus file and its seconds; None where there is nothing to say, or more than anybody listens to.
        Raises ``ProviderError``."""
        ...


class Purpose(StrEnum):
    """What a language model is asked for; each has its own patience, and calls come first."""

    UNDERSTAND = "understand"
    REPLY = "reply"
    COPILOT = "copilot"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Said:
    """One message to a language model. What a customer wrote is data: it goes in as ``user``, never as ``system``."""

    role: Literal["system", "user", "assistant"]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer, and what it cost."""

    text: str = field(repr=False)
    model: str
    """Who answered in the end, ``engine:model``."""
    first_ms: float
    ms: float
    tokens_in: int | None = None
    tokens_out: int | None = None


class Llm(Protocol):
    """A language model. It has an opinion on words and decides nothing.

    Raises ``ProviderError``: ``NotReady`` where trying again later may help, else the owner has something to do.
    Cancelling the caller stops the model.
    """

    @property
    def name(self) -> str:
        """``engine:model``."""
        ...

    async def complete(
        self,
        messages: Sequence[Said],
        *,
        purpose: Purpose,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 400,
    ) -> Completion:
        """With a JSON ``schema`` the text is one JSON object of that shape, as far as the model keeps to it."""
        ...

    def stream(self, messages: Sequence[Said], *, purpose: Purpose, max_tokens: int = 400) -> AsyncIterator[str]:
        """The answer as it is written. Ends whole or raises: an answer cut short is an error."""
        ...

    async def models(self) -> tuple[str, ...]:
        """What it could be asked for by name."""
        ...
