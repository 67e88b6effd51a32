"""What the words of a transcript show about the turn: is it whole, does it hang in the air, is something dictated.

Pure, and only about form: whether anybody can do anything with the words is not its business. Recognisers end almost
anything with a full stop, so punctuation at the end proves nothing but a comma or dots.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum


class Shape(StrEnum):
    """How a transcript ends."""

    NOTHING = "nothing"
    """No words."""
    WHOLE = "whole"
    LEADS_ON = "leads_on"
    """``Una habitación para el``: more must come."""
    HESITATES = "hesitates"
    """``Quería, esteee``: thinking."""
    NUMBER = "number"
    """A number that is long enough for some purposes."""
    DICTATES = "dictates"
    """In the middle of a number, an address or a spelled name: people breathe between the groups."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS_ON = _set(
    """
    a al ante aunque como con cuando cuyo de del desde donde durante e el ella em en entonces entre es esta este esto
    hacia hasta hay la las lo los me mi mis ni nos o para pero por porque pues que quería quiero quisiera se si sin
    sobre somos son su sus te tu tus u un una unas uno unos y ya queríamos queremos
    about and at because but for from i if in is my of or our the to until with would want
    """
)
_WHOLE_ALONE = frozenset(["una", "uno", "ya"])
_HESITATION = re.compile(r"(?:e+h*m*|e+m+|a+h+m+|m{2,}|este{2,}m*|digamos|u+h+m*|u+m+|e+r+)")
_HESITATES = re.compile(r"(?:^|[,.…]\s*)(?:o sea|a ver|este|i mean|let me see)$")
_STARTS = re.compile(r"\b(?:bueno|nada|mire|mirá|well)\s*(?:,|\.\.+|…)$")
_WORD = re.compile(r"\w+")

_DIGITS = _set(
    """
    cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
    dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete
    veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doble triple
    zero one two three four five six seven eight nine double
    """
)
_GROUP = 3
"""Digits at least that are more than a count of guests or a day."""
_USABLE = 7
"""Digits of the shortest local telephone number and of an identity document."""
_TELEPHONE = 10
"""Digits of a whole telephone number with its area."""
_NUMBER_NAMED = re.compile(
    r"\b(?:tel[eé]fono|celular|m[oó]vil|n[uú]mero|whatsapp|c[oó]digo|documento|dni|pasaporte|tarjeta|phone|number|code)"
    r"\b(?:[^.?!]*?\bes\b|[^.?!]*?\bis\b)?"
)
_LETTERS = _set(
    """
    be ce efe ge hache jota ka ele eme ene eñe pe cu erre ese te ve uve equis ye zeta doble
    """
)
_LETTERS_BESIDE = frozenset(["a", "e", "i", "o", "u", "de", "y"])
_ADDRESS_BEGUN = re.compile(
    r"@|\barroba\b|\b(?:mail|e-?mail|correo(?: electrónico)?)\b[^.?!]{0,12}\b(?:es|is)\b|^(?:\w+ punto )+\w+\W*$"
)
_ADDRESS_WHOLE = re.compile(
    r"(?:@|\barroba\b)\s*[\w-]+(?:\s+[\w-]+)?(?:\s*(?:\.|\bpunto\b|\bdot\b)\s*"
    r"(?:com|net|org|edu|gob|gov|info|ar|es|mx|uy|cl|co|pe|us))+\W*$"
)

_NOD = _set(
    """
    ah aja ajá ajam aham ahá eh ehm hm hmm mhm mm mmm mjm oh uh uhu uhum ujum huh hum
    """
)
"""I am listening, go on. Never an answer by themselves."""
_AGREES = _set(
    """
    sí si sip sipi claro dale ok okay okey oka okei bueno bien perfecto perfecta entiendo entendido correcto exacto
    exactamente listo vale genial buenísimo bárbaro excelente seguro obvio totalmente comprendo así es muy de acuerdo
    qué que bien lindo ya por supuesto está esta
    yes yeah yep right sure fine great good i see understood alright all
    """
)
"""While the other explains: I am listening. After a question: an answer."""
_AGREES_BESIDE = _set("es muy de qué que por está esta i all")
"""Words that only agree beside others."""
_LONGEST_NOD = 5
"""Words; who says more says something."""
_CALLS_OUT = _set(
    """
    no pará pare para espere espera esperá esperen disculpe disculpá disculpa perdón perdone perdoná momento momentito
    oiga oye escuche escúcheme escuchá mire mirá pregunta quiero quisiera necesito prefiero cuánto cuanto cuál cual
    cómo dónde cuándo qué quién basta alto persona otra otro
    wait stop sorry excuse no how what when where which but
    """
)
_NODS = ("ajá", "ajáclaro", "sísí", "claro", "dale", "okay", "bueno", "perfecto", "entiendo", "mhm", "síclaro", "bien")
_ALIKE = 0.6
_REPEATED = 4
"""Words of ours in a row; fewer may be asked back (``¿con desayuno?``)."""


