"""Voice notes, with real files and a scripted recogniser, and (``speech``) with the real engines."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
import soxr

from relevo.adapters.lines.scripted import clip
from relevo.adapters.speech.fake import ToneVoice
from relevo.adapters.speech.note_files import decoded, encoded
from relevo.adapters.speech.notes import Files, Notes, SpokenNotes, together
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.whisper import Whisper
from relevo.adapters.speech.workers import NICE
from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript
from relevo.conversations.ports import NoteTranscript
from relevo.conversations.rules import MAX_TEXT
from relevo.kit.errors import NotReady
from tests.speech.conftest import seconds

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def files() -> AsyncIterator[Files]:
    made = Files()
    yield made
    await made.close()


class Listener:
    """Says how long what it heard was."""

    name = "listener"

    def __init__(self, confidence: float = 0.9) -> None:
        self.heard: list[float] = []
        self.names: Sequence[str] = ()
        self.language = ""
        self._confidence = confidence

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        self.heard.append(len(pcm) / SPEECH_RATE)
        self.names, self.language = names, language
        return Transcript(f"Eh, parte {len(self.heard)}.", self._confidence)


def wide(pcm: Pcm) -> Pcm:
    sound = soxr.resample(pcm.astype(np.float32), 8_000, SPEECH_RATE)
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


def note(*names: str, pause: float = 0.8) -> bytes:
    parts = [part for name in names for part in (wide(clip(name)), seconds(pause))]
    return encoded(np.concatenate(parts), SPEECH_RATE, 24_000)


def address_space(pid: int) -> int:
    """What a process may take."""
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return int(next(line for line in limits if line.startswith("Max address space")).split()[3])


async def test_a_note_becomes_clean_words(files: Files) -> None:
    listener = Listener()
    notes = Notes(files, listener)
    notes.expect(["Doble Superior"])
    heard = await notes.transcribe(note("florencia_1"), language="es_AR")
    assert heard == NoteTranscript("Parte 1.", 0.9, pytest.approx(6.27, abs=0.05))
    assert (listener.names, listener.language) == (("Doble Superior",), "es_AR")


async def test_a_long_note_is_heard_in_pieces(files: Files) -> None:
    listener = Listener()
    heard = await Notes(files, listener).transcribe(
        note("florencia_1", "martin_1", "florencia_1", "martin_1", "florencia_1", "martin_1"), language=None
    )
    assert heard.text.startswith("Parte 1. Parte 2.")
    assert len(listener.heard) >= 2
    assert max(listener.heard) <= 24


@pytest.mark.parametrize("content", [b"", b"OggS", b"\xff\xd8\xff\xe0 a picture", bytes(1_000)])
async def test_what_is_no_sound_is_a_note_without_words(files: Files, content: bytes) -> None:
    assert await Notes(files, Listener()).transcribe(content, language="es") == NoteTranscript("", 0.0, 0.0)


async def test_silence_is_a_note_without_words(files: Files) -> None:
    listener = Listener()
    content = encoded(seconds(3), SPEECH_RATE, 24_000)
    assert await Notes(files, listener).transcribe(content, language="es") == NoteTranscript("", 0.0, 3.0)
    assert not listener.heard


async def test_a_file_beyond_all_measure_is_not_even_looked_at(files: Files) -> None:
    assert (await Notes(files, Listener()).transcribe(bytes(16_000_001), language="es")).text == ""


async def test_the_loss_of_the_worker_costs_nothing_but_time(files: Files) -> None:
    await files.hear(note("florencia_2"))
    os.kill(files.pool.pids[0], signal.SIGKILL)
    length, pieces = await files.hear(note("florencia_2"))
    assert length > 1
    assert len(pieces) == 1


async def test_the_worker_can_take_neither_the_memory_nor_the_processor_from_calls(files: Files) -> None:
    await files.hear(note("florencia_2"))
    (pid,) = files.pool.pids
    assert 768 << 20 < address_space(pid) < 3 << 30
    assert os.getpriority(os.PRIO_PROCESS, pid) >= min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)


async def test_many_notes_at_once_are_not_mixed_up(files: Files) -> None:
    names = ["florencia_1", "florencia_2", "martin_1", "martin_3"]
    alone = [(await files.hear(note(name)))[0] for name in names]
    together_ = await asyncio.gather(*(files.hear(note(name)) for name in names))
    assert [length for length, _ in together_] == alone


async def test_speeches_take_turns_and_hold_up_nobody_elses_note() -> None:
    """Who waits for a transcript has a worker of the house's jobs in hand; there are eight for everything."""
    go = asyncio.Event()

    class Slow:
        async def hear(self, content: bytes) -> tuple[float, list[Pcm]]:
            await go.wait()
            return 1.0, []

        async def pack(self, pcm: Pcm, rate: int) -> bytes:
            raise AssertionError

    notes = Notes(Slow(), Listener())
    long, short = bytes(300_000), bytes(20_000)
    first = [asyncio.ensure_future(notes.transcribe(each)) for each in (long, short, short, short)]
    await asyncio.sleep(0)
    for refused in (long, short):
        with pytest.raises(NotReady) as error:
            await notes.transcribe(refused)
        assert error.value.retry_after
    go.set()
    await asyncio.gather(*first)
    assert (await notes.transcribe(long)).text == ""


