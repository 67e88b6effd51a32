"""Repairs slips of the finger in words the corpus knows, so that a typed message meets its features again.

Only words the corpus never saw are touched: one slip in a word of some length, two in a long one; it never guesses
further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

_SHORTEST = 4
_LONGEST = 24
_LONG = 7
"""From this length on two slips leave enough of a word to know it by."""


def _without_one(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _keys(word: str) -> set[str]:
    """What remains of a word when one letter is missing, or two of a long one; the word itself."""
    once = set(_without_one(word))
    if len(word) < _LONG:
        return {word, *once}
    return {word, *once, *(less for left in once for less in _without_one(left))}


def _slips(word: str, other: str) -> int:
    """How many letters were dropped, added, changed or swapped with their neighbour between the two."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]


class Speller:
    """Known words with how often they were seen, indexed by what remains of each when letters are missing."""

    def __init__(self, words: Iterable[str], extra: Iterable[str] = ()) -> None:
        seen = Counter(words)
        self._known = {*seen, *extra}
        self._seen = {word: n for word, n in seen.items() if n > 1 and len(word) >= _SHORTEST and word.isalpha()}
        self._near: dict[str, tuple[str, ...]] = {}
        for word in sorted(self._seen):
            for key in _keys(word):
                self._near[key] = (*self._near.get(key, ()), word)

    def repair(self, folded: str) -> str:
        """The folded message with each unknown word replaced by the nearest known word, if one is near enough."""
        return " ".join(self._repaired(word) for word in folded.split())

    def _repaired(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known or not word.isalpha() or len(word) > _LONGEST:
            return word
        near = {found for key in _keys(word) for found in self._near.get(key, ())}
        best = min(((_slips(word, found), -self._seen[found], found) for found in near), default=None)
        return word if best is None or best[0] > _forgiven(word, best[2]) else best[2]


def _forgiven(word: str, other: str) -> int:
    """Two letters more or less are an ending ("reserva", "reservado"), not two slips."""
    return 2 if min(len(word), len(other)) >= _LONG - 1 and abs(len(word) - len(other)) < 2 else 1
