"""Files and voice notes of carriers: there before the answer, taken for what they are, missed by nobody in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relevo.conversations.fetching import TRIES, Fetching
from relevo.conversations.files import MAX_MEDIA
from relevo.conversations.incoming import Media
from relevo.conversations.ports import NoteTranscript
from relevo.conversations.rules import Kind, Message
from relevo.conversations.service import FETCH
from relevo.kit.errors import NotReady, ProviderError
from relevo.kit.work import Job
from relevo.texts import Texts
from tests.conversations.carrier import Scribe, incoming
from tests.conversations.conftest import Desk

OGG = b"OggS\x00\x02" + bytes(40)
PICTURE = b"\xff\xd8\xff\xe0" + bytes(64)
NOTE = Media("note", "voice", "audio/ogg; codecs=opus")
PHOTO = Media("photo", "image", "image/jpeg", "comprobante.jpg")


@pytest.fixture
def scribe() -> Scribe:
    return Scribe()


@pytest.fixture
def order(desk: Desk, scribe: Scribe) -> list[str]:
    """What was done, in order; whatever is fetched is answered after it."""
    done: list[str] = []
    fetching = Fetching(desk.db, desk.conversations, desk.attachments, {"whatsapp": desk.carrier}, scribe)

    async def fetch(job: Job) -> None:
        done.append("fetch")
        await fetching.job(job)

    async def reply(job: Job) -> None:
        async with desk.db.read() as session:
            found = await desk.conversations.message(session, job.payload["message_id"])
        assert found is not None
        done.append(f"reply to {found.text or len(found.attachments)}")

    desk.work.handle(FETCH, fetch)
    desk.work.handle("test.reply", reply)

    return done


async def take(desk: Desk, *media: Media, text: str = "") -> Message:
    async with desk.db.write() as tx:
        taken = await desk.inbox.take(tx, incoming("wamid.1", text, media=media))
        await desk.work.promise(
            tx, "test.reply", key="reply", payload={"message_id": taken.message.id},
            lane=f"reply:{taken.conversation.id}",
        )  # fmt: skip
    return taken.message


async def after(desk: Desk, message: Message) -> Message:
    for _ in range(TRIES + 1):
        await desk.work.drain()
        desk.clock.advance(timedelta(minutes=5))
    return (await desk.thread(message.conversation_id))[0]


async def lines(desk: Desk, message: Message) -> list[str]:
    return [each.text for each in await desk.thread(message.conversation_id) if each.kind is Kind.EVENT]


async def test_a_file_is_there_before_it_is_answered(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["photo"] = PICTURE
    now = await after(desk, await take(desk, PHOTO))
    assert order == ["fetch", "reply to 1"]
    assert [(each["name"], each["media_type"]) for each in now.attachments] == [("comprobante.jpg", "image/jpeg")]
    async with desk.db.read() as session:
        file = await desk.attachments.get(session, now.attachments[0]["id"])
    assert file.message_id == now.id
    assert await desk.attachments.read(file) == PICTURE


async def test_a_voice_note_is_answered_by_what_it_says(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["note"] = OGG
    message = await take(desk, NOTE)
    assert (await desk.now(message.conversation_id)).last_text == Texts("es").say("conversations.media.voice")
    now = await after(desk, message)
    assert order == ["fetch", "reply to quiero una doble"]
    assert now.meta["voice"] == {
        "seconds": 4.2, "confidence": 0.9, "low": False, "attachment_id": now.attachments[0]["id"],
    }  # fmt: skip
    assert (await desk.now(message.conversation_id)).last_text == "quiero una doble"


async def test_a_note_that_is_hardly_understood_says_so(desk: Desk, order: list[str], scribe: Scribe) -> None:
    scribe.said = Scribe("una doble", 0.2).said
    desk.carrier.files["note"] = OGG
    assert (await after(desk, await take(desk, NOTE))).meta["voice"]["low"] is True
    assert order == ["fetch", "reply to una doble"]


async def test_a_note_waits_its_turn_while_there_is_much_to_hear(
    desk: Desk, order: list[str], scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear, turns = scribe.transcribe, TRIES + 2

    async def busy(content: bytes, *, language: str | None) -> NoteTranscript:
        nonlocal turns
        turns -= 1
        if turns > 0:
            raise NotReady("notes_busy", retry_after=timedelta(seconds=20))
        return await hear(content, language=language)

    monkeypatch.setattr(scribe, "transcribe", busy)
    desk.carrier.files["note"] = OGG
    message = await take(desk, NOTE)
    await after(desk, message)
    assert (await after(desk, message)).text == "quiero una doble"
    assert order == ["fetch"] * (TRIES + 2) + ["reply to quiero una doble"]
    assert desk.carrier.fetched_refs == ["note"]


async def test_words_beside_a_note_are_their_own(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["note"] = OGG
    now = await after(desk, await take(desk, NOTE, text="Escuchá"))
    assert (now.text, now.meta["voice"]["text"]) == ("Escuchá", "quiero una doble")
    assert order == ["fetch", "reply to Escuchá"]


async def test_a_carrier_that_is_down_for_a_moment_costs_a_moment(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["photo"] = NotReady("mail_unavailable")
    message = await take(desk, PHOTO)
    await desk.work.drain()
    assert order == ["fetch"]
    desk.carrier.files["photo"] = PICTURE
    await after(desk, message)
    assert order == ["fetch", "fetch", "reply to 1"]


async def test_what_is_not_to_be_had_is_missed_by_nobody_in_silence(desk: Desk, order: list[str]) -> None:
    desk.carrier.files |= {"photo": NotReady("mail_unavailable"), "note": OGG}
    message = await take(desk, NOTE, PHOTO)
    now = await after(desk, message)
    assert order == ["fetch"] * TRIES + ["reply to quiero una doble"]
    assert now.meta["lost"] == ["mail_unavailable"]
    assert await lines(desk, message) == [Texts("es").say("conversations.event.media_lost")]
    assert desk.carrier.fetched_refs.count("note") == 1


async def test_what_its_carrier_does_not_give_is_not_asked_for_again(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["photo"] = ProviderError("mail_refused")
    await after(desk, await take(desk, PHOTO))
    assert order == ["fetch", "reply to 0"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_type"),
        (b"PK\x03\x04" + bytes(4_000), "file_type"),
        (b"MZ" + bytes(64), "file_type"),
        (b"\xff\xd8\xff" + bytes(MAX_MEDIA), "file_too_large"),
        (b"", "file_empty"),
    ],
    ids=["svg", "zip", "program", "huge", "empty"],
)
async def test_what_is_not_taken_is_refused_and_the_answer_goes_on(
    desk: Desk, order: list[str], content: bytes, code: str
) -> None:
    desk.carrier.files["photo"] = content
    message = await take(desk, PHOTO, text="Mirá")
    now = await after(desk, message)
    assert order == ["fetch", "reply to Mirá"]
    assert (now.attachments, now.meta["refused"]) == ((), [code])
    assert len(await lines(desk, message)) == 1


async def test_what_says_that_it_is_huge_is_not_even_fetched(desk: Desk, order: list[str]) -> None:
    await after(desk, await take(desk, Media("film", "video", "video/mp4", size=MAX_MEDIA + 1)))
    assert desk.carrier.fetched_refs == []
    assert order == ["fetch", "reply to 0"]


async def test_names_are_cleaned(desk: Desk, order: list[str]) -> None:
    desk.carrier.files["x"] = PICTURE
    now = await after(desk, await take(desk, Media("x", "document", "image/jpeg", "../<b>x</b>.html")))
    assert [each["name"] for each in now.attachments] == ["b.jpg"]
    assert order == ["fetch", "reply to 1"]


async def test_a_job_that_runs_twice_adds_nothing(desk: Desk, order: list[str], scribe: Scribe) -> None:
    desk.carrier.files["note"] = OGG
    message = await take(desk, NOTE)
    await after(desk, message)
    async with desk.db.write() as tx:
        await desk.work.promise(
            tx, FETCH, key="again",
            payload={"message_id": message.id, "media": [{"ref": "note", "kind": "voice", "media_type": "audio/ogg"}]},
        )  # fmt: skip
    now = await after(desk, message)
    assert len(now.attachments) == 1
    assert scribe.heard == 1
    assert len(order) == 3


async def test_a_note_recorded_in_the_web_chat_is_written_down_too(desk: Desk, order: list[str]) -> None:
    chat = await desk.opened()
    stored = await desk.attachments.store(OGG)
    async with desk.db.write() as tx:
        file = await desk.attachments.add(tx, chat.id, name="nota", stored=stored)
        received = await desk.conversations.receive(tx, chat.id, text="", attachments=[file])
    assert (await after(desk, received.message)).text == "quiero una doble"
    assert order == ["fetch"]
