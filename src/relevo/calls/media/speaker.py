"""From text to sound on the line: clause by clause, so that the first one is heard while the others are being made.

Fixed sentences are kept once made, per voice and locale. It decides neither what is said nor whether it still may be.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from relevo.calls.media.playout import Clause, Speech
from relevo.calls.media.rates import ToLine
from relevo.calls.ports import LINE_RATE, Pcm, Voice
from relevo.calls.rules import clauses

CACHED_SECONDS = 600
"""Seconds of sound kept (about 10 MB)."""
_LONGEST_KEPT = 160
"""Characters: longer clauses are hardly ever said twice."""

_SILENT = 200
_LEAD = 40
_PAUSE = LINE_RATE // 5
"""Silence (200 ms) after a clause. Voices end with up to half a second, which a caller takes for the end."""

Spoken = Callable[[str], str]


class Speaker:
    """One per process. ``spoken`` rewrites a text for reading aloud (money, dates, codes)."""

    def __init__(self, voice: Voice, spoken: Spoken, *, locale: str) -> None:
        self._voice = voice
        self._spoken = spoken
        self._locale = locale
        self._kept: OrderedDict[str, Pcm] = OrderedDict()
        self._kept_samples = 0

    async def make(self, speech: Speech, text: str) -> None:
        """Add the sound of ``text`` to ``speech`` and complete it, whatever happens."""
        try:
            parts = [(clause, speech.clause(clause)) for clause in clauses(text)]
            for written, clause in parts:
                if speech.dropped:
                    return
                await self._clause(speech, written, clause)
        finally:
            speech.complete = True

    async def warm(self, texts: Sequence[str]) -> None:
        """Make sentences that will be needed at once (greetings) before anybody calls."""
        for text in texts:
            await self.make(Speech(0), text)

    async def _clause(self, speech: Speech, written: str, clause: Clause) -> None:
        aloud = self._spoken(written)
        kept = self._kept.get(aloud)
        if kept is not None:
            self._kept.move_to_end(aloud)
            speech.add(clause, kept)
            clause.complete = True
            return
        to_line, trim, made = ToLine(self._voice.sample_rate), _Trim(), []
        async for pcm in self._voice.say(aloud, locale=self._locale):
            piece = trim.push(to_line.push(pcm))
            made.append(piece)
            speech.add(clause, piece)
        rest = np.concatenate((trim.push(to_line.push(np.zeros(0, np.int16), last=True)), trim.pause()))
        speech.add(clause, rest)
        clause.complete = True
        if len(aloud) <= _LONGEST_KEPT:
            self._keep(aloud, np.concatenate([*made, rest]))

    def _keep(self, aloud: str, pcm: Pcm) -> None:
        self._kept[aloud] = pcm
        self._kept_samples += len(pcm)
        while self._kept_samples > CACHED_SECONDS * LINE_RATE:
            _, dropped = self._kept.popitem(last=False)
            self._kept_samples -= len(dropped)


class _Trim:
    """Cuts the silence in front of a clause, and behind it down to a pause."""

    def __init__(self) -> None:
        self._began = False
        self._quiet: list[Pcm] = []

    def push(self, pcm: Pcm) -> Pcm:
        loud = np.flatnonzero(np.abs(pcm) > _SILENT)
        if not len(loud):
            if self._began:
                self._quiet.append(pcm)
            return pcm[:0]
        first = 0 if self._began else max(0, int(loud[0]) - _LEAD)
        last = int(loud[-1]) + 1
        heard = np.concatenate([*self._quiet, pcm[first:last]])
        self._began, self._quiet = True, [pcm[last:]]
        return heard

    def pause(self) -> Pcm:
        held = np.concatenate(self._quiet) if self._quiet else np.zeros(0, np.int16)
        return held[:_PAUSE]
