"""The score a guest gives after the stay: an answer to our question in the chat, or the page that a letter links to.

A number counts as a score only right after the question; anything else said since is a conversation of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store as booked
from relevo.bookings.rules import Booking
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Author, Control, Kind, Message, iso
from relevo.conversations.service import Conversations
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Invalid
from relevo.outreach import rules, store
from relevo.outreach.events import LowFeedback
from relevo.outreach.rules import Score
from relevo.outreach.shown import stay_json
from relevo.outreach.store import Feedback
from relevo.people.rules import Staff
from relevo.texts import Texts

CHAT, LINK = "chat", "link"
MAX_TEXT = 2_000


class Feedbacks:
    def __init__(self, db: Database, conversations: Conversations, clock: Clock, texts: Texts) -> None:
        self._db = db
        self._conversations = conversations
        self._clock = clock
        self._texts = texts

    async def hear(self, tx: Tx, event: MessageReceived, message: Message) -> bool:
        """Whether the message was a score, and nothing else has to answer it."""
        given = rules.score_of(message.text)
        asked = await store.asked_for_score(tx.session, event.conversation_id) if given else None
        if given is None or asked is None or not await self._is_answer(tx, asked.message_id or "", message):
            return False
        booking = await booked.by_id(tx.session, asked.booking_id)
        if booking is None or not await self._keep(tx, booking, given, CHAT):
            return False
        if event.control is not Control.BOT or not self._conversations.carries(event.channel):
            return False
        await self._conversations.system_says(
            tx,
            event.conversation_id,
            text=self._texts.other(booking.locale).say(f"outreach.{'scored_low' if _low(given) else 'scored_well'}"),
            meta={"reply_to": message.id},
            key=f"scored:{booking.id}",
        )
        return True

    async def by_link(self, booking_id: str, score: int, text: str | None) -> bool:
        """What was filled in on the page. False: the stay is not known, or has its score."""
        if not rules.LOWEST <= score <= rules.HIGHEST:
            raise Invalid("bad_score")
        async with self._db.write() as tx:
            booking = await booked.by_id(tx.session, booking_id, lock=True)
            said = " ".join(text.split())[:MAX_TEXT] if text else None
            return booking is not None and await self._keep(tx, booking, Score(score, said or None), LINK)

    async def by_word(self, code: str, score: int, text: str | None) -> bool:
        """What a guest said in a conversation of their own accord. Words that come after a score are added to it.
        False: the stay is not known, or has all that."""
        if not rules.LOWEST <= score <= rules.HIGHEST:
            raise Invalid("bad_score")
        said = " ".join(text.split())[:MAX_TEXT] or None if text else None
        async with self._db.write() as tx:
            booking = await booked.by_code(tx.session, code)
            if booking is None:
                return False
            if await self._keep(tx, booking, Score(score, said), CHAT):
                return True
            return said is not None and await store.add_words(tx.session, booking.id, said)

    async def of(self, session: AsyncSession, booking_id: str) -> Feedback | None:
        return await store.feedback(session, booking_id)

    async def listing(self, session: AsyncSession, limit: int) -> list[dict[str, Any]]:
        """With whose stay it was, and where they can be written to."""
        items = []
        for given in await store.feedbacks(session, limit):
            booking = await booked.by_id(session, given.booking_id)
            items.append({**feedback_json(given), **stay_json(booking)})
        return items

    async def figures(self, session: AsyncSession, since: datetime, viewer: Staff | None = None) -> dict[str, Any]:
        """How many gave which score."""
        given = await store.scores(session, since, viewer)
        count = sum(given.values())
        total = sum(score * times for score, times in given.items())
        return {
            "since": iso(since),
            "count": count,
            "average": round(total / count, 2) if count else None,
            "scores": {str(score): given.get(score, 0) for score in range(rules.LOWEST, rules.HIGHEST + 1)},
            "low": rules.LOW,
        }

    async def _is_answer(self, tx: Tx, question_id: str, message: Message) -> bool:
        """Nobody of ours has said anything between the question and this."""
        question = await self._conversations.message(tx.session, question_id)
        if question is None:
            return False
        since = await self._conversations.messages(tx.session, message.conversation_id, after_seq=question.seq)
        return all(each.author is Author.CUSTOMER or each.kind is not Kind.TEXT for each in since)

    async def _keep(self, tx: Tx, booking: Booking, given: Score, via: str) -> bool:
        kept = Feedback(booking.id, given.score, given.text, via, self._clock.now())
        if not await store.add_feedback(tx.session, kept):
            return False
        await self._conversations.record(
            tx, booking.conversation_id, event="feedback", score=str(given.score), code=booking.code
        )
        if _low(given):
            await tx.publish(LowFeedback(booking.id, booking.conversation_id, given.score))
        return True


def _low(given: Score) -> bool:
    return given.score <= rules.LOW


def feedback_json(given: Feedback) -> dict[str, Any]:
    return {
        "booking_id": given.booking_id,
        "score": given.score,
        "text": given.text,
        "via": given.via,
        "at": iso(given.at),
    }
