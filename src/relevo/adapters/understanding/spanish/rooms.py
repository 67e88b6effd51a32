"""Which kind of room and how many. A code of the business where its words match, else the guest's own word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from relevo.adapters.understanding.spanish.words import Token, fold
from relevo.bot.ports import RoomTypeName

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("matrimonial", ("matrimonial(?:es)?", "matri", "king", "queen",
                     "cama (?:grande|matrimonial|doble|de dos plazas|king|queen|2 plazas)")),
    ("twin", ("twin", "(?:2|dos) camas(?: (?:individuales|simples|separadas|chicas|de una plaza))?",
              "camas (?:separadas|individuales|simples)")),
    ("cuadruple", ("cuadruples?", "cuadrupla", "cuadruplo")),
    ("triple", ("triples?", "tripple", "tpl")),
    ("suite", ("suites?", "suit", "swit")),
    ("departamento", ("departamentos?", "deptos?", "dpto", "dto", "apartamentos?", "apart", "depas?", "familiar",
                      "monoambiente", "apartament")),
    ("doble", ("dobles?", "dbl", "double", "dovle", "dobl")),
    ("simple", ("simples?", "singles?", "singl", "sencill[oa]s?", "individual(?:es)?", "sgl", "unipersonal")),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(rf"\b(?:{'|'.join(words)})\b")) for name, words in _WORDS)
_ROOMS = {"habitaciones", "habitacion", "cuarto", "dobles", "triples", "simples", "suites", "departamentos", "pieza"}
_SIMPLE_TALK = re.compile(r"\b(?:mas|muy|tan|bien|algo|es|fue) (?:simple|sencill[oa])\b|\bdoble (?:de|que)\b")


def read_room_type(text: str, types: Sequence[RoomTypeName]) -> tuple[str, str] | None:
    """(room type, the words it was read from). The last one said wins: ``no, mejor una triple``."""
    plain = _SIMPLE_TALK.sub(lambda match: " " * len(match[0]), fold(text))
    best: tuple[int, int, str, str] | None = None
    for order, (name, pattern) in enumerate(_PATTERNS):
        for match in pattern.finditer(plain):
            # Of two names for one room ("doble matrimonial") the finer one, listed first, says more.
            near = best is not None and abs(match.start() - best[0]) <= 12
            if best is None or (match.start() > best[0] and not near) or (near and order < best[1]):
                best = (match.start(), order, name, text[match.start() : match.end()])
    for own in types:
        for word in (own.code, *own.names):
            found = re.search(rf"\b{re.escape(fold(word))}\b", plain)
            if found and (best is None or own.code == best[2] or len(word.split()) > 1):
                return own.code, text[found.start() : found.end()]
    if best is None:
        return None
    return _code(best[2], types), best[3]


def _code(name: str, types: Sequence[RoomTypeName]) -> str:
    for own in types:
        if name == own.code or name in {fold(word) for word in own.names}:
            return own.code
    return name


def read_rooms(tokens: list[Token]) -> int | None:
    """``dos habitaciones``, ``2 dobles``."""
    for at, token in enumerate(tokens[:-1]):
        if token.number is not None and 1 <= token.number <= 20 and tokens[at + 1].word in _ROOMS:
            return token.number
    return None
