"""The people of our side in one live call: who sits where, what is on hold, whose voice is lost, who is rung.

Lives in memory with the session that carries the sound; who *holds* the call is control, in the database. Everything
here returns at once, so that a takeover happens in the tick of its commit. It asks nobody for permission.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from relevo.calls.headsets import LEFT, Headsets
from relevo.calls.listening import Listening
from relevo.calls.media.bridge import Bridge
from relevo.calls.media.headset import Headset
from relevo.calls.media.listened import Listened, Utterance
from relevo.calls.ports import FRAME_MS, LINE_RATE, Pcm
from relevo.calls.rules import Signal
from relevo.calls.rules.floor import SUPERVISING, AgentVoice, Lease, Ring, Seat, key_tones, source_of

RING_MS = 25_000
KEY_MS, KEY_GAP_MS = 120, 80
_KEY_LEVEL = 0.18
BACK_MS = 10_000
SHORTLY_MS = 200
"""Below this a missing voice is not shown as lost."""


@dataclass(slots=True)
class _Heard:
    """An agent who is listened to."""

    listened: Listened
    listening: Listening


@dataclass(frozen=True, slots=True)
class Reports:
    """Whom the people's side of a call tells. All return at once."""

    changed: Callable[[], None]
    """Something that the desk shows is different."""
    seated: Callable[[str], None]
    """A member of staff has taken a seat in this call, or left it."""
    lost: Callable[[], None]
    """The holder's voice has been gone for too long."""
    listening: Callable[[str], Listening]
    """How what a member of staff says becomes words."""
    speaking: Callable[[str, bool, Utterance], None]
    """(staff id, begins or ends, utterance)"""


@dataclass(slots=True)
class Help:
    by_id: str
    by_name: str
    note: str
    at: str


