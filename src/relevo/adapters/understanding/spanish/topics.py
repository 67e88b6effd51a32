"""Which services and policies of the house a message asks about, by the keys of the house's knowledge.

Only what is asked: who cancels a booking does not ask for the cancellation policy, who brings a baby not for prices.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads(resources.files(__package__).joinpath("topics.toml").read_text(encoding="utf-8"))
    return {key: re.compile(rf"\b(?:{'|'.join(patterns)})") for key, patterns in words.items()}


def read_topics(folded: str) -> tuple[tuple[str, str], ...]:
    """(key, words) of each topic in ``folded`` (lower case, no accents), in the order said."""
    found = []
    for key, pattern in _patterns().items():
        match = pattern.search(folded)
        if match is not None:
            found.append((match.start(), key, match[0].strip()))
    found.sort()
    if any(key == "early_check_in" for _, key, _ in found):
        found = [each for each in found if each[1] != "check_in"]
    return tuple((key, words) for _, key, words in found)
