"""What the customer said becomes the thread's, and the bot's answer to it the bot's words.

All that was said since the bot last spoke is answered at once. Whether anybody may answer is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from relevo.bot.service import Turn
from relevo.calls.guiding import Guiding
from relevo.calls.media.bridge import Bridge
from relevo.calls.media.listened import Utterance
from relevo.calls.parts import CHANNEL, Parts
from relevo.calls.ports import Transcript
from relevo.calls.replying import Replying
from relevo.calls.rules.menu import Help, Pressed
from relevo.calls.saying import Saying
from relevo.conversations.rules import Conversation
from relevo.conversations.service import topic


class Answering:
    """``version`` is the control version now; ``caption`` shows words where the line has a screen."""

    def __init__(
        self,
        call_id: str,
        conversation: Conversation,
        parts: Parts,
        saying: Saying,
        replies: Replying,
        guiding: Guiding,
        version: Callable[[], int],
        caption: Callable[[str, str], None],
    ) -> None:
        self.unanswered: list[str] = []
        self._call_id = call_id
        self._conversation_id = conversation.id
        self._person_id = conversation.person_id
        self._topic = topic(conversation.id)
        self._parts = parts
        self._saying = saying
        self._replies = replies
        self._guiding = guiding
        self._version = version
        self._caption = caption
        self._keys = 0
        self._bridge: Bridge

    def attach(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def keep(self, utterance: Utterance, transcript: Transcript) -> str:
        """Write down what was said; answers the message's id."""
        text = transcript.text.strip()
        self._caption("customer", text)
        meta = {
            "at_ms": utterance.began_ms,
            "end_ms": utterance.ended_ms,
            "confidence": round(transcript.confidence, 3),
        }
        return await self._receive(text, str(utterance.number), meta)

    async def keep_keys(self, pressed: Pressed, text: str) -> str:
        self._keys += 1
        return await self._receive(text, f"k{self._keys}", {"key": pressed.keys})

    async def respond(self, text: str, message_id: str | None, utterance: Utterance | None) -> None:
        """Have everything answered that was said since the bot last spoke."""
        version = self._version()
        if text:
            self.unanswered.append(text)
        self._parts.live.whisper(self._topic, "bot_typing", {"on": True})
        turn = Turn(
            self._conversation_id, self._person_id, CHANNEL, " ".join(self.unanswered), message_id or "", version,
            self._replies.locale, spoken=True,
        )  # fmt: skip
        answer = await self._parts.bot.respond(turn)
        if self._bridge.customer.speaking and version == self._version():
            # They are not done: this turn is answered together with what comes now.
            return
        self.unanswered.clear()
        replies = list(answer.replies)
        if self._saying.notice_due:
            self._saying.notice_due = False
            replies.insert(0, self._replies.text("calls.notice"))
        handoff = answer.handoff
        match None if handoff else self._guiding.answered(answer.dialogue):
            case Help.MENU:
                replies.append(self._replies.text("calls.menu.offer"))
            case Help.PERSON:
                replies, handoff = [self._replies.text("calls.menu.person")], "not_understood"
        asked = utterance.ended_ms if utterance else None
        timing = {}
        if utterance is not None:
            times = {"words": utterance.words_ms, "turn": utterance.turn_ms, "answer": self._bridge.now_ms}
            timing = {step: at - utterance.ended_ms for step, at in times.items()}
        await self._replies.say(replies, version=version, answer=answer, handoff=handoff, asked_ms=asked, timing=timing)
        await self._replies.learn_names(self._person_id)

    async def _receive(self, text: str, name: str, meta: Mapping[str, object]) -> str:
        async with self._parts.db.write() as tx:
            received = await self._parts.conversations.receive(
                tx,
                self._conversation_id,
                text=text,
                external_id=f"{self._call_id}:{name}",
                meta={"call_id": self._call_id, **meta},
            )
        return received.message.id
