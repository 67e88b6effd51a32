"""Has somebody finished speaking? Smart Turn 3.2 hears the melody of the last eight seconds, in a process of its own.

It only advises: where it has no answer in time (still loading, too many questions, a dead process) it says that it does
not know, and turns end by silence and words as they would without it. Who asks cancels when the customer goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech import weights
from relevo.adapters.speech.mel import Floats, Mel
from relevo.adapters.speech.wire import Frame
from relevo.adapters.speech.workers import Pool
from relevo.calls.ports import SPEECH_RATE, Pcm
from relevo.kit.errors import NotReady
from relevo.kit.tasks import Tasks

SAMPLES = 8 * SPEECH_RATE
UNDECIDED = 0.5
_LEAST_VARIANCE = 1e-7


class Settings(BaseModel):
    """Smart Turn in worker processes of one thread each; a judgement is some 50 ms of a core."""

    model_config = ConfigDict(extra="forbid")
    workers: int = Field(1, ge=1, le=64)
    most_waiting: int = Field(8, ge=1, le=100)
    """Beyond it the oldest question is given up: its answer would come too late to matter."""


class Engine:
    """Lives in the worker."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        import onnxruntime

        del options
        session = onnxruntime.SessionOptions()
        session.intra_op_num_threads = session.inter_op_num_threads = 1
        session.log_severity_level = 3
        model = str(weights.smart_turn())
        self._session = onnxruntime.InferenceSession(model, session, providers=["CPUExecutionProvider"])
        self._mel = Mel()
        self.judge(np.zeros(SAMPLES, np.float32))

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]:
        if cancelled():
            return
        began = time.process_time()
        finished = self.judge(np.frombuffer(job.body, np.int16).astype(np.float32) / np.float32(32_768))
        yield Frame({"finished": finished, "seconds": time.process_time() - began})

    def judge(self, sound: Floats) -> float:
        (found,) = self._session.run(None, {"input_features": picture(sound, self._mel)[None]})
        return float(found[0, 0])


def picture(sound: Floats, mel: Mel) -> Floats:
    """What the model looks at: the last eight seconds, what is missing in front of them is silence."""
    whole = np.zeros(SAMPLES, np.float32)
    kept = sound[-SAMPLES:]
    whole[SAMPLES - len(kept) :] = kept
    return mel((whole - whole.mean()) / np.sqrt(whole.var() + np.float32(_LEAST_VARIANCE)), after=0)


class SmartTurn:
    name = "smart-turn"

    def __init__(self, settings: Settings | None = None) -> None:
        """Raises ``Misconfigured`` if there are no weights; loads them when it is asked first."""
        weights.smart_turn()
        settings = settings or Settings()
        self.pool = Pool(
            self.name,
            "relevo.adapters.speech.smart_turn:Engine",
            {},
            size=settings.workers,
            most_waiting=settings.most_waiting,
        )
        self._tasks = Tasks()
        self._asked = self._loaded = False

    async def start(self) -> None:
        """Nothing: a house that takes no calls needs no such process."""

    async def load(self) -> None:
        """Start the workers and wait until they can judge. Raises ``NotReady`` or ``Misconfigured``."""
        self._asked = True
        await self.pool.start()
        self._loaded = True

    async def close(self) -> None:
        self._loaded = False
        await self._tasks.close()
        await self.pool.close()

    async def finished(self, pcm: Pcm) -> float:
        """Probability that the turn is over, ``UNDECIDED`` where there is no judgement."""
        if not self._asked:
            # A turn that goes on cancels its question; the loading must survive that.
            self._asked = True
            self._tasks.start(self.load(), name="load smart turn")
        found = UNDECIDED
        if self._loaded:
            with suppress(NotReady):
                async for answer in self.pool.stream({}, pcm[-SAMPLES:].tobytes()):
                    found = float(answer.head["finished"])
        return found
