"""``make bench-crash``: guests who pay while their process is killed at every durable step and in between.

First every point of the road (each commit, just before and just after it; the sale in the PMS, likewise), then at
random times, then restarts that are killed too. Afterwards each paid booking must be sold once in a PMS that protects
against nothing, with one voucher and one set of reminders. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.flows.test_deposit_crash import play, wrong

POINTS = 26
"""As many as there are on the road; a process that lives longer than its point simply ends."""
BATCH = 40


def plan(seed: int) -> Iterator[list[str]]:
    """What is done to one guest after another: the ends of its processes but the last."""
    chance = random.Random(seed)
    yield from ([str(point)] for point in range(1, POINTS + 1))
    while True:
        if chance.random() < 0.5:
            yield [f"~{chance.randint(5, 900)}"]
        else:
            yield [str(chance.randint(1, POINTS)), *(str(chance.randint(1, 12)) for _ in range(2))]


async def measure(kills: int, seed: int) -> dict[str, object]:
    began, killed, found, guests = time.monotonic(), 0, [], 0
    ends = plan(seed)
    # Some processes are through before their time: on a quick machine more guests are wanted.
    while killed < kills:
        batch = [":".join([str(number), *each]) for number, each in enumerate(islice(ends, BATCH), 2)]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "var"
            codes = await play(folder, batch)
            killed += sum(code == -signal.SIGKILL for run in codes for code in run)
            found += [f"{guest} did not recover" for guest, run in zip(batch, codes, strict=True) if run[-1] < 0]
            found += await wrong(f"sqlite+aiosqlite:///{folder / 'relevo.db'}", folder)
        guests += len(batch)
        sys.stderr.write(f"{guests} guests, {killed} of {kills} kills, {len(found)} wrong\n")
    return {
        "kills": killed,
        "guests": guests,
        "wrong": len(found),
        "examples": found[:5],
        "seconds": round(time.monotonic() - began),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    done = asyncio.run(measure(given.kills, given.seed))
    sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")
    sys.exit(bool(done["wrong"]))
