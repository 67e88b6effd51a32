"""Which policies and services a message asks about, by the keys of the business's knowledge.

The words guests use are data, in ``topics.toml`` beside this module.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from relevo.adapters.understanding.spanish.words import fold


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads(resources.files(__package__).joinpath("topics.toml").read_text(encoding="utf-8"))
    return {key: re.compile(rf"\b(?:{'|'.join(patterns)})") for key, patterns in words.items()}


def read_topics(text: str) -> tuple[str, ...]:
    """Keys of what is asked about. ``early_check_in`` hides the plainer ``check_in``."""
    plain = fold(text)
    found = [key for key, pattern in _patterns().items() if pattern.search(plain)]
    if "early_check_in" in found and "check_in" in found:
        found.remove("check_in")
    return tuple(found)
