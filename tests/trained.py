"""The intent model of the corpus, trained once per corpus and machine: the file's name is the hash of both.

``python -m tests.trained`` does it beforehand, beside work that waits for something else.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from relevo.adapters.understanding.intents import IntentModel

KEPT = Path(__file__).parents[1] / ".pytest_cache" / "d" / "understanding"


def model() -> IntentModel:
    """Processes that come together wait for the first one to train."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return IntentModel.cached(KEPT)


if __name__ == "__main__":
    model()
