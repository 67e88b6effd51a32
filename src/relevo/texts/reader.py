"""The language of whoever reads the answer that is being made, for as long as it is being made.

It is asked for by the one who reads and holds only there: what is stored, mailed or told to many keeps the house's
language. Pure but for the one variable, which belongs to the task that answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("es", "en")
_reader: ContextVar[str | None] = ContextVar("reader", default=None)
_WISH = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
_MOST = 400
"""Characters of the wish that are read."""


def current() -> str | None:
    return _reader.get()


@contextmanager
def reading(language: str | None) -> Iterator[None]:
    before = _reader.set(language)
    try:
        yield
    finally:
        _reader.reset(before)


def preferred(header: str) -> str | None:
    """The language of an ``Accept-Language`` that there is, or none."""
    wishes: list[tuple[float, str]] = []
    for part in header[:_MOST].split(","):
        found = _WISH.fullmatch(part)
        if found and found[1].lower() in LANGUAGES:
            wishes.append((float(found[2] or 1), found[1].lower()))
    best = max(wishes, key=lambda wish: wish[0], default=None)
    return best[1] if best and best[0] > 0 else None
