"""From text to sound on the line: clause by clause, so that the first one is heard while the others are being made.

It decides neither what is said nor whether it still may be, and keeps nothing: a voice may keep its sentences itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.levels import TARGET_DB, active_level, bent, comfort, to_pcm
from relevo.calls.media.playout import Clause, Speech
from relevo.calls.media.rates import ToLine
from relevo.calls.ports import LINE_RATE, Pcm, Voice
from relevo.calls.rules import clauses

QUIETEST_DB = -60.0
MOST_DB = 15.0
BACKGROUND_SAMPLES = 4 * LINE_RATE

Spoken = Callable[[str], str]


class Speaker:
    """One per process. ``spoken`` rewrites a text for reading aloud (money, dates, codes)."""

    def __init__(self, voice: Voice, spoken: Spoken, *, locale: str) -> None:
        self._voice = voice
        self._spoken = spoken
        self._locale = locale
        self._gain = 1.0
        self._background: Pcm | None = None
        self._at = 0

    async def measure(self, text: str) -> float:
        """Hear the voice once; from then on it is as loud as people on the line are made, and has their background.

        Answers the gain in dB. A voice that says nothing is left alone.
        """
        to_line = ToLine(self._voice.sample_rate)
        pieces = [to_line.push(pcm) async for pcm in self._voice.say(text, locale=self._locale)]
        level = active_level(np.concatenate([*pieces, to_line.push(np.zeros(0, np.int16), last=True)]))
        if level < QUIETEST_DB:
            return 0.0
        gain_db = min(MOST_DB, max(-MOST_DB, TARGET_DB - level))
        self._gain = 10 ** (gain_db / 20)
        self._background = comfort(BACKGROUND_SAMPLES, seed=1)
        return gain_db

    async def make(self, speech: Speech, text: str, locale: str | None = None) -> None:
        """Add the sound of ``text`` to ``speech`` and complete it, whatever happens."""
        try:
            for written, clause in [(part, speech.clause(part)) for part in clauses(text)]:
                if speech.dropped:
                    return
                await self._clause(speech, written, clause, locale or self._locale)
        finally:
            speech.complete = True

    async def _clause(self, speech: Speech, written: str, clause: Clause, locale: str) -> None:
        to_line = ToLine(self._voice.sample_rate)
        # Reading aloud is rewritten by the rules of the house's own language only.
        aloud = self._spoken(written) if locale[:2] == self._locale[:2] else written
        async for pcm in self._voice.say(aloud, locale=locale):
            speech.add(clause, self._coded(to_line.push(pcm)))
        speech.add(clause, self._coded(to_line.push(np.zeros(0, np.int16), last=True)))
        clause.complete = True

    def _coded(self, pcm: Pcm) -> bytes:
        if self._background is None or not len(pcm):
            return mulaw.encode(pcm)
        behind = np.take(self._background, range(self._at, self._at + len(pcm)), mode="wrap")
        self._at = (self._at + len(pcm)) % BACKGROUND_SAMPLES
        loud = (pcm.astype(np.float32) * np.float32(self._gain) + behind) * np.float32(1 / 32_768)
        return mulaw.encode(to_pcm(bent(loud)))
