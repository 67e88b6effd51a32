"""The bot's default voice: SVOX Pico (es-ES), sixty times faster than real time on one core.

The engine holds the interpreter's lock, so it lives in a worker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import Pcm


class Settings(BaseModel):
    """How it speaks: per cent of Pico's own speed, pitch and volume."""

    model_config = ConfigDict(extra="forbid")
    speed: int = Field(102, ge=50, le=200)
    pitch: int = Field(100, ge=50, le=200)


@dataclass(frozen=True, slots=True)
class Engine:
    """Lives in the worker."""

    settings: Settings
    pico: Any

    def run(self, job: str) -> Iterator[bytes]:
        pieces: list[bytes] = []

        def take(_format: object, sound: bytes, _last: object) -> bool:
            pieces.append(bytes(sound))
            return True

        text = (
            f'<speed level="{self.settings.speed}"><pitch level="{self.settings.pitch}">{escape(job)}</pitch></speed>'
        )
        self.pico.speak(text, take)
        yield b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Load:
    settings: Settings

    def __call__(self) -> Engine:
        import ttspico

        return Engine(self.settings, ttspico.TtsEngine("es-ES"))


class Pico:
    name = "pico"
    sample_rate = 16_000

    def __init__(self, settings: Settings) -> None:
        self.pool = Pool("pico", Load(settings))

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:  # noqa: ARG002 - one voice
        async for sound in self.pool.stream(text):
            yield np.frombuffer(sound, np.int16)
