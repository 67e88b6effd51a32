"""While a person has the call: their words are written down as they speak, and the bot suggests what it would say.

It says nothing to the customer and holds up nobody: all of it runs beside the call's own steps.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from relevo.bot.service import Turn
from relevo.calls.listening import Heard, Judge, Listening
from relevo.calls.media.listened import Utterance
from relevo.calls.parts import CHANNEL, Parts
from relevo.calls.ports import Transcript
from relevo.calls.saying import Said
from relevo.conversations.rules import Conversation
from relevo.conversations.service import topic


class Listen(Protocol):
    """How somebody's sound becomes words."""

    def __call__(self, author: str, turn: Heard, judge: Judge) -> Listening: ...


class Beside:
    def __init__(
        self,
        parts: Parts,
        call_id: str,
        conversation: Conversation,
        listen: Listen,
        version: Callable[[], int],
        caption: Callable[[str, str], None],
        keep: Callable[[Said], None],
        start: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        self._parts = parts
        self._call_id = call_id
        self._conversation_id = conversation.id
        self._person_id = conversation.person_id
        self._topic = topic(conversation.id)
        self._listen = listen
        self._version = version
        self._caption = caption
        self._keep = keep
        self._start = start

    def listen(self, staff_id: str) -> Listening:
        def said(utterance: Utterance, transcript: Transcript | None) -> None:
            self._start(self._said(staff_id, utterance, transcript), "words of an agent")

        return self._listen("agent", said, lambda *_: None)

    def speaks(self, staff_id: str, begins: bool, utterance: Utterance) -> None:  # noqa: ARG002 - who: one lane for all
        self._parts.live.whisper(self._topic, "speaking", {"author": "agent", "on": begins})
        if not begins:
            self._keep(Said("agent", utterance.began_ms, utterance.ended_ms))

    async def suggest(self, text: str, message_id: str, version: int) -> None:
        """What the bot would answer, for the person who has the call."""
        turn = Turn(
            self._conversation_id, self._person_id, CHANNEL, text, message_id, version, self._parts.locale, spoken=True
        )
        reply = await self._parts.bot.suggest(turn)
        if reply is not None and version == self._version():
            async with self._parts.db.write() as tx:
                meta = {"call_id": self._call_id, "reply_to": message_id}
                await self._parts.conversations.suggest(tx, self._conversation_id, [reply], meta)

    async def _said(self, staff_id: str, utterance: Utterance, transcript: Transcript | None) -> None:
        text = transcript.text.strip() if transcript is not None else ""
        if not text or transcript is None:
            return
        self._caption("agent", text)
        meta = {
            "call_id": self._call_id, "spoken": True, "heard": True, "at_ms": utterance.began_ms,
            "end_ms": utterance.ended_ms, "confidence": round(transcript.confidence, 3),
        }  # fmt: skip
        async with self._parts.db.write() as tx:
            await self._parts.conversations.agent_said(
                tx, self._conversation_id, staff_id=staff_id, text=text, meta=meta,
                external_id=f"{self._call_id}:{staff_id}:{utterance.began_ms}",
            )  # fmt: skip
