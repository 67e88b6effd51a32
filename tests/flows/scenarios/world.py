"""The real stack in a fresh SQLite file, and guests who write to it one message at a time.

A step that opens with ":" is not something the guest says: ``:file NAME | words`` sends a file, ``:wait 25`` lets
minutes pass, ``:paid`` and ``:reject REASON`` are staff's, ``:elsewhere`` goes on in another conversation, ``:call`` on
the telephone, ``:fill TYPE DAY DAY`` is other guests, ``:closed`` stops all sales, ``:person`` is an agent taking over,
``:done LINE`` and ``:decline LINE`` are what staff answer to the last request, ``:stayed N`` is a past of N stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from relevo.adapters.appointments.facts import read_agenda
from relevo.adapters.channels.webchat import Webchat
from relevo.adapters.documents.voucher import VoucherPrinter
from relevo.adapters.pms import embedded as pms
from relevo.adapters.storage.files import LocalFiles
from relevo.appointments.ports import Calendar
from relevo.appointments.service import HouseCalendar
from relevo.bookings.changes import Changes
from relevo.bookings.confirming import Confirming
from relevo.bookings.deposits import Deposits
from relevo.bookings.events import BookingChangedStay, BookingConfirmed
from relevo.bookings.notices import Notices
from relevo.bookings.rules import MAX_NIGHTS, Booking, Business
from relevo.bookings.service import EXPIRE, Bookings
from relevo.bookings.vouchers import VOUCHER, VOUCHER_MAIL, Vouchers
from relevo.bot.made import MadeBookings
from relevo.bot.models import InteractionRow
from relevo.bot.ports import Understander
from relevo.bot.replying import REPLY, Replying
from relevo.bot.rules.guard import facts, invented
from relevo.bot.rules.hours import said_hours
from relevo.bot.rules.knowledge import knowledge_of
from relevo.bot.service import CALL, Bot, Turn
from relevo.conversations.attachments import Attachments
from relevo.conversations.events import AttachmentReceived, MessageReceived
from relevo.conversations.rules import Author, Control, Conversation, Kind, Message
from relevo.conversations.service import DELIVER, Conversations
from relevo.desk.requests import Requests
from relevo.desk.rules import GuestRequest
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.mail import MailFile
from relevo.kit.work import Work
from relevo.people.rules import Identity, IdentityKind, Role
from relevo.people.service import People
from relevo.texts import Texts
from relevo.texts.spoken import spoken


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    says: tuple[str, ...]
    bookings: tuple[str, ...] = ()
    control: str = "bot"
    full: tuple[str, ...] = ()
    """What keeps this guest from being served."""
    hears: tuple[str, ...] = ()
    """What is said to them, in this order."""
    never: tuple[str, ...] = ()
    deposits: tuple[str, ...] | None = None
    """Of each booking: the deposit's state, its receipts with their problems, its vouchers."""
    requests: tuple[str, ...] = ()
    """What the house was asked for, in the order it was."""
    who: tuple[str, ...] = ()
    """Specialists that answered, by the interaction log."""
    not_who: tuple[str, ...] = ()
    """Specialists that had to keep out of it."""


def guests(file: str) -> list[Guest]:
    data = tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return [
        Guest(
            entry["name"],
            tuple(entry["says"]),
            tuple(entry.get("bookings", ())),
            entry.get("control", "bot"),
            tuple(entry.get("full", ())),
            tuple(entry.get("hears", ())),
            tuple(entry.get("never", ())),
            tuple(entry["deposits"]) if "deposits" in entry else None,
            tuple(entry.get("requests", ())),
            tuple(entry.get("who", ())),
            tuple(entry.get("not_who", ())),
        )
        for entry in data["guest"]
    ]


class Witness:
    """The bookings room as the bot sees it, remembering every fact that it gave."""

    def __init__(self, room: Any, seen: list[Any]) -> None:
        self._room = room
        self.seen = seen

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._room, name)
        if not callable(found):
            return found

        async def call(*args: Any, **params: Any) -> Any:
            answer = await found(*args, **params)
            self.seen += [answer, args, params]
            return answer

        return call


class Letterbox:
    """Posts nothing and keeps what it was given."""

    on = True

    def __init__(self) -> None:
        self.posted: dict[str, str] = {}

    async def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        attachments: Sequence[MailFile] = (),
        key: str,
    ) -> None:
        self.posted[key] = to


