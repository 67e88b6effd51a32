"""The bot's turns on text channels, as durable jobs: what it wants to say is reworded, said once and, where somebody
sent a voice note, spoken. It says nothing where a person has the conversation by then.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from relevo.bot import store
from relevo.bot.aloud import Aloud
from relevo.bot.ports import Hotel, Made
from relevo.bot.rewording import Rewording
from relevo.bot.rules.escalation import priority
from relevo.bot.service import CALL, Answer, Bot, Turn
from relevo.conversations.files import PDF
from relevo.conversations.rules import ALOUD, VOICE, Control, Reply, missing_files
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.kit.work import Job

REPLY = "bot.reply"
"""Job: answer one message of a text channel. Payload: ``conversation_id``, ``message_id``."""
RESUME = "bot.resume"
"""Job: go on after a hand-back. Payload: ``conversation_id``, ``version``."""
GREETED = frozenset({"webchat", CALL})
"""Channels where the bot speaks first."""


class Replying:
    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        hotel: Hotel,
        made: Made,
        bot: Bot,
        *,
        rewording: Rewording | None = None,
        aloud: Aloud | None = None,
    ) -> None:
        self._db = db
        self._conversations = conversations
        self._hotel = hotel
        self._made = made
        self._bot = bot
        self._rewording = rewording
        self._aloud = aloud

    async def reply(self, job: Job) -> None:
        """Answer a message of a text channel, if the bot still has the conversation when it is done. Its files are
        kept whoever has it."""
        conversation_id, message_id = str(job.payload["conversation_id"]), str(job.payload["message_id"])
        async with self._db.read() as session:
            conversation = await self._conversations.get(session, conversation_id)
            message = await self._conversations.message(session, message_id)
        if message is None:
            return
        papers = [each for each in message.attachments if is_paper(str(each["media_type"]))]
        if conversation.control is not Control.BOT:
            await self._keep(conversation_id, [str(each["id"]) for each in papers])
            return
        note = message.meta.get(VOICE)
        sounds = [each for each in message.attachments if str(each["media_type"]).startswith("audio/")]
        turn = Turn(
            conversation_id,
            conversation.person_id,
            conversation.channel,
            message.text,
            message_id,
            conversation.control_version,
            conversation.meta.get("locale"),
            files=tuple(str(each["id"]) for each in papers),
            unread=len(papers) + len(sounds) < len(message.attachments) or missing_files(message),
            note=bool(note),
            # Where nobody can write a note down, it is one of which nothing was understood.
            mumbled=bool(note["low"]) if note else bool(sounds) and not message.text.strip(),
            aloud=self._aloud is not None and self._aloud.wanted(conversation.channel, note=bool(note)),
        )
        await self.say(turn, await self._reworded(turn, await self._bot.respond(turn)), {"reply_to": message_id})

    async def resume(self, job: Job) -> None:
        """Go on where a person handed the conversation back, if the bot still has it."""
        conversation_id, version = str(job.payload["conversation_id"]), int(job.payload["version"])
        async with self._db.read() as session:
            conversation = await self._conversations.get(session, conversation_id)
        if conversation.control is not Control.BOT or conversation.control_version != version:
            return
        turn = Turn(
            conversation_id, conversation.person_id, conversation.channel, "", f"resume:{version}", version,
            conversation.meta.get("locale"),
        )  # fmt: skip
        answer = await self._bot.resume(turn)
        await self.say(turn, replace(answer, dialogue=replace(answer.dialogue, message_id=turn.message_id)), {})

    async def _reworded(self, turn: Turn, answer: Answer) -> Answer:
        """The same answer in a language model's words, where there is one."""
        if self._rewording is None:
            return answer
        texts, began = self._bot.worded(turn.locale), time.perf_counter()
        replies = tuple([await self._rewording.reword(reply, turn.text, texts) for reply in answer.replies])
        noted = answer.interaction
        if noted is not None:
            said = "\n".join(reply.text for reply in replies)
            ms = round(noted.processing_ms + (time.perf_counter() - began) * 1000, 1)
            noted = replace(noted, processing_ms=ms, llm_answer=said if said != noted.engine_answer else None)
        return replace(answer, replies=replies, interaction=noted)

    async def _keep(self, conversation_id: str, files: Sequence[str]) -> None:
        """A person has the conversation: files that come while a room is held are laid beside it, in silence."""
        hold = await self._hotel.live_hold(conversation_id)
        for file_id in files if hold else ():
            assert hold
            await self._made.attach(hold.code, file_id, conversation_id=conversation_id)

    async def say(self, turn: Turn, answer: Answer, meta: dict[str, Any]) -> None:
        """Unless it was answered before, or somebody took the conversation meanwhile: then it is a suggestion."""
        if not answer.replies:
            return
        async with self._db.write() as tx:
            before = (await store.dialogue(tx.session, turn.conversation_id)).message_id
            if before == turn.message_id:
                return
            replies = answer.replies if before else self._introduced(turn, answer.replies)
            spoken = await self._conversations.bot_says(
                tx, turn.conversation_id, version=turn.version, replies=replies, meta=meta,
                # Where an attempt went on after its lease had ended, the dialogue may be further already.
                key=f"{turn.conversation_id}:{turn.message_id}",
            )  # fmt: skip
            if spoken.stale:
                return
            await self._bot.commit(tx, turn.conversation_id, answer)
            if self._aloud is not None and turn.aloud and not answer.handoff:
                await self._aloud.promise(tx, turn.conversation_id, turn.version, spoken.messages)
            if answer.handoff:
                await self._conversations.ask_for_person(
                    tx, turn.conversation_id, version=turn.version, reason=answer.handoff,
                    priority=priority(answer.handoff),
                )  # fmt: skip

    def _introduced(self, turn: Turn, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """The first words of all say who writes, where no greeting of ours came before them."""
        if turn.channel in GREETED:
            return replies
        who = self._bot.worded(turn.locale).say("bot.introduction", hotel=self._hotel.business.name)
        said = replies[0]
        aloud = {ALOUD: f"{who}\n{said.meta[ALOUD]}"} if ALOUD in said.meta else {}
        return (replace(said, text=f"{who}\n{said.text}", meta={**said.meta, **aloud}), *replies[1:])


def is_paper(media_type: str) -> bool:
    """Whether it can be a receipt: a picture or a PDF."""
    return media_type.startswith("image/") or media_type == PDF
