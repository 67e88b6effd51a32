"""What live calls need from outside: lines and legs that carry sound, a recogniser, a voice, a detector, a shelf.

On the customer's line sound is mu-law bytes at 8 kHz, 160 of them a frame of 20 ms, from end to end: what is only
passed on is never decoded. Legs of staff are int16 NumPy frames of 160 samples. Recognisers take 16 kHz, detectors
8 kHz; a voice says its own rate.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]

LINE_RATE = 8_000
FRAME_MS = 20
FRAME_SAMPLES = LINE_RATE * FRAME_MS // 1_000
SPEECH_RATE = 16_000
DETECTOR_WINDOW = 256
"""Samples at 8 kHz that a detector judges at a time (32 ms; Silero VAD v5/v6)."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``confidence`` is in 0..1 (exp of the mean token log-probability); ``seconds`` of CPU spent."""

    text: str
    confidence: float
    seconds: float = 0.0


class Recognizer(Protocol):
    """Speech to text. ``cancel`` of the awaiting task drops the work if it has not begun."""

    name: str

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        """Hear one utterance: 16 kHz, at most 28 s. ``names`` are expected words, given to the model as a prompt."""
        ...


class Voice(Protocol):
    """Text to speech. The text is already normalised for reading aloud (``texts.spoken``)."""

    name: str
    sample_rate: int

    def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        """Yield the sound of ``text`` in pieces as they are made; the first piece comes as early as possible."""
        ...


class SpeechDetector(Protocol):
    """Voice activity over many streams at once; each has a row with its state. Synchronous, a few ms for 200 rows."""

    def open(self) -> int:
        """A row for a new stream."""
        ...

    def close(self, row: int) -> None:
        """The stream has ended; its row may be given to another."""
        ...

    def probabilities(self, rows: Sequence[int], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Speech probability per row for ``windows`` of shape [n, 256] at 8 kHz in -1..1."""
        ...


class TurnEndModel(Protocol):
    """Judges by the sound whether a speaker is done."""

    async def finished(self, pcm: Pcm) -> float:
        """Probability that the turn is over: 16 kHz, the utterance so far, of which the last 8 s count."""
        ...


class Line(Protocol):
    """The customer's leg, seen from the media clock: every method is a plain function that returns at once.

    The carrier plays what is written in order and in real time. What comes from the customer is pushed into a
    ``LineListener``.
    """

    name: str
    """``twilio``, ``browser``..."""
    lead_frames: int
    """How many frames may wait at the carrier to bridge our own hiccups (at most 20 = 400 ms)."""

    def write(self, frame: bytes) -> None:
        """Queue 20 ms (160 bytes of mu-law) for the customer."""
        ...

    def mark(self, name: str) -> None:
        """Ask to be told (``LineListener.marked``) when everything written so far has been played."""
        ...

    def clear(self) -> None:
        """Drop what was written and not yet played."""
        ...

    def caption(self, author: str, text: str) -> None:
        """Show words where the line has a screen; nothing elsewhere."""
        ...

    def hang_up(self) -> None:
        """End the connection. ``LineListener.closed`` follows, once."""
        ...


class LineListener(Protocol):
    """Who hears a line. Called from the socket's reader; must return at once."""

    def sound(self, mulaw: bytes, position: int) -> None:
        """Sound from the customer, any number of bytes; ``position`` counts samples since the stream began."""
        ...

    def marked(self, name: str) -> None:
        """Everything written before this mark was played, or was cleared."""
        ...

    def digit(self, digit: str) -> None:
        """A key was pressed."""
        ...

    def closed(self, reason: str) -> None:
        """The line is gone, for this reason (an ``EndReason``)."""
        ...


class Leg(Protocol):
    """The headset of a member of staff. Read and written once per tick by the media clock; both return at once."""

    name: str
    """``websocket``, ``webrtc``..."""

    def read(self) -> Pcm | None:
        """Their next 20 ms; delay, order and concealment are the leg's business. None: nothing has come."""
        ...

    def write(self, pcm: Pcm) -> None:
        """20 ms for their ear."""
        ...

    def flush(self) -> None:
        """Drop what waits for their ear."""
        ...

    def silent_ms(self) -> int:
        """How long nothing has arrived from them. A muted microphone still sends."""
        ...

    def hang_up(self) -> None:
        """End the connection. ``LegListener.closed`` follows, once."""
        ...


class LegListener(Protocol):
    """Who hears what a leg has to say besides its sound."""

    def digit(self, digit: str) -> None:
        """A key was pressed on the headset's keypad."""
        ...

    def closed(self, reason: str) -> None:
        """The leg is gone."""
        ...


class Carrier(Protocol):
    """The control side of a line, apart from its sound."""

    async def end(self, external_id: str) -> None:
        """Hang up, or stop ringing. Fine if it is over already. Raises ``ProviderError``."""
        ...


class RecordingStore(Protocol):
    """Where recordings are kept, outside anything that is served. All methods may block: call them off the loop."""

    def place(self, recording_id: str) -> Path:
        """The file that a new recording is written to as it goes."""
        ...

    def describe(self, recording_id: str, facts: Mapping[str, Any]) -> None:
        """Write or replace the sidecar with the recording's metadata."""
        ...

    def find(self, recording_id: str) -> Path | None:
        """The recording's file, if there is one."""
        ...


class Reach(Protocol):
    """Which members of staff calls may go to. Both answer at once."""

    def may_ring(self, staff_id: str) -> bool:
        """Whether they may be rung now."""
        ...

    def takes_calls(self, staff_id: str) -> bool:
        """Whether they take calls now, busy or free: somebody whom it makes sense to wait for."""
        ...


class Anybody:
    """Where nobody says who may: whoever is there."""

    def may_ring(self, staff_id: str) -> bool:  # noqa: ARG002
        return True

    def takes_calls(self, staff_id: str) -> bool:  # noqa: ARG002
        return True
