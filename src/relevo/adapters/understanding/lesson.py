"""One lesson, in a process of its own: learns the packaged corpus with what staff taught, and sits the exam twice.

The exam is a quarter of the corpus, held back from models that are made for it alone: one that knows what was taught
before, one that knows what is taught now. The model that may go live learns everything and is left in the cache. What
to make of the marks is decided elsewhere. It reads one JSON object from its input and writes one a line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from relevo.adapters.understanding.folding import fold
from relevo.adapters.understanding.intents import IntentModel, load_corpus
from relevo.bot.ports import Exam

TIMES = 3
"""So often a taught example counts: it is one message among thousands, and somebody bothered."""
EVERY = 4
"""Of the corpus one in so many is asked in the exam."""
NICE = 10

Examples = list[tuple[str, str]]


def same(text: str) -> str:
    """Two messages of which this is the same are the same to the model."""
    return " ".join(fold(text).replace("?", " ").split())


def curriculum(corpus: Sequence[tuple[str, str]], taught: Sequence[tuple[str, str]]) -> Examples:
    """All that is to be learned. Where staff say otherwise than the corpus, they are right."""
    said = {same(text): intent for text, intent in taught}
    kept = [(text, intent) for text, intent in corpus if said.get(same(text), intent) == intent]
    return [*kept, *(example for example in taught for _ in range(TIMES))]


def exam_paper(corpus: Sequence[tuple[str, str]], untouched: Iterable[str]) -> tuple[Examples, Examples]:
    """The corpus in two: what may be learned for the exam, and what is asked. ``untouched`` texts, those that somebody
    taught, are asked of nobody."""
    skipped, seen = {same(text) for text in untouched}, Counter[str]()
    learned: Examples = []
    asked: Examples = []
    for text, intent in corpus:
        if same(text) in skipped:
            learned.append((text, intent))
            continue
        (asked if seen[intent] % EVERY == EVERY - 1 else learned).append((text, intent))
        seen[intent] += 1
    return learned, asked


def sit(model: IntentModel, asked: Sequence[tuple[str, str]]) -> dict[str, list[int]]:
    """The marks by intent: asked and right."""
    marks: dict[str, list[int]] = {}
    for text, intent in asked:
        mine = marks.setdefault(intent, [0, 0])
        mine[0] += 1
        mine[1] += model.predict(text)[0][0] == intent
    return marks


def exam_of(marks: dict[str, list[int]]) -> Exam:
    by_intent = {intent: (asked, right) for intent, (asked, right) in marks.items()}
    asked, right = (sum(each[place] for each in by_intent.values()) for place in (0, 1))
    return Exam(asked, right, by_intent)


def learn(
    taught: Sequence[tuple[str, str]],
    before: Sequence[tuple[str, str]],
    cache_dir: Path,
    tell: Callable[[str], None],
    corpus: Sequence[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    began, corpus = time.monotonic(), load_corpus() if corpus is None else corpus
    learned, asked = exam_paper(corpus, (text for text, _ in (*taught, *before)))
    tell("before")
    first = sit(IntentModel().fit(curriculum(learned, before)), asked)
    tell("after")
    then = sit(IntentModel().fit(curriculum(learned, taught)), asked)
    tell("learning")
    model = IntentModel.cached(cache_dir, curriculum(corpus, taught))
    known = IntentModel.cached(cache_dir, curriculum(corpus, before) if before else corpus)
    tell("checking")
    answers = [(text, intent, model.predict(text)[0][0]) for text, intent in taught]
    return {
        "before": first, "after": then, "taught": len(taught),
        "taught_before": sum(known.predict(text)[0][0] == intent for text, intent in taught),
        "missed": [each for each in answers if each[1] != each[2]], "seconds": time.monotonic() - began,
    }  # fmt: skip


def main() -> None:
    with suppress(OSError):
        os.nice(NICE)
    outbound = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # A library that prints must not end up among the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(**words: Any) -> None:
        outbound.write(json.dumps(words) + "\n")
        outbound.flush()

    asked = json.loads(sys.stdin.read())
    taught, before = ([(text, intent) for text, intent in asked[name]] for name in ("taught", "before"))
    corpus = [(text, intent) for text, intent in asked.get("corpus", ())] or None
    say(learned=learn(taught, before, Path(asked["cache"]), lambda step: say(step=step), corpus))


if __name__ == "__main__":
    main()
