"""A voice whose engine lives in a worker process; Pico and espeak-ng differ only in the engine."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any

import numpy as np

from relevo.adapters.speech.speaking import pause, sentences, trimmed
from relevo.adapters.speech.wire import Frame
from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import Pcm


class VoiceEngine:
    """Lives in the worker: one sentence after another, each sent off as soon as it is made."""

    rate: int

    @abstractmethod
    def sound(self, sentence: str, locale: str) -> bytes:
        """int16 samples of one sentence."""

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]:
        for sentence in sentences(job.body.decode()):
            if cancelled():
                return
            pcm = np.frombuffer(self.sound(sentence, job.head["locale"]), np.int16)
            yield Frame({}, trimmed(pcm, self.rate, pause_seconds=pause(sentence)).tobytes())


class WorkerVoice:
    def __init__(
        self, name: str, sample_rate: int, engine: str, options: Mapping[str, Any], *, variant: str, workers: int
    ) -> None:
        self.name = name
        self.sample_rate = sample_rate
        self.variant = variant
        """What makes the same text sound different: voice, speed, pitch. Part of the key of cached sound."""
        self.pool = Pool(name, engine, options, size=workers)

    async def start(self) -> None:
        """Load the engine."""
        await self.pool.start()

    async def close(self) -> None:
        await self.pool.close()

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        async with aclosing(self.pool.stream({"locale": locale}, text.encode())) as pieces:
            async for piece in pieces:
                if piece.body:
                    yield np.frombuffer(piece.body, np.int16)
