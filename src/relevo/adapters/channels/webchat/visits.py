"""What a visitor's page asks for, and what it is told, whichever road it takes.

A ``Visit`` is one page that is being told: it turns the live feed's events of its conversation into frames, once each
and in the order of the thread, and reads the thread itself where the feed has left something out.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from relevo.adapters.channels.webchat import frames
from relevo.adapters.channels.webchat.frames import Frame, frame
from relevo.adapters.channels.webchat.sessions import Limits
from relevo.adapters.channels.webchat.transcripts import Transcripts
from relevo.conversations.rules import VOICE, Control, Conversation, Delivery, Message, fit_text, forward, message_json
from relevo.conversations.service import Conversations, topic
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, RelevoError
from relevo.kit.live import Live, LiveEvent
from relevo.texts import Texts

TYPING = "typing"
READ_BACK = 50
"""Messages before the last one read that may still be unread: more were never on a screen at once."""


class Visit:
    """One page. ``seen`` is the number of the last message that it was told of, for the visitor or not."""

    def __init__(self, visits: Visits, conversation: Conversation, seen: int) -> None:
        self._visits = visits
        self.conversation = conversation
        self.seen = seen
        self._control = conversation.control.value
        self._rated = False

    async def welcome(self) -> list[Frame]:
        """To be asked for once one listens: nothing falls between."""
        visits, conversation = self._visits, self.conversation
        async with visits.db.read() as session:
            current = await visits.conversations.get(session, conversation.id)
            missed = await visits.conversations.messages(session, conversation.id, after_seq=self.seen)
            if current.control is Control.CLOSED:
                self._rated = await visits.rated(session, conversation.id)
        self._control = current.control.value
        last = missed[-1].seq if missed else self.seen
        self.seen = max(self.seen, last)
        d = {
            "session": conversation.id,
            "missed": frames.all_said(missed),
            "last_seq": last,
            "state": frames.state(self._control, rated=self._rated)["d"],
        }
        return [frame("welcome", d)]

    async def told(self, event: LiveEvent) -> list[Frame]:
        if event.kind == "message":
            return await self._message(event.data)
        if event.kind == TYPING and event.data.get("who") == "agent":
            return [frame("typing", {"who": "agent", "on": bool(event.data.get("on", True))})]
        control = event.data.get("control") if event.kind == "conversation" else None
        if control is None or control == self._control:
            return []
        self._control = str(control)
        return [self._state()]

    async def news(self) -> list[Frame]:
        """What the thread has that the page was not told of."""
        async with self._visits.db.read() as session:
            missed = await self._visits.conversations.messages(session, self.conversation.id, after_seq=self.seen)
        return [each for message in missed for each in self._next(message_json(message, {}))]

    async def _message(self, message: dict[str, Any]) -> list[Frame]:
        if message["seq"] <= self.seen:
            # What a voice note says comes after the note itself.
            made = frames.said(message) if VOICE in message.get("meta", {}) else None
            return [made] if made is not None else []
        return self._next(message) if message["seq"] == self.seen + 1 else await self.news()

    def _next(self, message: dict[str, Any]) -> list[Frame]:
        self.seen = max(self.seen, message["seq"])
        if frames.is_rating(message):
            self._rated = True
            return [self._state()]
        made = frames.said(message)
        return [made] if made is not None else []

    def _state(self) -> Frame:
        return frames.state(self._control, rated=self._rated)


class Visits:
    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        live: Live,
        limits: Limits,
        texts: Texts,
        clock: Clock,
        transcripts: Transcripts | None = None,
    ) -> None:
        self.db = db
        self.conversations = conversations
        self._live = live
        self._limits = limits
        self._texts = texts
        self._clock = clock
        self._transcripts = transcripts

    async def obey(self, conversation: Conversation, order: Any, sender: str) -> list[Frame]:
        """What the page wants, and what it is answered. ``sender``: as whom it is counted."""
        client_id: str | None = None
        try:
            asked = frames.Envelope.model_validate(order)
            given = asked.d.get("client_id")
            client_id = given if isinstance(given, str) and frames.is_client_id(given) else None
            return await self._obey(conversation, asked, sender)
        except ValidationError:
            return [frames.error("malformed", self._texts.say("error.malformed"), client_id)]
        except RelevoError as error:
            words = self._texts.other(conversation.meta.get("locale"))
            return [frames.error(error.code, words.say(error.text_key, **error.params), client_id)]

    async def _obey(self, conversation: Conversation, asked: frames.Envelope, sender: str) -> list[Frame]:
        match asked.t:
            case "ping":
                return [frame("pong", {})]
            case "msg":
                self._limits.writes.use(conversation.id)
                self._limits.senders.use(sender)
                return [await self._write(conversation, frames.Msg.model_validate(asked.d))]
            case "typing":
                self._limits.small.use(conversation.id)
                on = frames.Typing.model_validate(asked.d).on
                self._live.whisper(topic(conversation.id), TYPING, {"who": "customer", "on": on})
                return []
            case "read":
                self._limits.small.use(conversation.id)
                await self._read(conversation, frames.Read.model_validate(asked.d))
                return []
            case "rate":
                return await self._rate(conversation, frames.Rate.model_validate(asked.d))
            case "end":
                return await self._end(conversation)
            case "transcript" if self._transcripts is not None:
                self._limits.letters.use(conversation.id)
                self._limits.letters.use(sender)
                email = frames.Letter.model_validate(asked.d).email
                self._limits.senders_of_day.use(sender)
                self._limits.letters_of_day.use(conversation.id)
                self._limits.letters_of_day.use(email.lower())
                await self._transcripts.promise(conversation, email)
                return [frame("done", {"what": "transcript"})]
        raise Invalid("malformed")

    async def _write(self, conversation: Conversation, msg: frames.Msg) -> Frame:
        text = await self._chosen(conversation, msg.choice) if msg.choice is not None else msg.text or ""
        async with self.db.write() as tx:
            received = await self.conversations.receive(
                tx, conversation.id, text=text, external_id=f"{conversation.id}:{msg.client_id}",
                meta={"client_id": msg.client_id},
            )  # fmt: skip
        return frame("ack", {"client_id": msg.client_id, "msg_id": received.message.id}, seq=received.message.seq)

    async def _read(self, conversation: Conversation, read: frames.Read) -> None:
        reached = Delivery.READ if read.seen else Delivery.DELIVERED
        async with self.db.read() as session:
            latest = await self.conversations.messages(
                session, conversation.id, after_seq=max(0, read.up_to - READ_BACK), limit=READ_BACK
            )
        ours = [each for each in latest if each.seq <= read.up_to and forward(each.delivery, reached)]
        if not ours:
            return
        async with self.db.write() as tx:
            for message in ours:
                await self.conversations.status(
                    tx, channel=conversation.channel, delivery=reached, at=self._clock.now(), message_id=message.id
                )

    async def _chosen(self, conversation: Conversation, choice: frames.Choice) -> str:
        async with self.db.read() as session:
            offered = await self.conversations.message(session, choice.msg_id)
        at = int(choice.option_id)
        if offered is None or offered.conversation_id != conversation.id or not offered.for_customer:
            raise Invalid("malformed")
        if at >= len(offered.buttons):
            raise Invalid("malformed")
        return offered.buttons[at]

    async def _rate(self, conversation: Conversation, rate: frames.Rate) -> list[Frame]:
        comment = " ".join(fit_text(rate.comment).split())
        meta: dict[str, Any] = {"score": rate.score, **({"comment": comment} if comment else {})}
        self._limits.small.use(conversation.id)
        async with self.db.write() as tx:
            if not await self.rated(tx.session, conversation.id):
                await self.conversations.record(
                    tx, conversation.id, event=frames.RATED, meta=meta, score=str(rate.score), comment=comment
                )
        return [frame("done", {"what": "rate"})]

    async def rated(self, session: Any, conversation_id: str) -> bool:
        messages: list[Message] = await self.conversations.messages(session, conversation_id)
        return any(frames.is_rating({"meta": message.meta}) for message in messages)

    async def _end(self, conversation: Conversation) -> list[Frame]:
        """A person who holds it goes on, and is told."""
        self._limits.small.use(conversation.id)
        async with self.db.write() as tx:
            current = await self.conversations.get(tx.session, conversation.id)
            if current.control in (Control.BOT, Control.QUEUED):
                await self.conversations.close(tx, conversation.id, event="visitor_ended")
            elif current.control is Control.AGENT:
                await self.conversations.record(tx, conversation.id, event="visitor_ended")
        return [frame("done", {"what": "end"})]
