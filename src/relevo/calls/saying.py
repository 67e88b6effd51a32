"""Our side's words on one call: making their sound, letting it through or not, and keeping what was really heard.

``say`` is the last gate before the line: nothing made under another control version is ever heard. What the customer
heard of each message goes into the thread when it ends or is cut. What to say is decided elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from relevo.calls.media.playout import Playout, Speech
from relevo.calls.media.speaker import Speaker
from relevo.conversations.service import Conversations, topic
from relevo.kit.db import Database
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks

NOTICE_HEARD = 0.85
"""Share of the greeting that must have been heard for its notice (a machine speaks, it records) to count as given."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who spoke when, for the recording's sidecar."""

    author: str
    began_ms: int
    ended_ms: int


class Saying:
    """``allowed`` says whether control still has a version."""

    def __init__(
        self,
        conversation_id: str,
        db: Database,
        live: Live,
        conversations: Conversations,
        speaker: Speaker,
        allowed: Callable[[int], bool],
    ) -> None:
        self.said: list[Said] = []
        self.locale: str | None = None
        """Where it is not the house's own."""
        self.greeting: Speech | None = None
        self.notice_due = False
        """The greeting was cut before its notice was heard: it has to be said another way."""
        self._topic = topic(conversation_id)
        self._db = db
        self._live = live
        self._conversations = conversations
        self._speaker = speaker
        self._allowed = allowed
        self._making = Tasks()
        self._records = Tasks()
        self._playout: Playout

    def attach(self, playout: Playout) -> None:
        self._playout = playout

    def make(self, speech: Speech, text: str) -> asyncio.Task[None]:
        """Begin to make the sound."""
        return self._making.start(self._speaker.make(speech, text, self.locale), name="voice")

    def say(self, speech: Speech) -> bool:
        if not self._allowed(speech.version):
            speech.dropped = True
            return False
        self._playout.say(speech)
        self._live.whisper(self._topic, "speaking", {"author": speech.author, "on": True})
        return True

    def silence(self) -> list[Speech]:
        """Nothing more is heard from our side, from this tick on. Answers what was cut."""
        cut = self._playout.flush()
        for speech in cut:
            self.ended(speech)
        return cut

    def ended(self, speech: Speech) -> None:
        """It was heard to its end, or cut: keep what was heard of it."""
        self._live.whisper(self._topic, "speaking", {"author": speech.author, "on": False})
        if speech.began_ms is not None and speech.ended_ms is not None:
            self.said.append(Said(speech.author, speech.began_ms, speech.ended_ms))
        heard, missed = speech.heard()
        if speech is self.greeting and missed:
            self.notice_due = len(heard) < NOTICE_HEARD * (len(heard) + len(missed))
        if speech.message_id is not None:
            meta: dict[str, object] = {
                "heard": not missed,
                "spoken_text": heard,
                "at_ms": speech.began_ms,
                "end_ms": speech.ended_ms,
            }
            if speech.asked_ms is not None and speech.sent_ms is not None:
                meta["timing"] = {**speech.timing, "sound": speech.sent_ms - speech.asked_ms}
            text = heard if heard and missed else None
            self._records.start(self._amend(speech.message_id, text, meta), name="what was heard")

    async def close(self) -> None:
        """Stop making sound; finish writing down what was heard."""
        await self._making.close()
        await self._records.settle()

    async def _amend(self, message_id: str, text: str | None, meta: Mapping[str, object]) -> None:
        async with self._db.write() as tx:
            await self._conversations.amend(tx, message_id, text=text, meta=meta)