@dataclass
class World:
    db: Database
    work: Work
    people: People
    conversations: Conversations
    bookings: Bookings
    bot: Bot
    replying: Replying
    business: Business
    witness: Witness
    clock: FixedClock
    attachments: Attachments
    deposits: Deposits
    letters: Letterbox
    selling: list[bool]
    requests: Requests
    calendar: Calendar | None = None
    said: list[tuple[str, str]] = field(default_factory=list)
    """(author, text), as it happened, for the failure's message."""
    aloud: list[str] = field(default_factory=list)
    """What the voice is given on the telephone."""

    async def arrive(self, channel: str = "webchat", identities: Sequence[Identity] = ()) -> Conversation:
        async with self.db.write() as tx:
            who = identities or [Identity(IdentityKind.WEBCHAT, f"visitor-{len(self.said)}")]
            person = await self.people.find_or_create(tx, who)
            return await self.conversations.open(tx, channel=channel, person_id=person.id)

    async def say(self, conversation: Conversation, text: str, file: str | None = None) -> list[Message]:
        """The guest writes, perhaps with a file; the answers to it."""
        if conversation.channel == CALL:
            return await self._speak(conversation, text)
        stored = await self.attachments.store(_content(file)) if file else None
        async with self.db.write() as tx:
            sent = []
            if file and stored:
                sent.append(await self.attachments.add(tx, conversation.id, name=file, stored=stored))
            received = await self.conversations.receive(tx, conversation.id, text=text, attachments=sent)
        self.said.append(("guest", f"{text} [{file}]" if file else text))
        await self.work.drain()
        return await self._answers(conversation, received.message.seq)

    async def _answers(self, conversation: Conversation, seq: int) -> list[Message]:
        async with self.db.read() as session:
            later = await self.conversations.messages(session, conversation.id, after_seq=seq)
        written = [each for each in later if each.kind is Kind.TEXT and each.author in (Author.BOT, Author.SYSTEM)]
        self.said += [(each.author.value, "\n".join((each.text, *each.buttons))) for each in written]
        return [each for each in written if each.author is Author.BOT]

    async def _speak(self, conversation: Conversation, text: str) -> list[Message]:
        """On the telephone there is nothing but what is said; the words go through the voice's own spelling."""
        async with self.db.write() as tx:
            heard = await self.conversations.receive(tx, conversation.id, text=text)
        self.said.append(("guest", text))
        turn = Turn(
            conversation.id, conversation.person_id, CALL, text, heard.message.id, conversation.control_version,
            spoken=True,
        )  # fmt: skip
        answer = await self.bot.respond(turn)
        async with self.db.write() as tx:
            await self.bot.commit(tx, conversation.id, answer)
            if answer.handoff:
                await self.conversations.ask_for_person(
                    tx, conversation.id, version=turn.version, reason=answer.handoff
                )
        self.said += [("bot", reply.spoken_text or reply.text) for reply in answer.replies]
        self.aloud += [spoken(reply.spoken_text or reply.text) for reply in answer.replies]
        await self.work.drain()
        return []

    async def go(self, guest: Guest) -> list[Conversation]:
        """Everything the guest does, in order; the conversations it took."""
        threads = [await self.arrive()]
        for step in guest.says:
            if not step.startswith(":"):
                await self.say(threads[-1], step)
                continue
            name, _, rest = step[1:].partition(" ")
            match name:
                case "file":
                    file, _, text = rest.partition("|")
                    await self.say(threads[-1], text.strip(), file.strip())
                case "elsewhere":
                    threads.append(await self.arrive())
                case "call":
                    number = [Identity(IdentityKind.PHONE, rest)] if rest else ()
                    threads.append(await self.arrive(CALL, number))
                case "fill":
                    await self.fill(rest)
                case "closed":
                    self.selling[0] = False
                case _:
                    await self.of_staff(name, rest, threads)
            await self.work.drain()
        return threads

    async def of_staff(self, name: str, rest: str, threads: list[Conversation]) -> None:
        seen = await self._last_seq(threads[0])
        last = max(await self.booked(*threads), key=lambda booking: booking.id, default=None)
        match name:
            case "wait":
                self.clock.advance(timedelta(minutes=int(rest)))
            case "paid" if last:
                await self.deposits.confirm(last.code, by="stf_1", amount=int(rest) * 100 if rest else None)
            case "reject" if last:
                await self.deposits.reject(last.code, by="stf_1", reason=rest)
            case "done" | "decline":
                await self._answers_request(threads[-1], rest, done=name == "done")
            case "stayed":
                await self._stayed(threads[-1], int(rest))
            case "person":
                marta = await self.people.enrol(
                    email="m@x.ar", name="Marta", role=Role.AGENT, password="una clave larga"
                )
                async with self.db.write() as tx:
                    await self.conversations.take_over(tx, threads[-1].id, staff=marta)
            case _:
                raise ValueError(f"no such step: {name}")
        await self.work.drain()
        await self._answers(threads[0], seen)

    async def _answers_request(self, conversation: Conversation, line: str, *, done: bool) -> None:
        staff = await self.people.enrol(email="l@x.ar", name="Luz", role=Role.AGENT, password="una clave larga")
        asked = [each for each in await self.requests.of_conversation(conversation.id) if each.answer is None]
        await self.requests.settle(asked[-1].id, done=done, line=line, staff=staff)

    async def _stayed(self, conversation: Conversation, times: int) -> None:
        """Stays of this guest, confirmed by the house; then time passes until the last one is over."""
        first = self.business.today(self.clock.now())
        for _ in range(times):
            thread = await self.arrive_as(conversation.person_id)
            booking = await self.bookings.hold(
                conversation_id=thread.id, person_id=conversation.person_id, room_type="simple", guests=1,
                check_in=first, check_out=first + timedelta(days=1), guest_name="Ana Gil",
                guest_email="ana@ejemplo.com",
            )  # fmt: skip
            await self.deposits.confirm(booking.code, by="stf_1", force=True)
            await self.work.drain()
            self.clock.advance(timedelta(days=1))
            first += timedelta(days=1)

    async def arrive_as(self, person_id: str) -> Conversation:
        async with self.db.write() as tx:
            return await self.conversations.open(tx, channel="webchat", person_id=person_id)

    async def asked(self, *threads: Conversation) -> list[GuestRequest]:
        found = [each for thread in threads for each in await self.requests.of_conversation(thread.id)]
        return sorted(found, key=lambda each: (each.created_at, int(each.id.rpartition("_")[2])))

    async def _last_seq(self, conversation: Conversation) -> int:
        async with self.db.read() as session:
            thread = await self.conversations.messages(session, conversation.id)
        return thread[-1].seq if thread else 0

    async def control(self, conversation: Conversation) -> Control:
        async with self.db.read() as session:
            return (await self.conversations.get(session, conversation.id)).control

    async def booked(self, *threads: Conversation) -> list[Booking]:
        found = [each for thread in threads for each in await self.bookings.listing(conversation_id=thread.id)]
        return sorted(found, key=lambda booking: (booking.status, booking.check_out, booking.total))

    async def money(self, booking: Booking) -> str:
        """The deposit as the scenarios write it down: ``received late,duplicate; 1 voucher, 1 letter``."""
        async with self.db.read() as session:
            case = await self.deposits.case(session, booking)
            thread = await self.conversations.messages(session, booking.conversation_id)
        vouchers = sum(bool(each.meta.get("voucher")) for each in thread)
        letters = sum(key.startswith(f"voucher:{booking.id}:") for key in self.letters.posted)
        receipts = ",".join(each["problem"] or "ok" for each in case["receipts"])
        return f"{booking.deposit_status} {receipts or '-'}; {vouchers} voucher, {letters} letter"

    async def fill(self, full: str) -> None:
        """``doble 2026-12-11 2026-12-13``: strangers take every room of the type."""
        code, first, last = full.split()
        for _ in self.business.room_type(code).rooms:
            stranger = await self.arrive()
            await self.bookings.hold(
                conversation_id=stranger.id, person_id=stranger.person_id, room_type=code, guests=1,
                check_in=date.fromisoformat(first), check_out=date.fromisoformat(last),
            )  # fmt: skip

    async def answered(self) -> set[str]:
        """Every specialist that answered anything."""
        async with self.db.read() as session:
            actions = (await session.execute(select(InteractionRow.action))).scalars()
            return {name for action in actions for name in action.split("+")}

    def check_facts(self, *more: object) -> None:
        """Nothing the bot said was invented: it came from a tool, from the house or from the guest.
        ``more``: days that the guest named."""
        house = self.business, [topic.text for topic in knowledge_of(self.business).topics.values()]
        words = [text for author, text in self.said if author == "guest"]
        hours = [hour for text in words for hour in said_hours(text)]
        seen = (*self.witness.seen, *self._days(), *hours, *more)
        known = facts(*house, *words, *seen, MAX_NIGHTS, zone=self.business.timezone)
        texts = Texts("es_AR")
        for author, text in self.said:
            assert author != "bot" or invented(text, known, texts) == (), text

    def _days(self) -> list[date]:
        """The days that the house was asked for something on."""
        asked = [each for each in self.witness.seen if isinstance(each, GuestRequest)]
        values = [value for each in asked for value in each.details.values()]
        return [date.fromisoformat(value) for value in values if re.fullmatch(r"\d{4}-\d\d-\d\d", value)]

    def check_questions(self) -> None:
        """No question is put three times running."""
        asked = [text.rsplit("¿", 1)[-1] if "¿" in text else "" for author, text in self.said if author == "bot"]
        for one, two, three in zip(asked, asked[1:], asked[2:], strict=False):
            assert not one or not one == two == three, self.transcript()

    def check_heard(self, guest: Guest) -> None:
        rest = "\n".join(text for author, text in self.said if author != "guest")
        for never in guest.never:
            assert never not in rest, f"{never!r} was said\n{self.transcript()}"
        rest += "\n" + "\n".join(self.aloud)
        for part in guest.hears:
            assert part in rest, f"{part!r} was not said, or not then\n{self.transcript()}"
            rest = rest.partition(part)[2]

    def transcript(self) -> str:
        return "\n".join(f"{author}: {text}" for author, text in self.said)