def shape(text: str) -> Shape:
    """How ``text`` ends, as far as it shows."""
    text = text.strip().lower()
    words = _WORD.findall(text)
    if not words:
        return Shape.NOTHING
    bare = text.rstrip(" .,;:…-")
    if _HESITATION.fullmatch(words[-1]) or _HESITATES.search(bare) or _STARTS.search(text):
        return Shape.HESITATES
    if (dictated := _dictated(text, words)) is not None:
        return dictated
    if text.endswith((",", "...", "…", "-")):
        return Shape.LEADS_ON
    if words[-1] in _LEADS_ON and not text.endswith("?") and not (len(words) == 1 and words[0] in _WHOLE_ALONE):
        return Shape.LEADS_ON
    return Shape.WHOLE


def looks_finished(text: str) -> bool:
    """Whether a transcript reads like a whole sentence."""
    return shape(text) is Shape.WHOLE


def is_hum(text: str) -> bool:
    """``Mmm``, ``eh``: not even a nod."""
    words = _WORD.findall(text.lower())
    return bool(words) and all(_HESITATION.fullmatch(word) for word in words)


def is_backchannel(text: str, *, explaining: bool = False) -> bool:
    """``Ajá``: I am listening, go on. While the other is ``explaining``, ``sí, claro`` and ``dale`` are too."""
    words = _WORD.findall(text.lower())
    if not words or len(words) > _LONGEST_NOD or "?" in text:
        return False
    others = [word for word in words if word not in _NOD and not _HESITATION.fullmatch(word)]
    if not explaining or not others:
        return not others
    return all(word in _AGREES for word in others) and any(word not in _AGREES_BESIDE for word in others)


def calls_out(text: str) -> bool:
    """There is a word in it with which people interrupt: ``no``, ``espere``, ``disculpe``, ``¿cuánto...?``"""
    return any(word in _CALLS_OUT for word in _WORD.findall(text.lower()))


def resembles_nod(text: str) -> bool:
    """A nod as a recogniser may mishear it over a telephone: ``Ajázlaro`` for ``ajá, claro``."""
    bare = "".join(_WORD.findall(text.lower()))
    return any(SequenceMatcher(None, bare, nod).ratio() >= _ALIKE for nod in _NODS)


def is_echo(text: str, said: str) -> bool:
    """The words are our own question: heard back from the customer's loudspeaker, or made up from the hint."""
    heard = _WORD.findall(text.lower())
    return len(heard) > 1 and heard == _WORD.findall(said.lower())


def is_heard_back(text: str, said: str) -> bool:
    """So many words in a row of what we are just saying that nobody would repeat them: it is our own voice."""
    heard = _WORD.findall(text.lower())
    return len(heard) >= _REPEATED and f" {' '.join(heard)} " in f" {' '.join(_WORD.findall(said.lower()))} "


def _dictated(text: str, words: list[str]) -> Shape | None:
    if _ADDRESS_BEGUN.search(text) and not text.endswith("?"):
        return Shape.WHOLE if _ADDRESS_WHOLE.search(text) else Shape.DICTATES
    if _spelled(words):
        return Shape.DICTATES
    run = 0
    for word in reversed(words):
        if not (word.isdigit() or word in _DIGITS):
            break
        run += 1
    if run == 0:
        return None
    digits = sum(len(word) if word.isdigit() else 1 for word in words[-run:])
    alone = run == len(words)
    named = _NUMBER_NAMED.search(text) is not None
    if not (alone or named) or "/" in text or text.endswith("?"):
        return None
    if digits >= _TELEPHONE:
        return Shape.WHOLE
    if digits >= _USABLE:
        return Shape.NUMBER
    if named or digits >= _GROUP:
        return Shape.DICTATES
    return None


def _spelled(words: list[str]) -> bool:
    """The last words are letters: ``ge u te``, ``G, U, T``, ``be de burro``."""
    if len(words) >= 3 and words[-2] == "de" and words[-3] in _LETTERS:
        return True
    letters = 0
    for word in reversed(words):
        if not (len(word) == 1 and word.isalpha()) and word not in _LETTERS and word not in _LETTERS_BESIDE:
            break
        letters += 1
    last = words[-letters:] if letters else []
    sure = sum(word in _LETTERS or (len(word) == 1 and word not in _LETTERS_BESIDE) for word in last)
    return letters > 1 and sure > 0
