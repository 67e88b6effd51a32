"""The embedded engine as a pupil: learns in a process of its own, so that nobody's call or message waits for it, and
takes up what any process of the house has learned from the cache that they share.

It judges nothing: whether what was learned goes live is decided by whoever asks.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from relevo.adapters.understanding.embedded import Embedded
from relevo.adapters.understanding.folding import fold, mask
from relevo.adapters.understanding.intents import IntentModel, load_corpus
from relevo.adapters.understanding.lesson import curriculum, exam_of, same
from relevo.bot.ports import Learned
from relevo.kit import log
from relevo.kit.errors import NotReady

_log = log.get("understanding")

PATIENCE_SECONDS = 900
LIKELIEST = 4
_NAME = "__nombre__"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_MOST_LINE = 4 * 2**20

Taught = Sequence[tuple[str, str]]


class Retraining:
    """``Pupil`` over the embedded engine of this process."""

    def __init__(self, embedded: Embedded, cache_dir: Path, *, corpus: Sequence[tuple[str, str]] | None = None) -> None:
        """``corpus``: what is known beside what is taught; the packaged one without it."""
        self._given = None if corpus is None else list(corpus)
        self._embedded = embedded
        self._cache = cache_dir
        self._packaged = embedded.model
        self._using: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _corpus(self) -> list[tuple[str, str]]:
        """Read when somebody teaches or trains; starting does not wait for it."""
        return load_corpus() if self._given is None else self._given

    @property
    def intents(self) -> tuple[str, ...]:
        return self._embedded.intents

    def ranked(self, text: str) -> list[tuple[str, float]]:
        return self._embedded.model.predict(text)[:LIKELIEST]

    def is_name(self, word: str) -> bool | None:
        folded = fold(word)
        hidden = mask(folded)
        if hidden == _NAME:
            return True
        # What the mask takes for a day, a number or a room is one, whether the examples have it or not.
        return False if folded in self._words or hidden != folded else None

    def known(self, text: str) -> str | None:
        return self._texts.get(same(text))

    async def study(self, taught: Taught, before: Taught, told: Callable[[str], Awaitable[None]]) -> Learned:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "relevo.adapters.understanding.lesson",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_MOST_LINE,
            env={**os.environ, **dict.fromkeys(_THREADS, "1")},
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await self._hear(process, taught, before, told)
        except (TimeoutError, ConnectionError, ValueError):
            raise NotReady("training_stopped") from None
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        return Learned(
            exam_of(found["before"]), exam_of(found["after"]), found["taught"], found["taught_before"],
            tuple((text, intent, got) for text, intent, got in found["missed"]), found["seconds"],
        )  # fmt: skip

    async def _hear(
        self,
        process: asyncio.subprocess.Process,
        taught: Taught,
        before: Taught,
        told: Callable[[str], Awaitable[None]],
    ) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {"taught": list(taught), "before": list(before), "cache": str(self._cache)}
        if self._given is not None:
            asked["corpus"] = self._given
        process.stdin.write(json.dumps(asked).encode())
        await process.stdin.drain()
        process.stdin.close()
        async for line in process.stdout:
            said = json.loads(line)
            if "learned" in said:
                learned: dict[str, Any] = said["learned"]
                return learned
            await told(said["step"])
        raise NotReady("training_stopped")

    async def use(self, taught: Taught) -> None:
        wanted = tuple(taught)
        if wanted == self._using:
            return
        model = await self._model(wanted)
        self._embedded.think_with(model)
        self._using = wanted
        _log.info("understanding changed", examples=len(wanted))

    async def _model(self, taught: tuple[tuple[str, str], ...]) -> IntentModel:
        if not taught:
            return self._packaged
        examples = curriculum(self._corpus, taught)
        found = await asyncio.to_thread(IntentModel.kept, self._cache, examples)
        if found is None:

            async def nobody(_step: str) -> None:
                return None

            await self.study(taught, (), nobody)
            found = await asyncio.to_thread(IntentModel.kept, self._cache, examples)
        if found is None:
            raise NotReady("training_stopped")
        return found

    @cached_property
    def _words(self) -> frozenset[str]:
        # Masked, so that the names in the examples do not count as words.
        return frozenset(word for text, _ in self._corpus for word in mask(fold(text)).split())

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {same(text): intent for text, intent in self._corpus}