async def build(
    db: Database,
    clock: FixedClock,
    ids: Ids,
    live: Live,
    work: Work,
    events: Events,
    mind: Understander,
    folder: Path,
    *,
    appointments: bool = False,
) -> World:
    people, texts = People(db, clock, ids), Texts("es_AR")
    conversations = Conversations(db, live, work, people, clock, ids, texts, {"webchat": Webchat()})
    attachments = Attachments(LocalFiles(folder), clock, ids)
    source = pms.Embedded(pms.Settings(), db)
    business = await source.business()
    selling = [True]

    async def sells() -> bool:
        return selling[0]

    bookings = Bookings(db, live, work, source, business, clock, ids, lambda: 0.0, sells)
    notices = Notices(conversations, bookings.rooms, texts)
    deposits = Deposits(db, bookings.rooms, notices, attachments, source, clock, ids)
    confirming = Confirming(db, bookings, deposits, notices, source, clock, texts)
    changes = Changes(db, bookings, deposits, notices, people, source, clock, ids, country="AR")
    letters = Letterbox()
    vouchers = Vouchers(db, work, conversations, attachments, VoucherPrinter(), letters, business, clock)
    seen: list[Any] = []
    witness, made = Witness(bookings, seen), Witness(MadeBookings(deposits, changes, vouchers), seen)
    requests = Requests(db, live, people, conversations, clock, ids, texts)
    calendar = HouseCalendar(db, live, read_agenda(None, business), clock, ids) if appointments else None
    bot = Bot(
        db, conversations, people, witness, made, mind, clock, locale="es_AR", ids=ids,
        requests=Witness(requests, seen), calendar=Witness(calendar, seen) if calendar else None,
    )  # fmt: skip
    replying = Replying(db, conversations, witness, made, bot)

    async def answer(tx: Tx, event: MessageReceived) -> None:
        if event.control is Control.BOT and event.channel == "webchat":
            await reply(tx, event)

    async def keep(tx: Tx, event: AttachmentReceived) -> None:
        if event.control is not Control.BOT:
            await reply(tx, event)

    async def reply(tx: Tx, event: MessageReceived | AttachmentReceived) -> None:
        await work.promise(
            tx,
            REPLY,
            key=f"reply:{event.message_id}",
            payload={"conversation_id": event.conversation_id, "message_id": event.message_id},
            lane=event.conversation_id,
        )

    events.on_within(MessageReceived, answer)
    events.on_within(AttachmentReceived, keep)
    events.on_within(BookingConfirmed, vouchers.promise)
    events.on_within(BookingChangedStay, vouchers.promise)
    work.handle(REPLY, replying.reply)
    work.handle(DELIVER, conversations.deliver_job)
    work.handle(EXPIRE, bookings.expire_job)
    work.handle(VOUCHER, vouchers.make_job)
    work.handle(VOUCHER_MAIL, vouchers.mail_job)
    for kind, run in confirming.jobs.items():
        work.handle(kind, run)
    return World(
        db,
        work,
        people,
        conversations,
        bookings,
        bot,
        replying,
        business,
        witness,
        clock,
        attachments,
        deposits,
        letters,
        selling,
        requests,
        calendar,
    )


def _content(name: str) -> bytes:
    """A file whose bytes are its name's: the same name is the same file."""
    if name.endswith(".pdf"):
        return b"%PDF-1.4 " + name.encode()
    if name.endswith(".txt"):
        return name.encode()
    return b"\x89PNG\r\n\x1a\n" + name.encode()


def told(booking: Booking) -> str:
    """A booking as the scenarios write it down."""
    party = f"{booking.guests}+{booking.children}"
    pesos, cents = divmod(booking.total.amount, 100)
    assert cents == 0
    return (
        f"{booking.status} {booking.room_type} {booking.check_in} {booking.check_out} {party} {pesos} "
        f"{booking.guest_name or ''}"
    ).strip()


def told_request(asked: GuestRequest) -> str:
    """A request as the scenarios write it down: ``transport open RL-22223: day=2026-12-11 hour=15:00``."""
    details = " ".join(f"{name}={value}" for name, value in asked.details.items() if name != "said")
    answered = f" -> {asked.answer}" if asked.answer else ""
    return f"{asked.kind} {asked.state} {asked.booking_code or '-'}: {details}{answered}"
