"""Slips of the finger and of the ear in words that the grammar needs: ``dicimbre``, ``savado``, ``nohces``.

Only words nobody uses are touched, and only where a word of the grammar is near; real words stay as they are.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_LONG = 7
"""From this length on two slips are forgiven."""
_SHORT = 3
_SHORT_WORDS = ("del", "al", "el", "de", "dos", "hoy", "por", "mes", "dia", "una", "que", "con", "mas", "para", "tres",
                "mis", "hab", "sept", "seis", "diez")  # fmt: skip
_BESIDE = {
    "a": "qsz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb",
    "i": "ujko", "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp", "p": "ol", "q": "wa",
    "r": "edft", "s": "awedxz", "t": "rfgy", "u": "yhji", "v": "cfgb", "w": "qase", "x": "zsdc", "y": "tghu",
    "z": "asx",
}  # fmt: skip
"""Neighbours on the keyboard."""
_SOUNDS = (
    (re.compile(r"h"), ""),
    (re.compile(r"qu(?=[ei])|k|c(?=[aou]|[^eiaouh]|$)|q"), "k"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"v|w"), "b"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@cache
def _words(name: str) -> tuple[str, ...]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def known_words() -> frozenset[str]:
    return frozenset(_words("known_words.txt")) | frozenset(_words("grammar_words.txt"))


@cache
def grammar_words() -> frozenset[str]:
    return frozenset(_words("grammar_words.txt"))


@cache
def _by_sound() -> dict[str, str]:
    return {_sound(word): word for word in reversed(_words("grammar_words.txt")) if len(word) > _SHORT}


def _sound(word: str) -> str:
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def _short_slip(word: str, meant: str) -> bool:
    """Swapped letters, a letter twice, the key beside, or (in longer words) a letter missing."""
    if sorted(word) == sorted(meant) or re.sub(r"(.)\1", r"\1", word) == meant:
        return True
    if len(word) == len(meant):
        wrong = [(a, b) for a, b in zip(word, meant, strict=True) if a != b]
        return len(wrong) == 1 and wrong[0][0] in _BESIDE.get(wrong[0][1], "")
    missing = len(meant) > _SHORT and len(word) == len(meant) - 1 and word[0] == meant[0] and word[-1] == meant[-1]
    return missing and DamerauLevenshtein.distance(word, meant) == 1


@lru_cache(maxsize=4096)
def repaired(word: str) -> str:
    """The word of the grammar that was meant, or ``word`` itself."""
    if word in known_words() or len(word) < 2 or not word.isalpha():
        return word
    if f"h{word}" in grammar_words():
        return f"h{word}"
    if len(word) <= _SHORT:
        return next((each for each in _SHORT_WORDS if _short_slip(word, each)), word)
    if (once := re.sub(r"(.)\1", r"\1", word)) in grammar_words():
        return once
    if (heard := _by_sound().get(_sound(word)) or _by_sound().get(_sound(f"{word}s"))) is not None:
        return heard
    allowed = 1 if len(word) < _LONG else 2
    found = process.extract(
        word, _words("grammar_words.txt"), scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=6
    )
    near: list[tuple[float, str]] = [
        # A slip seldom falls on the first letter.
        (distance + (each[0] != word[0]), each)
        for each, distance, _ in found
        if len(each) > _SHORT
    ]
    likely = [each for each in near if each[0] <= allowed]
    return min(likely, key=lambda each: each[0])[1] if likely else word
