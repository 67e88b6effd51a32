"""The bot's written answers as voice notes, for customers who would rather listen.

The words go out first and never wait for the sound; the note follows them as a message of its own, in the same lane and
under the same control version. A note that cannot be made is left out: everything it says has been written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from relevo.bot.ports import NoteVoice
from relevo.conversations.attachments import Attachments
from relevo.conversations.rules import ALOUD, Conversation, Message, bot_may_speak
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.db import Database, Tx
from relevo.kit.errors import ProviderError
from relevo.kit.work import Job, Work
from relevo.texts import Texts

_log = log.get("bot.aloud")

SPEAK = "bot.speak"
"""Job: make the voice note of an answer. Payload: ``conversation_id``, ``version``, ``message_ids``."""

LANGUAGE = "es"
"""Of the voices. English words in a Spanish mouth are no help to anybody who listens."""


class Aloud:
    def __init__(
        self,
        db: Database,
        work: Work,
        conversations: Conversations,
        attachments: Attachments,
        voice: NoteVoice,
        texts: Texts,
        *,
        always: bool,
        channels: Collection[str],
    ) -> None:
        """``channels`` are those that carry sound; without ``always`` only voice notes are answered by one."""
        self._db = db
        self._work = work
        self._conversations = conversations
        self._attachments = attachments
        self._voice = voice
        self._texts = texts
        self._always = always
        self._channels = channels

    def wanted(self, channel: str, *, note: bool) -> bool:
        return channel in self._channels and (note or self._always)

    async def promise(self, tx: Tx, conversation_id: str, version: int, messages: Sequence[Message]) -> None:
        """In the transaction that stores the words."""
        if messages:
            await self._work.promise(
                tx,
                SPEAK,
                key=f"speak:{messages[0].id}",
                payload={
                    "conversation_id": conversation_id,
                    "version": version,
                    "message_ids": [message.id for message in messages],
                },
                lane=f"reply:{conversation_id}",
            )

    async def speak_job(self, job: Job) -> None:
        conversation_id, version = str(job.payload["conversation_id"]), int(job.payload["version"])
        async with self._db.read() as session:
            conversation = await self._conversations.get(session, conversation_id)
            found = [await self._conversations.message(session, str(each)) for each in job.payload["message_ids"]]
        messages = [message for message in found if message is not None]
        if messages and bot_may_speak(conversation, version):
            await self._speak(conversation, version, messages)

    async def _speak(self, conversation: Conversation, version: int, messages: Sequence[Message]) -> None:
        texts = self._texts.other(conversation.meta.get("locale"))
        if not texts.locale.startswith(LANGUAGE):
            return
        words = "\n".join(str(message.meta.get(ALOUD) or message.text) for message in messages)
        try:
            made = await self._voice.speak(words, locale=texts.locale)
        except ProviderError as error:
            _log.warning("an answer could not be spoken", conversation=conversation.id, code=error.code)
            return
        if made is None:
            return
        content, seconds = made
        stored = await self._attachments.store(content)
        async with self._db.write() as tx:
            await self._conversations.bot_speaks(
                tx,
                conversation.id,
                version=version,
                key=messages[0].id,
                name=texts.say("bot.note_file"),
                stored=stored,
                seconds=seconds,
            )
