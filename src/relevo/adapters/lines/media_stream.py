"""One socket of a media stream in Twilio's protocol: JSON text frames, mu-law at 8 kHz, marks and clears.

Whoever speaks it (the carrier, the browser page, the loopback) is not trusted: a frame that breaks the protocol ends
this call with its reason and touches nothing else. It knows no socket library: a ``Wire`` sends, somebody feeds it
frames (``lines.asgi`` for any ASGI server, ``lines.socket`` for our own). Laid out for speed: a frame of sound is
parsed once, handed on as it is and never decoded. Who may connect is decided by the door that passes ``admit``.
"""

from __future__ import annotations

import asyncio
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic_core import from_json

from relevo.calls.ports import LINE_RATE, LineListener
from relevo.calls.rules import EndReason
from relevo.kit import log
from relevo.kit.errors import RelevoError
from relevo.kit.tasks import Tasks

_log = log.get("lines.stream")

LEAD_FRAMES = 10
"""200 ms wait at the carrier: enough for our hiccups, half of what may be lost to a ``clear``."""
MAX_FRAME = 65_536
MAX_SOUND = 16_000
"""Bytes of mu-law in one frame (2 s)."""
MAX_GAP = 80_000
"""Samples (10 s) that a timestamp may jump ahead."""
MAX_UNSENT = 75_000
"""Bytes (about 5 s of sound) that may wait for a socket that is not read."""
MAX_EARLY = 500
"""Frames that may come while the stream is being admitted (10 s of sound)."""
OPENING_SECONDS = 10
"""Time to say ``start`` after connecting."""
_CODES = {EndReason.PROTOCOL_ERROR: 1008, EndReason.INTERNAL_ERROR: 1011, EndReason.NODE_STOPPED: 1001}
STOPPING_CODES = (1001, 1012)
"""With these the server that carries a socket says that it stops."""
CLOSING_SECONDS = 2
"""Time for the other side to agree that the socket is closed, or to read what is left."""
AHEAD = 2 * LINE_RATE
"""Samples that may come before their time."""
_PARAMETERS = 20
_PER_MS = LINE_RATE // 1_000


class ProtocolError(Exception):
    """The other side broke the protocol."""


