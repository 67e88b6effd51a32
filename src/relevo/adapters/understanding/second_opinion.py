"""Another engine's opinion on what a message wants, over the embedded reading, which stays whenever there is none.

The data of a message (days, people, rooms, names) and what a rule is sure of are never asked of anybody else, and
nobody else may say yes or no for a customer. An engine that is slow, down or talks nonsense costs its patience a few
times and is then left alone for a while; customers are answered all along. What it thought of a message is remembered
for an hour, by a hash: many customers write the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from relevo.adapters.understanding.embedded import GIVES_DATA, Embedded
from relevo.bot.ports import ReadingContext, Understander, Understanding
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.errors import NotReady, ProviderError
from relevo.kit.health import OK

_log = log.get("understanding")

FAILURES = 5
WITHIN = timedelta(seconds=30)
REST = timedelta(seconds=30)
KEPT = timedelta(hours=1)
MOST_KEPT = 1_000
FRESH = timedelta(minutes=5)
"""How long a failure without a later success still counts as trouble."""
SPOKEN_SECONDS = 1.5
"""A caller waits no longer than this for anybody's opinion."""
ONLY_HERE = frozenset({"afirmar", "negar", GIVES_DATA})
"""Answers to what the bot asked: a yes books a room."""

Ranked = list[tuple[str, float]]


class Engine(Protocol):
    """Who is asked. Raises ``ProviderError``; what comes from it is checked before it is an opinion."""

    name: str
    patience: float
    """Seconds, for a written message."""
    must_agree: frozenset[str]
    """Intents that count only if the embedded model thought of them too."""

    async def opinion(self, text: str, context: ReadingContext) -> Ranked | None:
        """Intents of ours, the likeliest first; None where it has no opinion worth hearing."""
        ...

    async def look(self) -> None:
        """Raises what is wrong with it."""
        ...

    async def close(self) -> None: ...


class SecondOpinion(Understander):
    def __init__(self, embedded: Embedded, engine: Engine, clock: Clock) -> None:
        self.name = engine.name
        self.embedded = embedded
        self._engine = engine
        self._clock = clock
        self._failed: deque[datetime] = deque(maxlen=FAILURES)
        self._resting_until: datetime | None = None
        self._trouble: str | None = None
        self._kept: OrderedDict[bytes, tuple[datetime, Ranked | None]] = OrderedDict()

    def read(self, text: str, context: ReadingContext) -> Understanding:
        return self.embedded.read(text, context)

    async def aread(self, text: str, context: ReadingContext) -> Understanding:
        heard = await asyncio.to_thread(self.embedded.read, text, context)
        if heard.ruled or heard.intent == GIVES_DATA or not heard.text.strip() or self._rests():
            return heard
        ranked = await self._asked(heard.text, context)
        if ranked is None or not self._counts(ranked[0][0], heard):
            return heard
        return await asyncio.to_thread(self.embedded.read_as, text, _joined(ranked, heard), context)

    async def check(self) -> str:
        await self._engine.look()
        recent = bool(self._failed) and self._clock.now() - self._failed[-1] < FRESH
        return self._trouble if self._trouble is not None and recent else OK

    async def close(self) -> None:
        await self._engine.close()

    async def _asked(self, text: str, context: ReadingContext) -> Ranked | None:
        key, now = _key(text, context), self._clock.now()
        known = self._kept.get(key)
        if known is not None and now - known[0] < KEPT:
            return known[1]
        patience = min(SPOKEN_SECONDS, self._engine.patience) if context.spoken else self._engine.patience
        try:
            async with asyncio.timeout(patience):
                ranked = await self._engine.opinion(text, context)
        except TimeoutError:
            self._fails(NotReady("understanding_slow"))
            return None
        except ProviderError as error:
            self._fails(error)
            return None
        self._does_well()
        self._kept.pop(key, None)
        self._kept[key] = (now, ranked)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return ranked

    def _counts(self, intent: str, heard: Understanding) -> bool:
        if intent in ONLY_HERE:
            return False
        thought_of = {heard.intent, *heard.intents, *(other for other, _ in heard.alternatives)}
        return intent not in self._engine.must_agree or intent in thought_of

    def _rests(self) -> bool:
        return self._resting_until is not None and self._clock.now() < self._resting_until

    def _fails(self, error: ProviderError) -> None:
        now = self._clock.now()
        self._failed.append(now)
        often = len(self._failed) == FAILURES and now - self._failed[0] <= WITHIN
        if often or self._resting_until is not None:
            self._resting_until = now + REST
        if self._trouble is None:
            # Once for as long as it lasts; what is wrong now is for the probe to say.
            _log.warning("the embedded engine understands alone", engine=self.name, code=error.code)
        self._trouble = error.code

    def _does_well(self) -> None:
        if self._trouble is not None:
            _log.info("another engine has its say again", engine=self.name)
        self._trouble = self._resting_until = None
        self._failed.clear()


def _key(text: str, context: ReadingContext) -> bytes:
    """All that an engine is told of a message."""
    return hashlib.sha256(f"{context.expecting}\n{text}".encode()).digest()


def _joined(ranked: Sequence[tuple[str, float]], heard: Understanding) -> Ranked:
    """Their order first; where both say the same, whoever is surer of it."""
    first, chance = ranked[0]
    if first == heard.intent:
        chance = max(chance, heard.confidence)
    named = {intent for intent, _ in ranked}
    ours = [(intent, p) for intent, p in ((heard.intent, heard.confidence), *heard.alternatives) if intent not in named]
    others = sorted([*ranked[1:], *((intent, min(p, chance)) for intent, p in ours)], key=lambda each: -each[1])
    return [(first, chance), *others]
