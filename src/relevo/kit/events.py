"""How a room announces upwards: typed events, three kinds of subscribers, all of them listed in ``app.py``.

*within* runs in the writer's transaction and may write too (enqueue a job); if it fails, all fails.
*at_once* is a plain function called right after the commit, in the same tick (a takeover silencing the bot).
*after* is a coroutine started after the commit. The last two are hints: a process may die before they run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from relevo.kit import log
from relevo.kit.tasks import Tasks

if TYPE_CHECKING:
    from relevo.kit.db import Tx

_log = log.get("events")


class Event:
    """Base of every announcement; subclasses are frozen dataclasses named in the past tense."""

    __slots__ = ()


E = TypeVar("E", bound=Event)
_Within = Callable[[Any, Any], Coroutine[Any, Any, None]]
_After = Callable[[Any], Coroutine[Any, Any, None]]


class Events:
    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._within: defaultdict[type[Event], list[_Within]] = defaultdict(list)
        self._at_once: defaultdict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
        self._after: defaultdict[type[Event], list[_After]] = defaultdict(list)

    def on_within(self, kind: type[E], run: Callable[[Tx, E], Coroutine[Any, Any, None]]) -> None:
        self._within[kind].append(run)

    def on_at_once(self, kind: type[E], run: Callable[[E], None]) -> None:
        self._at_once[kind].append(run)

    def on_after(self, kind: type[E], run: Callable[[E], Coroutine[Any, Any, None]]) -> None:
        self._after[kind].append(run)

    async def within(self, tx: Tx, event: Event) -> None:
        for run in self._within[type(event)]:
            await run(tx, event)

    def announce(self, event: Event) -> None:
        for run in self._at_once[type(event)]:
            try:
                run(event)
            except Exception:
                _log.exception("a handler failed", event_kind=type(event).__name__)
        for start in self._after[type(event)]:
            self._tasks.start(start(event), name=f"after {type(event).__name__}")
