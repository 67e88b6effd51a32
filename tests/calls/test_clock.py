"""The media clock: even beats, catching up, one call's failure is one call's failure."""

from __future__ import annotations

import asyncio

from relevo.calls.media.clock import MediaClock

from .virtual_time import VirtualLoop, virtual


@virtual
async def test_it_beats_fifty_times_a_second_and_stops_when_nobody_listens() -> None:
    clock, ticks, batches = MediaClock(), [], []
    clock.after(lambda: batches.append(len(ticks)))

    def tick() -> None:
        ticks.append(asyncio.get_running_loop().time())

    clock.join(tick, lambda _: None)
    await asyncio.sleep(1.001)
    clock.leave(tick)
    await asyncio.sleep(1)
    assert len(ticks) == 50
    assert batches[:50] == list(range(1, 51))
    assert clock.lateness_ms(99) < 0.01
    clock.join(tick, lambda _: None)
    await asyncio.sleep(0.1)
    clock.leave(tick)
    assert len(ticks) in (54, 55)


@virtual
async def test_late_beats_are_made_up_for_and_measured() -> None:
    clock, ticks = MediaClock(), []

    def tick() -> None:
        ticks.append(1)

    clock.join(tick, lambda _: None)
    await asyncio.sleep(0.101)
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.now += 0.1
    await asyncio.sleep(0.02)
    assert len(ticks) in (10, 11)
    assert 70 < clock.lateness_ms(100) < 110
    loop.now += 10
    await asyncio.sleep(0.02)
    assert clock.skipped > 400
    clock.leave(tick)


@virtual
async def test_a_tick_that_fails_is_dropped_and_told() -> None:
    clock, told, ticks = MediaClock(), [], []

    def bad() -> None:
        raise ZeroDivisionError

    def good() -> None:
        ticks.append(1)

    clock.join(bad, told.append)
    clock.join(good, told.append)
    await asyncio.sleep(0.101)
    clock.leave(good)
    assert len(ticks) == 5
    assert [type(error) for error in told] == [ZeroDivisionError]
