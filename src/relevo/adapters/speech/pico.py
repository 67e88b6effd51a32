"""The bot's default voice: SVOX Pico (es-ES), hundreds of times faster than real time on one core.

The engine holds the interpreter's lock, so it lives in a worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from xml.sax.saxutils import escape

from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech.worker_voice import VoiceEngine, WorkerVoice
from relevo.kit.errors import Misconfigured

RATE = 16_000
_CHUNK_LIMIT = 600
"""Characters at a time; Pico drops what does not fit its buffer."""


class Settings(BaseModel):
    """How it speaks: per cent of Pico's own speed, pitch and volume."""

    model_config = ConfigDict(extra="forbid")
    speed: int = Field(108, ge=50, le=200)
    pitch: int = Field(100, ge=50, le=200)
    volume: int = Field(50, ge=10, le=100)
    """Above 60 loud vowels clip."""
    workers: int = Field(1, ge=1, le=16)


def installed() -> bool:
    return find_spec("ttspico") is not None


class Engine(VoiceEngine):
    rate = RATE

    def __init__(self, options: Mapping[str, Any]) -> None:
        import ttspico

        settings = Settings.model_validate(options)
        self._pico = ttspico.TtsEngine("es-ES")
        self._pico.rate, self._pico.pitch, self._pico.volume = settings.speed, settings.pitch, settings.volume

    def sound(self, sentence: str, locale: str) -> bytes:
        del locale
        parts = [sentence[start : start + _CHUNK_LIMIT] for start in range(0, len(sentence), _CHUNK_LIMIT)]
        return b"".join(self._pico.speak(escape(part)) or b"" for part in parts)


class Pico(WorkerVoice):
    def __init__(self, settings: Settings | None = None) -> None:
        """Raises ``Misconfigured`` where it is not installed."""
        settings = settings or Settings()
        if not installed():
            raise Misconfigured("voice_not_installed", package="ttspico")
        super().__init__(
            "pico",
            RATE,
            "relevo.adapters.speech.pico:Engine",
            settings.model_dump(),
            variant=f"es-ES {settings.speed} {settings.pitch} {settings.volume}",
            workers=settings.workers,
        )
