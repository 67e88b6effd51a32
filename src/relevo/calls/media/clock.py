"""The one 20 ms clock of the process. Laid out for speed: a beat is a loop over plain functions, nothing is awaited.

Every call joins with a ``tick`` that must only move sound: no database, disk, model or socket wait may run in it.
After all ticks the *after* steps run once per beat (one batched speech detector for all calls). A beat that comes late
is caught up with, because the customer's ear does not wait; how late beats are is measured. Time is the event loop's,
so a loop whose time is simulated runs a ten-minute call in the time the arithmetic takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np

from relevo.calls.ports import FRAME_MS
from relevo.kit import log

_log = log.get("calls.clock")

BEAT = FRAME_MS / 1_000
CATCH_UP = 50
"""Beats made up for in one go (one second); what is missing beyond that is given up."""
_KEPT = 4_096

Tick = Callable[[], None]
Fault = Callable[[Exception], None]


class MediaClock:
    def __init__(self) -> None:
        self._first: dict[Tick, Fault] = {}
        self._ticks: dict[Tick, Fault] = {}
        self._after: list[Tick] = []
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._late = np.zeros(_KEPT, np.float32)
        self.beats = 0
        self.skipped = 0

    def join(self, tick: Tick, fault: Fault, *, first: bool = False) -> None:
        """Call ``tick`` every 20 ms from now on, before the others if it is ``first``.

        If it raises it is dropped and ``fault`` is told; others go on.
        """
        (self._first if first else self._ticks)[tick] = fault
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + BEAT
            self._timer = loop.call_at(self._due, self._beat, loop)

    def leave(self, tick: Tick) -> None:
        self._ticks.pop(tick, None)
        self._first.pop(tick, None)

    def after(self, run: Tick) -> None:
        """Run this once per beat, when all ticks are through."""
        self._after.append(run)

    def lateness_ms(self, percentile: float) -> float:
        """How late the latest beats came."""
        kept = self._late[: min(self.beats, _KEPT)]
        return float(np.percentile(kept, percentile)) if len(kept) else 0.0

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._ticks and not self._first:
            self._timer = None
            return
        now = loop.time()
        self._late[self.beats % _KEPT] = max(0.0, (now - self._due) * 1_000)
        owed = 1 + int(max(0.0, now - self._due) / BEAT)
        for _ in range(min(owed, CATCH_UP)):
            self._once()
        if owed > CATCH_UP:
            self.skipped += owed - CATCH_UP
            _log.warning("media clock gave up beats", beats=owed - CATCH_UP)
        self._due += owed * BEAT
        self._timer = loop.call_at(self._due, self._beat, loop)

    def _once(self) -> None:
        self.beats += 1
        for tick, fault in [*self._first.items(), *self._ticks.items()]:
            try:
                tick()
            except Exception as error:
                self.leave(tick)
                _log.exception("a tick failed")
                try:
                    fault(error)
                except Exception:
                    _log.exception("and so did whoever was told")
        for run in self._after:
            try:
                run()
            except Exception:
                _log.exception("a step after the ticks failed")
