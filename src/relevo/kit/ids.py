"""Short prefixed ids (``cnv_7h2k9qm4t0xd``): 60 random bits, lower-case Crockford base 32, no look-alikes."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Protocol

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""For codes that people read aloud: no 0/O, no 1/I."""


class Ids(Protocol):
    def new(self, prefix: str) -> str:
        """A fresh id such as ``msg_...``."""
        ...

    def code(self, length: int) -> str:
        """A fresh human-readable code of ``length`` characters."""
        ...


class RandomIds:
    def new(self, prefix: str) -> str:
        return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(12))}"

    def code(self, length: int) -> str:
        return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


class CountingIds:
    """Predictable ids for tests: ``msg_1``, ``msg_2``..."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def new(self, prefix: str) -> str:
        self._counts[prefix] += 1
        return f"{prefix}_{self._counts[prefix]}"

    def code(self, length: int) -> str:
        self._counts["code"] += 1
        number, text = self._counts["code"], ""
        for _ in range(length):
            number, digit = divmod(number, len(CODE_ALPHABET))
            text = CODE_ALPHABET[digit] + text
        return text
