"""Ages are numbers that count nobody: ``un nene de 8 años``, ``dos nenas de 4 y 6``."""

from __future__ import annotations

from dataclasses import replace

from relevo.adapters.understanding.spanish.people_words import ADULTS, AGE_UNITS, CHILDREN, PERSONS
from relevo.adapters.understanding.spanish.words import Token


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def as_word(token: Token) -> Token:
    return Token("reloj", token.start, token.end)


def counted_by_age(tokens: list[Token]) -> list[Token]:
    """``los chicos tienen 3, 7 y 10 años``: three children; ``uno de los chicos tiene 4 y el otro 6``: two."""
    counted = list(tokens)
    for at in range(1, len(tokens)):
        if _word(tokens, at) not in CHILDREN or _word(tokens, at - 1) not in ("los", "las", "mis", "nuestros"):
            continue
        one = [_word(tokens, at - back) for back in (3, 2)] == ["1", "de"]
        if one and {"otro", "otra"} & {token.word for token in tokens[at:]}:
            counted[at - 3], counted[at - 1] = as_word(tokens[at - 3]), replace(tokens[at - 1], word="2", number=2)
            continue
        ages, ahead = 0, at + 2
        while _word(tokens, at + 1) in ("tienen", "de") and ahead < len(tokens) and tokens[ahead].number is not None:
            ages += 1
            ahead += 2 if _word(tokens, ahead + 1) in ("y", ",") else 1
        if ages > 1 and _word(tokens, ahead) in AGE_UNITS:
            counted[at - 1] = replace(tokens[at - 1], word=str(ages), number=ages)
            counted[at + 1] = replace(tokens[at + 1], word="de")
    return counted


def without_ages(tokens: list[Token]) -> list[Token]:
    """``un nene de 8 años``, ``dos nenes de 4 y 6``: those numbers are not people."""
    kept = list(tokens)
    for at in range(len(tokens)):
        if _word(tokens, at) in AGE_UNITS and (number := at - 1) >= 0 and tokens[number].number is not None:
            if _word(tokens, at) in ("anos", "anitos", "meses", "ano", "mesecitos"):
                kept[number] = as_word(tokens[number])
                back = number - 1
                while _word(tokens, back) in ("y", ",", "o", "a") and back >= 1 and tokens[back - 1].number is not None:
                    if _word(tokens, back - 2) not in ("de", ",", "y"):
                        break
                    kept[back - 1] = as_word(tokens[back - 1])
                    back -= 2
        elif _word(tokens, at) in CHILDREN and _word(tokens, at + 1) == "de":
            ahead = at + 2
            while ahead < len(tokens) and tokens[ahead].number is not None:
                if _word(tokens, ahead + 1) in CHILDREN | ADULTS | PERSONS | {"noches", "noche"}:
                    break
                kept[ahead] = as_word(tokens[ahead])
                ahead += 2 if _word(tokens, ahead + 1) in ("y", ",") else 1
    return kept
