"""Repairs single slips of the finger in words the corpus knows, so that a typed message meets its features again.

Only words the corpus never saw are touched, and only when a known word is one letter away; it never guesses further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

_SHORTEST = 4


def _without_one(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _one_slip(word: str, other: str) -> bool:
    """Whether the words differ by one letter dropped, added, changed or swapped with its neighbour."""
    if abs(len(word) - len(other)) == 1:
        return True
    differing = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and differing[1] == differing[0] + 1 and word[differing[0]] == other[differing[1]]


class Speller:
    """Known words with how often they were seen, indexed by what remains of each when one letter is missing."""

    def __init__(self, words: Iterable[str], extra: Iterable[str] = ()) -> None:
        seen = Counter(words)
        self._known = {*seen, *extra}
        self._near: dict[str, str] = {}
        targets = [word for word, times in seen.items() if times > 1 and len(word) >= _SHORTEST and word.isalpha()]
        for word in sorted(targets, key=lambda item: (seen[item], item)):
            # Later entries are the more frequent ones and win.
            for left in _without_one(word):
                self._near[left] = word
            self._near[word] = word

    def repair(self, folded: str) -> str:
        """The folded message with each unknown word replaced by the known word one slip away, if there is one."""
        return " ".join(self._repaired(word) for word in folded.split())

    def _repaired(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known or not word.isalpha():
            return word
        for left in (word, *_without_one(word)):
            found = self._near.get(left)
            if found is not None and abs(len(found) - len(word)) <= 1 and _one_slip(word, found):
                return found
        return word