class Staffing:
    def __init__(self, bridge: Bridge, headsets: Headsets, reports: Reports) -> None:
        self._bridge = bridge
        self._floor = bridge.floor
        self._headsets = headsets
        self._reports = reports
        self._lease = Lease()
        self._heard: dict[str, _Heard] = {}
        self.holder_id: str | None = None
        self.help: Help | None = None
        self.rings: dict[str, Ring] = {}
        """By whom is rung."""
        self.consulted: tuple[str, str] | None = None
        self._recording = "on"
        self._private = False
        """Card data: nothing is recognised."""
        self._private_left_ms = 0
        self._voiced = False
        """The holder's voice has been in this call and was not switched off."""
        self._closed = False
        self._back: dict[str, tuple[Seat, int]] = {}
        """Listeners whose headset is gone for a moment, and for how long their seat is kept (ms)."""
        self.given_at = 0.0
        """When the holder took it (monotonic): of several calls the last one has their voice."""
        self.names: dict[str, str] = {}

    # Who holds the call.

    def give(self, agent_id: str) -> None:
        """``agent_id`` holds the call; their voice is in it from this tick on, if it is connected."""
        if self._closed:
            return
        if self.holder_id is not None and self.holder_id != agent_id:
            self._rise(self.holder_id)
        self.holder_id = agent_id
        self.given_at = time.monotonic()
        self._voiced = False
        self._floor.muted.clear()
        self._lease = Lease()
        self.rings.clear()
        self.help = None
        if self.consulted is not None:
            if self.consulted[0] != agent_id:
                self._rise(self.consulted[0])
            self.consulted = None
        self._floor.wait(False)
        self._floor.hold(False)
        headset = self._headsets.of(agent_id)
        if headset is not None:
            self._sit(headset, Seat.AGENT)
        self._reports.seated(agent_id)
        self._reports.changed()

    def release(self, *, waiting: bool) -> None:
        """Nobody of ours holds it; with ``waiting`` the customer waits for somebody. Listeners stay."""
        for staff_id, (_, seat) in list(self._floor.seats.items()):
            if seat not in SUPERVISING:
                self._rise(staff_id)
        holder, self.holder_id = self.holder_id, None
        self.consulted = self.help = None
        if holder is not None:
            self._reports.seated(holder)
        self._floor.hold(False)
        self._floor.wait(waiting)
        self._floor.muted.clear()
        # A colleague who was rung to be asked has nobody to speak with now.
        self.rings = {to: ring for to, ring in self.rings.items() if waiting and ring.kind == "blind"}
        self._reports.changed()

    def step_aside(self, staff_id: str) -> None:
        """Their voice goes to another call: the customer of this one hears music until they are back."""
        left = self._floor.leave(staff_id)
        self._deafen(staff_id)
        self._consult_over(staff_id)
        if left is Seat.AGENT:
            self._floor.hold(True)
        self._reports.changed()

    # Voices that come and go.

    def wear(self, headset: Headset) -> None:
        """Somebody's voice is connected (again)."""
        if self._closed:
            return
        left, _ = self._back.pop(headset.staff_id, (None, 0))
        if left is not None:
            self._sit(headset, left)
        seated = self._floor.seat_of(headset.staff_id) is Seat.AGENT
        if headset.staff_id == self.holder_id and (seated or not self._floor.on_hold):
            self._sit(headset, Seat.AGENT)
            self._reports.changed()

    def unwear(self, headset: Headset, why: str) -> None:
        """Somebody's voice is gone. A holder who switched it off goes on by typing; a lost one has a lease."""
        seat = self._floor.seat_of(headset.staff_id)
        if seat is Seat.AGENT and why != LEFT:
            return
        self._rise(headset.staff_id)
        # Still on hold: what is being said beside the customer is not for them until somebody says so.
        self._consult_over(headset.staff_id)
        if why != LEFT and seat in SUPERVISING:
            self._back[headset.staff_id] = (seat, BACK_MS)
        if why == LEFT and headset.staff_id == self.holder_id:
            # Parked or on hold, and switched off: they go on by typing.
            self._voiced = False
            self._floor.hold(False)
        self._reports.changed()

    def _consult_over(self, staff_id: str) -> None:
        if self.consulted is not None and self.consulted[0] == staff_id:
            self.consulted = None

    def tick(self) -> None:
        if self._back:
            self._back = {who: (seat, left - FRAME_MS) for who, (seat, left) in self._back.items() if left > FRAME_MS}
        if self._private_left_ms:
            self._private_left_ms -= FRAME_MS
            if self._private_left_ms <= 0:
                self.resume_recording("")
        if self._voiced and self.holder_id is not None:
            # In its seat, or parked on hold while its owner speaks elsewhere.
            holder = self._floor.holder() or self._headsets.of(self.holder_id)
            before = self._voice()
            if self._lease.tick(FRAME_MS, present=holder is not None and holder.present):
                self._reports.lost()
            if self._voice() is not before:
                self._reports.changed()
        if self.rings:
            self._ring_on()

    def close(self) -> None:
        self._closed = True
        for staff_id in [*self._floor.seats, *self._heard]:
            self._rise(staff_id)

    # What people do.

    def hold(self, on: bool) -> None:
        headset = self._headsets.of(self.holder_id or "")
        if on == self._floor.on_hold:
            return
        self._floor.hold(on)
        if not on and headset is not None:
            self._sit(headset, Seat.AGENT)
        self._bridge.marker("hold" if on else "resume", self._name(self.holder_id))
        self._reports.changed()

    def mute(self, staff_id: str, on: bool) -> None:
        (self._floor.muted.add if on else self._floor.muted.discard)(staff_id)
        self._reports.changed()

    def join(self, headset: Headset, seat: Seat) -> None:
        """A supervisor listens, whispers or steps in; a colleague is consulted or joins."""
        if self._closed:
            return
        self._sit(headset, seat)
        self._reports.changed()

    def leave(self, staff_id: str) -> None:
        self._rise(staff_id)
        self._floor.muted.discard(staff_id)
        self._consult_over(staff_id)
        self._reports.changed()

    @property
    def on_hold(self) -> bool:
        return self._floor.on_hold

    def seat_of(self, staff_id: str) -> Seat | None:
        return self._floor.seat_of(staff_id)

    def seats(self, *wanted: Seat) -> list[Headset]:
        return [headset for headset, seat in self._floor.seats.values() if seat in wanted]

    def ring(self, ring: Ring) -> None:
        self.rings[ring.to_id] = ring
        self._reports.changed()

    def unring(self, staff_id: str) -> Ring | None:
        ring = self.rings.pop(staff_id, None)
        if ring is not None:
            self._reports.changed()
        return ring

    def consult(self, headset: Headset) -> None:
        """The colleague answered: the two speak while the customer hears music."""
        self.rings.pop(headset.staff_id, None)
        if self.consulted is not None and self.consulted[0] != headset.staff_id:
            self._rise(self.consulted[0])
        self.consulted = (headset.staff_id, headset.name)
        self._floor.hold(True)
        self.join(headset, Seat.CONSULT)

    def end_consult(self) -> None:
        if self.consulted is not None:
            self._rise(self.consulted[0])
        self.consulted = None
        self.hold(False)

    def conference(self) -> bool:
        """The customer joins the two. False if nobody is being consulted."""
        headset = self._headsets.of(self.consulted[0]) if self.consulted else None
        if headset is None or self._floor.seat_of(headset.staff_id) is not Seat.CONSULT:
            return False
        self.consulted = None
        self._sit(headset, Seat.CONFERENCE)
        self.hold(False)
        return True

    def pause_recording(self, name: str) -> None:
        """Card data: nothing is recorded and nothing recognised until it is over."""
        self._private_left_ms = 0
        if not self._private:
            self._private = True
            self._bridge.deafen(True)
            if self._recording == "on":
                self._bridge.pause(True, name)
            self._reports.changed()

    @property
    def recording(self) -> str:
        """``on``, ``paused`` (also where nothing is recorded, but nothing is recognised either) or ``off``."""
        return "paused" if self._private else self._recording

    def keep_private(self, ms: int) -> None:
        """Whoever paused it has no voice any more: the customer may still be telling their card's number."""
        if self._private:
            self._private_left_ms = ms

    def resume_recording(self, name: str) -> None:
        self._private_left_ms = 0
        if self._private:
            self._private = False
            self._bridge.deafen(False)
            if self._recording == "on":
                self._bridge.pause(False, name)
            self._reports.changed()

    def stop_recording(self) -> None:
        """The customer objects: what there is is thrown away and no more is kept."""
        self._recording = "off"
        self._bridge.discard_recording()
        self._reports.changed()

    def recording_failed(self) -> None:
        """The disk does not take it: the call goes on, and the desk sees that it is not recorded."""
        self._recording = "off"
        self._reports.changed()

    def note_listener(self, name: str) -> None:
        self._bridge.marker("listen", name)

    def ask_for_help(self, wanted: Help | None) -> None:
        self.help = wanted
        self._reports.changed()

    # What the desk shows.

    def json(self, control: str, *, show_listeners: bool) -> dict[str, Any]:
        """``voice`` of the ``Call`` in docs/api.md."""
        seats = self._floor.seats.items()
        shown = [(staff_id, headset, seat) for staff_id, (headset, seat) in seats
                 if show_listeners or seat not in (Seat.LISTEN, Seat.WHISPER)]  # fmt: skip
        voice = self._voice()
        return {
            "source": source_of(control, voice, on_hold=self._floor.on_hold).value,
            "agent_voice": voice.value,
            "on_hold": self._floor.on_hold,
            "muted": self.holder_id in self._floor.muted,
            "recording": self.recording,
            "people": [{"id": staff_id, "name": headset.name, "role": seat.value} for staff_id, headset, seat in shown],
            "help": {"by": {"id": self.help.by_id, "name": self.help.by_name}, "note": self.help.note,
                     "at": self.help.at} if self.help else None,
            "ringing": [
                {"to": {"id": ring.to_id, "name": ring.to_name}, "from": {"id": ring.from_id, "name": ring.from_name},
                 "kind": ring.kind, "at": ring.at}
                for ring in self.rings.values()
            ],
            "consult": {"with": {"id": self.consulted[0], "name": self.consulted[1]}, "answered": True}
            if self.consulted
            else None,
        }  # fmt: skip

    # Inside.

    def _voice(self) -> AgentVoice:
        if not self._voiced:
            return AgentVoice.OFF
        return AgentVoice.LOST if self._lease.missing_ms >= SHORTLY_MS else AgentVoice.ON

    def _sit(self, headset: Headset, seat: Seat) -> None:
        if headset.seated is not None and headset.seated is not self:
            headset.seated.step_aside(headset.staff_id)
        headset.seated = self
        if seat is Seat.AGENT:
            self._voiced = True
        self.names[headset.staff_id] = headset.name
        heard = self._listen_to(headset.staff_id) if seat in (Seat.AGENT, Seat.CONFERENCE) else None
        if heard is None:
            self._deafen(headset.staff_id)
        self._floor.sit(headset, seat, heard.listened.push if heard else None)
        self._reports.seated(headset.staff_id)

    def _rise(self, staff_id: str) -> None:
        found = self._floor.seats.get(staff_id)
        self._floor.leave(staff_id)
        self._deafen(staff_id)
        if found is not None and found[0].seated is self:
            found[0].seated = None
            self._reports.seated(staff_id)

    def _listen_to(self, staff_id: str) -> _Heard:
        heard = self._heard.get(staff_id)
        if heard is None:
            listening = self._reports.listening(staff_id)

            def tell(signal: Signal, utterance: Utterance) -> None:
                if signal in (Signal.STARTED, Signal.ENDED):
                    self._reports.speaking(staff_id, signal is Signal.STARTED, utterance)
                listening.signal(signal, utterance)

            heard = self._heard[staff_id] = _Heard(self._bridge.listen_to(tell), listening)
        return heard

    def _deafen(self, staff_id: str) -> None:
        heard = self._heard.pop(staff_id, None)
        if heard is not None:
            heard.listened.close()

    def _ring_on(self) -> None:
        for staff_id, ring in list(self.rings.items()):
            if ring.beats * FRAME_MS >= RING_MS:
                self.unring(staff_id)
            else:
                self.rings[staff_id] = replace(ring, beats=ring.beats + 1)

    def _name(self, staff_id: str | None) -> str:
        return self.names.get(staff_id or "", "")


def key_sound(digits: str) -> Pcm:
    """The tones of ``digits``, for a menu at the other end (8 kHz)."""
    at = np.arange(LINE_RATE * KEY_MS // 1_000) / LINE_RATE
    gap = np.zeros(LINE_RATE * KEY_GAP_MS // 1_000)
    pieces = []
    for digit in digits:
        low, high = key_tones(digit)
        pieces += [_KEY_LEVEL * (np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)), gap]
    return (np.concatenate(pieces) * 32_767).astype(np.int16)
