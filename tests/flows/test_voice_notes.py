"""Voice notes over real sockets: from a guest's telephone through Meta, or out of the web chat, and back as a note."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soxr

from relevo.adapters.lines.scripted import clip
from relevo.adapters.speech.note_files import decoded, encoded
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.whisper import Settings, Whisper
from relevo.adapters.understanding.embedded import Embedded
from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript
from relevo.conversations.rules import Author, Control, Delivery, Kind, Message
from relevo.kit.clock import FixedClock
from tests.whatsapp_meta.conftest import Hotel, open_hotel

ASKS = "Hola, eh, quería, eh, saber a qué hora es el check-in."


class Listener:
    """Hears the sentences of a list, as surely as it was told."""

    name = "listener"

    def __init__(self, *sentences: str, confidence: float = 0.9) -> None:
        self.sentences = list(sentences)
        self.confidence = confidence
        self.heard: list[float] = []

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        self.heard.append(len(pcm) / SPEECH_RATE)
        return Transcript(self.sentences.pop(0) if self.sentences else "", self.confidence)


@pytest.fixture
async def hotel(tmp_path: Path, clock: FixedClock, engine: Embedded) -> AsyncIterator[Hotel]:
    async with open_hotel(tmp_path, clock, engine, speech="fake", voice_replies="mirror") as found:
        yield found


def hears(hotel: Hotel, *sentences: str, confidence: float = 0.9) -> Listener:
    assert hotel.product.voice is not None
    assert hotel.product.voice.speech.notes is not None
    listener = Listener(*sentences, confidence=confidence)
    hotel.product.voice.speech.notes._recognizer = listener
    return listener


def wide(*names: str) -> Pcm:
    sound = soxr.resample(np.concatenate([clip(name) for name in names]).astype(np.float32), 8_000, SPEECH_RATE)
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


def note(*names: str) -> bytes:
    return encoded(wide(*names), SPEECH_RATE, 16_000)


def from_a_browser(*names: str) -> bytes:
    out = io.BytesIO()
    pcm = wide(*names)
    with av.open(out, "w", format="webm") as made:
        stream = made.add_stream("libopus", rate=SPEECH_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SPEECH_RATE, 0, Fraction(1, SPEECH_RATE)
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


def said(thread: Sequence[Message], author: Author, kind: Kind = Kind.TEXT) -> list[Message]:
    return [each for each in thread if each.author is author and each.kind is kind]


async def test_a_note_is_written_down_answered_and_answered_by_a_note(hotel: Hotel) -> None:
    ana, listener = hotel.guest(), hears(hotel, ASKS)
    hotel.meta.phones.send_file(ana, note("florencia_1"), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    thread = await hotel.thread()
    (heard,) = said(thread, Author.CUSTOMER)
    assert heard.text == "Hola, quería saber a qué hora es el check-in."
    assert heard.meta["voice"]["low"] is False
    assert heard.meta["voice"]["seconds"] == pytest.approx(5.5, abs=0.1)
    assert heard.attachments[0]["media_type"] == "audio/ogg"
    assert listener.heard == [pytest.approx(5.4, abs=0.3)]
    written, spoken = said(thread, Author.BOT)
    assert "14:00" in written.text
    assert spoken.text == ""
    assert "asistente virtual" in written.meta.get("aloud", written.text)
    assert [each.delivery for each in (written, spoken)] == [Delivery.DELIVERED] * 2
    first, second = [each for each in ana.thread if not each.mine]
    assert second.body["type"] == "audio"
    assert second.body["audio"]["voice"] is True
    played = hotel.meta.world.files[second.body["audio"]["id"]]
    assert played.media_type.startswith("audio/ogg")
    sound, _ = decoded(played.content, 60)
    assert len(sound) / SPEECH_RATE == pytest.approx(spoken.meta["voice"]["seconds"], abs=0.1)
    assert np.abs(sound).max() > 2_000
    assert first.body["type"] in ("text", "interactive")


async def test_staff_can_play_the_note_and_read_what_it_says(hotel: Hotel) -> None:
    hears(hotel, ASKS)
    content = note("martin_1")
    hotel.meta.phones.send_file(hotel.guest(), content, "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    shown = (await hotel.staff("GET", f"/api/conversations/{conversation.id}")).json()["messages"][0]
    assert shown["text"].startswith("Hola, quería saber")
    (file,) = shown["attachments"]
    fetched = await hotel.staff("GET", f"/api/attachments/{file['id']}")
    assert fetched.content == content
    assert fetched.headers["content-type"] == "audio/ogg"
    assert file["name"] == "Nota de voz.ogg"
    path, auth = f"/api/attachments/{file['id']}", {"authorization": f"Bearer {hotel.token}"}
    some = await hotel.http.get(path, headers={**auth, "range": "bytes=0-3"})
    assert (some.status_code, some.content, some.headers["content-range"]) == (
        206,
        b"OggS",
        f"bytes 0-3/{len(content)}",
    )
    listed = (await hotel.staff("GET", "/api/conversations")).json()["items"][0]
    assert listed["last_message"] is not None


async def test_what_was_hardly_understood_is_asked_for_in_writing(hotel: Hotel) -> None:
    ana = hotel.guest()
    hears(hotel, "Cíporta bon reservarla.", confidence=0.33)
    hotel.meta.phones.send_file(ana, note("florencia_2"), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    thread = await hotel.thread()
    assert said(thread, Author.CUSTOMER)[0].meta["voice"]["low"] is True
    assert said(thread, Author.BOT)[0].text.count("Perdón, no te entendí bien en el audio.") == 1


async def test_an_unplayable_note_is_asked_for_in_writing(hotel: Hotel) -> None:
    ana, listener = hotel.guest(), hears(hotel, "never heard")
    hotel.meta.phones.send_file(ana, b"OggS" + bytes(2_000), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    thread = await hotel.thread()
    assert not listener.heard
    assert said(thread, Author.BOT)[0].text.count("Perdón, no te entendí bien en el audio.") == 1


async def test_a_person_gets_the_words_and_the_bot_is_silent(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    await hotel.staff("POST", f"/api/conversations/{conversation.id}/take_over", json={})
    before = len(said(await hotel.thread(), Author.BOT))
    hears(hotel, ASKS)
    hotel.meta.phones.send_file(ana, note("florencia_1"), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    thread = await hotel.thread()
    assert conversation.control is Control.AGENT
    assert said(thread, Author.CUSTOMER)[-1].text.startswith("Hola, quería saber")
    assert len(said(thread, Author.BOT)) == before
    assert conversation.last_text == said(thread, Author.CUSTOMER)[-1].text


async def test_the_same_note_twice_is_heard_once(hotel: Hotel) -> None:
    ana, listener = hotel.guest(), hears(hotel, ASKS, ASKS)
    hotel.meta.faults.twice = True
    hotel.meta.phones.send_file(ana, note("florencia_1"), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    assert len(listener.heard) == 1
    assert len(said(await hotel.thread(), Author.BOT)) == 2


async def test_music_that_is_sent_is_heard_like_a_note(hotel: Hotel) -> None:
    """A forwarded recording is no less somebody's words."""
    ana, listener = hotel.guest(), hears(hotel, ASKS)
    hotel.meta.phones.send_file(ana, note("florencia_1"), "audio/ogg; codecs=opus", voice=False)
    await hotel.settle()
    assert len(listener.heard) == 1