@pytest.mark.parametrize(
    ("heard", "text", "confidence"),
    [
        ([], "", 0.0),
        ([("", 0.2, 3.0)], "", 0.0),
        ([("Hola.", 0.8, 3.0), ("Una doble.", 0.4, 1.0)], "Hola. Una doble.", 0.7),
        ([("Hola.", 0.8, 3.0), ("", 0.1, 1.0)], "Hola.", 0.8),
        ([("Hola.", 0.8, 3.0), ("", 0.1, 1.0), ("Chau.", 0.8, 3.0)], "Hola. […] Chau.", 0.8),
        ([("Hola.", 0.8, 1.0), ("", 0.1, 4.0)], "Hola.", 0.2),
    ],
)
async def test_pieces_are_one_text(heard: list[tuple[str, float, float]], text: str, confidence: float) -> None:
    assert together(heard) == (text, pytest.approx(confidence))


async def test_ten_minutes_of_talk_fit_a_message() -> None:
    text, _ = together([("palabra " * 200, 0.9, 20.0)] * 30)
    assert len(text) <= MAX_TEXT
    assert text.endswith("palabra […]")


async def test_a_spoken_note_is_a_small_file_and_made_once(files: Files) -> None:
    class Counted(ToneVoice):
        said = 0

        def say(self, text: str, *, locale: str = "es"):  # type: ignore[no-untyped-def]
            Counted.said += 1
            return super().say(text, locale=locale)

    spoken = SpokenNotes(files, Counted())
    made = await spoken.speak("El desayuno es de 7 a 10. ¿Algo más?", locale="es_AR")
    assert made is not None
    content, length = made
    sound, _ = decoded(content, 60)
    assert len(sound) / SPEECH_RATE == pytest.approx(length, abs=0.05)
    assert len(content) * 8 / length < 30_000
    assert await spoken.speak("El desayuno es de 7 a 10. ¿Algo más?", locale="es_AR") == made
    assert Counted.said == 1


@pytest.mark.parametrize("text", ["", "…", "palabra " * 400])
async def test_there_is_no_note_of_nothing_nor_of_a_speech(files: Files, text: str) -> None:
    assert await SpokenNotes(files, ToneVoice()).speak(text, locale="es") is None


@pytest.mark.speech
async def test_a_guest_is_understood(files: Files, whisper: Whisper) -> None:
    heard = await Notes(files, whisper).transcribe(note("florencia_1", "florencia_2"), language="es_AR")
    assert "quería reservar una habitación doble para dos personas" in heard.text
    assert "15 al 17 de marzo" in heard.text
    assert "reserv" in heard.text.rpartition("marzo")[2]
    assert heard.confidence > 0.7


@pytest.mark.speech
@pytest.mark.parametrize("level", [0.003, 0.05, 0.3])
async def test_a_note_of_noise_has_no_words(files: Files, whisper: Whisper, level: float) -> None:
    noise = np.random.default_rng(3).normal(0, level * 32_767, 6 * SPEECH_RATE).clip(-32_768, 32_767).astype(np.int16)
    heard = await Notes(files, whisper).transcribe(encoded(noise, SPEECH_RATE, 24_000), language="es")
    assert heard.text == ""


@pytest.mark.speech
async def test_what_the_bot_says_in_a_note_is_understood(files: Files, whisper: Whisper, pico: Pico) -> None:
    text = "Doble Superior para 2 personas, del 4 al 6 de abril: $ 68.000 por noche. ¿Querés que te la reserve?"
    made = await SpokenNotes(files, pico).speak(text, locale="es_AR")
    assert made is not None
    heard = (await Notes(files, whisper).transcribe(made[0], language="es")).text
    assert "4 al 6 de abril" in heard
    assert "68" in heard
    assert "pesos por noche" in heard
