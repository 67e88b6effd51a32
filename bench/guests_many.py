"""A thousand simulated guests, graded on the database they leave: how many get what they came for, and what goes wrong.

Every persona of tests/flows/scenarios/personas.toml comes with several seeds (its dates, name and words), each to a
house of its own: the real stack on SQLite in memory-backed storage, the embedded engine, no network, a clock that
stands still. ``--seeds N`` per persona, ``--first N`` the first seed, ``--show N`` transcripts of those that fail,
``--only WORDS`` personas with these words in their name. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import structlog

from relevo.adapters.understanding.embedded import Embedded
from tests.flows.scenarios.audience import Grade, empty_house, fresh_world, visit
from tests.flows.scenarios.simulated import Persona, personas

WANTED_DONE = 0.95
FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None
Pair = tuple[Persona, int]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=13)
    asked.add_argument("--first", type=int, default=100)
    asked.add_argument("--show", type=int, default=5)
    asked.add_argument("--only", default="")
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    wanted = asked.parse_args()
    everybody = [each for each in personas() if wanted.only in each.name]
    pairs = [(each, seed) for seed in range(wanted.first, wanted.first + wanted.seeds) for each in everybody]
    shares = [pairs[start :: wanted.processes] for start in range(wanted.processes)]
    with multiprocessing.get_context("spawn").Pool(wanted.processes) as pool:
        grades = [grade for share in pool.map(_serve, shares) for grade in share]
    _tell(grades, wanted.show)


def _serve(pairs: Sequence[Pair]) -> list[Grade]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    return asyncio.run(_serve_all(pairs))


async def _serve_all(pairs: Sequence[Pair]) -> list[Grade]:
    mind = Embedded()
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        empty = Path(folder) / "empty.db"
        await asyncio.to_thread(empty_house, empty)
        grades = []
        for persona, seed in pairs:
            async with fresh_world(mind, empty) as world:
                grades.append(await visit(world, persona, seed))
        return grades


def _tell(grades: Sequence[Grade], show: int) -> None:
    failed = [grade for grade in grades if not grade.done]
    for grade in failed[:show]:
        why = [*grade.wrong, *grade.invented, *grade.failed]
        print(f"--- {grade.persona}, seed {grade.seed}: {'; '.join(why)}\n{grade.transcript}\n")
    for name, times in Counter(grade.persona for grade in failed).most_common(12):
        print(f"{times:4} {name}")
    done = sum(grade.done for grade in grades) / len(grades)
    wrong, invented = sum(bool(grade.wrong) for grade in grades), sum(bool(grade.invented) for grade in grades)
    turns = sum(grade.turns for grade in grades) / len(grades)
    said = {
        "guests": len(grades),
        "done": round(done, 4),
        "wrong_bookings": wrong,
        "invented_facts": invented,
        "mean_turns": round(turns, 2),
        "good": done >= WANTED_DONE and not wrong and not invented,
    }
    print(f"{len(grades)} guests, {done:.1%} done, {wrong} wrong bookings, {invented} invented, {turns:.1f} turns each")
    print(json.dumps(said))


if __name__ == "__main__":
    main()
