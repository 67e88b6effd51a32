"""The bot at work: reads a message, lets the specialists decide, uses the tools they ask for, and answers.

No transaction is open while the message is understood or a tool is used. What is said and the dialogue after it are
saved together; a message that was answered is not answered again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from relevo.appointments.ports import Calendar
from relevo.appointments.rules import Agenda
from relevo.bookings.rules import Booking
from relevo.bot import store
from relevo.bot.beyond import Beyond
from relevo.bot.interactions import Interaction, Interactions, entities_json
from relevo.bot.ports import GuestRequests, Hotel, Made, ReadingContext, RoomTypeName, Understander, Understanding
from relevo.bot.rules import steps
from relevo.bot.rules.dialogue import Dialogue, Guest, Pending, merged, names_stay, spoken_of
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.knowledge import knowledge_of
from relevo.bot.rules.orchestrate import chosen_for, decide, meant, resume
from relevo.bot.rules.reading import type_words
from relevo.bot.rules.steps import Outcome, Scene
from relevo.bot.rules.tuning import Manner
from relevo.bot.rules.wording import TOPICS, greeting_buttons, render
from relevo.bot.specialists import specialists
from relevo.bot.tools import Tools, drive
from relevo.conversations.rules import ALOUD, Author, Kind, Message, Reply
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Forbidden, ProviderError
from relevo.kit.ids import Ids, RandomIds
from relevo.people.rules import IdentityKind, Person
from relevo.people.service import People
from relevo.texts import Texts

_log = log.get("bot")

CALL = "call"
VOUCHING = ("whatsapp", "whatsapp_twilio")
"""Channels whose carrier knows for sure from which telephone somebody writes. A caller's number can be made up."""
NOT_SELLING = "not_selling"
"""The house sells nothing now (degraded or manual mode): the customer is told, and promised a person."""
PROFILE = "profile"
"""The specialist whose customers change what we call them."""
FILES_ONLY = "enviar_comprobante"
"""What a file without a word means."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message to answer. ``version`` is the control version that the answer belongs to."""

    conversation_id: str
    person_id: str
    channel: str
    text: str
    message_id: str
    version: int
    locale: str | None = None
    spoken: bool = False
    files: tuple[str, ...] = ()
    """Pictures and documents that came with it, by their ids."""
    unread: bool = False
    """Something else came with it."""
    note: bool = False
    """It was said in a voice note; ``mumbled`` where its words are guesses."""
    mumbled: bool = False
    aloud: bool = False
    """The answer is spoken too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot wants to say, and the dialogue once it has been said. No replies: it was answered before."""

    replies: tuple[Reply, ...]
    handoff: str | None
    understanding: Understanding
    dialogue: Dialogue
    specialists: tuple[str, ...] = ()
    learned: tuple[str, str] | None = None
    """A person who had no name, and the one they gave."""
    interaction: Interaction | None = None
    """What is noted of the turn, where it answers somebody."""


