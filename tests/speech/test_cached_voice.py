from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.speech.cached_voice import CachedVoice, Settings
from relevo.calls.ports import Pcm
from relevo.kit.errors import NotReady
from tests.speech.conftest import sound_of


class Counting:
    """A voice of two pieces per sentence that remembers what it was asked."""

    name = "counting"
    sample_rate = 8_000
    variant = "a"

    def __init__(self, samples: int = 100) -> None:
        self.asked: list[str] = []
        self.fails = False
        self._samples = samples

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        self.asked.append(text)
        yield np.full(self._samples, len(text), np.int16)
        if self.fails:
            raise NotReady("speech_not_ready", engine=self.name)
        yield np.full(self._samples, 1, np.int16)


def stored(folder: Path) -> list[Path]:
    return list(folder.glob("*/*"))


async def test_the_second_time_needs_no_engine_and_sounds_the_same() -> None:
    voice = Counting()
    cached = CachedVoice(voice)
    first = await sound_of(cached, "Hola. ¿Qué tal?")
    assert np.array_equal(await sound_of(cached, "Hola. ¿Qué tal?"), first)
    assert voice.asked == ["Hola.", "Qué tal?"]


async def test_sentences_are_shared_between_texts() -> None:
    voice = Counting()
    cached = CachedVoice(voice)
    await sound_of(cached, "Perfecto. ¿Para cuántos?")
    await sound_of(cached, "Perfecto. ¿Qué noche?")
    assert voice.asked == ["Perfecto.", "Para cuántos?", "Qué noche?"]


async def test_it_is_still_there_after_a_restart(tmp_path: Path) -> None:
    before = CachedVoice(Counting(), Settings(folder=tmp_path))
    await before.warm(["Hola."])
    voice = Counting()
    after = CachedVoice(voice, Settings(folder=tmp_path))
    assert await after.warm(["Hola."]) == 0
    assert np.array_equal(await sound_of(after, "Hola."), await sound_of(before, "Hola."))
    assert voice.asked == []


async def test_what_was_not_warmed_leaves_no_trace_on_disk(tmp_path: Path) -> None:
    cached = CachedVoice(Counting(), Settings(folder=tmp_path))
    await sound_of(cached, "Queda a nombre de Florencia.")
    assert stored(tmp_path) == []


async def test_another_voice_speed_or_locale_is_another_sound(tmp_path: Path) -> None:
    voice = Counting()
    cached = CachedVoice(voice, Settings(folder=tmp_path))
    assert len({cached.key("hola", "es"), cached.key("hola", "es_AR"), cached.key("Hola", "es")}) == 3
    await cached.warm(["Hola."])
    voice.variant = "b"
    assert await CachedVoice(voice, Settings(folder=tmp_path)).warm(["Hola."]) == 1


async def test_half_a_sentence_is_not_kept() -> None:
    voice = Counting()
    cached = CachedVoice(voice)
    voice.fails = True
    with pytest.raises(NotReady):
        await sound_of(cached, "Hola.")
    voice.fails = False
    assert len(await sound_of(cached, "Hola.")) == 200


async def test_a_sentence_cut_short_is_not_kept() -> None:
    voice = Counting()
    cached = CachedVoice(voice)
    pieces = cached.say("Hola.")
    await anext(aiter(pieces))
    await pieces.aclose()  # type: ignore[attr-defined]
    assert len(await sound_of(cached, "Hola.")) == 200


async def test_warming_makes_what_is_new_and_lets_failures_wait() -> None:
    voice = Counting()
    cached = CachedVoice(voice)
    assert await cached.warm(["Hola. ¿Qué tal?", "Hola."]) == 2
    voice.fails = True
    assert await cached.warm(["Hola.", "Adiós."]) == 0
    assert voice.asked == ["Hola.", "Qué tal?", "Adiós."]


async def test_memory_is_bounded() -> None:
    voice = Counting(samples=200_000)
    cached = CachedVoice(voice, Settings(memory_mb=1))
    for text in ("uno", "dos", "dos", "uno"):
        await sound_of(cached, text)
    assert voice.asked == ["uno", "dos", "uno"]


async def test_disk_is_bounded_and_the_oldest_goes(tmp_path: Path) -> None:
    cached = CachedVoice(Counting(samples=200_000), Settings(folder=tmp_path, disk_mb=2, memory_mb=0))
    for number in range(6):
        await cached.warm([f"frase {number}"])
    await cached.start()
    kept = stored(tmp_path)
    assert 0 < sum(path.stat().st_size for path in kept) <= 2 << 20


async def test_long_texts_pass_through(tmp_path: Path) -> None:
    cached = CachedVoice(Counting(), Settings(folder=tmp_path, longest=10))
    await cached.warm(["una frase bastante larga"])
    assert stored(tmp_path) == []


async def test_a_damaged_file_or_a_full_disk_costs_only_the_cache(tmp_path: Path) -> None:
    voice = Counting()
    cached = CachedVoice(voice, Settings(folder=tmp_path, memory_mb=0))
    await cached.warm(["Hola."])
    (file,) = stored(tmp_path)
    file.write_bytes(b"odd")
    assert len(await sound_of(cached, "Hola.")) == 200
    (tmp_path / "file").touch()
    full = CachedVoice(voice, Settings(folder=tmp_path / "file"))
    assert await full.warm(["Hola."]) == 1
    assert len(await sound_of(full, "Hola.")) == 200
