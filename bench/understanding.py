"""How well are messages understood that the engine was not taught, and what does one message cost?

``heldout.tsv`` and ``blind.tsv`` in ``tests/data/understanding`` were written apart from the corpus. Accuracy, macro
F1, how well the reject class ranks, how honest the probabilities are, and how much of it typing slips, WhatsApp's style
and a recogniser take away: all of what the bot calls, not of a model by itself. Then the times of reading and of one
whole turn on SQLite, on one core, and the memory of a product with everything loaded. What was misread is counted and
never shown, so that nobody tunes on it. The last line is JSON.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.guests import conversation
from bench.noise import transcribed, typos, whatsapp
from bench.processes import used
from relevo.adapters.understanding.embedded import GIVES_DATA, Embedded
from relevo.adapters.understanding.intents import OUT_OF_SCOPE
from relevo.app import build, migrate
from relevo.app.life import running
from relevo.bot.ports import ReadingContext, Understanding
from relevo.bot.service import Turn
from relevo.kit import log
from relevo.people.rules import Identity, IdentityKind
from relevo.settings import Settings

DATA = Path(__file__).parents[1] / "tests" / "data" / "understanding"
SETS = ("heldout", "blind")
BINS = 15
SEEDS = (11, 12, 13)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
WORST = 8
TARGETS = {
    "accuracy": 0.92, "f1": 0.90, "oos_auroc": 0.93, "ece": 0.05, "loss": 0.06, "p50_ms": 10.0, "p99_ms": 50.0,
    "mb": 600.0,
}  # fmt: skip

Noise = Callable[[str, random.Random], str]
NOISES: dict[str, Noise] = {
    "typos": lambda text, dice: typos(text, 0.12, dice),
    "whatsapp": whatsapp,
    "stt": transcribed,
}


@dataclass(frozen=True, slots=True)
class Read:
    intent: str
    heard: Understanding

    @property
    def right(self) -> bool:
        return self.heard.intent == self.intent

    @property
    def outside(self) -> float:
        """The chance that the message is none of the bot's business."""
        if self.heard.intent == OUT_OF_SCOPE:
            return self.heard.confidence
        return dict(self.heard.alternatives).get(OUT_OF_SCOPE, 0.0)


def messages(name: str) -> list[tuple[str, str]]:
    """(intent, text); bare data is no intent of a message by itself and is left out."""
    lines = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t", 1) for line in lines if line and not line.startswith("#")]
    return [(intent, text) for intent, text in pairs if intent != GIVES_DATA]


def accuracy(reads: Sequence[Read]) -> float:
    return sum(read.right for read in reads) / len(reads)


def recalls(reads: Sequence[Read]) -> dict[str, float]:
    total, right = Counter(read.intent for read in reads), Counter(read.intent for read in reads if read.right)
    return {intent: right[intent] / total[intent] for intent in sorted(total)}


def macro_f1(reads: Sequence[Read]) -> float:
    said = Counter(read.heard.intent for read in reads)
    right = Counter(read.intent for read in reads if read.right)
    total = Counter(read.intent for read in reads)
    return sum(2 * right[intent] / (total[intent] + said[intent]) for intent in total) / len(total)


def auroc(reads: Sequence[Read]) -> float:
    outside = [read.outside for read in reads if read.intent == OUT_OF_SCOPE]
    inside = [read.outside for read in reads if read.intent != OUT_OF_SCOPE]
    wins = sum((a > b) + (a == b) / 2 for a in outside for b in inside)
    return wins / (len(outside) * len(inside))


def calibration_error(reads: Sequence[Read]) -> float:
    """How far what is claimed lies from what is right, weighted over bins of equal width."""
    bins: list[list[Read]] = [[] for _ in range(BINS)]
    for read in reads:
        bins[min(int(read.heard.confidence * BINS), BINS - 1)].append(read)
    off = (abs(sum(read.heard.confidence - read.right for read in part)) for part in bins)
    return sum(off) / len(reads)


def confusions(reads: Sequence[Read]) -> list[tuple[str, int]]:
    return Counter(f"{read.intent} > {read.heard.intent}" for read in reads if not read.right).most_common(WORST)


