"""An event loop whose clock jumps to the next timer, so that minutes of sound pass in the time the arithmetic takes.

Time stands still while a thread (SQLite, a recording) works for the loop, so nothing depends on how fast the disk is.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class _Selector(selectors.DefaultSelector):
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.outside:
            ready = super().select(10)
            if not ready:
                raise RuntimeError("a thread that the loop waits for does not answer")
            return ready
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.now = 0.0
        self.outside = 0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        future = super().run_in_executor(executor, func, *args)
        self.watch(future)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        executor, self._default_executor = self._default_executor, None
        if executor is not None:
            executor.shutdown(wait=True)

    def watch(self, future: asyncio.Future[Any]) -> None:
        """Time stands still until ``future`` is done."""
        self.outside += 1
        future.add_done_callback(self._back)

    def _back(self, _: asyncio.Future[Any]) -> None:
        self.outside -= 1


class VirtualClock:
    """Wall time that goes with the loop's."""

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())


def virtual(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async test on a ``VirtualLoop``."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
