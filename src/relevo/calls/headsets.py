"""The voices of staff that are connected, whether they are in a call or not.

A headset is connected once and stays, so that a takeover needs no handshake; its loudness is learned all the while. A
new leg of the same person replaces the old one without their call noticing. It seats nobody anywhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relevo.calls.media.clock import MediaClock
from relevo.calls.media.headset import Headset
from relevo.calls.media.levels import Levels
from relevo.calls.ports import FRAME_SAMPLES, Leg, LegListener, Pcm
from relevo.kit import log
from relevo.people.rules import Staff

_log = log.get("calls.headsets")

LEFT = "left"
"""The reason with which a leg closes when its owner switched it off."""

Changed = Callable[[Headset, str | None], None]
"""(headset, why its leg is gone; None: it has one)"""
Pressed = Callable[[str, str], None]
"""(staff id, key)"""


class Headsets:
    def __init__(self, clock: MediaClock, levels: Levels | None = None) -> None:
        self._clock = clock
        self.levels = levels or Levels()
        self._worn: dict[str, tuple[Headset, int]] = {}
        self._changed: Changed = lambda *_: None
        self._pressed: Pressed = lambda *_: None

    def report_to(self, changed: Changed, pressed: Pressed) -> None:
        """Who is told when somebody's voice comes or goes, and when they press a key."""
        self._changed, self._pressed = changed, pressed

    def connect(self, staff: Staff, leg: Leg) -> LegListener:
        """``leg`` is the voice of ``staff`` from now on."""
        worn = self._worn.get(staff.id)
        if worn is None:
            if not self._worn:
                self._clock.join(self._tick, self._fault, first=True)
            worn = self._worn[staff.id] = (Headset(staff.id, staff.name), self.levels.open())
        headset = worn[0]
        old, headset.leg = headset.leg, leg
        if old is not None:
            old.hang_up()
        self._changed(headset, None)
        return _Listener(self, headset, leg)

    def of(self, staff_id: str) -> Headset | None:
        """Their headset, if it is connected."""
        worn = self._worn.get(staff_id)
        return worn[0] if worn is not None and worn[0].leg is not None else None

    def connected(self) -> list[str]:
        """Ids of the staff who can be heard."""
        return [staff_id for staff_id, (headset, _) in self._worn.items() if headset.leg is not None]

    def forget(self, staff_id: str) -> None:
        """End somebody's leg: they signed out, or may no longer be here."""
        worn = self._worn.get(staff_id)
        if worn is not None and worn[0].leg is not None:
            worn[0].leg.hang_up()

    def close(self) -> None:
        for staff_id in self.connected():
            self.forget(staff_id)

    def gone(self, headset: Headset, leg: Leg, why: str) -> None:
        if headset.leg is not leg:
            return
        headset.leg = headset.frame = None
        _, row = self._worn.pop(headset.staff_id)
        self.levels.close(row)
        if not self._worn:
            self._clock.leave(self._tick)
        self._changed(headset, why)

    def press(self, headset: Headset, key: str) -> None:
        self._pressed(headset.staff_id, key)

    def _tick(self) -> None:
        """Read every leg once and bring all voices to the bot's loudness in one go."""
        rows: list[int] = []
        frames = np.zeros((len(self._worn), FRAME_SAMPLES), np.int16)
        speaking = []
        for headset, row in list(self._worn.values()):
            headset.frame = None
            frame = self._read(headset)
            if frame is not None:
                frames[len(rows)] = frame
                rows.append(row)
                speaking.append(headset)
        if rows:
            for headset, matched in zip(speaking, self.levels.match(rows, frames[: len(rows)]), strict=True):
                headset.frame = matched

    def _read(self, headset: Headset) -> Pcm | None:
        leg = headset.leg
        try:
            frame = leg.read() if leg is not None else None
            if frame is not None and len(frame) != FRAME_SAMPLES:
                raise ValueError(len(frame))
            return frame
        except Exception:
            _log.exception("a headset's leg failed", staff=headset.staff_id)
            if leg is not None:
                leg.hang_up()
                self.gone(headset, leg, "failed")
            return None

    def _fault(self, error: Exception) -> None:
        _log.error("a beat of all headsets failed", why=type(error).__name__)
        for headset, _ in self._worn.values():
            headset.frame = None
        self._clock.join(self._tick, self._fault, first=True)


class _Listener:
    def __init__(self, headsets: Headsets, headset: Headset, leg: Leg) -> None:
        self._headsets, self._headset, self._leg = headsets, headset, leg

    def digit(self, digit: str) -> None:
        self._headsets.press(self._headset, digit)

    def closed(self, reason: str) -> None:
        self._headsets.gone(self._headset, self._leg, reason)
