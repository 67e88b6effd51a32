"""Our side's sound on its way to the customer's ear, and the knowledge of what was really heard.

Laid out for speed. A ``Speech`` is one thing to say, made of clauses whose sound arrives while it is being synthesised.
``Playout`` sends it a little ahead of time and keeps a mirror of what waits at the carrier: one frame leaves the mirror
per tick, as it does over there, and the carrier's marks pull the estimate back when it plays later than we think. What
left the mirror was heard; the rest was not, and is what ``flush`` drops. It decides nothing about who may speak.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.levels import mix
from relevo.calls.media.mulaw import QUIET
from relevo.calls.media.resuming import resume_at
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Line, Pcm

MARK_EVERY = 10
"""Frames between marks inside a speech (200 ms)."""
ECHO_PATIENCE = 25
"""Frames to wait for the last mark's echo before believing the mirror (500 ms)."""
LIVE_LEAD = 2
"""Frames that may wait at the carrier while people speak (40 ms)."""
UNMADE = 10 * LINE_RATE
"""Samples that are taken to follow where the sound is still being made."""
_FADE = FRAME_SAMPLES // 2
_FADING = np.linspace(1, 0, _FADE)


@dataclass(slots=True)
class Clause:
    text: str
    """As it is written in the thread."""
    samples: int = 0
    complete: bool = False


@dataclass(slots=True, eq=False)
class Speech:
    """One thing to say. ``version`` is the control version it was made under."""

    version: int
    clauses: list[Clause] = field(default_factory=list)
    author: str = "bot"
    message_id: str | None = None
    timing: dict[str, int] = field(default_factory=dict)
    """Milliseconds from the end of the customer's voice to each step of the answer."""
    asked_ms: int | None = None
    """When the voice that this answers fell silent."""
    complete: bool = False
    """No more sound will be added."""
    dropped: bool = False
    """Nobody will hear more of it: no need to make the rest."""
    sent_ms: int | None = None
    began_ms: int | None = None
    ended_ms: int | None = None
    _sound: bytearray = field(default_factory=bytearray)
    sent: int = 0
    played: int = 0

    def clause(self, text: str) -> Clause:
        added = Clause(text)
        self.clauses.append(added)
        return added

    def add(self, clause: Clause, sound: bytes) -> None:
        """More mu-law of ``clause``."""
        clause.samples += len(sound)
        self._sound += sound

    def frame(self) -> bytes | None:
        """The next 20 ms, if they are there. The last frame is filled up with silence."""
        waiting = len(self._sound) - self.sent
        if waiting < FRAME_SAMPLES and (waiting <= 0 or not self.complete):
            return None
        frame = bytes(self._sound[self.sent : self.sent + FRAME_SAMPLES])
        self.sent += FRAME_SAMPLES
        return frame if len(frame) == FRAME_SAMPLES else frame + QUIET[len(frame) :]

    def rewind(self) -> None:
        """Back to where it may be gone on from."""
        starts = [0]
        for clause in self.clauses:
            starts.append(starts[-1] + clause.samples)
        self.played = self.sent = resume_at(self._sound, self.played, starts)

    def exhausted(self) -> bool:
        return self.complete and self.sent >= len(self._sound)

    def heard(self) -> tuple[str, str]:
        """What of the text was heard, and what was not. A clause cut in the middle counts by its share of words."""
        left, heard, missed = self.played, list[str](), list[str]()
        for clause in self.clauses:
            if clause.complete and left >= clause.samples and clause.samples:
                heard.append(clause.text)
            else:
                words = clause.text.split()
                share = max(0, left) / clause.samples if clause.samples else 0.0
                count = min(len(words), int(share * len(words)))
                heard.append(" ".join(words[:count]))
                missed.append(" ".join(words[count:]))
            left -= clause.samples
        return " ".join(filter(None, heard)), " ".join(filter(None, missed))


Done = Callable[[Speech], None]


_Sent = tuple[bytes, Speech | None]


