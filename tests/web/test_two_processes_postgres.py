"""Consoles of one house at two processes: each hears of what the other's do, over real sockets and one PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.kit.clock import FixedClock
from tests.web.conftest import Site, running
from tests.web.test_live_feed import console, served
from tests.web.test_viewing import subscribed


async def test_who_views_and_what_happens_is_heard_at_the_other_process(
    site: Site, clock: FixedClock, engine: Embedded, tmp_path: Path
) -> None:
    elsewhere = site.product.settings.model_copy(update={"node": "node-2", "data_dir": tmp_path / "two"})
    other = build(elsewhere, clock=clock, understander=engine)
    heard = asyncio.Event()
    other.bus.when_mended(heard.set)
    async with running(other):
        async with asyncio.timeout(20):
            await heard.wait()
        guest = await site.visitor()
        thing = f"conversation:{guest.id}"
        there = Site(other, site.http, site.tokens)
        async with (
            served(site) as one,
            served(there) as two,
            console(one, site.tokens["agent"]) as marta,
            console(two, site.tokens["agent2"]) as luz,
        ):
            await subscribed(marta, thing)
            await subscribed(luz, thing)
            await marta.send(type="view", thing=thing, doing="reply")
            [item] = (await luz.until(thing, "viewing"))["data"]["items"]
            assert [(each["name"], each["doing"]) for each in item["who"]] == [("Marta", "reply")]
            await guest.say("¿siguen ahí?", wait=False)
            event = await luz.until(thing, "message")
            assert event["data"]["text"] == "¿siguen ahí?"
            site.product.live.whisper(thing, "partial", {"author": "customer", "text": "ho"})
            assert (await luz.until(thing, "partial"))["data"]["text"] == "ho"
            await marta.wire.close()
            assert (await luz.until(thing, "viewing"))["data"]["items"] == [{"thing": thing, "who": []}]
