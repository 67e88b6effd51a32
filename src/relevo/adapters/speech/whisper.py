"""Speech to text with Whisper on CTranslate2, for short turns: its own mel window instead of the usual 30 seconds.

The model accepts a shorter window and costs a fifth with it. Silence and noise make Whisper invent sentences; what it
is not sure of, or is known to make up, is answered as nothing heard. Names that are expected go in as previous text.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech import weights
from relevo.adapters.speech.doubt import collapsed, loops, made_up
from relevo.adapters.speech.mel import FRAMES_PER_SECOND, Floats, Mel
from relevo.adapters.speech.wire import Frame
from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript
from relevo.kit.errors import NotReady

MAX_SECONDS = 28
SHORTEST_SECONDS = 0.1
_WHOLE_WINDOW = 30 * FRAMES_PER_SECOND
_TOKENS_PER_SECOND = 8
"""Nobody says more; beyond it the model is looping."""
_PROMPT_TOKENS = 80
_STEP_SECONDS = 0.05
_LEAD_STEPS = 3
_QUIET_SHARE = 0.1
"""Of the loudest moment: a beginning below it is a pause."""
_WIDER = 300
"""Frames added to the window when the model went round in circles: a longer silence makes it stop."""


class Settings(BaseModel):
    """Whisper in worker processes of one thread each."""

    model_config = ConfigDict(extra="forbid")
    model: str = ""
    """Folder or hub name of a CTranslate2 Whisper model; empty for the packaged base model."""
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(1, ge=1, le=16)
    beam: int = Field(5, ge=1, le=10)
    least_window: float = Field(8.0, ge=2.0, le=30.0)
    """Seconds; a clip is padded to at least this, and to itself plus one second."""
    vocabulary: str = ""
    """Words of the business, given to the model before the expected names."""
    cache: Path = Path("var/cache/models")


class Engine:
    """Lives in the worker."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        import ctranslate2
        from tokenizers import Tokenizer

        self._settings = Settings.model_validate(options)
        folder = weights.whisper(self._settings.cache, self._settings.model)
        threads = self._settings.threads
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self._view = ctranslate2.StorageView.from_array
        self._tokens: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._mel = Mel(self._model.n_mels)
        self._end = self._tokens.token_to_id("<|endoftext|>")
        # The first run allocates what the later ones reuse; nobody should wait for that on a call.
        self.hear(np.zeros(SPEECH_RATE, np.float32), "es", "", lambda: False)

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]:
        began = time.process_time()
        pcm = np.frombuffer(job.body, np.int16).astype(np.float32)
        text, confidence = self.hear(pcm / np.float32(32_768), job.head["language"], job.head["prompt"], cancelled)
        yield Frame({"text": text, "confidence": confidence, "seconds": time.process_time() - began})

    def hear(self, sound: Floats, language: str, prompt: str, cancelled: Callable[[], bool]) -> tuple[str, float]:
        mel = self._mel(with_lead(sound))
        least = max(int(self._settings.least_window * FRAMES_PER_SECOND), mel.shape[1] + FRAMES_PER_SECOND)
        text, confidence, no_speech = self._decode(mel, least, language, prompt, cancelled)
        if loops(text) and not cancelled():
            text, confidence, no_speech = self._decode(mel, least + _WIDER, language, "", cancelled)
            text = collapsed(text)
        return ("" if made_up(text, confidence, no_speech) else text), confidence

    def _decode(
        self, mel: Floats, frames: int, language: str, prompt: str, cancelled: Callable[[], bool]
    ) -> tuple[str, float, float]:
        window = np.zeros((1, mel.shape[0], min(frames + frames % 2, _WHOLE_WINDOW)), np.float32)
        kept = min(window.shape[2], mel.shape[1])
        window[0, :, :kept] = mel[:, :kept]
        encoded = self._model.encode(self._view(window))
        if cancelled():
            return "", 0.0, 1.0
        start = self._start(language, prompt)
        (result,) = self._model.generate(
            encoded,
            [start],
            beam_size=self._settings.beam,
            max_length=len(start) + 12 + _TOKENS_PER_SECOND * kept // FRAMES_PER_SECOND,
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [token for token in result.sequences_ids[0] if token < self._end]
        text = self._tokens.decode(tokens).strip()
        # CTranslate2 divides the score by the length: it is the mean log-probability.
        return text, math.exp(result.scores[0]) if tokens else 0.0, result.no_speech_prob

    def _start(self, language: str, prompt: str) -> list[int]:
        known = self._tokens.token_to_id
        spoken = known(f"<|{language}|>") or known("<|es|>")
        before: list[int] = []
        if text := f"{self._settings.vocabulary} {prompt}".strip():
            words = self._tokens.encode(f" {text}", add_special_tokens=False).ids
            before = [known("<|startofprev|>"), *words[-_PROMPT_TOKENS:]]
        return [*before, known("<|startoftranscript|>"), spoken, known("<|transcribe|>"), known("<|notimestamps|>")]


def with_lead(sound: Floats) -> Floats:
    """The sound with some silence in front if it begins with a word: Whisper mishears a cut beginning."""
    size = int(_STEP_SECONDS * SPEECH_RATE)
    levels = np.sqrt(np.mean(sound[: len(sound) // size * size].reshape(-1, size) ** 2, axis=1))
    if not len(levels) or levels[:_LEAD_STEPS].max() < levels.max() * _QUIET_SHARE:
        return sound
    return np.concatenate([np.zeros((_LEAD_STEPS + 1) * size, np.float32), sound])


class Whisper:
    name = "whisper"

    def __init__(self, settings: Settings, *, nice: int = 0, rest: float | None = None) -> None:
        """Raises ``Misconfigured`` if there are no weights to load. ``nice`` and ``rest``: see ``Pool``."""
        weights.check_whisper(settings.model)
        self.pool = Pool(
            self.name,
            "relevo.adapters.speech.whisper:Engine",
            settings.model_dump(mode="json"),
            size=settings.workers,
            threads=settings.threads,
            nice=nice,
            rest=rest,
        )

    async def start(self) -> None:
        """Load the model in every worker."""
        await self.pool.start()

    async def wake(self) -> None:
        """There will soon be something to hear."""
        await self.pool.wake()

    async def close(self) -> None:
        await self.pool.close()

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        """Hear at most the last 28 s. Raises ``NotReady`` if the engine cannot do it."""
        if len(pcm) < SHORTEST_SECONDS * SPEECH_RATE:
            return Transcript("", 0.0)
        prompt = f"{', '.join(dict.fromkeys(names))}." if names else ""
        head = {"language": language.partition("_")[0], "prompt": prompt}
        async for answer in self.pool.stream(head, pcm[-MAX_SECONDS * SPEECH_RATE :].tobytes()):
            return Transcript(answer.head["text"], answer.head["confidence"], answer.head["seconds"])
        raise NotReady("speech_not_ready", engine=self.name)
