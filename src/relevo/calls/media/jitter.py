"""Sound that comes when it likes, given out every 20 ms.

``JitterBuffer`` is for packets that may be late, lost, doubled or out of order; ``Feed`` is for streams that come whole
and in order but stall. Both keep as little as the network allows, make up for what is missing and join what does not
belong together without a click. Laid out for speed: while all is well a pull is a slice. Time is the number of pulls;
neither knows a clock, a socket or a codec.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from relevo.calls.media.mending import GIVE_UP, Mouth, squeeze
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

MARGIN = FRAME_SAMPLES
"""What lies ready when the network is calm: with the frame being played, two frames at most."""
MOST_FRAMES = 15
"""Never more than this is queued (300 ms)."""
STRANGERS = 25
"""Packets in a row that all come too late: the sender has begun anew."""

_KEPT = 200
_JUDGE_EVERY = 10
_IN_TIME = 0.97
_HASTE = 5
_ROOM = 1 << 14
_SEEN = 512
_FAR = 3_000
_SETTLING = 10


class JitterBuffer:
    """Packets in, a frame per pull out. ``clock_rate`` is that of the timestamps (Opus counts in 48 kHz).

    While sound is missing and nothing newer has come, playing waits, so the delay grows by itself; holes are skipped or
    made up for, and what is more than the network's recent behaviour asks for is squeezed away.
    """

    def __init__(self, *, clock_rate: int = LINE_RATE, most_frames: int = MOST_FRAMES, seed: int = 0) -> None:
        self.late = 0
        """Packets that came when nobody waited any more."""
        self.duplicate = 0
        self.concealed = 0
        """Frames that were made up."""
        self.skipped = 0
        """Samples left out to catch up."""
        self.silent = 0
        """Pulls since the last packet."""
        self._rate = clock_rate
        self._most = most_frames * FRAME_SAMPLES
        self._mouth = Mouth(seed)
        self._sound = np.zeros(_ROOM, np.int16)
        self._there = np.zeros(_ROOM, np.bool_)
        self._tick = 0
        self._lost_before = self._received = self._first = self._last = 0
        self._transits: deque[int] = deque(maxlen=_KEPT)
        self._forget()

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return self._lost_before + (self._last - self._first + 1 - self._received if self._received else 0)

    @property
    def queued(self) -> int:
        """Frames between what is played and the newest that has come."""
        return max(0, -(-(self._end - self._head) // FRAME_SAMPLES))

    @property
    def delay_ms(self) -> int:
        """How much later sound is played than the fastest packets would allow."""
        return max(0, self._delay - min(self._transits, default=0)) * 1_000 // LINE_RATE if self._delay else 0

    def push(self, sequence: int, timestamp: int, pcm: Pcm) -> None:
        """A packet: its 16-bit number, its 32-bit time and its sound at 8 kHz."""
        self.silent = 0
        if self._received and abs(_apart(sequence, self._last, 16)) > _FAR:
            self._forget()
        if not self._received:
            self._first = self._last = sequence
            self._origin = self._stamp = timestamp
        number = self._last + _apart(sequence, self._last, 16)
        stamp = self._stamp + _apart(timestamp, self._stamp, 32)
        if number in self._seen:
            self.duplicate += 1
            return
        self._seen[number] = None
        if len(self._seen) > _SEEN:
            del self._seen[next(iter(self._seen))]
        self._received += 1
        self._first = min(self._first, number)
        if number > self._last:
            self._last, self._stamp = number, stamp
        if not self._put((stamp - self._origin) * LINE_RATE // self._rate, pcm):
            self._forget()
            self.push(sequence, timestamp, pcm)

    def pull(self) -> Pcm | None:
        """The next 20 ms. None: nothing has come yet, or for long."""
        frame = self._next()
        self._tick += 1
        self.silent += 1
        return frame

    def flush(self) -> None:
        """Drop what is queued."""
        self._forget()

    @property
    def _now(self) -> int:
        return self._tick * FRAME_SAMPLES

    def _forget(self) -> None:
        """Begin with the next packet, whatever it is numbered. What was said last still fades."""
        self._lost_before = self.lost
        self._seen: dict[int, None] = {}
        self._received = self._first = self._last = 0
        self._origin = self._stamp = 0
        self._strangers = 0
        self._restart(0)

    def _restart(self, at: int) -> None:
        """Play from ``at`` on, one frame from now."""
        self._there[:] = False
        self._base = at - 2 * self._most
        self._head = self._end = at
        self._transits.clear()
        self._transit_tick = -1
        self._target = 0
        self._wait = 1
        self._starved = 0
        self._settling = _SETTLING
        self._rest = 0
        self._delay = 0
        self._broken = True

    def _put(self, at: int, pcm: Pcm) -> bool:
        """Store a packet's sound; False if its time makes no sense."""
        if not self._transits or self._starved >= GIVE_UP:
            self._restart(at)
        if at - self._end > self._most:
            self._restart(at)
        self._note(self._now - at)
        if at < self._head and self._wait and self._settling == _SETTLING:
            self._head = max(at, self._base, self._end - self._most)
        if at + len(pcm) <= self._head:
            self.late += 1
            self._strangers += 1
            return self._strangers < STRANGERS
        self._strangers = 0
        if at < self._head:
            pcm, at = pcm[self._head - at :], self._head
        pcm = pcm[: self._most]
        begin = at - self._base
        self._sound[begin : begin + len(pcm)] = pcm
        self._there[begin : begin + len(pcm)] = True
        self._end = max(self._end, at + len(pcm))
        if self._end - self._head > self._most:
            self._skip(self._end - self._head - self._most)
        return True

    def _note(self, transit: int) -> None:
        """Remember how long a packet travelled. Of a burst that ends a stall only the quickest tells something."""
        if self._settling and self._transit_tick == self._tick:
            self._transits[-1] = min(self._transits[-1], transit)
        else:
            self._transits.append(transit)
        self._transit_tick = self._tick

    def _judge(self) -> None:
        """How late to play so that nearly all packets come in time."""
        kept = sorted(self._transits)
        longest = kept[0] + self._most - 2 * FRAME_SAMPLES
        usual = [transit for transit in kept if transit <= longest]
        self._target = max(kept[0] + MARGIN, usual[int(_IN_TIME * (len(usual) - 1))])

    def _next(self) -> Pcm | None:
        if not self._transits:
            return self._make_up()
        if self._wait:
            self._wait -= 1
            return self._make_up()
        if self._settling or self._tick % _JUDGE_EVERY == 0:
            self._judge()
        excess = self._now - self._head - self._target
        if self._settling:
            self._settling -= 1
            if excess > 2 * FRAME_SAMPLES:
                self._skip(min(excess, self._end - self._head - FRAME_SAMPLES))
                excess = self._now - self._head - self._target
        at = self._head - self._base
        if self._there[at : at + FRAME_SAMPLES].all():
            return self._play(at, excess)
        self._broken = True
        if self._end - self._head < FRAME_SAMPLES:
            self._starved += 1
            return self._make_up()
        hole = int(np.argmax(self._there[at : self._end - self._base])) or FRAME_SAMPLES
        if 0 < hole <= excess:
            self._skip(hole)
            return self._next()
        if excess >= 0:
            self._advance(FRAME_SAMPLES)
        return self._make_up()

    def _play(self, at: int, excess: int) -> Pcm:
        used = FRAME_SAMPLES
        self._delay = self._now - self._head
        self._rest -= 1
        if excess >= FRAME_SAMPLES and self._rest <= 0 and self._there[at : at + 2 * FRAME_SAMPLES].all():
            frame, cut = squeeze(self._sound[at : at + 2 * FRAME_SAMPLES])
            used += cut
            self.skipped += cut
            self._rest = _HASTE if excess < 5 * FRAME_SAMPLES else _HASTE // 2
        else:
            frame = self._sound[at : at + FRAME_SAMPLES].copy()
        self._advance(used)
        self._starved = 0
        if self._broken:
            self._broken = False
            return self._mouth.join(frame)
        return self._mouth.follow(frame)

    def _make_up(self) -> Pcm | None:
        frame = self._mouth.make_up()
        self.concealed += frame is not None
        return frame

    def _skip(self, samples: int) -> None:
        if samples > 0:
            self._broken = True
            self.skipped += samples
            self._advance(samples)

    def _advance(self, samples: int) -> None:
        at = self._head - self._base
        self._there[at : at + samples] = False
        self._head += samples
        self._end = max(self._end, self._head)
        if at + samples > _ROOM // 2:
            gone = at + samples
            self._sound[:-gone] = self._sound[gone:]
            self._there[:-gone] = self._there[gone:]
            self._there[-gone:] = False
            self._base += gone


