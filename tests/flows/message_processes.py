"""Messages in flight, in processes that die: ``python -m tests.flows.message_processes <folder> <count> <end...>``.

The whole product with a carrier that writes each hand-over into a file, one line for every time. A process takes what
the carrier sends (all of it again after a death: it got no answer), replies, and hands the replies over; it dies with
SIGKILL at one commit, just before or just after it, or at the carrier, likewise. Whoever comes next to the same folder
is the restart; the last one lives.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from relevo.app import Product, build, migrate
from relevo.bot.ports import ReadingContext, Understander, Understanding
from relevo.conversations.incoming import Incoming
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Delivery
from relevo.kit.clock import FixedClock
from relevo.people.rules import Identity, IdentityKind
from relevo.settings import Settings
from tests.flows.deposit_processes import NOW, Death, die_at_commits

ACCOUNT = "5493415550000"
BATCH = 20
"""Messages in one payload of the carrier."""


class Greets(Understander):
    """Understands everything as a greeting."""

    name = "greets"

    def read(self, text: str, context: ReadingContext) -> Understanding:  # noqa: ARG002
        return Understanding(text, "saludo", 1.0, intents=("saludo",))


class Paper:
    """A carrier that forgets nothing: every hand-over is a line with the key and the attempt."""

    name = "whatsapp"

    def __init__(self, folder: Path, death: Death) -> None:
        self._file = folder / "sent.txt"
        self._death = death

    async def deliver(self, outgoing: Outgoing) -> Sent:
        self._death.point()
        with self._file.open("a") as lines:
            lines.write(f"{outgoing.message.id} {outgoing.attempt}\n")
            lines.flush()
            os.fsync(lines.fileno())
        self._death.point()
        return Sent(Delivery.SENT, f"paper.{outgoing.message.id}.{outgoing.attempt}")


def handed_over(folder: Path) -> list[tuple[str, int]]:
    """(message, attempt) in the order in which the carrier got them."""
    file = folder / "sent.txt"
    lines = file.read_text().split("\n") if file.exists() else []
    return [(key, int(attempt)) for key, attempt in (line.split() for line in lines if line)]


def message(number: int) -> Incoming:
    phone = f"+54934155{number:05}"
    return Incoming(
        "whatsapp", ACCOUNT, phone.removeprefix("+"), f"wamid.{number}", (Identity(IdentityKind.PHONE, phone),),
        NOW - timedelta(seconds=1), "Hola", window=timedelta(hours=24),
    )  # fmt: skip


def make(folder: Path, death: Death) -> Product:
    settings = Settings(data_dir=folder, speech="off", database_url=os.environ.get("RELEVO_DATABASE_URL", ""))
    product = build(settings, clock=FixedClock(NOW), understander=Greets())
    product.messaging.channels["whatsapp"] = Paper(folder, death)
    die_at_commits(product.db, death)
    return product


async def live(product: Product, death: Death, count: int) -> int:
    """One process; how many points there were at which it could have died."""
    await product.work.recover(())
    product.work.start()
    for start in range(0, count, BATCH):
        payload = [message(number) for number in range(start, min(start + BATCH, count))]
        async with product.db.write() as tx:
            await product.messaging.inbox.queue(tx, payload)
            for each in payload:
                await product.messaging.inbox.take(tx, each)
    await product.work.idle()
    await product.work.close()
    await product.db.close()
    return death.passed


def run(product: Product, death: Death, count: int, end: int) -> int:
    """A process of its own that dies at point ``end`` (0: not at all). Its exit code is negative if it was killed."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            death.at = end or None
            asyncio.run(live(product, death, count))
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, count: int, ends: list[int]) -> None:
    """One process after the other to one folder, and a last one that lives. Prints how each ended."""
    death = Death(None)
    # Made before the fork and untouched until then, so that a process costs little.
    product = make(folder, death)
    asyncio.run(migrate(product.settings))
    sys.stdout.write(json.dumps([run(product, death, count, end) for end in (*ends, 0)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(end) for end in sys.argv[3:]])
