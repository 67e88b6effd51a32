"""Help for the person who holds a conversation, on any channel: answers to choose from, the house's arguments, facts
with their source, a summary; and, where a language model is configured, its suggestions as they are written.

It sends nothing and changes nothing. No transaction is open while a tool or a model is asked, and without either
whatever can be looked up is still offered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from relevo.bot import store
from relevo.bot.ports import Hotel, Llm, Purpose
from relevo.bot.rules import copilot as rules
from relevo.bot.rules.copilot import Fact, Reader, Shown, Suggestion, Talk
from relevo.bot.rules.knowledge import HOUSE, Topic
from relevo.bot.rules.objections import Argument, Objection, objection_in
from relevo.bot.service import CALL, Bot, Turn
from relevo.conversations.rules import Author, Conversation, Kind
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.db import Database
from relevo.kit.errors import NotFound, ProviderError
from relevo.people.service import People
from relevo.texts import Texts

_log = log.get("bot.copilot")

BOT_SECONDS = 4.0
"""How long the desk waits for the bot's own answer, which may ask the PMS."""
MOST_TOKENS = 400
READ = 60
"""Messages, events and notes among them, that are looked at."""


class Models(Llm, Protocol):
    """Language models of which one is asked first."""

    def prefer(self, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Help:
    """Everything that was found without a language model. ``seq``: the last message that it knows of."""

    talk: Talk
    seq: int
    suggestions: tuple[Suggestion, ...]
    objection: Objection | None
    arguments: tuple[Argument, ...]
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]


