"""The people of our side in one call: their voices to the customer, and to each ear what it may hear.

Laid out for speed: a call without staff costs one look at ``busy``. Who hears whom is the table of ``calls.rules``; who
may sit where is decided before anybody is seated here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.headset import Headset
from relevo.calls.media.jitter import Feed
from relevo.calls.media.levels import comfort, mix
from relevo.calls.media.music import Music
from relevo.calls.ports import FRAME_SAMPLES, Pcm
from relevo.calls.rules.floor import Seat, customer_hears, hears, hears_customer

_FADE = FRAME_SAMPLES // 4
_IN = np.linspace(0, 1, _FADE)
_OUT = np.linspace(1, 0, _FADE)
NOTHING: Pcm = np.zeros(FRAME_SAMPLES, np.int16)
NOTHING.flags.writeable = False

BACKGROUND_FRAMES = 200

Hear = Callable[[bytes], None]


@cache
def _noise() -> Pcm:
    noise = comfort(BACKGROUND_FRAMES * FRAME_SAMPLES).reshape(BACKGROUND_FRAMES, FRAME_SAMPLES)
    noise.flags.writeable = False
    return noise


def _background(beat: int) -> Pcm:
    frame: Pcm = _noise()[beat % BACKGROUND_FRAMES]
    return frame


class Floor:
    def __init__(self) -> None:
        self.seats: dict[str, tuple[Headset, Seat]] = {}
        """By staff id."""
        self.busy = False
        self.muted: set[str] = set()
        self._on_hold = False
        self._waiting = False
        self._music: Music | None = None
        self._customer = Feed()
        self._now: Pcm | None = None
        """What the customer says in this tick."""
        self.deaf = False
        """Nothing that is said is recognised (card data)."""
        self._live = False
        self._beat = 0
        self._last = 0
        """The last sample the customer was sent by a person, to fade from."""
        self._recognised: dict[str, Hear] = {}

    @property
    def on_hold(self) -> bool:
        return self._on_hold

    def hold(self, on: bool) -> None:
        """The customer hears music, the agent does not hear the customer."""
        self._on_hold = on
        self._changed()

    def wait(self, on: bool) -> None:
        """Nobody has the call: music between the words."""
        self._waiting = on
        self._changed()

    def sit(self, headset: Headset, seat: Seat, recognise: Hear | None = None) -> None:
        """Seat somebody, or move them to another seat. ``recognise`` gets their mu-law, 160 bytes per tick."""
        self.seats[headset.staff_id] = (headset, seat)
        self._recognised.pop(headset.staff_id, None)
        if recognise is not None:
            self._recognised[headset.staff_id] = recognise
        self._changed()

    def leave(self, staff_id: str) -> Seat | None:
        left = self.seats.pop(staff_id, None)
        self._recognised.pop(staff_id, None)
        self._changed()
        if left is None:
            return None
        left[0].flush()
        return left[1]

    def seat_of(self, staff_id: str) -> Seat | None:
        found = self.seats.get(staff_id)
        return found[1] if found else None

    def holder(self) -> Headset | None:
        """The headset in the agent's seat."""
        return next((headset for headset, seat in self.seats.values() if seat is Seat.AGENT), None)

    def close(self) -> None:
        for staff_id in list(self.seats):
            self.leave(staff_id)
        self._on_hold = self._waiting = self.busy = False

    def speak(self, arrived: list[bytes]) -> Pcm | None:
        """The 20 ms that people (or the music) say to the customer now; None leaves the word to the bot's voice."""
        if self.seats:
            for sound in arrived:
                self._customer.push(mulaw.decode(sound))
            self._now = self._customer.pull()
        self._beat += 1
        talking = False
        voices: list[Pcm] = []
        for staff_id, (headset, seat) in self.seats.items():
            recognise = self._recognised.get(staff_id)
            frame = None if staff_id in self.muted else headset.frame
            if recognise is not None:
                said = not self.deaf and customer_hears(seat, on_hold=self._on_hold)
                recognise(mulaw.encode(frame) if said and frame is not None else mulaw.QUIET)
            if customer_hears(seat, on_hold=self._on_hold):
                talking = True
                if frame is not None:
                    voices.append(frame)
        if self._on_hold or self._waiting:
            if self._music is None:
                self._music = Music()
            return self._joined(self._music.frame())
        if not talking:
            return self._left()
        return self._joined(mix(voices) if voices else self._quiet())

    def listen(self, ours: bytes, voice: bytes | None = None) -> None:
        """Give every ear its mix. ``ours`` is what the customer hears, of which listeners get the bot's part: ``voice``
        while people speak as well."""
        sounding = voice if self._live else ours
        bot = None if sounding is None or self._on_hold or self._waiting else mulaw.decode(sounding)
        for staff_id, (headset, seat) in list(self.seats.items()):
            heard: list[Pcm] = []
            if self._now is not None and hears_customer(seat, on_hold=self._on_hold):
                heard.append(self._now)
            if bot is not None and seat not in (Seat.AGENT, Seat.CONFERENCE, Seat.CONSULT):
                heard.append(bot)
            for other_id, (other, mouth) in self.seats.items():
                if (
                    other_id != staff_id
                    and other.frame is not None
                    and other_id not in self.muted
                    and hears(seat, mouth)
                ):
                    heard.append(other.frame)
            headset.hear(mix(heard) if heard else NOTHING)

    def _joined(self, frame: Pcm) -> Pcm:
        if not self._live:
            self._live = True
            frame = frame.copy()
            frame[:_FADE] = frame[:_FADE] * _IN
        self._last = int(frame[-1])
        return frame

    def _quiet(self) -> Pcm:
        """Somebody has the word and says nothing: the line's own background, into which their last sound fades."""
        frame = _background(self._beat)
        if self._last:
            frame = frame.copy()
            frame[:_FADE] += (self._last * _OUT).astype(np.int16)
        return frame

    def _left(self) -> Pcm | None:
        if not self._live:
            return None
        self._live = False
        self._changed()
        frame = np.zeros(FRAME_SAMPLES, np.int16)
        frame[:_FADE] = self._last * _OUT
        return frame

    def _changed(self) -> None:
        if not (self._on_hold or self._waiting):
            self._music = None
        if not self.seats:
            self._customer.flush()
            self._now = None
        # One more tick after the last voice has left, to fade it out.
        self.busy = bool(self.seats) or self._on_hold or self._waiting or self._live
