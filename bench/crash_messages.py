"""``make bench-crash-messages``: 500 messages in flight while the process is killed at random durable steps.

Each round is a folder of its own: the process dies again and again, at a commit or at the carrier, the carrier sends
everything again, and the last process lives. Afterwards each message must have exactly one reply, and each reply must
have been handed to the carrier at least once, under its own key. The last line is one JSON object.
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
from collections import Counter
from pathlib import Path

from tests.flows.message_processes import handed_over
from tests.flows.test_message_crash import play, wrong

DEEPEST = 120
"""Points that a process passes at most before it dies: between two deaths only some messages get on."""


async def measure(messages: int, kills: int, rounds: int, seed: int) -> dict[str, object]:
    began, chance = time.monotonic(), random.Random(seed)
    killed, found, repeated = 0, [], 0
    for number in range(rounds):
        ends = [chance.randint(1, DEEPEST) for _ in range(kills // rounds)]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "var"
            codes = await play(folder, messages, ends, quiet=True)
            killed += codes.count(-signal.SIGKILL)
            found += [f"round {number}: {each}" for each in await wrong(folder, messages)]
            if codes[-1] != 0:
                found.append(f"round {number}: did not recover")
            repeated += sum(times > 1 for times in Counter(key for key, _ in handed_over(folder)).values())
        sys.stderr.write(f"{number + 1} of {rounds} rounds, {killed} kills, {len(found)} wrong\n")
    return {
        "kills": killed,
        "messages": messages * rounds,
        "wrong": len(found),
        "handed_over_again": repeated,
        "examples": found[:5],
        "seconds": round(time.monotonic() - began),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    done = asyncio.run(measure(given.messages, given.kills, given.rounds, given.seed))
    sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")
    sys.exit(bool(done["wrong"]))
