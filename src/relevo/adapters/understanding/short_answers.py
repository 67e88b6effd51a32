"""Short answers read by rule, because a model has too little to go by: yes, no, a greeting, "with a person".

Texts come folded (lower case, no accents). What no rule is sure of is left to the model.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_POLITE_ONLY = re.compile(r"^(?:gracias|por favor|porfa|porfis|pues|hombre|mm+|ah|eh|genia|ya|va)[\s,.!]*$")
_OPENS_WITH_NO = re.compile(
    r"^(?:no+|nop|nah|nel|negativo|mejor no|todavia no|ahora no|por ahora no|para nada|tampoco)(?=$|[\s,.!])"
)
_AGREES = re.compile(r"^no (?:hay|tengo) (?:ningun )?(?:problema|drama|lio|inconveniente)s?$")
_CHANGE = re.compile(r"\b(?:pero|mejor|sino|en realidad|cambi\w+|otra fecha|en vez|en lugar)\b")
_ONLY_PERSON = re.compile(
    r"^(?:(?:hola|buenas|no|quiero|necesito|con|a|al|un|una|el|la|otra|hablar|por favor|porfa|ya|urgente)[\s,.]+)*"
    r"(?:persona|humano|agente|operadora?|asesora?|recepcion|representante|ejecutiv[oa]|recepcionista|telefonista"
    r"|supervisora?|gerente|encargad[oa])(?: humano| humana| real| por favor| porfa| ya| del hotel| urgente)*$"
)


@cache
def _words(name: str) -> str:
    lists = tomllib.loads(resources.files(__package__).joinpath("short_answers.toml").read_text(encoding="utf-8"))
    return f"(?:{'|'.join(lists[name])})"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    yes, no = _words("yes"), _words("no")
    return re.compile(
        {
            "yes_first": rf"^(?:{yes}[\s,.!]*)+(?=$|\s|\b)",
            "yes_only": rf"^(?:{yes}[\s,.!]*)+$",
            "no_only": rf"^(?:{no}[\s,.!]*)+$",
            "goes_on": rf"^si {_words('yes_goes_on')}\b",
            "not_a_no": rf"^no {_words('no_but_not_a_no')}",
            "greeting": rf"^(?:{_words('greeting')}[\s,.!?]*)+$",
            "human": _words("wants_somebody").replace("SOMEBODY", _words("somebody")),
            "not_for_talking": rf"\b{_words('not_for_talking')}\b",
        }[name]
    )


def plain(folded: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[¿?¡!\"“”]", " ", folded)).strip(" .,;")


def wants_person(folded: str) -> bool:
    said = plain(folded)
    if _ONLY_PERSON.match(said):
        return True
    return bool(_pattern("human").search(said)) and not _pattern("not_for_talking").search(said)


def greets(folded: str) -> bool:
    return bool(_pattern("greeting").match(plain(folded)))


def says_yes(text: str, folded: str, *, asked: bool) -> bool:
    """``asked``: a yes or no was asked for, so that a yes may open a longer sentence."""
    said = plain(folded)
    if _POLITE_ONLY.match(said) and not (asked and said in ("ya", "va")):
        return False
    if _pattern("yes_only").match(said) or _AGREES.match(said):
        return True
    if not asked or _CHANGE.search(said) or not (lead := _pattern("yes_first").match(said)):
        return False
    first = lead[0].strip()
    if first == "si" and "," not in folded[:4]:
        # "Si cancelo, ..." is a condition; "sí" is not.
        accented = text.lstrip("¡ ").lower().startswith("sí")
        return accented or (bool(_pattern("goes_on").match(said)) and "?" not in text)
    return "?" not in text or first != "quiero"


def says_no(folded: str, *, asked: bool) -> bool:
    said = plain(folded)
    if _pattern("no_only").match(said):
        return said not in ("gracias", "muchas gracias", "por favor")
    return asked and bool(_OPENS_WITH_NO.match(said)) and not _pattern("not_a_no").match(said)


def corrects(folded: str) -> bool:
    """A yes or a no with another wish behind it: ``sí, pero para tres``."""
    said = plain(folded)
    return bool(_pattern("yes_first").match(said)) and bool(_CHANGE.search(said))


def after_yes(folded: str) -> str:
    """What follows a leading yes."""
    said = plain(folded)
    lead = _pattern("yes_first").match(said)
    return said[lead.end() :].strip(" ,.") if lead else ""
