"""Speech to text with Whisper on CTranslate2, for short turns: its own mel window instead of the usual 30 seconds.

The model accepts a shorter window than ``transcribe`` of faster-whisper pads to, and costs a fifth with it. Silence and
noise make Whisper invent sentences; what it is not sure of, or is known to make up, is answered as nothing heard.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from relevo.adapters.speech import weights
from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript

SECONDS_PER_TOKEN_LIMIT = 14
"""Nobody says more tokens than this in a second; beyond it the model is looping."""
LEAST_CONFIDENCE = 0.3
NO_SPEECH = 0.8
MAX_SECONDS = 28
FRAMES_PER_SECOND = 100

_MADE_UP = re.compile(
    r"subt[ií]tulos|amara\.org|suscr[ií]b|gracias por ver|¡?hasta la pr[oó]xima!?$|m[uú]sica\]?$", re.IGNORECASE
)


class Settings(BaseModel):
    """A folder or hub name of a CTranslate2 Whisper model; empty for the packaged base model."""

    model_config = ConfigDict(extra="forbid")
    model: str = ""
    workers: int = 1
    beam: int = 5
    least_window: float = 6.0
    """Seconds; a clip is padded to at least this, and to itself plus one second."""
    cache: Path = Path("var/cache/models")


@dataclass(frozen=True, slots=True)
class _Clip:
    pcm: bytes
    language: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Engine:
    """Lives in the worker."""

    settings: Settings
    _parts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, settings: Settings) -> Engine:
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor
        from faster_whisper.tokenizer import Tokenizer
        from tokenizers import Tokenizer as Words

        folder = weights.whisper(settings.cache, settings.model)
        if not Path(folder).is_dir():
            from faster_whisper import WhisperModel

            whole = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)
            model, words = whole.model, whole.hf_tokenizer
            mels = whole.feature_extractor.mel_filters.shape[0]
        else:
            model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="int8", intra_threads=1)
            words = Words.from_file(str(Path(folder) / "tokenizer.json"))
            mels = model.n_mels
        tokenizer = Tokenizer(words, True, task="transcribe", language="es")
        engine = cls(settings)
        engine._parts.update(
            model=model,
            tokenizer=tokenizer,
            features=FeatureExtractor(feature_size=mels),
            storage=ctranslate2.StorageView,
            no_speech=tokenizer.no_speech,
        )
        # The first run allocates what the later ones reuse; nobody should wait for that on a call.
        list(engine.run(_Clip(np.zeros(SPEECH_RATE, np.int16).tobytes(), "es", "")))
        return engine

    def run(self, job: _Clip) -> Iterator[Transcript]:
        began = time.perf_counter()
        pcm = np.frombuffer(job.pcm, np.int16)[-MAX_SECONDS * SPEECH_RATE :].astype(np.float32) / 32_768
        text, confidence = self._hear(pcm, job.prompt)
        yield Transcript(text, confidence, time.perf_counter() - began)

    def _hear(self, pcm: np.ndarray[Any, Any], prompt: str) -> tuple[str, float]:
        tokenizer, model = self._parts["tokenizer"], self._parts["model"]
        mel = self._parts["features"](pcm)
        least = int(self.settings.least_window * FRAMES_PER_SECOND)
        frames = min(max(least, mel.shape[1] + FRAMES_PER_SECOND), 3_000)
        window = np.zeros((1, mel.shape[0], frames), np.float32)
        kept = min(frames, mel.shape[1])
        window[0, :, :kept] = mel[:, :kept]
        encoded = model.encode(self._parts["storage"].from_array(window))
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if prompt:
            start = [tokenizer.sot_prev, *tokenizer.encode(f" {prompt}")[-100:], *start]
        seconds = len(pcm) / SPEECH_RATE
        (result,) = model.generate(
            encoded,
            [start],
            beam_size=self.settings.beam,
            max_length=len(start) + min(200, 12 + int(SECONDS_PER_TOKEN_LIMIT * seconds)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        text = tokenizer.decode(tokens).strip()
        # CTranslate2 divides the score by length**length_penalty (1): it is the mean log-probability.
        confidence = math.exp(result.scores[0]) if tokens else 0.0
        return judged(text, confidence, result.no_speech_prob), confidence


def judged(text: str, confidence: float, no_speech: float) -> str:
    """The text, or nothing where the model most likely made it up."""
    if confidence < LEAST_CONFIDENCE or (no_speech > NO_SPEECH and confidence < 0.6) or _MADE_UP.search(text):
        return ""
    words = text.lower().split()
    if len(words) >= 8 and len(set(words)) <= len(words) // 4:
        return ""
    return text if any(char.isalnum() for char in text) else ""


@dataclass(frozen=True, slots=True)
class Load:
    """Picklable recipe of the engine."""

    settings: Settings

    def __call__(self) -> Engine:
        return Engine.load(self.settings)


class Whisper:
    name = "whisper"

    def __init__(self, settings: Settings) -> None:
        self.pool = Pool("whisper", Load(settings), size=settings.workers)

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        prompt = ", ".join(dict.fromkeys(names))
        async for transcript in self.pool.stream(_Clip(pcm.tobytes(), language, prompt)):
            return transcript  # type: ignore[no-any-return]
        return Transcript("", 0.0)
