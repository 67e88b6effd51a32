"""The conversation by e-mail, to the address that its visitor gives: what was said to them and by them, no more."""

from __future__ import annotations

from datetime import tzinfo

from relevo.conversations.rules import Conversation, Message
from relevo.conversations.service import Conversations
from relevo.kit.crypto import fingerprint
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.mail import Mailer
from relevo.kit.work import Job, Work
from relevo.texts import Texts

TRANSCRIPT = "webchat.transcript"
"""Job: post a conversation. Payload: ``conversation_id``, ``email``, ``up_to``."""


class Transcripts:
    def __init__(
        self,
        db: Database,
        work: Work,
        conversations: Conversations,
        mailer: Mailer,
        texts: Texts,
        *,
        business: str,
        timezone: tzinfo,
    ) -> None:
        self._db = db
        self._work = work
        self._conversations = conversations
        self._mailer = mailer
        self._texts = texts
        self._business = business
        self._timezone = timezone

    @property
    def on(self) -> bool:
        return self._mailer.on

    async def promise(self, conversation: Conversation, email: str) -> None:
        if not self.on:
            raise Conflict("mail_off")
        async with self._db.write() as tx:
            messages = await self._conversations.messages(tx.session, conversation.id)
            last = messages[-1].seq if messages else 0
            await self._work.promise(
                tx,
                TRANSCRIPT,
                key=f"transcript:{conversation.id}:{last}:{fingerprint(email)[:16]}",
                payload={"conversation_id": conversation.id, "email": email, "up_to": last},
            )

    async def job(self, job: Job) -> None:
        async with self._db.read() as session:
            conversation = await self._conversations.get(session, job.payload["conversation_id"])
            messages = await self._conversations.messages(session, conversation.id)
        said = [each for each in messages if each.for_customer and each.seq <= job.payload["up_to"]]
        texts = self._texts.other(conversation.meta.get("locale"))
        await self._mailer.send(
            to=job.payload["email"],
            subject=texts.say("webchat.transcript.subject", business=self._business),
            text=self._letter(texts, said),
            key=job.key,
        )

    def _letter(self, texts: Texts, said: list[Message]) -> str:
        lines = [texts.say("webchat.transcript.intro", business=self._business), ""]
        for message in said:
            at = message.at.astimezone(self._timezone)
            files = "".join(f" [{each['name']}]" for each in message.attachments)
            who = texts.say(f"webchat.transcript.{message.author.value}")
            lines.append(f"{at:%d/%m/%Y %H:%M} · {who}: {message.text}{files}")
        return "\n".join(lines)
