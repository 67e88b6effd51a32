"""The voice of one member of staff, seen from the calls: what they say in this tick, and their ear.

Laid out for speed. The leg behind it may be replaced at any moment (another transport, a reconnection) without anybody
in the call noticing more than silence.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from relevo.calls.ports import Leg, Pcm
from relevo.kit import log

_log = log.get("calls.headset")

PRESENT_MS = 100
"""Without a packet for this long, a headset is missing; jitter stays below."""


class Seated(Protocol):
    """The call a headset is used in."""

    def step_aside(self, staff_id: str) -> None: ...


class Headset:
    __slots__ = ("frame", "leg", "name", "seated", "staff_id")

    def __init__(self, staff_id: str, name: str) -> None:
        self.staff_id = staff_id
        self.name = name
        self.leg: Leg | None = None
        self.frame: Pcm | None = None
        """What they say in this tick, levelled; None while nothing comes."""

        self.seated: Seated | None = None
        """A voice is in one call at a time."""

    @property
    def present(self) -> bool:
        return self.leg is not None and self.leg.silent_ms() < PRESENT_MS

    def hear(self, pcm: Pcm) -> None:
        leg = self.leg
        if leg is None:
            return
        try:
            leg.write(pcm)
        except Exception:
            # A bad leg is its owner's trouble, and not within the tick of somebody's call.
            _log.exception("a headset cannot be written to", staff=self.staff_id)
            asyncio.get_running_loop().call_soon(leg.hang_up)

    def flush(self) -> None:
        if self.leg is not None:
            self.leg.flush()
