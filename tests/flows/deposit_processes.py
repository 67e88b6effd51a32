"""Guests who pay, in processes that are killed: ``python -m tests.flows.deposit_processes <folder> <number:end>...``.

The whole product runs against a PMS that protects against nothing: every sale is a line of a file, looked up by its
code. Each victim holds a room, sends a receipt, has it confirmed and runs all jobs; on the way it dies with SIGKILL at
one commit (just before, or just after it) or at the PMS (just before, or just after the sale). Whoever comes next to
the same folder is the restart: it takes up what was left, and staff and guest do again what got no answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from relevo.adapters import catalog
from relevo.adapters.pms.embedded import Embedded, read_business
from relevo.adapters.pms.embedded import Settings as Described
from relevo.app import Product, build, migrate
from relevo.bookings.rules import Booking, Business
from relevo.bot.ports import Understander
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.settings import Settings
from tests.bookings.world import open_conversations

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PICTURE = b"\xff\xd8\xff receipt "
FIRST = date(2027, 3, 1)


class Death:
    """Counts the points at which a process may die, and dies at the one it was given."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.passed = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class Carbon(Embedded):
    """A PMS as careless as the port allows: it looks a code up and then writes it down, with nothing that holds both
    together."""

    def __init__(self, folder: Path, db: Database, death: Death) -> None:
        super().__init__(Described(), db)
        self._sales = folder / "sales.txt"
        self._death = death

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        return {}

    async def book(self, booking: Booking) -> str:
        self._death.point()
        if booking.code in sales(self._sales.parent):
            return booking.code
        with self._sales.open("a") as lines:
            lines.write(f"{booking.code}\n")
            lines.flush()
            os.fsync(lines.fileno())
        self._death.point()
        return booking.code

    async def find(self, code: str) -> str | None:
        return code if code in sales(self._sales.parent) else None


def sales(folder: Path) -> list[str]:
    """Codes in the order in which they were sold, as often as they were."""
    file = folder / "sales.txt"
    return file.read_text().split() if file.exists() else []


def die_at_commits(db: Database, death: Death) -> None:
    write = db.write

    @asynccontextmanager
    async def mortal() -> Any:
        async with write() as tx:
            yield tx
            death.point()
        death.point()

    vars(db)["write"] = mortal


def make(folder: Path, death: Death) -> Product:
    def careless(_settings: Settings, db: Database, *_: Any, **__: Any) -> tuple[Carbon, Business]:
        return Carbon(folder, db, death), read_business(None)

    vars(catalog)["make_pms"] = careless
    settings = Settings(data_dir=folder, speech="off", database_url=os.environ.get("RELEVO_DATABASE_URL", ""))
    product = build(settings, clock=FixedClock(NOW), understander=cast(Understander, object()))
    die_at_commits(product.db, death)
    return product


async def pay(product: Product, number: int) -> None:
    """What guest and staff do, each step only if it is not done yet."""
    code = await _held(product, number)
    async with product.db.read() as session:
        files = await product.attachments.of(session, f"cnv_{number}")
    if not files:
        stored = await product.attachments.store(PICTURE + str(number).encode())
        async with product.db.write() as tx:
            await product.attachments.add(tx, f"cnv_{number}", name="foto.jpg", stored=stored)
        async with product.db.read() as session:
            files = await product.attachments.of(session, f"cnv_{number}")
    booking = await product.bookings.find(code)
    assert booking is not None
    if booking.deposit_status.value == "requested":
        await product.deposits.attach(code, files[0].id, by=f"cnv_{number}")
    await product.deposits.confirm(code, by="stf_1")
    await product.work.drain()


async def _held(product: Product, number: int) -> str:
    known = await product.bookings.listing(conversation_id=f"cnv_{number}")
    if known:
        return known[0].code
    first = FIRST + timedelta(days=2 * number)
    booking = await product.bookings.hold(
        conversation_id=f"cnv_{number}", person_id="per_1", room_type="departamento", check_in=first,
        check_out=first + timedelta(days=2), guests=2, guest_name="Ana", guest_phone="+5493415550000",
    )  # fmt: skip
    return booking.code


async def live(product: Product, death: Death, number: int) -> int:
    """One guest in one process; how many points there were."""
    await product.work.recover(())
    await product.bookings.sweep()
    await product.confirming.sweep()
    await product.work.drain()
    await pay(product, number)
    await product.work.close()
    await product.db.close()
    return death.passed


async def prepare(folder: Path, count: int) -> None:
    """A house with ``count`` conversations, of which the first has paid: whatever is loaded late is loaded now."""
    death = Death(None)
    product = make(folder, death)
    await migrate(product.settings)
    await open_conversations(product.db, FixedClock(NOW), count)
    await live(product, death, 1)


def run(product: Product, death: Death, number: int, end: str) -> int:
    """A guest in a process of its own that dies at point ``end``, after so many milliseconds (``~300``), or not at all
    (``0``). Its exit code is negative if it was killed."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            death.at = None if end.startswith("~") else int(end) or None
            code = min(asyncio.run(live(product, death, number)), 69)
        finally:
            os._exit(code)
    if end.startswith("~"):
        time.sleep(int(end[1:]) / 1000)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, guests: list[str]) -> None:
    """For every ``number:end:end...`` one process after the other, and a last one that lives. Prints their codes."""
    asyncio.run(prepare(folder, max(int(guest.partition(":")[0]) for guest in guests) + 1))
    death = Death(None)
    # Made before the fork and untouched until then, so that a process costs little.
    product = make(folder, death)
    codes = []
    for guest in guests:
        number, *ends = guest.split(":")
        codes.append([run(product, death, int(number), end) for end in (*ends, "0")])
    sys.stdout.write(json.dumps(codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
