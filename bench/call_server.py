"""The product as ``relevo demo-hotel`` serves it, with scripted ears and voice, on one core, for the benches of calls.

Everything else is what customers get: uvicorn and the media socket, the calls with their database, Silero, recordings
on disk, the bot, the live feed. ``/bench/stats`` tells what can only be known inside.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import relevo.app
from bench.processes import agent_email
from bench.scripted_speech import NextSentence, RecordedVoice, ToneVoice
from relevo.adapters import catalog
from relevo.adapters.speech.silero import Silero
from relevo.adapters.storage import sound
from relevo.calls.media.clock import MediaClock
from relevo.cli import demo_hotel
from relevo.people.rules import Role
from relevo.settings import Settings

BOT_HZ = (500.0, 740.0)


def stats(clock: MediaClock, product: relevo.app.Product) -> Callable[[Request], Any]:
    async def answer(request: Request) -> JSONResponse:
        """``since``: a number of beats from an earlier answer; how late the beats after it were."""
        kept = clock._late
        count = min(clock.beats - int(request.query_params.get("since", 0)), clock.beats, len(kept))
        late = kept[np.arange(clock.beats - count, clock.beats) % len(kept)] if count else np.zeros(1)
        if "collect" in request.query_params:
            gc.collect()
        assert product.calls is not None
        return JSONResponse({
            "beats": clock.beats,
            "skipped": clock.skipped,
            "late_p50_ms": float(np.percentile(late, 50)),
            "late_p99_ms": float(np.percentile(late, 99)),
            "late_max_ms": float(late.max()),
            "calls": product.calls.carried,
            "tasks": sorted(task.get_name() for task in asyncio.all_tasks()),
            "objects": len(gc.get_objects()) if "collect" in request.query_params else None,
        })  # fmt: skip

    return answer


async def _enrol(count: int) -> None:
    """They have the demo users' password."""
    settings = Settings(demo=True)
    await relevo.app.migrate(settings)
    staff = [(agent_email(number), f"Agente {number}", Role.AGENT) for number in range(count)]
    await relevo.app.enrol(settings, staff, settings.demo_password.get_secret_value(), again=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", type=int)
    parser.add_argument("--voice", choices=("recorded", "tones"), default="recorded")
    parser.add_argument("--agents", type=int, default=0, help="agents besides those of the demo")
    parser.add_argument("--wav", action="store_true", help="recordings stay as they were written, to be judged")
    given = parser.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})

    def speech(settings: Settings) -> catalog.Speech:  # noqa: ARG001 - the settings name engines; these are ours
        voice = RecordedVoice() if given.voice == "recorded" else ToneVoice(BOT_HZ)
        return catalog.Speech(NextSentence(), voice, Silero())

    def build(settings: Settings) -> relevo.app.Product:
        product = real(settings)
        assert product.calls is not None
        product.web.router.routes.insert(0, Route("/bench/stats", stats(product.calls.media, product)))
        return product

    real = relevo.app.build
    relevo.app.build = build  # type: ignore[assignment]
    catalog.make_speech = speech
    if given.wav:
        sound.can_pack = lambda: False
    if given.agents:
        asyncio.run(_enrol(given.agents))
    demo_hotel()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
