"""The voice where Pico cannot be built: espeak-ng through its C library. Robotic, but it needs no compiler."""

from __future__ import annotations

import ctypes
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import Pcm

RATE = 22_050
_SYNCHRONOUS, _UTF8, _WORDS_PER_MINUTE = 2, 1, 1
"""espeak-ng's AUDIO_OUTPUT_SYNCHRONOUS, espeakCHARS_UTF8 and espeakRATE (speak_lib.h)."""


class Settings(BaseModel):
    """espeak-ng's voice name and speed."""

    model_config = ConfigDict(extra="forbid")
    voice: str = "es-419"
    words_per_minute: int = Field(160, ge=80, le=400)


class Engine:
    """Lives in the worker: the library keeps one global state."""

    def __init__(self, settings: Settings) -> None:
        import espeakng_loader

        self._lib = ctypes.cdll.LoadLibrary(espeakng_loader.get_library_path())
        rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
        if rate != RATE:
            raise RuntimeError("espeak-ng did not start")
        self._pieces: list[bytes] = []
        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

        def take(sound: Any, samples: int, _events: Any) -> int:
            if sound and samples > 0:
                self._pieces.append(ctypes.string_at(sound, samples * 2))
            return 0

        self._callback = callback(take)
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_SetVoiceByName(settings.voice.encode())
        self._lib.espeak_SetParameter(_WORDS_PER_MINUTE, settings.words_per_minute, 0)

    def run(self, job: str) -> Iterator[bytes]:
        self._pieces.clear()
        text = job.encode()
        self._lib.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None)
        self._lib.espeak_Synchronize()
        yield b"".join(self._pieces)


@dataclass(frozen=True, slots=True)
class Load:
    settings: Settings

    def __call__(self) -> Engine:
        return Engine(self.settings)


class Espeak:
    name = "espeak"
    sample_rate = RATE

    def __init__(self, settings: Settings) -> None:
        self.pool = Pool("espeak", Load(settings))

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:  # noqa: ARG002 - voice is a setting
        async for sound in self.pool.stream(text):
            yield np.frombuffer(sound, np.int16)
