"""What staff may teach the assistant, whether a training made it better, and what a threshold would mean in figures.

Pure decisions over figures that others have measured; nothing is trained, stored or read here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from relevo.bot.ports import Exam, Learned
from relevo.bot.rules.reading import fold

WORSE = 0.02
"""So much of all answers may be lost at most: a training that loses more is not used. Two trainings that differ in a
single message differ by a point."""
LOST = 3
"""So many answers have to be lost before a share says anything."""
WORSE_OF_ONE = 0.15
FEWEST = 40
"""Messages of an intent from which on its own loss counts."""
STEPS = tuple(round(0.20 + 0.05 * step, 2) for step in range(13))


def example_key(text: str) -> str:
    """Two texts with the same key say the same."""
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def says_something(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= 2


def refusal(learned: Learned) -> str | None:
    """Why the new model is not used: ``worse``, ``worse:<intent>``, or None where it may be."""
    before, after = learned.before, learned.after
    if after.accuracy < before.accuracy - WORSE and after.right <= before.right - LOST:
        return "worse"
    for intent, (asked, right) in sorted(before.by_intent.items()):
        then = after.by_intent.get(intent, (0, 0))
        if asked >= FEWEST and then[1] / max(then[0], 1) < right / asked - WORSE_OF_ONE:
            return f"worse:{intent}"
    return None


def learned_json(learned: Learned) -> dict[str, Any]:
    """What a training came to, to be stored and shown. Intents whose share moved, the largest change first."""
    moved = [
        {"intent": intent, "before": round(share, 4), "after": round(then, 4)}
        for intent, share in learned.before.shares.items()
        if (then := learned.after.shares.get(intent, 0.0)) != share
    ]
    moved.sort(key=lambda each: -abs(float(each["after"]) - float(each["before"])))  # type: ignore[arg-type]
    return {
        "asked": learned.after.asked,
        "before": round(learned.before.accuracy, 4),
        "after": round(learned.after.accuracy, 4),
        "taught": learned.taught,
        "taught_before": learned.taught_before,
        "taught_after": learned.taught - len(learned.missed),
        "missed": [{"text": text, "intent": intent, "answered": got} for text, intent, got in learned.missed[:20]],
        "moved": moved[:8],
        "seconds": round(learned.seconds, 1),
    }


@dataclass(frozen=True, slots=True)
class Point:
    """At this threshold: the share of messages that is acted upon, and how many of those would be right."""

    threshold: float
    acted: float
    right: float | None


def curve(sure: Sequence[float], steps: Sequence[float] = STEPS) -> tuple[Point, ...]:
    """``sure``: how sure the assistant was of each message. Its probabilities are calibrated, so that their mean is
    the share that is right."""
    points = []
    for threshold in steps:
        above = [each for each in sure if each >= threshold]
        points.append(
            Point(
                threshold,
                round(len(above) / len(sure), 4) if sure else 0.0,
                round(sum(above) / len(above), 4) if above else None,
            )
        )
    return tuple(points)


def exam_of(answers: Sequence[tuple[str, str]]) -> Exam:
    """``answers``: what each message wants, and what was answered."""
    by_intent: dict[str, tuple[int, int]] = {}
    for intent, got in answers:
        asked, right = by_intent.get(intent, (0, 0))
        by_intent[intent] = (asked + 1, right + (got == intent))
    return Exam(len(answers), sum(intent == got for intent, got in answers), by_intent)


def told_of(corpus_intent: str | None, intent: str | None) -> Mapping[str, str] | None:
    """What somebody should know who teaches a text that the packaged examples have already."""
    if corpus_intent is None or intent is None:
        return None
    return {"kind": "known" if corpus_intent == intent else "otherwise", "intent": corpus_intent}
