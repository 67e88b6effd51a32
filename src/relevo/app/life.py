"""Starting and stopping: engines, what a dead process left behind, the runner; and keeping house in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from relevo.app.demo_desk import furnish
from relevo.app.voice import warm
from relevo.desk.service import LOOK
from relevo.kit import log
from relevo.texts import Texts

if TYPE_CHECKING:
    from relevo.app.compose import Product

_log = log.get("app")

HOUSEKEEPING = 3_600
SWEEP = 60


@asynccontextmanager
async def running(product: Product) -> AsyncIterator[None]:
    """Start: engines, then what a dead process left behind, then the runner. Stop in the opposite order."""
    voice = product.voice
    if voice is not None:
        await voice.speech.start()
    await product.nodes.start()
    product.bus.start()
    alive = await product.nodes.alive()
    await product.work.recover(alive)
    await product.bookings.sweep()
    await product.confirming.sweep()
    await product.nightly.promise()
    await product.house.mornings.promise()
    await product.mirror.promise()
    await product.trade.open()
    await product.pushes.sweep()
    if product.settings.demo:
        await furnish(product.waitings, product.db, Texts(product.settings.locale))
    await product.figures.reports.promise(soon=True)
    if voice is not None:
        await voice.calls.close_orphans(alive)
    product.work.start()
    await product.messaging.start()
    product.tasks.start(_keep_house(product), name="housekeeping")
    product.tasks.start(_sweep(product), name="sweep")
    product.tasks.start(_watch(product), name="watch")
    product.tasks.start(product.assistant.keep_following(), name="assistant")
    product.tasks.start(_attend(product), name="attendance")
    product.tasks.start(product.beside.run(), name="who is viewing")
    product.tasks.start(product.beside.keep(), name="who is still viewing")
    product.tasks.start(product.pulse.run(), name="figures moved")
    product.tasks.start(product.reads.run(), name="who looked at what")
    product.tasks.start(product.live.follow(), name="news of other processes")
    if voice is not None:
        product.tasks.start(warm(voice, product.bot, product.settings), name="warm voice")
    for run in product.ready:
        run()
    try:
        yield
    finally:
        if voice is not None:
            await voice.close()
        await product.messaging.close()
        await product.work.close()
        await product.tasks.close()
        await product.reads.flush()
        await product.bus.close()
        await product.nodes.close()
        if voice is not None:
            await voice.speech.close()
        await product.pms.close()
        await product.bot.close()
        for elsewhere in (product.llm, product.calendar):
            if elsewhere is not None:
                await elsewhere.close()
        await product.http.aclose()
        await product.db.close()


async def _keep_house(product: Product) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING)
        try:
            await product.live.forget_old()
            await product.work.forget_old()
            await product.house.mornings.promise()
            await product.figures.reports.promise()
            await product.house.alerts.forget_old()
            await product.pushes.devices.forget_old()
        except Exception:
            _log.exception("housekeeping failed; it is tried again")


async def _sweep(product: Product) -> None:
    """What processes that died meanwhile left behind, and calls that ring for ever."""
    while True:
        await asyncio.sleep(SWEEP)
        try:
            alive = await product.nodes.alive()
            await product.work.recover(alive)
            await product.confirming.sweep()
            await product.mirror.promise()
            await product.pushes.sweep()
            await product.waitings.offering.sweep()
            if product.voice is not None:
                await product.voice.calls.close_orphans(alive)
                await product.voice.calls.sweep()
        except Exception:
            _log.exception("sweeping failed; it is tried again")


async def _watch(product: Product) -> None:
    """How the parts of the house are. Every process tries; one at a time has the turn."""
    while True:
        await asyncio.sleep(LOOK.total_seconds())
        try:
            await product.house.watch.look()
        except Exception:
            _log.exception("the house could not be looked at; it is tried again")


async def _attend(product: Product) -> None:
    """Who is still signed in, and who was forgotten in a state."""
    while True:
        try:
            await product.shifts.attendance.sweep()
        except Exception:
            _log.exception("the states of the staff could not be looked at; it is tried again")
        await asyncio.sleep(LOOK.total_seconds())