async def test_the_web_chat_takes_what_a_browser_records(hotel: Hotel) -> None:
    hears(hotel, ASKS)
    session = (await hotel.http.post("/api/webchat/sessions", json={})).json()
    own = {"authorization": f"Bearer {session['token']}"}
    sent = await hotel.http.post(
        f"/api/webchat/sessions/{session['id']}/attachments", headers=own,
        files={"file": ("nota.webm", from_a_browser("martin_1"), "audio/webm;codecs=opus")},
    )  # fmt: skip
    assert sent.status_code == 202, sent.text
    await hotel.product.work.idle()
    thread: Any = (await hotel.http.get(f"/api/webchat/sessions/{session['id']}/messages", headers=own)).json()
    mine, written, spoken = thread["items"][-3:]
    assert mine["text"].startswith("Hola, quería saber")
    assert "14:00" in written["text"]
    (file,) = spoken["attachments"]
    played = await hotel.http.get(f"/api/webchat/sessions/{session['id']}/attachments/{file['id']}", headers=own)
    assert played.headers["content-type"] == "audio/ogg"
    assert len(decoded(played.content, 60)[0]) > SPEECH_RATE


async def test_what_is_written_is_not_answered_aloud(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "¿A qué hora es el check-in?")
    await hotel.settle()
    assert len([each for each in ana.thread if not each.mine]) == 1


@pytest.mark.speech
async def test_with_the_real_engines(hotel: Hotel, tmp_path: Path) -> None:
    assert hotel.product.voice is not None
    speech, whisper, pico = hotel.product.voice.speech, Whisper(Settings(cache=tmp_path)), Pico()
    assert speech.notes is not None
    assert speech.spoken_notes is not None
    speech.notes._recognizer, speech.spoken_notes._voice = whisper, pico
    ana = hotel.guest()
    hotel.meta.phones.send_file(ana, note("florencia_1", "florencia_5"), "audio/ogg; codecs=opus", voice=True)
    await hotel.settle()
    thread = await hotel.thread()
    (heard,) = said(thread, Author.CUSTOMER)
    assert "habitación doble para dos personas del 15 al 17 de marzo" in heard.text
    written, spoken = said(thread, Author.BOT)
    assert "(2 noches), Doble para 2 personas" in written.text
    assert "mascotas" in written.text
    assert spoken.meta["voice"]["seconds"] > 5
    played = hotel.meta.world.files[ana.thread[-1].body["audio"]["id"]]
    again = await speech.notes.transcribe(played.content, language="es")
    for fact in ("hasta 8 kilos", "68.000 pesos por noche", "136.000 pesos"):
        assert fact in again.text
    assert again.confidence > 0.6
    await whisper.close()
    await pico.close()
