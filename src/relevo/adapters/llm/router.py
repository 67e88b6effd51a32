"""Several language models as one: the first that is well answers, a live customer comes before a colleague's desk.

A model that fails three times within a minute is left alone for half a minute. A stream that has begun is never
continued by another model: its reader is told that it broke off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from relevo.bot.ports import Completion, Llm, Purpose, Said
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.errors import NotReady, ProviderError
from relevo.kit.health import OK

_log = log.get("llm")

FAILURES = 3
WITHIN = timedelta(seconds=60)
REST = timedelta(seconds=30)
AT_ONCE = 2
"""Answers a small machine writes at a time."""
MOST_WAITING = 8
"""Beyond this the templates answer at once: a long queue is useless to somebody who waits."""


class Engine(Llm, Protocol):
    async def close(self) -> None: ...


@dataclass(slots=True)
class _Breaker:
    failed: deque[datetime] = field(default_factory=lambda: deque(maxlen=FAILURES))
    closed_until: datetime | None = None

    def open_for(self, now: datetime) -> bool:
        return self.closed_until is None or now >= self.closed_until

    def failure(self, now: datetime) -> None:
        self.failed.append(now)
        if len(self.failed) == FAILURES and now - self.failed[0] <= WITHIN:
            self.closed_until = now + REST

    def success(self) -> None:
        self.failed.clear()
        self.closed_until = None


class Seats:
    """Who may use the models now: customers first, then in order of coming; nobody waits in a long queue."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = MOST_WAITING) -> None:
        self._free = at_once
        self._most = waiting
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._later: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def seat(self, purpose: Purpose) -> AsyncIterator[None]:
        if self._free:
            self._free -= 1
        else:
            await self._wait(self._urgent if purpose in (Purpose.UNDERSTAND, Purpose.REPLY) else self._later)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, queue: deque[asyncio.Future[None]]) -> None:
        if len(self._urgent) + len(self._later) >= self._most:
            raise NotReady("llm_busy")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                queue.remove(turn)
            else:
                self._leave()
            raise

    def _leave(self) -> None:
        for queue in (self._urgent, self._later):
            if queue:
                queue.popleft().set_result(None)
                return
        self._free += 1


async def _look(engine: Engine) -> str:
    try:
        await engine.complete([Said("user", "ok?")], purpose=Purpose.SUMMARY, max_tokens=1)
    except ProviderError as error:
        return error.code
    return OK


class Router:
    """``Llm`` over several. ``prefer`` puts one of them first, live."""

    def __init__(self, engines: Sequence[Engine], clock: Clock, seats: Seats | None = None) -> None:
        if not engines:
            raise ValueError("a router of nothing")
        self._engines = list(engines)
        self._clock = clock
        self._seats = seats or Seats()
        self._breakers = {engine.name: _Breaker() for engine in engines}

    @property
    def name(self) -> str:
        return self._engines[0].name

    async def close(self) -> None:
        for engine in self._engines:
            await engine.close()

    def prefer(self, name: str) -> bool:
        """From now on ``name`` is asked first. False: there is no such one."""
        found = next((engine for engine in self._engines if engine.name == name), None)
        if found is not None:
            self._engines.remove(found)
            self._engines.insert(0, found)
        return found is not None

    async def complete(
        self,
        messages: Sequence[Said],
        *,
        purpose: Purpose,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 400,
    ) -> Completion:
        async with self._seats.seat(purpose):
            for engine in self._well():
                try:
                    answer = await engine.complete(messages, purpose=purpose, schema=schema, max_tokens=max_tokens)
                except ProviderError as error:
                    self._failed(engine, error)
                    continue
                self._breakers[engine.name].success()
                return answer
        raise NotReady("llm_none")

    async def stream(self, messages: Sequence[Said], *, purpose: Purpose, max_tokens: int = 400) -> AsyncIterator[str]:
        async with self._seats.seat(purpose):
            for engine in self._well():
                begun = False
                try:
                    async for piece in engine.stream(messages, purpose=purpose, max_tokens=max_tokens):
                        begun = True
                        yield piece
                except ProviderError as error:
                    self._failed(engine, error)
                    if begun:
                        raise
                    continue
                self._breakers[engine.name].success()
                return
        raise NotReady("llm_none")

    async def look(self) -> dict[str, str]:
        """Each engine asked for one word, now: ``ok``, or what is wrong with it."""
        return {engine.name: await _look(engine) for engine in self._engines}

    async def models(self) -> tuple[str, ...]:
        return tuple(engine.name for engine in self._engines)

    def _well(self) -> list[Engine]:
        now = self._clock.now()
        return [engine for engine in self._engines if self._breakers[engine.name].open_for(now)]

    def _failed(self, engine: Engine, error: ProviderError) -> None:
        _log.warning("a language model failed", model=engine.name, code=error.code)
        self._breakers[engine.name].failure(self._clock.now())