class Feed:
    """A stream that is complete and in order (a socket): a few frames ahead at first, and after each stall as many as
    were missing. What stays queued for seconds without being needed is squeezed away."""

    def __init__(self, *, ready_frames: int = 2, most_frames: int = 20, seed: int = 0) -> None:
        self.concealed = 0
        """Frames that were made up: one, fading, per stall."""
        self.skipped = 0
        """Samples left out to catch up."""
        self.stalls = 0
        self.silent = 0
        """Pulls since anything came."""
        self._ready = ready_frames * FRAME_SAMPLES
        self._most = most_frames * FRAME_SAMPLES
        self._mouth = Mouth(seed)
        self._parts: deque[Pcm] = deque()
        self._size = 0
        self._needed = self._ready
        self._broken = True
        self._starved = 0
        self._surplus = 0
        self._least = self._most
        self._pulls = 0
        self._rest = 0
        self._settling = 0

    @property
    def queued(self) -> int:
        """Whole frames that are waiting."""
        return self._size // FRAME_SAMPLES

    def push(self, pcm: Pcm) -> None:
        """Any number of samples at 8 kHz."""
        self.silent = 0
        if not len(pcm):
            return
        self._parts.append(pcm)
        self._size += len(pcm)
        if self._size > self._most:
            self._cut()

    def pull(self) -> Pcm | None:
        """The next 20 ms. None: nothing has come yet, or nothing goes on."""
        self.silent += 1
        if self._size < max(self._needed, FRAME_SAMPLES):
            if not self._needed:
                self.stalls += 1
                self._broken = True
            self._starved += 1
            self._needed = min(self._ready, self._starved * FRAME_SAMPLES) if self.stalls else self._ready
            frame = self._mouth.make_up(quickly=True)
            self.concealed += frame is not None
            return frame
        if self._starved >= GIVE_UP:
            self._settling = _SETTLING
        if self._settling:
            # What comes at once after a long stall is old.
            self._settling -= 1
            if self._size > self._ready + 2 * FRAME_SAMPLES:
                self._cut()
        self._needed = self._starved = 0
        frame = self._frame()
        self._watch()
        if self._broken:
            self._broken = False
            return self._mouth.join(frame)
        return self._mouth.follow(frame)

    def flush(self) -> None:
        """Drop what is queued."""
        self._parts.clear()
        self._size = self._surplus = 0
        self._broken = True
        self._needed = self._ready

    def _frame(self) -> Pcm:
        self._rest -= 1
        if self._surplus < FRAME_SAMPLES or self._rest > 0 or self._size < 2 * FRAME_SAMPLES:
            return self._take(FRAME_SAMPLES)
        both = self._take(2 * FRAME_SAMPLES)
        frame, cut = squeeze(both)
        if cut < FRAME_SAMPLES:
            self._parts.appendleft(both[FRAME_SAMPLES + cut :])
            self._size += FRAME_SAMPLES - cut
        self.skipped += cut
        self._surplus -= cut
        self._rest = _HASTE
        return frame

    def _cut(self) -> None:
        """Drop the oldest, as far as not needed."""
        self.skipped += self._size - self._ready
        self._take(self._size - self._ready)
        self._broken = True

    def _watch(self) -> None:
        """What is left at the worst moment of some seconds, beyond one frame, is not needed."""
        self._least = min(self._least, self._size)
        self._pulls += 1
        if self._pulls % _KEPT == 0:
            self._surplus = self._least - FRAME_SAMPLES
            self._least = self._most

    def _take(self, samples: int) -> Pcm:
        self._size -= samples
        first = self._parts.popleft()
        if len(first) == samples:
            return first
        taken: list[Pcm] = [first]
        missing = samples - len(first)
        while missing > 0:
            taken.append(self._parts.popleft())
            missing -= len(taken[-1])
        if missing < 0:
            self._parts.appendleft(taken[-1][missing:])
            taken[-1] = taken[-1][:missing]
        joined: Pcm = np.concatenate(taken)
        return joined


def _apart(later: int, earlier: int, bits: int) -> int:
    """The shortest way between two numbers that wrap."""
    half = 1 << (bits - 1)
    return (later - earlier + half) % (1 << bits) - half
