"""The real stack in a fresh SQLite file, and guests who write to it one message at a time."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from relevo.adapters.pms import embedded as pms
from relevo.bookings.rules import MAX_NIGHTS, Booking, Business
from relevo.bookings.service import Bookings
from relevo.bot.ports import Understander
from relevo.bot.rules.guard import facts, invented
from relevo.bot.rules.knowledge import knowledge_of
from relevo.bot.service import REPLY, Bot
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Author, Control, Conversation, Kind, Message
from relevo.conversations.service import Conversations
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Identity, IdentityKind
from relevo.people.service import People
from relevo.texts import Texts


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    says: tuple[str, ...]
    bookings: tuple[str, ...] = ()
    control: str = "bot"
    full: tuple[str, ...] = ()
    """What keeps this guest from being served."""


def guests(file: str) -> list[Guest]:
    data = tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return [
        Guest(
            entry["name"],
            tuple(entry["says"]),
            tuple(entry.get("bookings", ())),
            entry.get("control", "bot"),
            tuple(entry.get("full", ())),
        )
        for entry in data["guest"]
    ]


class Witness:
    """The bookings room as the bot sees it, remembering every fact that it gave."""

    def __init__(self, bookings: Bookings) -> None:
        self._bookings = bookings
        self.seen: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._bookings, name)
        if not callable(found):
            return found

        async def call(*args: Any, **params: Any) -> Any:
            answer = await found(*args, **params)
            self.seen += [answer, args, params]
            return answer

        return call


@dataclass
class World:
    db: Database
    work: Work
    people: People
    conversations: Conversations
    bookings: Bookings
    bot: Bot
    business: Business
    witness: Witness
    said: list[tuple[str, str]] = field(default_factory=list)
    """(author, text), as it happened, for the failure's message."""

    async def arrive(self, channel: str = "webchat", identities: Sequence[Identity] = ()) -> Conversation:
        async with self.db.write() as tx:
            who = identities or [Identity(IdentityKind.WEBCHAT, f"visitor-{len(self.said)}")]
            person = await self.people.find_or_create(tx, who)
            return await self.conversations.open(tx, channel=channel, person_id=person.id)

    async def say(self, conversation: Conversation, text: str) -> list[Message]:
        """The guest writes; the answers to it."""
        async with self.db.write() as tx:
            received = await self.conversations.receive(tx, conversation.id, text=text)
        self.said.append(("guest", text))
        await self.work.drain()
        async with self.db.read() as session:
            later = await self.conversations.messages(session, conversation.id, after_seq=received.message.seq)
        answers = [each for each in later if each.author is Author.BOT and each.kind is Kind.TEXT]
        self.said += [("bot", "\n".join((each.text, *each.buttons))) for each in answers]
        return answers

    async def control(self, conversation: Conversation) -> Control:
        async with self.db.read() as session:
            return (await self.conversations.get(session, conversation.id)).control

    async def booked(self, conversation: Conversation) -> list[Booking]:
        found = await self.bookings.listing(conversation_id=conversation.id)
        return sorted(found, key=lambda booking: (booking.status, booking.check_out, booking.total))

    async def fill(self, full: str) -> None:
        """``doble 2026-12-11 2026-12-13``: strangers take every room of the type."""
        code, first, last = full.split()
        for _ in self.business.room_type(code).rooms:
            stranger = await self.arrive()
            await self.bookings.hold(
                conversation_id=stranger.id, person_id=stranger.person_id, room_type=code, guests=1,
                check_in=date.fromisoformat(first), check_out=date.fromisoformat(last),
            )  # fmt: skip

    def check_facts(self) -> None:
        """Nothing the bot said was invented: it came from a tool, from the house or from the guest."""
        house = self.business, [topic.text for topic in knowledge_of(self.business).topics.values()]
        words = [text for author, text in self.said if author == "guest"]
        known = facts(*house, *words, *self.witness.seen, MAX_NIGHTS, zone=self.business.timezone)
        texts = Texts("es_AR")
        for author, text in self.said:
            assert author == "guest" or invented(text, known, texts) == (), text

    def check_questions(self) -> None:
        """No question is put three times running."""
        asked = [text.rsplit("¿", 1)[-1] if "¿" in text else "" for author, text in self.said if author == "bot"]
        for one, two, three in zip(asked, asked[1:], asked[2:], strict=False):
            assert not one or not one == two == three, self.transcript()

    def transcript(self) -> str:
        return "\n".join(f"{author}: {text}" for author, text in self.said)


async def build(
    db: Database, clock: Clock, ids: Ids, live: Live, work: Work, events: Events, mind: Understander
) -> World:
    people = People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, Texts("es_AR"), {})
    source = pms.Embedded(pms.Settings(), db)
    business = await source.business()
    bookings = Bookings(db, live, work, source, business, clock, ids, lambda: 0.0)
    witness = Witness(bookings)
    bot = Bot(db, conversations, people, witness, mind, clock, locale="es_AR")

    async def answer(tx: Tx, event: MessageReceived) -> None:
        if event.control is Control.BOT and event.channel == "webchat":
            await work.promise(
                tx,
                REPLY,
                key=f"reply:{event.message_id}",
                payload={"conversation_id": event.conversation_id, "message_id": event.message_id},
                lane=event.conversation_id,
            )

    events.on_within(MessageReceived, answer)
    work.handle(REPLY, bot.reply_job)
    return World(db, work, people, conversations, bookings, bot, business, witness)


def told(booking: Booking) -> str:
    """A booking as the scenarios write it down."""
    party = f"{booking.guests}+{booking.children}"
    pesos, cents = divmod(booking.total.amount, 100)
    assert cents == 0
    return (
        f"{booking.status} {booking.room_type} {booking.check_in} {booking.check_out} {party} {pesos} "
        f"{booking.guest_name or ''}"
    ).strip()
