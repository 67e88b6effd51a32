"""Text to canonical tokens: folded letters, spelled-out numbers as digits, months and weekdays under one name.

A token remembers the words it came from, so that a reading can say what it read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from relevo.adapters.understanding.spanish import feasts
from relevo.adapters.understanding.spanish.people_words import ADULTS, CHILDREN, PAIRS, PERSONS
from relevo.adapters.understanding.spanish.repair import grammar_words, known_words, repaired

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_UNITS = {
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintiun": 21, "veintiuna": 21,
    "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29, "treinta": 30, "primero": 1, "1ro": 1, "1ero": 1, "1er": 1, "1o": 1,
    "dies": 10, "dose": 12, "trese": 13, "catorse": 14, "quinse": 15, "vente": 20, "beinte": 20, "sinco": 5,
    "nuebe": 9, "ceis": 6, "seys": 6,
}  # fmt: skip
_TENS = {"treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90}
_HUNDREDS = {"cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "novecientos": 900}
_COUNTED = ADULTS | CHILDREN | PERSONS | PAIRS | {
    "noche", "noches", "dia", "dias", "semana", "semanas", "mes", "habitacion", "quincena", "cuarto", "senora", "senor",
    "nochecita", "semanita", "doble", "triple", "simple",
}  # fmt: skip
_SHORT = {
    "ene": "enero", "feb": "febrero", "mzo": "marzo", "abr": "abril", "jun": "junio", "jul": "julio", "ago": "agosto",
    "agos": "agosto", "sep": "septiembre", "sept": "septiembre", "set": "septiembre", "setiembre": "septiembre",
    "oct": "octubre", "nov": "noviembre", "dic": "diciembre", "dcbre": "diciembre", "lun": "lunes",
    "mie": "miercoles", "mier": "miercoles", "jue": "jueves", "juev": "jueves", "vie": "viernes", "vier": "viernes",
    "sab": "sabado", "dom": "domingo", "finde": "finde", "findes": "finde", "weekend": "finde", "proxima": "proximo",
    "proximos": "proximo", "proximas": "proximo", "prox": "proximo", "px": "proximo", "siguiente": "siguiente",
    "siguientes": "siguiente", "mana": "manana", "mnn": "manana", "mnana": "manana", "hab": "habitacion",
    "habit": "habitacion", "habitac": "habitacion", "cuartos": "habitaciones", "piezas": "habitaciones",
    "habs": "habitaciones", "q": "que", "k": "que", "xa": "para", "pa": "para", "p": "para", "x": "por",
    "dsd": "desde", "hsta": "hasta", "asta": "hasta", "desd": "desde", "pers": "personas", "psonas": "personas",
    "personitas": "personas", "gente": "personas", "noxe": "noche", "noxes": "noches", "nch": "noches",
    "nts": "noches", "nt": "noche", "nites": "noches",
    "nochecita": "noche", "nochecitas": "noches", "nohces": "noches", "semanita": "semana", "diitas": "dias",
    "checkin": "ckin", "chekin": "ckin", "checkout": "ckout", "chekout": "ckout", "ingreso": "entrada",
    "ingresando": "entrada", "entrando": "entrada", "llegada": "entrada", "arribo": "entrada", "egreso": "salida",
    "saliendo": "salida", "retiro": "salida", "proximamente": "pronto", "sabados": "sabado", "domingos": "domingo",
    "e": "y", "&": "y", "pal": "al", "nchs": "noches", "ncs": "noches", "prs": "personas",
    "xra": "para", "pra": "para", "hast": "hasta", "d": "de", "c": "con", "nd": "nada", "noch": "noches", "oy": "hoy",
    "ola": "hola", "nox": "noche", "mñn": "manana", "dl": "del",
}  # fmt: skip
_SHORTEST_BEGINNING = 4
_SHORTEST_PAIR = 6
_GLUED = {
    "de",
    "del",
    "el",
    "la",
    "los",
    "las",
    "en",
    "un",
    "una",
    "mi",
    "mis",
    "su",
    "por",
    "para",
    "pa",
    "con",
    "y",
    "al",
}
_SOUNDS = re.compile(r"e+h+m*|ee+|e+m+|mm+|bueno|pues")
_AFTER_SOUND = {"al", "hasta", "por", "para", "el", "la", "del", "de", "a", "con", "tipo"}
_TWO_LETTERS = {"lu": "lunes", "ma": "martes", "mi": "miercoles", "mx": "miercoles", "ju": "jueves", "vi": "viernes",
                "sa": "sabado", "do": "domingo"}  # fmt: skip
_PAIRS = {
    ("fin", "de", "semana"): "finde", ("fines", "de", "semana"): "finde", ("check", "in"): "ckin",
    ("check", "-", "in"): "ckin", ("check", "out"): "ckout", ("check", "-", "out"): "ckout",
    ("fin", "semana"): "finde", ("week", "end"): "finde", ("medio", "dia"): "mediodia",
    **feasts.NAMES,
}  # fmt: skip
_TOKEN = re.compile(
    r"\d{4}([/.-])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([/.-])\d{1,2}\2(?:\d{4}|\d{2})(?!\d)|\d{1,2}/\d{1,2}(?![/\d])"
    r"|\d{1,2}-\d{1,2}(?![-/\d])|\d{1,2}[:.]\d{2}(?!\d)|\d+\.?(?:er|ero|ro|ra|era|do|da|to|ta|o|a)\b|\d+|[a-zñ]+|[,;.:()+&?¿!¡-]"
)


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    start: int
    end: int
    """Where it stands in the text as written."""
    number: int | None = None


def fold(text: str) -> str:
    """Lower case without accents, same length as ``text`` (ñ becomes n), so that positions stay true."""
    folded = []
    for char in text.lower():
        plain = unicodedata.normalize("NFKD", char)[0]
        folded.append(plain if len(char) == 1 else char[0])
    return "".join(folded)


def tokens(text: str) -> list[Token]:
    """Canonical tokens of ``text``."""
    found = [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(fold(text))]
    found = [
        _canonical(each) for token in _days_short(found) for each in _apart(token) if not _SOUNDS.fullmatch(each.word)
    ]
    return _numbers(_joined(_as_written(found)))


def _days_short(found: list[Token]) -> list[Token]:
    """``el vi 4``, ``lu.``: two letters are a weekday beside a number or by themselves."""
    alone = sum(token.word.isalnum() for token in found) == 1
    read: list[Token] = []
    for at, token in enumerate(found):
        ahead = found[at + 1].word if at + 1 < len(found) else ""
        numbered = ahead.isdigit() and len(ahead) <= 2 and at > 0 and found[at - 1].word in ("del", "el", "al", "-")
        weekday = _TWO_LETTERS.get(token.word) if alone or numbered else None
        read.append(Token(weekday, token.start, token.end) if weekday else token)
    return read


def _apart(token: Token) -> list[Token]:
    """``deenero``, ``poruna``: two words of the grammar that were heard or typed as one."""
    size = len(token.word)
    if size < _SHORTEST_PAIR or token.word in known_words() or not token.word.isalpha():
        return [token]
    for cut in range(2, size - 1):
        first, second = token.word[:cut], token.word[cut:]
        begins = first in grammar_words() or first in _GLUED
        if (begins and second in grammar_words()) or (
            first in grammar_words() and second in _GLUED and len(second) > 2
        ):
            middle = token.start + cut
            return [Token(first, token.start, middle), Token(second, middle, token.end)]
    return [token]


def _as_written(found: list[Token]) -> list[Token]:
    """Without the sounds of somebody who thinks, ``de el`` and ``a el`` as one."""
    kept: list[Token] = []
    for at, token in enumerate(found):
        after = found[at + 1].word if at + 1 < len(found) else ""
        if token.word == "este" and after in _AFTER_SOUND:
            continue
        if token.word == "el" and kept and kept[-1].word in ("de", "a") and kept[-1].end == token.start - 1:
            kept[-1] = Token("del" if kept[-1].word == "de" else "al", kept[-1].start, token.end)
            continue
        kept.append(token)
    return kept


def _canonical(token: Token) -> Token:
    word = token.word
    if not word.isalpha():
        return token
    word = re.sub(r"(.)\1{2,}", r"\1", word)
    if word not in known_words() and word not in _SHORT:
        word = re.sub(r"(.)\1$", r"\1", word)
    word = _SHORT.get(word) or _begun(word) or repaired(word)
    return Token(_SHORT.get(word, word), token.start, token.end)


@lru_cache(maxsize=1024)
def _begun(word: str) -> str | None:
    """``mierc``, ``octub``: the beginning of one weekday or month only."""
    if len(word) < _SHORTEST_BEGINNING or word in known_words():
        return None
    beginnings = (word, re.sub(r"(.)\1", r"\1", word))
    meant = [name for name in (*WEEKDAYS, *MONTHS) if name.startswith(beginnings)]
    return meant[0] if len(meant) == 1 else None


def _joined(found: list[Token]) -> list[Token]:
    """Two-word names under one token: ``fin de semana``, ``check in``, ``medio dia``."""
    joined: list[Token] = []
    at = 0
    while at < len(found):
        if found[at].word in ("n", "nts") and joined and joined[-1].word.isdigit():
            joined.append(Token("noches", found[at].start, found[at].end))
            at += 1
            continue
        for size in (5, 4, 3, 2):
            words = tuple(token.word for token in found[at : at + size])
            if len(words) == size and words in _PAIRS:
                joined.append(Token(_PAIRS[words], found[at].start, found[at + size - 1].end))
                at += size
                break
        else:
            joined.append(found[at])
            at += 1
    return joined


def _numbers(found: list[Token]) -> list[Token]:
    """Spelled numbers as digits: ``treinta y uno`` 31, ``mil novecientos noventa`` 1990, ``una noche`` 1."""
    read: list[Token] = []
    at = 0
    while at < len(found):
        value, size = _number_at(found, at)
        if value is None:
            read.append(found[at])
            at += 1
        else:
            read.append(Token(str(value), found[at].start, found[at + size - 1].end, value))
            at += size
    return read


def _number_at(found: list[Token], at: int) -> tuple[int | None, int]:
    word = found[at].word
    following = [token.word for token in found[at + 1 : at + 6]]
    if word.isdigit():
        return int(word[:9]), 1
    ordinal = re.fullmatch(r"(\d+)\.?(?:er|ero|ro|ra|era|do|da|to|ta|o|a)", word)
    if ordinal:
        return int(ordinal[1]), 1
    if word == "un" and following[:2] == ["par", "de"]:
        return 2, 3
    if word in ("un", "una"):
        # "Un" is an article unless it counts something.
        return (1, 1) if following and following[0] in _COUNTED else (None, 1)
    if word == "par" and following[:1] == ["de"]:
        return 2, 2
    if word == "media" and following[:1] == ["docena"]:
        return 6, 2
    if word == "mil" or (word in ("dos",) and following[:1] == ["mil"]):
        base, size = (1_000, 1) if word == "mil" else (2_000, 2)
        rest, used = _below_thousand([token.word for token in found[at + size : at + size + 5]])
        return base + rest, size + used
    value, size = _below_thousand([word, *following])
    return (value, size) if size else (None, 1)


def _below_thousand(words: list[str]) -> tuple[int, int]:
    total = size = 0
    if words and words[0] in _HUNDREDS:
        total, size = _HUNDREDS[words[0]], 1
        words = words[1:]
    if words and words[0] in _TENS:
        if len(words) > 2 and words[1] == "y" and _UNITS.get(words[2], 99) < 10:
            return total + _TENS[words[0]] + _UNITS[words[2]], size + 3
        return total + _TENS[words[0]], size + 1
    if words and words[0] in _UNITS:
        return total + _UNITS[words[0]], size + 1
    return total, size
