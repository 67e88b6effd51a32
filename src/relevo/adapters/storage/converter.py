"""Conversions of recordings, seen from the event loop: one modest process does them one after the other.

A process and not a thread, because a thread would take the interpreter from the media clock at every frame. It starts
with the first conversion; one that dies is replaced and its work tried once more.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from relevo.adapters.storage import sound
from relevo.calls.rules.recordings import Peaks
from relevo.kit import log

_log = log.get("storage.converter")

_T = TypeVar("_T")


def _own_process() -> Executor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=sound.serve_modestly)


class Converter:
    def __init__(self, make: Callable[[], Executor] = _own_process, *, packs: bool | None = None) -> None:
        self.packs = sound.can_pack() if packs is None else packs
        self._make = make
        self._executor: Executor | None = None
        self._closed = False

    async def pack(self, wav: Path, target: Path) -> bool:
        return await self._run(sound.pack, str(wav), str(target))

    async def peaks(self, source: Path, points: int) -> Peaks:
        customer, ours = await self._run(sound.peaks, str(source), points)
        return Peaks(tuple(customer), tuple(ours))

    async def seconds(self, source: Path) -> float:
        return await self._run(sound.seconds, str(source))

    async def export(self, source: Path, target: Path, rate: int) -> None:
        await self._run(sound.export, str(source), str(target), rate)

    async def close(self) -> None:
        """What is under way is finished, what waits or comes later waits until it is cancelled."""
        self._closed = True
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    async def _run(self, work: Callable[..., _T], *args: Any) -> _T:
        loop = asyncio.get_running_loop()
        if self._closed:
            await loop.create_future()
        for last in (False, True):
            executor = self._executor = self._executor or self._make()
            try:
                return await loop.run_in_executor(executor, work, *args)
            except BrokenProcessPool:
                _log.warning("the converting process died", again=not last)
                if self._executor is executor:
                    self._executor = None
                executor.shutdown(wait=False, cancel_futures=True)
                if last:
                    raise
        raise AssertionError
