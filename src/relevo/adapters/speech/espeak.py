"""The voice where Pico cannot be built: espeak-ng through its C library. Robotic, but it needs no compiler."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech.worker_voice import VoiceEngine, WorkerVoice
from relevo.kit.errors import Misconfigured

RATE = 22_050
_SYNCHRONOUS, _UTF8 = 2, 1
"""espeak-ng's AUDIO_OUTPUT_SYNCHRONOUS and espeakCHARS_UTF8 (speak_lib.h)."""
_RATE, _VOLUME, _PITCH = 1, 2, 3
"""espeakRATE, espeakVOLUME, espeakPITCH."""


class Settings(BaseModel):
    """espeak-ng's voice name, speed, pitch and volume."""

    model_config = ConfigDict(extra="forbid")
    voice: str = "es-419"
    words_per_minute: int = Field(160, ge=80, le=400)
    pitch: int = Field(50, ge=0, le=99)
    volume: int = Field(90, ge=10, le=150)
    workers: int = Field(1, ge=1, le=16)


class Engine(VoiceEngine):
    """The library keeps one global state, which is why there is one per process."""

    rate = RATE

    def __init__(self, options: Mapping[str, Any]) -> None:
        import espeakng_loader

        settings = Settings.model_validate(options)
        self._lib = ctypes.cdll.LoadLibrary(espeakng_loader.get_library_path())
        rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
        if rate != RATE or self._lib.espeak_SetVoiceByName(settings.voice.encode()):
            raise Misconfigured("voice_unknown", voice=settings.voice)
        self._pieces: list[bytes] = []
        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

        def take(sound: Any, samples: int, _events: Any) -> int:
            if sound and samples > 0:
                self._pieces.append(ctypes.string_at(sound, samples * 2))
            return 0

        self._callback = callback(take)
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_SetParameter(_RATE, settings.words_per_minute, 0)
        self._lib.espeak_SetParameter(_VOLUME, settings.volume, 0)
        self._lib.espeak_SetParameter(_PITCH, settings.pitch, 0)

    def sound(self, sentence: str, locale: str) -> bytes:
        del locale
        self._pieces.clear()
        text = sentence.encode()
        self._lib.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None)
        self._lib.espeak_Synchronize()
        return b"".join(self._pieces)


class Espeak(WorkerVoice):
    def __init__(self, settings: Settings | None = None) -> None:
        """Raises ``Misconfigured`` where it is not installed."""
        settings = settings or Settings()
        if find_spec("espeakng_loader") is None:
            raise Misconfigured("voice_not_installed", package="espeakng-loader")
        super().__init__(
            "espeak",
            RATE,
            "relevo.adapters.speech.espeak:Engine",
            settings.model_dump(),
            variant=f"{settings.voice} {settings.words_per_minute} {settings.pitch} {settings.volume}",
            workers=settings.workers,
        )