class Bot:
    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        people: People,
        hotel: Hotel,
        made: Made,
        understander: Understander,
        clock: Clock,
        *,
        locale: str,
        vip_words: Sequence[str] = (),
        calendar: Calendar | None = None,
        requests: GuestRequests | None = None,
        beyond: Beyond | None = None,
        ids: Ids | None = None,
    ) -> None:
        self.interactions = Interactions(db, people, clock, ids or RandomIds(), hotel.business.timezone)
        self._calendar = calendar
        self._requests = requests
        self.beyond = beyond or Beyond()
        self._db = db
        self._conversations = conversations
        self._people = people
        self._hotel = hotel
        self._made = made
        self._understander = understander
        self._clock = clock
        self._installed = locale, tuple(vip_words)
        self.behave(Manner())
        # Here and not with the first guest's message, who would wait for thirty imports.
        self._specialists = specialists()
        self._room_types = tuple(
            RoomTypeName(kind.code, type_words(kind.code, kind.name), kind.capacity)
            for kind in hotel.business.room_types
        )

    def behave(self, manner: Manner) -> None:
        """From the next message on; what was left out is as the house was installed."""
        locale, vip_words = self._installed
        self._manner = manner
        self._texts = Texts(manner.locale or locale)
        self._vip_words = vip_words if manner.vip_words is None else manner.vip_words
        self.knowledge = knowledge_of(self._hotel.business, edits=manner.topics)

    def worded(self, locale: str | None) -> Texts:
        """The customer's language, in the register that the house chose for its own."""
        texts, chosen = self._texts.on(self._local(self._clock.now()).date()), self._manner.locale
        if chosen and locale and locale[:2] == chosen[:2]:
            return texts
        return texts.other(locale)

    async def close(self) -> None:
        await self._understander.close()

    async def greeting(self, conversation_id: str, *, channel: str, locale: str | None = None) -> Reply:  # noqa: ARG002
        """The first sentence: says that this is a virtual assistant and, on calls, that the call is recorded."""
        texts, hotel = self.worded(locale), self._hotel.business.name
        written = texts.say("bot.greeting", hotel=hotel)
        if channel != CALL:
            return Reply(written, greeting_buttons(texts))
        aloud = texts.say("bot.greeting_spoken", hotel=hotel)
        return Reply(aloud, spoken_text=aloud)

    async def suggest(self, turn: Turn) -> Reply | None:
        """What it would say if it had the conversation; None where that takes more than looking something up."""
        try:
            answer = await self._answer(turn, self._tools())
        except Forbidden:
            return None
        return answer.replies[0] if answer.replies and not answer.handoff else None

    async def respond(self, turn: Turn) -> Answer:
        """Answer one message. Uses the tools (a yes holds the room), but writes neither messages nor dialogue."""
        return await self._answer(turn, self._tools(turn))

    async def _answer(self, turn: Turn, tools: Tools) -> Answer:
        began = time.perf_counter()
        dialogue, person, thread = await self._known(turn.conversation_id, turn.person_id)
        if person is not None and tools.known_as:
            tools.known_as = person.ids
        if turn.message_id and turn.message_id == dialogue.message_id:
            return Answer((), None, Understanding(turn.text, "", 0.0), dialogue)
        now = self._local(self._clock.now())
        texts = self.worded(turn.locale)
        spoken = turn.spoken or turn.channel == CALL
        failed: str | None = None
        scene: Scene | None = None
        try:
            dialogue = await self._caught_up(dialogue, thread, now)
            if turn.text.strip() or not (turn.files or turn.unread):
                heard = await self._read(turn.text, dialogue, now, spoken=spoken or turn.note)
            else:
                heard = Understanding("", FILES_ONLY, 1.0, intents=(FILES_ONLY,))
            hold = await self._hotel.live_hold(turn.conversation_id)
            scene = self._scene(heard, dialogue, texts, now, hold=hold, guest=_guest(person), spoken=spoken)
            scene = replace(
                scene, files=turn.files, unread=turn.unread, mumbled=turn.mumbled, vouched=turn.channel in VOUCHING,
                conversation_id=turn.conversation_id, agenda=await self._agenda(),
            )  # fmt: skip
            outcome = await drive(decide(await self.beyond.seen(scene), self._specialists), tools)
        except ProviderError as error:
            _log.error("the bot could not use a provider", conversation=turn.conversation_id, code=error.code)
            heard, failed = Understanding(turn.text, "", 0.0), error.code
            reason = Reason.NOT_SELLING if error.code == NOT_SELLING else Reason.TROUBLE
            outcome = Outcome(dialogue, (steps.Line(f"bot.{reason}"),), None, reason, ())
        reply = render(outcome, texts, spoken=spoken or turn.aloud)
        if turn.aloud and reply.spoken_text:
            reply = replace(reply, meta={**reply.meta, ALOUD: reply.spoken_text})
        ms = round((time.perf_counter() - began) * 1000, 1)
        _log.info(
            "turn",
            conversation=turn.conversation_id,
            channel=turn.channel,
            intent=heard.intent,
            confidence=round(heard.confidence, 3),
            action="+".join(outcome.specialists),
            handoff=outcome.handoff,
            ms=ms,
            pii_text=turn.text,
            pii_reply=reply.text,
        )
        after = replace(outcome.dialogue, message_id=turn.message_id or dialogue.message_id)
        renamed = PROFILE in outcome.specialists
        name = after.guest.name if after.booking_code or renamed else None
        learned = (person.id, name) if person and name and (renamed or not person.name) else None
        noted = Interaction(
            turn.person_id, turn.channel, turn.text, heard.intent or None, round(heard.confidence, 4),
            entities_json(heard), outcome.specialists, reply.text, tuple(tools.used), ms, failed,
            handoff=outcome.handoff, meant=None if scene is None else meant(scene),
        )  # fmt: skip
        return Answer((reply,), outcome.handoff, heard, after, outcome.specialists, learned, noted)

    async def resume(self, turn: Turn) -> Answer:
        """Go on after a person handed the conversation back: no greeting, the note is read, the open matter resumed."""
        dialogue, person, thread = await self._known(turn.conversation_id, turn.person_id)
        now, texts = self._local(self._clock.now()), self.worded(turn.locale)
        spoken = turn.spoken or turn.channel == CALL
        dialogue = await self._caught_up(dialogue, thread, now)
        heard = Understanding("", "", 0.0)
        hold = await self._hotel.live_hold(turn.conversation_id)
        scene = self._scene(heard, dialogue, texts, now, hold=hold, guest=_guest(person), spoken=spoken)
        outcome = await drive(resume(scene), self._tools(turn))
        return Answer(
            (render(outcome, texts, spoken=spoken),), outcome.handoff, heard, outcome.dialogue, outcome.specialists
        )

    async def commit(self, tx: Tx, conversation_id: str, answer: Answer) -> None:
        """Save the dialogue in the transaction that stores what was said."""
        await store.save(tx.session, conversation_id, answer.dialogue, self._clock.now())
        if answer.learned:
            person_id, name = answer.learned
            await self._people.learn(tx, person_id, name=name)
        if answer.interaction:
            await self.interactions.note(tx, conversation_id, answer.interaction)

    async def forget(self, tx: Tx, conversation_id: str) -> None:
        """Nothing is left of what was said: what was made of it goes too."""
        await store.forget(tx.session, conversation_id)

    async def try_out(self, text: str, *, now: datetime | None = None) -> dict[str, Any]:
        """What the bot would understand and say to ``text`` as a first message. Writes nothing. No
        reply: it takes knowing who asks, or doing something."""
        local, texts = self._local(now or self._clock.now()), self._texts
        heard = await self._read(text, Dialogue(), local, spoken=False)
        scene = replace(self._scene(heard, Dialogue(), texts, local), agenda=await self._agenda())
        scene = await self.beyond.seen(scene)
        try:
            outcome = await drive(decide(scene, self._specialists), self._tools())
            said, names = render(outcome, texts, spoken=False), outcome.specialists
        except Forbidden:
            said, names = None, tuple(each.name for each in chosen_for(scene, self._specialists))
        return {
            "intent": heard.intent,
            "confidence": heard.confidence,
            "alternatives": [{"intent": intent, "confidence": sure} for intent, sure in heard.alternatives],
            "entities": entities_json(heard),
            "specialists": list(names),
            "reply": said.text if said is not None else None,
            "topics": list(said.meta.get(TOPICS, ())) if said is not None else [],
        }

    def _tools(self, turn: Turn | None = None) -> Tools:
        own, person = (turn.conversation_id, turn.person_id) if turn else (None, None)
        message = turn.message_id if turn else ""
        return Tools(
            self._hotel,
            self._made,
            own,
            person,
            calendar=self._calendar,
            requests=self._requests,
            beyond=self.beyond,
            turn=message,
        )

    async def _agenda(self) -> Agenda | None:
        return await self._calendar.agenda() if self._calendar is not None else None

    async def _known(self, conversation_id: str, person_id: str) -> tuple[Dialogue, Person | None, list[Message]]:
        async with self._db.read() as session:
            dialogue = await store.dialogue(session, conversation_id)
            person = await self._people.get(session, person_id)
            thread = await self._conversations.messages(session, conversation_id, after_seq=dialogue.read_to)
        return dialogue, person, thread

    async def _caught_up(self, dialogue: Dialogue, thread: Sequence[Message], now: datetime) -> Dialogue:
        """The dialogue after what people did meanwhile: their note is read; a yes no longer means the bot's offer."""
        if not thread:
            return dialogue
        dialogue = replace(dialogue, read_to=thread[-1].seq)
        if any(message.author is Author.AGENT and message.kind is Kind.TEXT for message in thread):
            dialogue = replace(
                dialogue,
                pending=Pending.NOTHING,
                offer=None,
                others=(),
                question=None,
                failures=0,
                errand=None,
                told=None,
                form=None,
            )
        for message in thread:
            note = str(message.meta.get("note") or "") if message.kind is Kind.EVENT else ""
            if not note:
                continue
            said = (await self._read(note, Dialogue(), now, spoken=False)).entities
            dialogue = replace(dialogue, note=note)
            if names_stay(said):
                dialogue = replace(
                    dialogue, draft=merged(dialogue.draft, said), pending=Pending.NOTHING, offer=None, question=None
                )
        return dialogue

    async def _read(self, text: str, dialogue: Dialogue, now: datetime, *, spoken: bool) -> Understanding:
        draft = spoken_of(dialogue)
        context = ReadingContext(
            now, dialogue.expecting, draft.check_in, draft.check_out, draft.guests, self._room_types, spoken
        )
        return await self._understander.aread(text, context)

    def _scene(
        self,
        heard: Understanding,
        dialogue: Dialogue,
        texts: Texts,
        now: datetime,
        *,
        hold: Booking | None = None,
        guest: Guest | None = None,
        spoken: bool = False,
    ) -> Scene:
        business = self._hotel.business
        return Scene(
            heard, dialogue, business, self.knowledge, texts, now, hold, guest or Guest(), spoken,
            vip_words=self._vip_words, bands=self._manner.bands,
        )  # fmt: skip

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._hotel.business.timezone)


def _guest(person: Person | None) -> Guest:
    if person is None:
        return Guest()
    return Guest(person.name, person.first(IdentityKind.PHONE), person.first(IdentityKind.EMAIL))