class Copilot:
    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        people: People,
        hotel: Hotel,
        bot: Bot,
        texts: Texts,
        *,
        arguments: Sequence[Argument] = (),
        llm: Models | None = None,
    ) -> None:
        self._db = db
        self._conversations = conversations
        self._people = people
        self._hotel = hotel
        self._bot = bot
        self._texts = texts
        self._arguments = tuple(arguments)
        self._llm = llm

    @property
    def model(self) -> str | None:
        """The language model that is asked first."""
        return self._llm.name if self._llm is not None else None

    async def models(self) -> tuple[str, ...]:
        return await self._llm.models() if self._llm is not None else ()

    def choose(self, name: str) -> None:
        """From now on ``name`` is asked first, by the copilot and for rewording, in this process."""
        if self._llm is None or not self._llm.prefer(name):
            raise NotFound("no_model")
        _log.info("language model chosen", model=name)

    async def help(self, conversation_id: str) -> Help:
        """Raises ``NotFound``."""
        conversation, talk, seq = await self._talk(conversation_id)
        objection = objection_in(talk.words)
        arguments = rules.supported(self._arguments, self._bot.knowledge, objection)
        topics = self._bot.knowledge.find((), talk.words)
        say = self._texts.say
        found = [
            *await self._own(conversation, talk),
            *(Suggestion(each.text, "argument", say("copilot.source_arguments")) for each in arguments),
            *(Suggestion(each.text, "topic", self._source(each)) for each in topics),
        ]
        return Help(
            talk, seq, rules.chosen(found), objection, arguments, self._facts(talk, topics),
            rules.summary(talk, objection, self._hotel.business, self._texts),
        )  # fmt: skip

    async def stream(self, found: Help) -> AsyncGenerator[dict[str, Any], None]:
        """A model's suggestions as they are written, checked clause by clause. Closing it stops the model."""
        if self._llm is None:
            yield self._end("llm_off")
            return
        yield {"type": "started", "model": self._llm.name}
        business = self._hotel.business
        given = self._told(found)
        told = [words for each in given for words in (each.label, each.text)]
        told += [each.text for each in found.arguments]
        told += [each.text for each in found.suggestions]
        reader = Reader(rules.grounds(found.talk, business, told, business.timezone, self._texts), self._texts)
        asked = rules.asked(found.talk, given, found.arguments, self._texts)
        kept = dropped = 0
        try:
            async with aclosing(
                self._llm.stream(asked, purpose=Purpose.COPILOT, max_tokens=MOST_TOKENS)  # type: ignore[type-var]
            ) as pieces:
                async for piece in pieces:
                    for shown in reader.read(piece):
                        dropped += shown.step == "dropped"
                        kept += shown.step == "done"
                        yield _event(shown)
                    if reader.full:
                        break
            for shown in reader.end():
                dropped += shown.step == "dropped"
                kept += shown.step == "done"
                yield _event(shown)
        except ProviderError as error:
            for shown in reader.broken():
                yield _event(shown)
            yield self._end(error.code)
            return
        _log.info("copilot suggested", model=self._llm.name, kept=kept, dropped=dropped)
        yield self._end(None)

    def _end(self, code: str | None) -> dict[str, Any]:
        return {"type": "end", "code": code, "message": self._texts.say(f"error.{code}") if code else None}

    async def _talk(self, conversation_id: str) -> tuple[Conversation, Talk, int]:
        async with self._db.read() as session:
            conversation = await self._conversations.get(session, conversation_id)
            messages = await self._conversations.messages(session, conversation_id, limit=READ)
            dialogue = await store.dialogue(session, conversation_id)
            person = await self._people.get(session, conversation.person_id)
        bookings = await self._hotel.listing(conversation_id=conversation_id, limit=5)
        name = person.name if person else None
        talk = Talk(conversation.channel, name, conversation.reason, tuple(messages), dialogue, bookings)
        return conversation, talk, messages[-1].seq if messages else 0

    async def _own(self, conversation: Conversation, talk: Talk) -> list[Suggestion]:
        """What the bot would say to words that nobody answered: the draft it left, or an answer made now."""
        if talk.answered or not talk.words:
            return []
        last = next(each for each in reversed(talk.said) if each.kind is Kind.TEXT and each.author is Author.CUSTOMER)
        drafts = [each for each in talk.said if each.kind is Kind.SUGGESTION and each.seq > last.seq and each.text]
        if drafts:
            return [Suggestion(drafts[-1].text, "draft", self._texts.say("copilot.source_draft"))]
        turn = Turn(
            conversation.id, conversation.person_id, conversation.channel, talk.words, "",
            conversation.control_version, conversation.meta.get("locale"), spoken=conversation.channel == CALL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(BOT_SECONDS):
                reply = await self._bot.suggest(turn)
        except TimeoutError:
            _log.info("the bot's own answer took too long", conversation=conversation.id)
            return []
        return [Suggestion(reply.text, "bot", self._texts.say("copilot.source_bot"))] if reply else []

    def _facts(self, talk: Talk, topics: Sequence[Topic]) -> tuple[Fact, ...]:
        say, business = self._texts.say, self._hotel.business
        found = [
            Fact(say("copilot.fact.booking", code=each.code), rules.booking_line(each, self._texts),
                 say("copilot.source_booking", code=each.code))
            for each in talk.bookings
        ]  # fmt: skip
        if wanted := rules.stay_text(talk.dialogue.draft, business, self._texts):
            found.append(Fact(say("copilot.fact.stay"), wanted, say("copilot.source_talk")))
        if offer := talk.dialogue.offer:
            text = rules.offer_text(offer, business, self._texts)
            found.append(Fact(say("copilot.fact.offer"), text, say("copilot.source_talk")))
        found += [_fact(each, self._source(each)) for each in topics]
        return tuple(found)

    def _told(self, found: Help) -> list[Fact]:
        """For a model: what was found, and everything else that the house can be asked."""
        seen = {each.text for each in found.facts}
        rest = [_fact(each, "") for each in self._bot.knowledge.topics.values() if each.text not in seen]
        return [*found.facts, *rest]

    def _source(self, topic: Topic) -> str:
        return self._texts.say("copilot.source_business") if topic.source in ("business", HOUSE) else topic.source


def _fact(topic: Topic, source: str) -> Fact:
    return Fact(topic.key.replace("_", " ").capitalize(), topic.text, source)


def _event(shown: Shown) -> dict[str, Any]:
    return {"type": shown.step, "index": shown.index, "text": shown.text}
