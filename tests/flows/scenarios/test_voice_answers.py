"""Answers to voice notes: in writing at once, and spoken after that for who wants it; never over a person's head."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from test_bot_jobs import Script
from world import World

from relevo.adapters.storage.files import LocalFiles
from relevo.bot.aloud import SPEAK, Aloud
from relevo.conversations.attachments import Attachments
from relevo.conversations.rules import Author, Control, Conversation, Message
from relevo.conversations.service import FETCH
from relevo.kit.clock import FixedClock
from relevo.kit.errors import NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.work import Job
from relevo.people.rules import Identity, IdentityKind, Role
from relevo.texts import Texts

NOTE = {"voice": {"seconds": 3.2, "confidence": 0.9, "low": False}}
GUESS = {"voice": {"seconds": 3.2, "confidence": 0.3, "low": True}}


class Voice:
    """Says nothing and keeps what it was to say."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.broken = False
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def speak(self, text: str, *, locale: str) -> tuple[bytes, float] | None:
        if self.broken:
            raise NotReady("speech_not_ready")
        if self.meanwhile is not None:
            await self.meanwhile()
        self.asked.append((text, locale))
        return b"OggS " + text.encode(), 4.25


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
async def world(
    world_with: Callable[[Any], Awaitable[World]], voice: Voice, clock: FixedClock, ids: CountingIds, tmp_path: Any
) -> World:
    made = await world_with(Script())
    attachments = Attachments(LocalFiles(tmp_path / "files"), clock, ids)
    made.conversations._attachments = attachments
    made.replying._aloud = Aloud(
        made.db, made.work, made.conversations, attachments, voice, Texts("es_AR"), always=False, channels={"webchat"}
    )
    made.work.handle(SPEAK, made.replying._aloud.speak_job)
    return made


async def say(world: World, conversation: Conversation, text: str, meta: dict[str, Any]) -> None:
    async with world.db.write() as tx:
        await world.conversations.receive(tx, conversation.id, text=text, meta=meta, nothing=True)
    await world.work.drain()


async def thread(world: World, conversation: Conversation) -> list[Message]:
    async with world.db.read() as session:
        found = await world.conversations.messages(session, conversation.id)
    return [message for message in found if message.author is Author.BOT]


async def test_a_note_is_answered_in_writing_and_then_aloud(world: World, voice: Voice) -> None:
    conversation = await world.arrive()
    await say(world, conversation, "doble", NOTE)
    written, spoken = await thread(world, conversation)
    assert "¿Querés reservar?" in written.text
    assert written.buttons
    assert spoken.text == ""
    assert spoken.meta["voice"] == {"seconds": 4.2}
    (file,) = spoken.attachments
    assert (file["name"], file["media_type"]) == ("Mensaje de voz.ogg", "audio/ogg")
    ((words, locale),) = voice.asked
    assert words.startswith("Doble para 2 personas")
    assert words == written.meta["aloud"]
    assert locale == "es_AR"


async def test_what_is_written_is_answered_in_writing_alone(world: World, voice: Voice) -> None:
    conversation = await world.arrive()
    await say(world, conversation, "doble", {})
    (written,) = await thread(world, conversation)
    assert "aloud" not in written.meta
    assert not voice.asked


async def test_a_guess_is_asked_for_in_writing(world: World) -> None:
    conversation = await world.arrive()
    await say(world, conversation, "doble", GUESS)
    assert (await thread(world, conversation))[0].text.count("Perdón, no te entendí bien en el audio.") == 1
    assert not await world.booked(conversation)


async def test_a_note_that_nobody_could_write_down_is_asked_for_in_writing(world: World) -> None:
    async def nobody(job: Job) -> None:
        """Speech is off."""

    world.work.handle(FETCH, nobody)
    conversation = await world.arrive()
    stored = await world.attachments.store(b"OggS of somebody")
    async with world.db.write() as tx:
        file = await world.attachments.add(tx, conversation.id, name="nota.ogg", stored=stored)
        await world.conversations.receive(tx, conversation.id, text="", attachments=[file])
    await world.work.drain()
    assert (await thread(world, conversation))[0].text.count("Perdón, no te entendí bien en el audio.") == 1


async def test_the_note_is_read_as_something_said(world: World) -> None:
    conversation = await world.arrive()
    await say(world, conversation, "doble", NOTE)
    mind = world.bot._understander
    assert isinstance(mind, Script)
    assert [context.spoken for context in mind.contexts] == [True]


async def test_a_language_without_a_voice_is_only_written(world: World, voice: Voice) -> None:
    async with world.db.write() as tx:
        person = await world.people.find_or_create(tx, [Identity(IdentityKind.WEBCHAT, "visitor-en")])
        conversation = await world.conversations.open(tx, channel="webchat", person_id=person.id, meta={"locale": "en"})
    await say(world, conversation, "doble", NOTE)
    assert len(await thread(world, conversation)) == 1
    assert not voice.asked


async def test_a_job_done_twice_speaks_once(world: World, voice: Voice) -> None:
    conversation = await world.arrive()
    await say(world, conversation, "doble", NOTE)
    written = (await thread(world, conversation))[0]
    payload = {"conversation_id": conversation.id, "version": 1, "message_ids": [written.id]}
    async with world.db.read() as session:
        payload["version"] = (await world.conversations.get(session, conversation.id)).control_version
    assert world.replying._aloud is not None
    await world.replying._aloud.speak_job(Job(1, SPEAK, "again", payload, 1, world.work))
    assert len(await thread(world, conversation)) == 2


async def test_a_voice_that_fails_leaves_the_words(world: World, voice: Voice) -> None:
    voice.broken = True
    conversation = await world.arrive()
    await say(world, conversation, "doble", NOTE)
    assert len(await thread(world, conversation)) == 1


async def test_nothing_is_spoken_once_a_person_has_taken_over(world: World, voice: Voice) -> None:
    conversation = await world.arrive()
    marta = await world.people.enrol(email="m@x.ar", name="Marta", role=Role.AGENT, password="una clave larga")

    async def take_over() -> None:
        async with world.db.write() as tx:
            await world.conversations.take_over(tx, conversation.id, staff=marta)

    voice.meanwhile = take_over
    await say(world, conversation, "doble", NOTE)
    assert voice.asked
    assert await world.control(conversation) is Control.AGENT
    assert len(await thread(world, conversation)) == 1