def judged(engine: Embedded, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    context = ReadingContext(NOW)

    def read_all(noise: Noise | None, seed: int = 0) -> list[Read]:
        dice = random.Random(seed)
        return [Read(intent, engine.read(noise(text, dice) if noise else text, context)) for intent, text in pairs]

    clean = read_all(None)
    top_two = sum(read.right or read.heard.alternatives[:1][0][0] == read.intent for read in clean) / len(clean)
    noisy = {
        name: float(np.mean([accuracy(read_all(noise, seed)) for seed in SEEDS])) for name, noise in NOISES.items()
    }
    return {
        "messages": len(pairs),
        "accuracy": accuracy(clean),
        "f1": macro_f1(clean),
        "top_two": top_two,
        "oos_auroc": auroc(clean),
        "ece": calibration_error(clean),
        "noisy": noisy,
        "loss": accuracy(clean) - min(noisy.values()),
        "recall": recalls(clean),
        "confusions": confusions(clean),
    }


def times(spent_ms: Sequence[float]) -> dict[str, float]:
    return {f"p{part}_ms": float(np.percentile(spent_ms, part)) for part in (50, 99)}


def reading_times(engine: Embedded, texts: Sequence[str]) -> dict[str, float]:
    """CPU time as well: other programs of the machine make a message wait, but do not make it dearer."""
    context, waited, worked = ReadingContext(NOW), list[float](), list[float]()
    for text in texts:
        since, cpu = time.perf_counter(), time.thread_time()
        engine.read(text, context)
        worked.append((time.thread_time() - cpu) * 1_000)
        waited.append((time.perf_counter() - since) * 1_000)
    return times(waited) | {f"cpu_{name}": value for name, value in times(worked).items()}


@contextmanager
def house(learned: Path) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cache").mkdir()
        Path(folder, "cache", "understanding").symlink_to(learned)
        yield Settings(data_dir=Path(folder), backups=0)


async def turns(talks: Sequence[Sequence[str]], learned: Path) -> tuple[dict[str, float], float]:
    """(times of whole turns in a product on SQLite, its memory once all of it runs)."""
    with house(learned) as settings:
        await migrate(settings)
        product = build(settings)
        waited, worked = list[float](), list[float]()
        for number, talk in enumerate(talks):
            async with product.db.write() as tx:
                guest = [Identity(IdentityKind.WEBCHAT, f"bench-{number}")]
                person = await product.people.find_or_create(tx, guest)
                thread = await product.conversations.open(tx, channel="webchat", person_id=person.id)
            for text in talk:
                async with product.db.write() as tx:
                    got = (await product.conversations.receive(tx, thread.id, text=text)).message
                since, cpu = time.perf_counter(), time.process_time()
                answer = await product.bot.respond(Turn(thread.id, person.id, "webchat", text, got.id, 0))
                worked.append((time.process_time() - cpu) * 1_000)
                waited.append((time.perf_counter() - since) * 1_000)
                async with product.db.write() as tx:
                    await product.bot.commit(tx, thread.id, answer)
        async with running(product):
            memory = used(os.getpid()).mb
    return times(waited) | {f"cpu_{name}": value for name, value in times(worked).items()}, memory


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def missed(found: dict[str, Any]) -> list[str]:
    """What is short of the targets, by name."""
    short = [
        f"{name}.{figure}"
        for name in SETS
        for figure in ("accuracy", "f1", "oos_auroc")
        if found[name][figure] < TARGETS[figure]
    ]
    short += [
        f"{name}.{figure}" for name in SETS for figure in ("ece", "loss") if found[name][figure] > TARGETS[figure]
    ]
    for part in ("read", "turn"):
        if part in found:
            short += [f"{part}.{figure}" for figure in ("p50_ms", "p99_ms") if found[part][figure] > TARGETS[figure]]
    return short + ["memory_mb"] * (found.get("memory_mb", 0.0) > TARGETS["mb"])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--no-turns", dest="turns", action="store_false", help="neither whole turns nor memory")
    arguments.add_argument("--talks", type=int, default=60, help="conversations whose turns are timed")
    given = arguments.parse_args()
    log.configure(level="WARNING")
    learned = Path(tempfile.gettempdir(), "relevo-bench-understanding")
    learned.mkdir(exist_ok=True)
    engine = Embedded(cache_dir=learned)
    sets = {name: messages(name) for name in SETS}
    found: dict[str, Any] = {name: judged(engine, pairs) for name, pairs in sets.items()}
    texts = [text for pairs in sets.values() for _, text in pairs]
    found["read"] = reading_times(engine, texts)
    if given.turns:
        first = random.Random(5).sample(texts, 200)
        talks = [conversation(number) for number in range(given.talks)] + [[text] for text in first]
        found["turn"], found["memory_mb"] = asyncio.run(turns(talks, learned))
    found = rounded(found)
    for name in SETS:
        recall = sorted(found[name]["recall"].items(), key=lambda each: each[1])
        print(f"{name}: {', '.join(f'{intent} {share:.2f}' for intent, share in recall)}")
        print(f"  confused: {', '.join(f'{pair} {count}' for pair, count in found[name]['confusions'])}")
    found["missed"] = missed(found)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
