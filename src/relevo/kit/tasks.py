"""Background tasks with an owner: named, kept alive by a reference, logged when they fail, cancelled together.

``to_the_end`` is the exception: work that must not be left half done when its caller is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from relevo.kit import log

_log = log.get("tasks")

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Carry ``work`` to its end even if the caller is cancelled meanwhile; the cancellation counts afterwards."""
    task = asyncio.get_running_loop().create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("failed while its caller was cancelled", exc_info=error)
        raise


class Tasks:
    """A set of tasks that belongs to somebody; ``close`` cancels and awaits what is left."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task failed", task=task.get_name(), exc_info=error)

    async def settle(self) -> None:
        """Wait until every task, and every task they start, is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        # What is being cancelled may begin something on its way out.
        while tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def __len__(self) -> int:
        return len(self._tasks)
