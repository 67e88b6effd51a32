"""What the bot says on a call: written into the thread, made into sound, and said if control still has the version.

It knows in which language the call goes on and what was asked last. When to say something, and what, is decided
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from relevo.bot.rules.escalation import priority
from relevo.bot.service import Answer
from relevo.calls.media.playout import Speech
from relevo.calls.parts import Parts
from relevo.calls.rules import clauses
from relevo.calls.saying import Saying
from relevo.conversations.rules import Reply
from relevo.conversations.service import topic


class Replying:
    """``version`` is the control version now; ``caption`` shows words where the line has a screen."""

    def __init__(
        self,
        call_id: str,
        conversation_id: str,
        parts: Parts,
        saying: Saying,
        version: Callable[[], int],
        caption: Callable[[str, str], None],
    ) -> None:
        self.locale = parts.locale
        self.texts = parts.texts
        self.names: Sequence[str] = ()
        self.question = ""
        """The last thing that was asked, as it was said."""
        self._call_id = call_id
        self._conversation_id = conversation_id
        self._topic = topic(conversation_id)
        self._parts = parts
        self._saying = saying
        self._version = version
        self._caption = caption

    def speak(self, locale: str) -> None:
        """Go on in another language."""
        self.locale, self.texts = locale, self._parts.texts.other(locale)
        self._saying.locale = locale

    def text(self, key: str, **params: object) -> Reply:
        return Reply(self.texts.say(key, **params))

    def expected(self, *, interrupted: bool = False) -> list[str]:
        """What helps to recognise the next words: how people here say yes, names, and what was just asked.

        What is said into our own speech is a nod or a call for a halt far more often than anything else.
        """
        if interrupted:
            return [*self.texts.words("calls.interjections"), *self.names]
        return [*self.texts.words("calls.expected"), *self.names, *filter(None, [self.question])]

    async def learn_names(self, person_id: str) -> None:
        self.names = await self._parts.names(self._conversation_id, person_id)

    def remark(self, key: str, **params: object) -> Speech:
        """Something that is said and not kept in the thread."""
        speech = Speech(self._version())
        text = self.texts.say(key, **params)
        self.question = clauses(text)[-1]
        self._saying.make(speech, text)
        self._saying.say(speech)
        return speech

    async def keep(self, speech: Speech, text: str) -> None:
        """Write down what is being said already, because it could not wait for that."""
        meta = {"call_id": self._call_id, "heard": False, "spoken_text": ""}
        async with self._parts.db.write() as tx:
            spoken = await self._parts.conversations.bot_says(
                tx, self._conversation_id, version=speech.version, replies=[Reply(text)], meta=meta
            )
        if not spoken.stale:
            speech.message_id = spoken.messages[0].id
            self._caption("bot", text)

    async def say(
        self,
        replies: Sequence[Reply],
        *,
        version: int | None = None,
        answer: Answer | None = None,
        handoff: str | None = None,
        asked_ms: int | None = None,
        timing: Mapping[str, int] | None = None,
    ) -> list[Speech]:
        """Say this as the bot: recorded, then spoken. The sound is made while the record is being written."""
        version = self._version() if version is None else version
        # On a call the thread holds what is said aloud, not how it would be written.
        replies = [Reply(reply.spoken_text or reply.text, meta=reply.meta) for reply in replies]
        self.question = clauses(replies[-1].text)[-1] if replies and replies[-1].text.strip() else ""
        speeches = [Speech(version) for _ in replies]
        for first in speeches[:1]:
            first.asked_ms, first.timing = asked_ms, dict(timing or {})
        making = [self._saying.make(speech, reply.text) for speech, reply in zip(speeches, replies, strict=True)]
        parts, meta = self._parts, {"call_id": self._call_id, "heard": False, "spoken_text": ""}
        stale = True
        try:
            async with parts.db.write() as tx:
                spoken = await parts.conversations.bot_says(
                    tx, self._conversation_id, version=version, replies=replies, meta=meta
                )
                if not spoken.stale and answer is not None:
                    await parts.bot.commit(tx, self._conversation_id, answer)
                if not spoken.stale and handoff is not None:
                    after = await parts.conversations.ask_for_person(
                        tx, self._conversation_id, version=version, reason=handoff, priority=priority(handoff)
                    )
                    version = after.control_version
            stale = spoken.stale
        finally:
            parts.live.whisper(self._topic, "bot_typing", {"on": False})
            if stale:
                for task in making:
                    task.cancel()
        if stale:
            return []
        for speech, message in zip(speeches, spoken.messages, strict=True):
            speech.version, speech.message_id = version, message.id
            self._saying.say(speech)
            self._caption("bot", message.text)
        return speeches
