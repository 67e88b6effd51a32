"""Whether a message says that one person travels: ``viajo sola``, ``es para mí nomás``."""

from __future__ import annotations

from itertools import pairwise

from relevo.adapters.understanding.spanish.people_words import ALONE
from relevo.adapters.understanding.spanish.words import Token


def travels_alone(tokens: list[Token]) -> bool:
    words = [token.word for token in tokens]
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in ("solo", "sola", "solito", "solita", "solita") and (before in ALONE or after == "yo"):
            return True
        if word in ("solo", "sola") and after in ("", ".") and set(words) & ALONE:
            return True
        if word == "yo" and before == "solamente":
            return True
        joined = at > 1 and words[at - 2] in ("y", "e")
        if word == "mi" and before == "para" and not joined and after in ("", ",", ".", "solo", "sola", "?", "nomas"):
            return True
        if word == "yo" and after != "no" and {"nomas", "solamente"} & set(words):
            return True
        if word == "yo" and after != "no" and any(pair == ("nada", "mas") for pair in pairwise(words)):
            return True
    return False
