"""A score from one to five, as guests give it: at the beginning of what they write, with their reasons behind it.

Read narrowly: a number is also a party, a day and a price.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 5
LOW = 2
"""From here down somebody of the staff should know."""


@dataclass(frozen=True, slots=True)
class Score:
    score: int
    text: str | None
    """What they said besides."""


_NUMBERS = {
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_SCORE = re.compile(
    r"\W*(?:(?:le |les |te )?(?:doy|pongo|daria|pondria|puntaje|puntuacion|nota|calificacion|i d give|i give it|it s)"
    r"\W+)?(?:un |una |a )?(?P<n>[1-5]|uno|dos|tres|cuatro|cinco|one|two|three|four|five|una(?= estrella))"
    r"(?: ?/ ?5| (?:de|sobre) (?:5|cinco)| (?:out )?of (?:5|five)| estrellas?| stars?| puntos?| points?)?"
    # What may follow a score and nothing else that is counted: an end, a stop, or a reason.
    r"(?P<rest>$|[.,;:!)\n](?!\d).*| +-.*| (?:pero|porque|todo|muy|gracias|la verdad|excelente|genial|but|because|great"
    r"|thanks|thank you|everything)\b.*)",
    re.DOTALL,
)


def score_of(text: str) -> Score | None:
    """The score with which a message begins. Stars count as many as there are."""
    stars = text.count("⭐") + text.count("★")
    if LOWEST <= stars <= HIGHEST:
        return Score(stars, _kept(text.replace("⭐", "").replace("★", "")))
    bare = text.strip()
    found = _SCORE.fullmatch(folded(bare))
    if found is None:
        return None
    # Folding keeps every letter's place, so what comes after is cut from the words as they were written.
    return Score(_NUMBERS.get(found["n"]) or _digit(found["n"]), _kept(bare[found.start("rest") :]))


def _digit(said: str) -> int:
    return int(said) if said.isdigit() else 1


def _kept(text: str) -> str | None:
    left = text.strip(" \t\n.,;:!)-–—\ufe0f")
    return left[:1_000] or None


def folded(text: str) -> str:
    """Lower case without accents, letter for letter."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] for char in text)
