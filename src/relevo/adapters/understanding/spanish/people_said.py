"""How people are spoken of: numbers said twice, left open or told from the speaker's side; who comes on top.

``somos 2, perdón, 3`` is three, ``yo y 3 amigos`` four, ``3 o 4`` a question.
"""

from __future__ import annotations

from dataclasses import replace

from relevo.adapters.understanding.spanish.ages import as_word
from relevo.adapters.understanding.spanish.people_words import (
    ADULTS,
    BEDROOM,
    CHILDREN,
    NOT_PEOPLE,
    ONE,
    PERSONS,
    PLUS,
    SELF_VERBS,
    TOTAL,
)
from relevo.adapters.understanding.spanish.words import Token

MAX_PEOPLE = 400


def word_of(tokens: list[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def number_of(tokens: list[Token], at: int) -> int | None:
    """A number that can be people."""
    number = tokens[at].number if 0 <= at < len(tokens) else None
    return number if number is not None and 0 < number <= MAX_PEOPLE else None


_AFTER_TOTAL = {"", ",", ".", ")", "con", "contando", "en", *PERSONS}
_SECOND_THOUGHT = {"sino", "no", "perdon", "digo", "mejor", "corrijo"}
_BETWEEN = _SECOND_THOUGHT | {",", ".", ";", "(", "-", "ay", "ah", "eh", "en", "realidad", "quise", "decir"}


def said_again(tokens: list[Token]) -> list[Token]:
    """``somos 2... no, perdón, 3``: the number said last stands where the first one stood."""
    for at in range(len(tokens)):
        if number_of(tokens, at) is None or word_of(tokens, at - 1) not in TOTAL | {"para"}:
            continue
        ahead = at + 1
        while word_of(tokens, ahead) in _BETWEEN:
            ahead += 1
        again = {token.word for token in tokens[at + 1 : ahead]} & _SECOND_THOUGHT
        bare = number_of(tokens, ahead) is not None and word_of(tokens, ahead + 1) in _AFTER_TOTAL
        if again and bare:
            return [*tokens[:at], *tokens[ahead:]]
    return tokens


_COMPANY = {
    "amigos",
    "amigas",
    "companeros",
    "companeras",
    "hermanos",
    "hermanas",
    "primos",
    "primas",
    "colegas",
    "mas",
}


def with_me(tokens: list[Token]) -> list[Token]:
    """``yo y 3 amigos``, ``3 amigos y yo``: the speaker comes too."""
    for at in range(len(tokens)):
        number = number_of(tokens, at)
        if number is None or word_of(tokens, at + 1) not in _COMPANY:
            continue
        before = word_of(tokens, at - 2) == "yo" and word_of(tokens, at - 1) in ("y", "con", "mas")
        after = word_of(tokens, at + 2) == "y" and word_of(tokens, at + 3) == "yo"
        if before or after:
            everybody = replace(tokens[at], word=str(number + 1), number=number + 1)
            others = [as_word(token) if token.word == "yo" else token for token in tokens]
            return [*others[:at], everybody, *others[at + 1 :]]
    return tokens


def either(tokens: list[Token], *, asked: bool) -> tuple[tuple[int, ...], tuple[int, int]] | None:
    for at in range(len(tokens)):
        first, second = number_of(tokens, at), number_of(tokens, at + 2)
        slashed = word_of(tokens, at).split("/")
        between = word_of(tokens, at - 1) == "entre" and word_of(tokens, at + 1) == "y"
        people = word_of(tokens, at - 2) in TOTAL or word_of(tokens, at + 3) in PERSONS | ADULTS
        if between and people and first and second and first < second:
            return (first, second), (tokens[at].start, tokens[at + 2].end)
        day = any(part.startswith("0") for part in slashed) or number_of(tokens, at + 2) is not None
        people = word_of(tokens, at + 1) in PERSONS | ADULTS and not day
        if len(slashed) == 2 and people and all(p.isdigit() for p in slashed):
            return tuple(int(part) for part in slashed), (tokens[at].start, tokens[at + 1].end)
        if first is None or second is None or word_of(tokens, at + 1) not in ("o", "u"):
            continue
        led = word_of(tokens, at - 1) in TOTAL or word_of(tokens, at + 3) in PERSONS | ADULTS or asked
        if led and first != second and word_of(tokens, at + 3) not in NOT_PEOPLE:
            return (first, second), (tokens[at].start, tokens[at + 2].end)
    return None


def travelled_with(tokens: list[Token], at: int) -> bool:
    """``viajo con bebé y esposo``: relatives without an article."""
    if word_of(tokens, at - 1) not in ("con", "y", ","):
        return False
    back = at - 1
    while word_of(tokens, back) in ONE | CHILDREN | {"y", ","}:
        back -= 1
    return word_of(tokens, back) == "con" and word_of(tokens, back - 1) in SELF_VERBS


def after_total(tokens: list[Token], at: int) -> bool:
    """``nosotros dos y los abuelos``: they come on top."""
    return word_of(tokens, at - 1) == "y" and number_of(tokens, at - 2) is not None and word_of(tokens, at - 3) in TOTAL


def bedroom(tokens: list[Token], at: int) -> bool:
    """``cama de matrimonio`` is furniture."""
    before, second = word_of(tokens, at - 1), word_of(tokens, at - 2)
    return bool({before, second} & BEDROOM) and before in ("de", *BEDROOM) and second != "familia"


def lone_before_plus(tokens: list[Token], used: set[int]) -> int | None:
    """``dos y un bebé``: the two nobody named."""
    for at in range(len(tokens)):
        number = number_of(tokens, at)
        if number is not None and at not in used and word_of(tokens, at + 1) in PLUS:
            return number
    return None
