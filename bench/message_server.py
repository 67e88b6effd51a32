"""The product as ``relevo demo-hotel`` serves it, without calls, on one core, for the bench of messages.

``--stages`` counts the CPU time of each stage of a message's road, step by step of the event loop; that costs a little
and works with asyncio's own loop only, so the shares are measured in a run of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import defaultdict
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import relevo.app
from relevo.adapters.channels.whatsapp_meta.channel import Whatsapp
from relevo.adapters.channels.whatsapp_meta.graph import Graph
from relevo.adapters.channels.whatsapp_meta.pace import Pace
from relevo.adapters.understanding.embedded import Embedded
from relevo.bot.service import Bot
from relevo.bot.tools import Tools
from relevo.cli import demo_hotel
from relevo.conversations.inbox import Inbox
from relevo.conversations.service import Conversations
from relevo.kit.work import Work
from relevo.settings import Settings

STAGE: ContextVar[str] = ContextVar("stage")
STAGES = (
    (Inbox, "take", "store"),
    (Whatsapp, "seen", "read marks"),
    (Graph, "send", "carrier"),
    (Bot, "_known", "read"),
    (Bot, "_answer", "word"),
    (Bot, "_read", "understand"),
    (Tools, "perform", "tools"),
    (Bot, "_say", "save"),
    (Conversations, "deliver_job", "deliver"),
    (Work, "_supervised", "jobs"),
    (Work, "_run", "jobs"),
)
"""Where each begins. What is not in one of them came with the request: the webhook."""


class Meter:
    """CPU seconds of the event loop's thread by stage, and of all the other threads."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._mark = 0.0

    def flush(self, stage: str) -> None:
        now = time.thread_time()
        self.spent[stage] += now - self._mark
        self._mark = now

    def install(self) -> None:
        for owner, name, stage in STAGES:
            self._stage(owner, name, stage)
        real, meter = asyncio.events.Handle._run, self

        def run(handle: Any) -> None:
            meter._mark = time.thread_time()
            real(handle)
            meter.flush(handle._context.get(STAGE, "webhook"))

        asyncio.events.Handle._run = run  # type: ignore[method-assign]
        read = Embedded.read

        def reading(self: Embedded, *given: Any) -> Any:
            since = time.thread_time()
            try:
                return read(self, *given)
            finally:
                if not _in_loop():
                    meter.spent["understand"] += time.thread_time() - since

        Embedded.read = reading  # type: ignore[method-assign]

    def _stage(self, owner: Any, name: str, stage: str) -> None:
        real = getattr(owner, name)

        @wraps(real)
        async def run(*given: Any, **named: Any) -> Any:
            self.flush(STAGE.get("webhook"))
            token = STAGE.set(stage)
            try:
                return await real(*given, **named)
            finally:
                self.flush(stage)
                STAGE.reset(token)

        setattr(owner, name, run)


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _stats(meter: Meter) -> Any:
    async def answer(_request: Request) -> JSONResponse:
        return JSONResponse({"spent": meter.spent, "loop": time.thread_time(), "process": time.process_time()})

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", type=int)
    parser.add_argument("--stages", action="store_true")
    given = parser.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    meter = Meter()
    if given.stages:
        meter.install()
        config = uvicorn.Config.__init__

        def own_loop(self: uvicorn.Config, *args: Any, **named: Any) -> None:
            config(self, *args, **{**named, "loop": "asyncio"})

        uvicorn.Config.__init__ = own_loop  # type: ignore[method-assign]

    def build(settings: Settings) -> relevo.app.Product:
        product = real(settings)
        product.web.router.routes.insert(0, Route("/bench/stats", _stats(meter)))
        return product

    real = relevo.app.build
    relevo.app.build = build  # type: ignore[assignment]
    # Meta lets a number send forty messages a second; that is not what is measured.
    Pace.wait = lambda *_: 0.0  # type: ignore[method-assign]
    demo_hotel()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