class Playout:
    """``done`` is called for each speech when the customer has heard all of it."""

    def __init__(self, line: Line, done: Done) -> None:
        self.now_ms = 0
        self._line = line
        self._done = done
        self._queue: deque[Speech] = deque()
        self._mirror: deque[_Sent] = deque()
        self.voice: bytes | None = None
        """Our voice's own part of what was last sent while people speak."""
        self._aloft = 0
        """Frames of speech in the mirror; the others are people's or a fade."""
        self._marks: dict[str, tuple[Speech, int]] = {}
        self._marked = 0
        self._echoes = False
        self._ending: deque[tuple[Speech, str, int]] = deque()
        self.held = False
        """Silent, with everything in its place for ``go_on``."""

    @property
    def busy(self) -> bool:
        """Something is being said or about to be."""
        return self._aloft > 0 or bool(self._queue)

    def say(self, speech: Speech) -> None:
        self._queue.append(speech)

    def tick(self, live: Pcm | None = None) -> bytes:
        """Send what is due; answer the 20 ms that the customer hears now.

        ``live`` is what people say in this moment: it is sent at once, with the voice's sound mixed in, and no more
        than two frames ahead.
        """
        self.now_ms += FRAME_MS
        if live is not None:
            self._send_live(live)
        else:
            while len(self._mirror) < self._line.lead_frames and self._send():
                pass
        now = QUIET
        if self._mirror:
            now, speech = self._mirror.popleft()
            if speech is not None:
                self._aloft -= 1
                if speech.began_ms is None:
                    speech.began_ms = self.now_ms
                speech.ended_ms = self.now_ms
                speech.played += FRAME_SAMPLES
        if self._ending:
            self._finish()
        return now

    def marked(self, name: str) -> None:
        self._echoes = True
        self._marks.pop(name, None)

    def flush(self) -> list[Speech]:
        """Silence at once: drop everything on both sides, fading what is in the air. Answers what was cut."""
        if not self.busy:
            return []
        cut = self._take_back()
        self._queue.clear()
        self.held = False
        for speech in cut:
            speech.dropped = True
        return cut

    def hold(self) -> None:
        """Silence at once, but nothing is lost: ``go_on`` says the rest from a good place on."""
        if self.held or not self.busy:
            return
        cut = self._take_back()
        for speech in cut:
            speech.sent = speech.played
        self._queue = deque(cut)
        self.held = True

    def go_on(self) -> None:
        if self.held:
            self.held = False
            for speech in self._queue:
                speech.rewind()

    def saying(self) -> str:
        """The words of all that is being said or waits to be, heard or not."""
        return " ".join(clause.text for speech in self._unheard() for clause in speech.clauses)

    def left(self) -> tuple[str, int]:
        """What of all that is to be said has not been heard: its clauses, and for how long their sound would go on."""
        texts, samples = [], 0
        for speech in self._unheard():
            played = speech.played
            samples += 0 if speech.complete else UNMADE
            for clause in speech.clauses:
                if played < clause.samples or not clause.complete:
                    texts.append(clause.text)
                    samples += max(0, clause.samples - max(0, played))
                played -= clause.samples
        return " ".join(texts), samples * FRAME_MS // FRAME_SAMPLES

    def _unheard(self) -> list[Speech]:
        found = [speech for speech, _, _ in self._ending if speech.played < speech.sent]
        for speech in [speech for _, speech in self._mirror if speech] + list(self._queue):
            if speech not in found:
                found.append(speech)
        return found

    def _take_back(self) -> list[Speech]:
        """Everything that is still unheard comes back from the carrier, and what is in the air is faded."""
        cut = self._unheard()
        finished = [speech for speech, _, _ in self._ending if speech not in cut]
        in_the_air = self._mirror[0][0] if self._mirror else None
        self._line.clear()
        for pending, position in self._marks.values():
            if pending in cut and self._echoes:
                pending.played = min(pending.played, position)
        self._mirror.clear()
        self._aloft = 0
        self._marks.clear()
        self._ending.clear()
        if in_the_air is not None:
            faded = np.zeros(FRAME_SAMPLES, np.int16)
            faded[:_FADE] = mulaw.decode(in_the_air)[:_FADE] * _FADING
            last = mulaw.encode(faded)
            self._line.write(last)
            self._mirror.append((last, None))
        for speech in finished:
            self._done(speech)
        return cut

    def _send(self) -> bool:
        found = self._next()
        if found is None:
            return False
        self._put(*found)
        return True

    def _send_live(self, live: Pcm) -> None:
        """One frame, unless more waits than live voices may be behind: then this moment is skipped to catch up."""
        if len(self._mirror) >= LIVE_LEAD:
            return
        if not self._mirror:
            self._put(QUIET, None)
        found = self._next()
        self.voice = None if found is None else found[0]
        if found is None:
            self._put(mulaw.encode(live), None)
        else:
            frame, speech = found
            self._put(mulaw.encode(mix([live, mulaw.decode(frame)])), speech)

    def _next(self) -> tuple[bytes, Speech] | None:
        if self.held:
            return None
        while self._queue and self._queue[0].exhausted():
            self._ended(self._queue.popleft())
        if not self._queue:
            return None
        speech = self._queue[0]
        frame = speech.frame()
        if frame is None:
            return None
        if speech.sent_ms is None:
            speech.sent_ms = self.now_ms
        return frame, speech

    def _put(self, frame: bytes, speech: Speech | None) -> None:
        self._line.write(frame)
        self._mirror.append((frame, speech))
        if speech is None:
            return
        self._aloft += 1
        if speech.sent % (MARK_EVERY * FRAME_SAMPLES) == 0:
            self._mark(speech)

    def _ended(self, speech: Speech) -> None:
        self._ending.append((speech, self._mark(speech), ECHO_PATIENCE))

    def _mark(self, speech: Speech) -> str:
        self._marked += 1
        name = f"m{self._marked}"
        self._marks[name] = (speech, speech.sent)
        self._line.mark(name)
        return name

    def _finish(self) -> None:
        while self._ending:
            speech, mark, patience = self._ending[0]
            if speech.played < speech.sent:
                return
            if mark in self._marks and patience > 0:
                self._ending[0] = (speech, mark, patience - 1)
                return
            self._ending.popleft()
            self._marks.pop(mark, None)
            self._done(speech)
