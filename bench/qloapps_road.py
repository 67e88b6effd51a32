"""Fifty guests for the last room of a QloApps that sells it to everybody, while its own web site sells it too.

The whole road of the product on SQLite: fifty hold at once, who got the room pays, the deposit is confirmed, and at a
random moment around the sale a rival that ignores us posts for the same room. Repeated with random dates; the QloApps
is the loopback one, on a real socket, that double-books as the real one was measured to. Whatever happens one sale
stands, whoever was told that they have the room has it, and a guest who paid and lost it is given to a person with
alternatives. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from relevo.adapters.pms.loopback_qloapps import Faults
from relevo.app import migrate
from relevo.bookings.rules import BookingStatus, DepositStatus
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from relevo.settings import Settings
from tests.bookings.qloapps import Place, place, stay
from tests.bookings.road import Road, road_on
from tests.bookings.world import open_conversations
from tests.conftest import NOW

GUESTS = 50
FIRST = date(2027, 3, 1)
AROUND = 0.1
"""Seconds within which the rival posts, from when the sale begins."""


async def play(road: Road, shop: Place, dice: random.Random, number: int, outcomes: Counter[str]) -> list[str]:
    """One round; what was wrong with it."""
    first = FIRST + timedelta(days=3 * number)
    last = first + timedelta(days=dice.randint(1, 3))
    kind = dice.choice(road.bookings.business.room_types)
    *others, room = dice.sample(kind.rooms, len(kind.rooms))
    for other in others:
        shop.sell(stay(f"RL-F{number:02}{other[-1]}", other, kind.code, first, last), source="front desk")
    asked = (road.hold(f"cnv_{guest}", kind.code, first, last, guests=1) for guest in range(1, GUESTS + 1))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    held = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, Conflict) and answer.code == "no_room"]
    if len(held) != 1 or len(refused) != GUESTS - 1:
        return [f"{len(held)} holds and {len(refused)} clear refusals: {[a for a in answers if a not in held][:1]!r}"]
    booking = held[0]
    file = await road.file(booking.code.replace("-", ""), booking.conversation_id)
    await road.deposits.attach(booking.code, file, by=booking.conversation_id)

    async def rival() -> int:
        await asyncio.sleep(dice.random() * AROUND)
        return await shop.rival(stay(f"RL-W{number:04}", room, kind.code, first, last))

    await road.deposits.confirm(booking.code, by="stf_1")
    await asyncio.gather(road.work.drain(), rival())
    await road.work.drain()
    now = await road.now(booking)
    live = shop.shop.live(shop.house.rooms[room], first, last)
    ours = [line for line in live if shop.shop.orders[line.order].source.startswith("relevo-")]
    said = await road.said(booking.conversation_id)
    wrong = []
    if now.status is BookingStatus.CONFIRMED:
        outcomes["ours"] += 1
        if len(live) != 1 or len(ours) != 1:
            wrong.append(f"{booking.code} is confirmed with {len(ours)} of {len(live)} sales")
    elif now.status is BookingStatus.NEEDS_STAFF:
        outcomes["rival"] += 1
        if ours or len(live) != 1:
            wrong.append(f"{booking.code} was lost with {len(ours)} of {len(live)} sales")
        if now.deposit_status is not DepositStatus.REFUND_DUE or not said:
            wrong.append(f"{booking.code} was lost and is {now.deposit_status}; told: {len(said)}")
    else:
        wrong.append(f"{booking.code} is {now.status}")
    return wrong


async def fight(rounds: int, seed: int) -> dict[str, object]:
    dice, outcomes, wrong, begun = random.Random(seed), Counter[str](), list[str](), time.monotonic()
    clock, ids = FixedClock(NOW), RandomIds()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        await migrate(settings)
        db = Database(settings.database, Events(Tasks()))
        await open_conversations(db, clock, GUESTS)
        async with place(Path(folder), faults=Faults(workers=12, think=0.02)) as shop:
            shop.faults.notice = 0.5
            adapter = shop.adapter(settle=0.1)
            work = make_work(db, clock, ids)
            road = road_on(db, Live(db, clock), work, clock, ids, business=await adapter.business(), pms=adapter)
            for number in range(rounds):
                wrong += [f"round {number}: {what}" for what in await play(road, shop, dice, number, outcomes)]
        await db.close()
    for line in wrong:
        print(line)
    return {
        "rounds": rounds, "guests": GUESTS * rounds, "wrong": len(wrong), "ours": outcomes["ours"],
        "rival": outcomes["rival"], "seconds": round(time.monotonic() - begun), "seed": seed,
    }  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    found = asyncio.run(fight(given.rounds, given.seed))
    print(json.dumps(found))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