class Wire(Protocol):
    """The sending side of a socket. All methods return at once."""

    def send(self, text: bytes) -> None: ...
    def unsent(self) -> int:
        """Bytes that the other side has not taken yet."""
        ...

    def close(self, code: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Start:
    """The first real frame: which stream this is."""

    stream: str
    call: str
    parameters: dict[str, str] = field(default_factory=dict, repr=False)


class StreamLine:
    """The customer's leg over a socket."""

    lead_frames = LEAD_FRAMES

    def __init__(self, name: str, stream: str, *, captions: bool = False) -> None:
        self.name = name
        self._captions = captions
        self._stream = stream
        self._head = f'{{"event":"media","streamSid":{json.dumps(stream)},"media":{{"payload":"'.encode()
        self._wire: Wire | None = None
        self._over: Callable[[EndReason], None] = lambda _: None
        self._written = 0

    def attach(self, wire: Wire, over: Callable[[EndReason], None]) -> None:
        """What is written goes to ``wire``; ``over`` is told when this side ends the stream."""
        self._wire, self._over = wire, over

    def detach(self) -> None:
        """The stream is over: what is still written goes nowhere."""
        self._wire = None

    def write(self, frame: bytes) -> None:
        if self._wire is None:
            return
        self._wire.send(self._head + binascii.b2a_base64(frame, newline=False) + b'"}}')
        self._written += 1
        if self._written % 16 == 0 and self._wire.unsent() > MAX_UNSENT:
            self._over(EndReason.LINE_STALLED)

    def mark(self, name: str) -> None:
        self._put({"event": "mark", "streamSid": self._stream, "mark": {"name": name}})

    def clear(self) -> None:
        self._put({"event": "clear", "streamSid": self._stream})

    def caption(self, author: str, text: str) -> None:
        if self._captions:
            self._put({"event": "caption", "author": author, "text": text})

    def hang_up(self) -> None:
        self._over(EndReason.LINE_LOST)

    def _put(self, frame: dict[str, Any]) -> None:
        if self._wire is not None:
            self._wire.send(json.dumps(frame).encode())


Admitted = tuple[StreamLine, Callable[[StreamLine], Awaitable[LineListener]]]
Admit = Callable[[Start], Awaitable[Admitted | None]]
"""Looks at ``start``; answers the line and how to connect it, or None to refuse."""


class MediaStream:
    """The protocol of one socket. Feed it with ``text``, ``broken`` and ``lost``; it never raises for what a peer does.

    ``done`` is set when nothing more will be sent or heard.
    """

    def __init__(self, wire: Wire, admit: Admit, tasks: Tasks) -> None:
        self._wire = wire
        self._admit = admit
        self._tasks = tasks
        self._stream = ""
        self._position = 0
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._received = 0
        self._until = AHEAD
        self._line: StreamLine | None = None
        self._listener: LineListener | None = None
        self._joining: asyncio.Task[None] | None = None
        self._early: list[bytes] = []
        self._over = False
        self.done = asyncio.Event()
        self._timer = asyncio.get_running_loop().call_later(OPENING_SECONDS, self._too_late)

    def text(self, frame: bytes) -> None:
        """A text frame, whole."""
        if self._over:
            return
        try:
            if self._listener is not None:
                parsed = _parsed(frame)
                if parsed.get("event") == "media":
                    self._sound(parsed, self._listener)
                else:
                    self._told(parsed, self._listener)
            elif self._joining is not None:
                self._wait(frame)
            else:
                self._opening(_parsed(frame))
        except ProtocolError as error:
            self.broken(str(error))
        except Exception:
            _log.exception("a media stream failed")
            self.end(EndReason.INTERNAL_ERROR)

    def broken(self, why: str) -> None:
        """The other side sent what the protocol does not have."""
        if not self._over:
            _log.warning("a media stream broke the protocol", why=why)
            self.end(EndReason.PROTOCOL_ERROR)

    def lost(self) -> None:
        """The socket is gone."""
        self.end(EndReason.LINE_LOST)

    def end(self, reason: EndReason) -> None:
        """Close the socket and tell the call, once."""
        if self._over:
            return
        self._over = True
        self._timer.cancel()
        if self._joining is not None and self._listener is None:
            self._joining.cancel()
        self._early.clear()
        if self._line is not None:
            self._line.detach()
        self.done.set()
        self._wire.close(_CODES.get(reason, 1000))
        if self._listener is not None:
            self._listener.closed(reason.value)

    def _too_late(self) -> None:
        _log.info("a media stream went away before it began")
        self.end(EndReason.LINE_LOST)

    def _opening(self, frame: dict[str, Any]) -> None:
        event = frame.get("event")
        if event == "connected":
            return
        if event != "start":
            raise ProtocolError("something came before start")
        start = _start(frame)
        self._stream = start.stream
        self._joining = self._tasks.start(self._join(start), name="media stream joins")

    def _wait(self, frame: bytes) -> None:
        """Sound is already coming while the call is being connected."""
        self._early.append(frame)
        if len(self._early) > MAX_EARLY or len(frame) > MAX_FRAME:
            raise ProtocolError("too much before the stream was let in")

    async def _join(self, start: Start) -> None:
        listener = None
        try:
            admitted = await self._admit(start)
            if admitted is not None:
                self._line, connect = admitted
                self._line.attach(self._wire, self.end)
                listener = await connect(self._line)
        except RelevoError as error:
            _log.warning("a media stream was refused", code=error.code)
        finally:
            if listener is None:
                self.end(EndReason.FAILED)
        if listener is None:
            return
        self._timer.cancel()
        self._listener = listener
        if self._over:
            # Hung up while it was being connected: the call has a session that must hear of it.
            listener.closed(EndReason.LINE_LOST.value)
            return
        early, self._early = self._early, []
        for frame in early:
            self.text(frame)

    def _sound(self, frame: dict[str, Any], listener: LineListener) -> None:
        """50 times a second and call, therefore in one piece."""
        if frame.get("streamSid", self._stream) != self._stream:
            raise ProtocolError("another stream's sound")
        media = frame.get("media")
        if not isinstance(media, dict):
            raise ProtocolError("a field is missing")
        if media.get("track", "inbound") != "inbound":
            return
        try:
            sound = binascii.a2b_base64(media["payload"], strict_mode=True)
        except (KeyError, TypeError, ValueError) as error:
            raise ProtocolError("sound that is not base64") from error
        if len(sound) > MAX_SOUND:
            raise ProtocolError("too much sound at once")
        position = counted = self._position
        # By the carrier's timestamp (ms) if it is believable, else right after the last.
        stamp = media.get("timestamp")
        if isinstance(stamp, str) and stamp.isdecimal() and len(stamp) <= 10:
            stamped = int(stamp) * _PER_MS
            if counted < stamped <= counted + MAX_GAP:
                position = stamped
        self._received += len(sound)
        if position + len(sound) > self._until:
            position = self._in_time(position)
        self._position = position + len(sound)
        listener.sound(sound, position)

    def _in_time(self, position: int) -> int:
        """``position``, unless the clock is not there yet."""
        self._until = int((self._clock() - self._began) * LINE_RATE) + AHEAD
        # Also by its own timestamps: after a jump to the edge there is no place left for more.
        if max(self._received, self._position) > self._until:
            raise ProtocolError("faster than real time")
        return position if position <= self._until else self._position

    def _told(self, frame: dict[str, Any], listener: LineListener) -> None:
        event = frame.get("event")
        if event == "mark":
            listener.marked(str(_dict(frame, "mark").get("name", "")))
        elif event == "dtmf":
            digit = _dict(frame, "dtmf").get("digit")
            if not isinstance(digit, str) or len(digit) != 1 or digit not in "0123456789*#ABCD":
                raise ProtocolError("bad key")
            listener.digit(digit)
        elif event == "stop":
            self.end(EndReason.CUSTOMER_HUNG_UP)
        elif event in ("start", "connected"):
            raise ProtocolError("started twice")


def _parsed(frame: bytes) -> dict[str, Any]:
    if len(frame) > MAX_FRAME:
        raise ProtocolError("a frame too large")
    try:
        parsed = from_json(frame)
    except ValueError as error:
        raise ProtocolError("not JSON") from error
    if not isinstance(parsed, dict):
        raise ProtocolError("not an object")
    return parsed


def _start(frame: dict[str, Any]) -> Start:
    start = _dict(frame, "start")
    stream = start.get("streamSid") or frame.get("streamSid")
    call = start.get("callSid", "")
    given = start.get("customParameters") or {}
    if not isinstance(stream, str) or not stream or len(stream) > 80 or not isinstance(call, str):
        raise ProtocolError("start names no stream")
    if not isinstance(given, dict) or len(given) > _PARAMETERS:
        raise ProtocolError("bad parameters")
    form = start.get("mediaFormat") or {}
    if not isinstance(form, dict) or form.get("encoding", "audio/x-mulaw") != "audio/x-mulaw":
        raise ProtocolError("not mu-law")
    if form.get("sampleRate", 8_000) not in (8_000, "8000"):
        raise ProtocolError("not 8 kHz")
    return Start(stream, call, {str(key): str(value) for key, value in given.items()})


def _dict(frame: dict[str, Any], key: str) -> dict[str, Any]:
    value = frame.get(key)
    if not isinstance(value, dict):
        raise ProtocolError("a field is missing")
    return value
