"""What a message takes back or leaves open:
``este viernes no, el que viene``, ``no es el 8, es el 9``, ``el 5 o el 6``.

A day that is refused gives way to another one of the same message; one that stands alone is left to the dialogue.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from relevo.adapters.understanding.spanish.ranges import Hit, word_at
from relevo.adapters.understanding.spanish.words import WEEKDAYS, Token

_STOPS = {",", ".", ";", ":", "!", "?", "", "perdon", "mejor", "digo", "sino", "corrijo", "quise"}
_THE_NEXT = {"viene", "proximo", "otro", "otra", "siguiente", "entrante"}
_EXCHANGE = {"cambiame", "cambia", "cambiar", "cambien", "cambie", "cambio", "cambiamos", "cambiala", "cambialo"}
_WAS = {"iba", "ibamos", "era", "eran", "tenia", "teniamos", "habia", "habiamos", "dije"}
_EITHER = {"o", "u", "el", "la", "del", "de", "para", "en", "al", ",", "dia", "sino"}
_NAMED = {*WEEKDAYS, "finde", "semana", "mes", "quincena"}


def the_next_one(tokens: list[Token], today: date) -> list[Token]:
    """``este finde no, el otro`` is ``el finde siguiente``."""
    for at, token in enumerate(tokens):
        if token.word not in _NAMED or word_at(tokens, at - 1) not in ("este", "esta"):
            continue
        ahead, words = at + 1, list[str]()
        while len(words) < 7 and word_at(tokens, ahead) in {
            "no",
            ",",
            "sino",
            "el",
            "la",
            "del",
            "de",
            "que",
            *_THE_NEXT,
        }:
            words.append(word_at(tokens, ahead))
            ahead += 1
            if words[-1] in _THE_NEXT:
                break
        if not words or words[-1] not in _THE_NEXT or not {"no", "sino"} & set(words):
            continue
        if token.word in WEEKDAYS:
            first = (WEEKDAYS.index(token.word) - today.weekday() - 1) % 7 + 1
            named = Token((today + timedelta(days=first + 7)).isoformat(), token.start, tokens[ahead - 1].end)
            return [*tokens[: at - 1], named, *tokens[ahead:]]
        following = Token("siguiente", tokens[at + 1].start, tokens[ahead - 1].end)
        return [*tokens[: at - 1], token, following, *tokens[ahead:]]
    return tokens


def kept(tokens: list[Token], hits: list[Hit]) -> list[Hit]:
    """The days that are meant: without those refused where another one takes their place."""
    if len(hits) < 2:
        return hits
    placed = _month_said_once(tokens, _in_the_same_month(tokens, hits))
    stay = [hit for at, hit in enumerate(placed) if not (_refused(tokens, hit) and _replaced(tokens, hit, placed, at))]
    return stay or placed


def _refused(tokens: list[Token], hit: Hit) -> bool:
    before: list[str] = []
    at = hit.start - 1
    while word_at(tokens, at) not in _STOPS and len(before) < 4:
        before.insert(0, word_at(tokens, at))
        at -= 1
    instead = any(pair in (("en", "vez"), ("en", "lugar")) for pair in zip(before, before[1:], strict=False))
    exchanged = bool(_EXCHANGE & set(before)) and word_at(tokens, hit.end) == "por"
    return instead or exchanged or (before[:1] == ["no"] or "no" in before[-3:])


def _replaced(tokens: list[Token], hit: Hit, hits: list[Hit], at: int) -> bool:
    return any(other.start >= hit.end and not _refused(tokens, other) for other in hits[at + 1 :]) or (
        at > 0 and not _refused(tokens, hits[at - 1]) and word_at(tokens, hits[at - 1].end) in (",", "y", "no")
    )


def _in_the_same_month(tokens: list[Token], hits: list[Hit]) -> list[Hit]:
    """``el 8 de enero, no, el 9``: a bare day that corrects another one lies in its month."""
    placed = [hits[0]]
    if hits[0].first.lone and hits[0].second is None and hits[1].first.month is not None:
        # "El 21 y no el 20 de septiembre".
        between = {token.word for token in tokens[hits[0].end : hits[1].start]}
        if "no" in between:
            first = replace(hits[0].first, month=hits[1].first.month, year=hits[1].first.year)
            placed = [replace(hits[0], first=first)]
    for hit in hits[1:]:
        said = placed[-1].second or placed[-1].first
        between = {token.word for token in tokens[placed[-1].end : hit.start]}
        if said.month is not None and between & (_STOPS - {",", "."} | {"no", "es"}) and hit.first.lone:
            second = hit.second
            hit = replace(
                hit,
                first=replace(hit.first, month=said.month, year=said.year),
                second=replace(second, month=said.month, year=said.year) if second and second.lone else second,
            )
        placed.append(hit)
    return placed


def _month_said_once(tokens: list[Token], hits: list[Hit]) -> list[Hit]:
    """``el 5 o el 8 de enero``: both are in January."""
    placed = [
        _in_month_of(hit, after) if alternative(tokens, hit.end, after.start) else hit for hit, after in pairwise(hits)
    ]
    return [*placed, hits[-1]]


def _in_month_of(hit: Hit, after: Hit) -> Hit:
    said = after.second or after.first
    if said.month is None or not hit.first.lone or (hit.second is not None and not hit.second.lone):
        return hit
    second = replace(hit.second, month=said.month, year=said.year) if hit.second is not None else None
    return replace(hit, first=replace(hit.first, month=said.month, year=said.year), second=second)


def alternative(tokens: list[Token], end: int, start: int) -> bool:
    """Whether what begins at ``start`` is said as another choice than what ends at ``end``."""
    between = {token.word for token in tokens[end:start]}
    return bool(between & {"o", "u"}) and between <= _EITHER


def was_another(tokens: list[Token], at: int) -> bool:
    """``iba a ser el 12 pero ...``: what follows is meant."""
    words = [token.word for token in tokens[:at]]
    return "pero" in words and bool(_WAS & set(words[: words.index("pero")]))


def wanted_instead(tokens: list[Token], at: int) -> int | None:
    """``en lugar de tres noches quiero dos``: the number said after the nights at ``at`` that are not wanted."""
    if [word_at(tokens, at - back) for back in (3, 2, 1)] not in (["en", "lugar", "de"], ["en", "vez", "de"]):
        return None
    for ahead in range(at + 2, min(at + 6, len(tokens))):
        if tokens[ahead].number is not None:
            return tokens[ahead].number
        if tokens[ahead].word in ("el", "del", "desde", "."):
            return None
    return None
