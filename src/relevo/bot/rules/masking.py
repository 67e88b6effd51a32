"""Takes out of a message what says whose it was, before it is kept as an example: names, numbers, addresses, codes.

What is put in its place is made up and of the same kind, so that the sentence still reads, and is understood, like one.
It decides nothing about what the sentence means. When in doubt a word goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from relevo.bot.rules.reading import fold

MAX_EXAMPLE = 500
NAME, MAIL, NUMBER, CODE, LINK, ACCOUNT = (
    "Ana", "correo@ejemplo.com", "11 5555 0000", "RL-00000", "https://ejemplo.com", "cuenta.de.ejemplo"
)  # fmt: skip


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


IsName = Callable[[str], bool | None]
"""Whether a word is somebody's name; None where nobody knows the word."""

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\.\S+|\b[\w.+-]+ arroba [\w.-]+(?: punto \w+)*", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\S)@\w+")
_DAY = re.compile(r"\b(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{4}-\d{1,2}-\d{1,2})\b")
_CODE = re.compile(r"\b(?:RL-[A-Z0-9]{3,}|(?=[A-Z]*\d)[A-Z]{1,4}-?\d[A-Z0-9-]{3,})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,}")
_ACCOUNT = re.compile(r"\b[a-záéíóúñ]{2,}(?:\.[a-záéíóúñ0-9]{2,}){2,}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LINKS = frozenset({"de", "del", "la", "las", "los", "y"})
_BEGINS = re.compile(r"(?:^|[.!?¿¡\n:]\s*)$")
_SURNAMES = _set(
    """
    acosta aguilar aguirre alonso alvarez arias avila benitez blanco bravo cabrera campos cardozo castillo castro
    contreras coronel correa cruz diaz dominguez escobar espinoza estrada fernandez ferreyra figueroa flores
    franco fuentes garcia gimenez gomez gonzales gonzalez gutierrez guzman hernandez herrera huaman ibarra jimenez
    juarez ledesma leiva lopez lucero luna maldonado mamani marin martinez medina mejia mendez mendoza molina
    morales moreno moya munoz navarro nunez ojeda orozco ortega ortiz pacheco paez palacios paredes peralta
    pereira pereyra perez pineda ponce quiroga quispe ramirez ramos reyes rios rivera robles rodriguez rojas
    roldan romero rosales ruiz saavedra salazar salinas sanchez sandoval silva soto suarez tapia toledo torres
    valdez valenzuela vargas vazquez vasquez vega velez velazquez vera vidal villalba villegas zapata zuniga
    """
)
_FEW = 4
"""A message of no more words may be nothing but a name."""


def masked(text: str, is_name: IsName, names: Iterable[str] = ()) -> str:
    """``names``: those known of the one who wrote it."""
    text = " ".join(text.split())[:MAX_EXAMPLE]
    days: list[str] = []

    def keep(match: re.Match[str]) -> str:
        days.append(match[0])
        return f"\x00{len(days) - 1}\x00"

    text = _DAY.sub(keep, _MAIL.sub(MAIL, _LINK.sub(LINK, text)))
    text = _NUMBER.sub(NUMBER, _CODE.sub(lambda match: CODE if any(map(str.isdigit, match[0])) or "-" in match[0]
                                         else match[0], text))  # fmt: skip
    text = _ACCOUNT.sub(lambda match: match[0] if "ejemplo" in match[0] else ACCOUNT, _HANDLE.sub(NAME, text))
    text = _without_names(text, is_name, frozenset(_pieces(names)))
    return re.sub(r"\x00(\d+)\x00", lambda match: days[int(match[1])], text)[:MAX_EXAMPLE]


def _pieces(names: Iterable[str]) -> Iterable[str]:
    return (fold(word) for name in names for word in _WORD.findall(name) if len(word) > 2 and fold(word) not in _LINKS)


def _without_names(text: str, is_name: IsName, known: frozenset[str]) -> str:
    words = [match for match in _WORD.finditer(text) if "ejemplo" not in _around(text, match)]
    hidden = [False] * len(words)
    few = len(words) <= _FEW
    for number, match in enumerate(words):
        word = match[0]
        if word in {"RL", "x"}:
            continue
        capital = word[:1].isupper() and not word.isupper()
        follows = number > 0 and hidden[number - 1] and text[words[number - 1].end() : match.start()].isspace()
        surname = fold(word) in _SURNAMES and (capital or follows)
        verdict = True if surname or fold(word) in known else is_name(word)
        if verdict is None:
            begins = _BEGINS.search(text[: match.start()]) is not None
            ahead = number + 1 < len(words) and words[number + 1][0][:1].isupper()
            verdict = follows or (capital and (not begins or few or ahead))
        hidden[number] = verdict or (follows and capital)
    for number in range(1, len(words) - 1):
        # "María de la Cruz" is one name.
        if fold(words[number][0]) in _LINKS and hidden[number - 1] and any(hidden[number + 1 : number + 3]):
            hidden[number] = hidden[number + 1] = True
    return _replaced(text, words, hidden)


def _around(text: str, match: re.Match[str]) -> str:
    """The piece between blanks that a word belongs to."""
    before, after = text[: match.start()].rfind(" ") + 1, text.find(" ", match.end())
    return text[before : after if after >= 0 else len(text)]


def _replaced(text: str, words: list[re.Match[str]], hidden: list[bool]) -> str:
    out, at, open_name = "", 0, False
    for match, hide in zip(words, hidden, strict=True):
        between = text[at : match.start()]
        if hide and open_name and between.isspace():
            at = match.end()
            continue
        out += between + (NAME if hide else match[0])
        at, open_name = match.end(), hide
    return out + text[at:]
