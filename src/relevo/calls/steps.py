"""What one call does that waits: one step after the other, in the order in which they came up.

A step that fails is told about and does not end the call. There is a limit to how many may wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from relevo.kit import log

_log = log.get("calls.steps")

MOST_STEPS = 32
"""Steps of a call that may wait; more are a flood (keys, noise) and are dropped."""

Step = Callable[[], Awaitable[None]]


class Steps:
    """``apologise`` is told how many steps in a row have failed."""

    def __init__(self, call_id: str, apologise: Callable[[int], Awaitable[None]]) -> None:
        self.thinking = False
        """A step is being taken."""
        self._call_id = call_id
        self._apologise = apologise
        self._inbox: asyncio.Queue[Step | None] = asyncio.Queue()
        self._failed = 0

    def add(self, step: Step) -> None:
        if self._inbox.qsize() < MOST_STEPS:
            self._inbox.put_nowait(step)

    def end(self) -> None:
        """No further step, whatever waits."""
        while not self._inbox.empty():
            self._inbox.get_nowait()
        self._inbox.put_nowait(None)

    async def run(self) -> None:
        """Until the end."""
        while (step := await self._inbox.get()) is not None:
            await self._take(step)

    async def _take(self, step: Step) -> None:
        self.thinking = True
        try:
            await step()
            self._failed = 0
        except Exception:
            _log.exception("a step of a call failed", call=self._call_id)
            self._failed += 1
            await self._try_to_apologise()
        finally:
            self.thinking = False

    async def _try_to_apologise(self) -> None:
        try:
            await self._apologise(self._failed)
        except Exception:
            _log.exception("a call could not even apologise", call=self._call_id)
