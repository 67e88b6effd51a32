"""Fetching what came with a message from its carrier, and writing down what voice notes say, before it is answered.

Files are taken for what their bytes say, like everybody's. What is not taken, or cannot be had in a few tries, leaves
a line in the thread and a mark on the message, and the answer goes on without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from relevo.conversations import files, rules
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import Attachment, StoredFile
from relevo.conversations.incoming import Media, media_of
from relevo.conversations.ports import Channel, MediaSource, Transcriber
from relevo.conversations.rules import Conversation, Message
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, Misconfigured, RelevoError, TooLarge
from relevo.kit.work import MAX_ATTEMPTS, Job

_log = log.get("conversations")

TRIES = 3
SECONDS = 60.0
"""For one file, whatever its carrier does."""


class Fetching:
    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        attachments: Attachments,
        channels: Mapping[str, Channel],
        transcriber: Transcriber | None,
    ) -> None:
        self._db = db
        self._conversations = conversations
        self._attachments = attachments
        self._channels = channels
        self._transcriber = transcriber

    async def job(self, job: Job) -> None:
        """Payload: ``message_id``, ``media``. Runs in the lane of the answers, before the message's own."""
        async with self._db.read() as session:
            message = await self._conversations.message(session, str(job.payload["message_id"]))
            if message is None:
                return
            conversation = await self._conversations.get(session, message.conversation_id)
        media = [media_of(each) for each in job.payload["media"]]
        if media and rules.FETCHED not in message.meta:
            found = [
                await job.once(f"media:{number}", partial(self._one, job, conversation, each))
                for number, each in enumerate(media)
            ]
            message = await self._keep(message, media, found)
        await self._write_down(job, message, conversation)

    async def _one(self, job: Job, conversation: Conversation, media: Media) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS):
                content = await self._content(conversation, media)
            stored = await self._attachments.store(content, most=files.MAX_MEDIA)
        except (Invalid, TooLarge) as refusal:
            return {"refused": refusal.code}
        except Exception as error:
            if job.attempts < TRIES and getattr(error, "retryable", not isinstance(error, RelevoError)):
                raise
            _log.warning("a file was not to be had", conversation=conversation.id, exc_info=error)
            return {"lost": getattr(error, "code", type(error).__name__)}
        return {"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type}

    async def _content(self, conversation: Conversation, media: Media) -> bytes:
        source = self._channels.get(conversation.channel)
        if not isinstance(source, MediaSource):
            raise Misconfigured("channel_off")
        if media.size is not None and media.size > files.MAX_MEDIA:
            raise files.too_large(files.MAX_MEDIA)
        return await source.fetch(media, conversation.account or "")

    async def _keep(self, message: Message, media: Sequence[Media], found: Sequence[Mapping[str, Any]]) -> Message:
        async with self._db.write() as tx:
            known = await self._conversations.message(tx.session, message.id)
            if known is None or rules.FETCHED in known.meta:
                return known or message
            kept: list[Attachment] = []
            for each, result in zip(media, found, strict=True):
                if "sha256" in result:
                    stored = StoredFile(result["sha256"], result["size"], result["media_type"])
                    name = each.name or self._conversations.media_name(each.kind)
                    kept.append(await self._attachments.add(tx, message.conversation_id, name=name, stored=stored))
            refused = [str(result["refused"]) for result in found if "refused" in result]
            lost = [str(result["lost"]) for result in found if "lost" in result]
            return await self._conversations.attach(tx, message.id, kept, refused=refused, lost=lost)

    async def _write_down(self, job: Job, message: Message, conversation: Conversation) -> None:
        """The words of its voice note; of several, of the first."""
        sound = next((each for each in message.attachments if files.is_sound(str(each["media_type"]))), None)
        if self._transcriber is None or sound is None or rules.VOICE in message.meta:
            return
        try:
            async with self._db.read() as session:
                attachment = await self._attachments.get(session, str(sound["id"]))
            content = await self._attachments.read(attachment)
            said = await self._transcriber.transcribe(content, language=_language(conversation))
        except Exception as error:
            # One that names a time has too much to hear already, which is no failure.
            patient = MAX_ATTEMPTS if getattr(error, "retry_after", None) else TRIES
            if job.attempts < patient and not isinstance(error, Invalid):
                raise
            _log.warning("a voice note was not written down", conversation=conversation.id, exc_info=error)
            voice: dict[str, Any] = {"seconds": None, "confidence": 0.0, "low": True}
            text = ""
        else:
            text = rules.fit_text(said.text)
            low = not text or said.confidence < rules.LOW_CONFIDENCE
            voice = {"seconds": round(said.seconds, 1), "confidence": round(said.confidence, 3), "low": low}
        async with self._db.write() as tx:
            await self._conversations.write_down(tx, message.id, text, {**voice, "attachment_id": sound["id"]})


def _language(conversation: Conversation) -> str | None:
    locale = conversation.meta.get("locale")
    return str(locale).partition("_")[0].partition("-")[0] if locale else None
