"""Families of words that mean nearly the same, so that a word the corpus lacks still points the right way.

The families serve a classifier of intents and nothing else: they are wide and overlap, and no value is read from them.
"""

from __future__ import annotations

from importlib import resources

LISTING = resources.files("relevo.adapters.understanding").joinpath("concepts.txt").read_text(encoding="utf-8")


def _read() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Whole words and stems of the packaged families, each with the families it belongs to."""
    whole: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for line in LISTING.splitlines():
        family, colon, words = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        for word in dict.fromkeys(words.split()):
            table = stems if word.endswith("*") else whole
            key = word.removesuffix("*")
            table[key] = (*table.get(key, ()), family)
    return whole, stems


WHOLE_WORDS, _STEMS = _read()


def concepts(masked: str) -> list[str]:
    """The families of meaning a message touches, alone and in pairs."""
    met: dict[str, None] = {}
    for word in masked.split():
        if word.startswith("__"):
            met[word] = None
            continue
        for family in WHOLE_WORDS.get(word, ()):
            met[family] = None
        for size in range(2, len(word) + 1):
            for family in _STEMS.get(word[:size], ()):
                met[family] = None
    families = sorted(met)
    return families + [f"{a}&{b}" for i, a in enumerate(families) for b in families[i + 1 :]]
