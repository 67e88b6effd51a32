"""From text to sound on the line: clause by clause, so that the first one is heard while the others are being made.

It decides neither what is said nor whether it still may be, and keeps nothing: a voice may keep its sentences itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.playout import Clause, Speech
from relevo.calls.media.rates import ToLine
from relevo.calls.ports import Voice
from relevo.calls.rules import clauses

Spoken = Callable[[str], str]


class Speaker:
    """One per process. ``spoken`` rewrites a text for reading aloud (money, dates, codes)."""

    def __init__(self, voice: Voice, spoken: Spoken, *, locale: str) -> None:
        self._voice = voice
        self._spoken = spoken
        self._locale = locale

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
            speech.add(clause, mulaw.encode(to_line.push(pcm)))
        speech.add(clause, mulaw.encode(to_line.push(np.zeros(0, np.int16), last=True)))
        clause.complete = True
