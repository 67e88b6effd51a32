"""What the bot remembers of one conversation: the stay being put together, what it offered, what it last asked.

Everything is frozen; a turn makes a new one. Nothing here talks to a tool or words a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from relevo.appointments.rules import Part
from relevo.bot.ports import Entities, Expecting
from relevo.kit.money import Money


class Pending(StrEnum):
    """What a plain yes would do."""

    NOTHING = "nothing"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    CHANGE = "change"
    PERSON = "person"
    VISIT = "visit"
    CANCEL_VISIT = "cancel_visit"
    PACKAGE = "package"
    REQUEST = "request"
    UPGRADE = "upgrade"
    """To be told of something better with its price; it changes nothing yet."""
    TRIP = "trip"
    CANCEL_TRIP = "cancel_trip"


class Task(StrEnum):
    """What is wanted of a booking that is already made."""

    STATUS = "status"
    RECEIPT = "receipt"
    VOUCHER = "voucher"
    CHANGE = "change"
    CANCEL = "cancel"
    LOYALTY = "loyalty"
    RATE = "rate"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Stay:
    """A complete stay, ready to be quoted or held."""

    room_type: str
    check_in: date
    check_out: date
    guests: int
    children: int = 0

    @property
    def nights(self) -> int:
        return (self.check_out - self.check_in).days


@dataclass(frozen=True, slots=True)
class Offered:
    """A stay with the price that was told."""

    stay: Stay
    total: Money


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of the stay so far."""

    check_in: date | None = None
    check_out: date | None = None
    nights: int | None = None
    """Told before there was an arrival to count from."""
    guests: int | None = None
    children: int | None = None
    room_type: str | None = None

    @property
    def length(self) -> int | None:
        if self.check_in and self.check_out:
            return (self.check_out - self.check_in).days
        return self.nights

    @property
    def has_dates(self) -> bool:
        return self.check_in is not None and self.check_out is not None

    def stay(self, room_type: str) -> Stay:
        """Only where dates and guests are known."""
        assert self.check_in
        assert self.check_out
        assert self.guests
        return Stay(room_type, self.check_in, self.check_out, self.guests, self.children or 0)

    @staticmethod
    def of(stay: Stay) -> Draft:
        return Draft(
            stay.check_in, stay.check_out, guests=stay.guests, children=stay.children, room_type=stay.room_type
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A button or a number of a menu: picking it means having said this."""

    label: str
    intent: str
    draft: Draft | None = None
    """The stay it stands for; only what it sets."""
    clears_dates: bool = False
    code: str | None = None
    """The booking or appointment it stands for, only ever one of the customer's own; or a service, or a package."""
    start: datetime | None = None
    """The appointment's beginning it stands for."""


@dataclass(frozen=True, slots=True)
class Question:
    """The open question: its text key, so that it can be repeated, and what an answer would be about."""

    key: str
    expecting: Expecting
    params: tuple[tuple[str, str], ...] = ()
    options: tuple[Option, ...] = ()
    numbered: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Guest:
    """What is known of who the booking is for."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    @property
    def contact(self) -> str | None:
        return self.phone or self.email


@dataclass(frozen=True, slots=True)
class Errand:
    """A task under way, with what was said for it before it is known whose booking it is."""

    task: Task
    code: str | None = None
    """As the customer said it; it proves nothing."""
    phone: str | None = None
    email: str | None = None
    said: Entities | None = None
    """The change that is wanted, and its words."""
    text: str = ""
    draft: Draft | None = None
    """The stay that a change is counted from, where it is no longer the booked one."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A booking whose code came with its guest's phone or e-mail."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a yes would do to a booking, with the money as it was told."""

    code: str
    stay: Stay | None = None
    money: Money | None = None
    """The new total of a change; what comes back after a cancellation."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an appointment so far."""

    service: str | None = None
    day: date | None = None
    hours: tuple[time, ...] = ()
    """Local times that were meant; two where morning or evening was not said."""
    part: Part | None = None
    start: datetime | None = None
    """What a yes would book, as it was told with its price."""
    code: str | None = None
    """What a yes would cancel, or the package that it would buy."""


@dataclass(frozen=True, slots=True)
class Trip:
    """What is known of places on an excursion so far."""

    excursion: str | None = None
    day: date | None = None
    adults: int | None = None
    children: int = 0
    code: str | None = None
    """What a yes would cancel."""


@dataclass(frozen=True, slots=True)
class Agency:
    """Somebody who writes for an agency: what they have said so far, and its name once it is proven."""

    code: str | None = None
    phone: str | None = None
    email: str | None = None
    misses: int = 0
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A request to the house in the making: its kind, and what is known of it by the names of its details."""

    kind: str
    details: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        return dict(self.details).get(name)


@dataclass(frozen=True, slots=True)
class Dialogue:
    draft: Draft = field(default_factory=Draft)
    pending: Pending = Pending.NOTHING
    offer: Offered | None = None
    """What yes would hold."""
    others: tuple[Offered, ...] = ()
    """The further types that were named with their price."""
    question: Question | None = None
    guest: Guest = field(default_factory=Guest)
    booking_code: str | None = None
    """The last booking made in this conversation, alive or not."""
    errand: Errand | None = None
    proof: Proof | None = None
    told: Told | None = None
    visit: Visit | None = None
    """An appointment in the making."""
    form: Form | None = None
    trip: Trip | None = None
    agency: Agency | None = None
    rating: int | None = None
    """A score that waits for its words."""
    argued: tuple[int, ...] = ()
    """Which of the house's arguments were used up in this conversation."""
    upsold: str | None = None
    """The room type, or the service, that was offered as something better: once is enough."""
    misses: int = 0
    """Codes and contacts in this conversation that did not belong together."""
    files: tuple[str, ...] = ()
    """Files that came before it was known which booking they pay."""
    failures: int = 0
    """Turns in a row that were not understood."""
    last_intents: tuple[str, ...] = ()
    note: str | None = None
    """What the person who handed the conversation back wrote down."""
    read_to: int = 0
    """How far the thread was read for notes (message seq)."""
    message_id: str | None = None
    """The message answered last; the same one again is not answered twice."""

    @property
    def expecting(self) -> Expecting:
        return self.question.expecting if self.question else Expecting.NOTHING


def spoken_of(dialogue: Dialogue) -> Draft:
    """The stay that is being talked about: of a change, else the one that is put together."""
    told, errand = dialogue.told, dialogue.errand
    if told and told.stay:
        return Draft.of(told.stay)
    return errand.draft if errand and errand.draft else dialogue.draft


def with_guest(dialogue: Dialogue, said: Entities) -> Dialogue:
    guest = Guest(
        said.guest_name or dialogue.guest.name, said.phone or dialogue.guest.phone, said.email or dialogue.guest.email
    )
    return dialogue if guest == dialogue.guest else replace(dialogue, guest=guest)


def merged(
    draft: Draft,
    said: Entities,
    *,
    expecting: Expecting = Expecting.NOTHING,
    more_nights: int = 0,
    more_guests: int = 0,
    more_children: int = 0,
) -> Draft:
    """The draft after hearing ``said``. What was said last wins; a new arrival alone keeps the number of nights."""
    after = _dates(draft, said, expecting)
    if more_nights and draft.check_in and draft.check_out and not (said.check_in or said.check_out):
        until = draft.check_out + timedelta(days=more_nights)
        after = replace(after, check_in=draft.check_in, check_out=max(until, draft.check_in + timedelta(days=1)))
    after = _people(after, said, more_guests, more_children)
    return replace(after, room_type=said.room_type or after.room_type)


def _dates(draft: Draft, said: Entities, expecting: Expecting) -> Draft:
    check_in, check_out, nights = said.check_in, said.check_out, said.nights
    if check_in and not (check_out or nights) and expecting is Expecting.NIGHTS and draft.check_in:
        # A single later day is the departure that was asked for.
        if check_in > draft.check_in:
            return replace(draft, check_out=check_in, nights=None)
        return replace(draft, check_in=check_in)
    if check_in and check_out:
        return replace(draft, check_in=check_in, check_out=check_out, nights=None)
    if check_in:
        length = nights or draft.length
        return replace(draft, check_in=check_in, check_out=_after(check_in, length), nights=None if length else nights)
    if check_out:
        if draft.check_in and check_out > draft.check_in:
            return replace(draft, check_out=check_out, nights=None)
        length = nights or draft.length
        if length:
            return replace(draft, check_in=check_out - timedelta(days=length), check_out=check_out, nights=None)
        return draft
    if nights:
        if draft.check_in:
            return replace(draft, check_out=_after(draft.check_in, nights), nights=None)
        return replace(draft, nights=nights)
    return draft


def _after(check_in: date, nights: int | None) -> date | None:
    return check_in + timedelta(days=nights) if nights else None


def _people(draft: Draft, said: Entities, more: int, more_children: int) -> Draft:
    children = said.children
    if more_children and draft.guests:
        young = max(0, (draft.children or 0) + more_children)
        return replace(draft, guests=said.guests or max(1, draft.guests + more_children), children=young)
    if more and draft.guests and said.guests is None:
        return replace(draft, guests=max(1, draft.guests + more), children=(draft.children or 0) + (children or 0))
    if said.guests is None:
        if children is None:
            return draft
        # "y un nene": those already counted keep counting, unless children were counted before.
        if draft.guests and not draft.children and said.adults is None:
            return replace(draft, guests=draft.guests + children, children=children)
        return replace(draft, children=children)
    if children is None and said.adults is None and draft.children and draft.children < said.guests:
        children = draft.children
    return replace(draft, guests=said.guests, children=children or 0)


def names_stay(said: Entities) -> bool:
    """Whether the message says anything about a stay."""
    return bool(
        said.check_in
        or said.check_out
        or said.nights
        or said.guests
        or said.children
        or said.room_type
        or said.rooms
        or said.past_dates
        or said.ambiguities
    )
