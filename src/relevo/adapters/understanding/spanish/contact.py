"""E-mail, telephone and booking code as guests write them or dictate them.

Nothing is completed or corrected: what does not look whole is not a contact.
"""

from __future__ import annotations

import re

import phonenumbers

from relevo.adapters.understanding.spanish.words import Token, fold
from relevo.kit.phone import identity

Span = tuple[int, int]
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.ASCII)
_DICTATED = re.compile(
    r"(?P<lead>\b(?:es|mail|email|correo|electronico|a)\s+)?"
    r"(?P<local>(?:[a-z0-9]+(?:\s*(?:punto|guion bajo|guion medio|guion|barra baja|[._-])\s*[a-z0-9]+)*))"
    r"\s+arroba\s+(?P<domain>[a-z0-9-]+(?:(?:\s*\.\s*|\s+punto\s+|\s+)(?:com|net|org|es|ar|mx|cl|co|pe|edu|gob|gov|uy))+)"
)
_NEAR_AT = 100
"""Letters on either side of a spoken ``arroba`` in which an address is looked for."""
_JOIN = re.compile(r"\s*(punto|guion bajo|barra baja|guion medio|guion|[._-])\s*")
_MARKS = {"punto": ".", "guion bajo": "_", "barra baja": "_", "guion medio": "-", "guion": "-"}
_OTHER_NUMBER = re.compile(
    r"\b(dni|documento|cuit|cuil|cbu|cvu|pasaporte|rut|ruc|rfc|cedula|curp|nif|tarjeta|cuenta|alias|\$|clave)\W*(?:es|n|nro|numero)?\W*$"
)
_PHONE_WORDS = re.compile(
    r"\b(telefono|tel|celular|cel|celu|whatsapp|wsp|wpp|movil|numero|fono|llam\w+|contacto|linea)\b"
)
_CODE_WORDS = re.compile(r"\b(reserva|reservacion|codigo|cod|localizador|voucher|confirmacion|numero|nro|bloqueo)\b")
_DASHED = re.compile(r"(?<![a-z0-9])([a-z]{2})\s?[-\u2013\u2014_]\s?([a-z0-9]{4,6})(?![a-z0-9@])")
_TOGETHER = re.compile(r"(?<![a-z0-9@._-])([a-z]{2})([a-z0-9]{4,6})(?![a-z0-9@])")
_APART = re.compile(r"(?<![a-z0-9])([a-z]{2}) ([a-z0-9]{2,3} ?[a-z0-9]{2,3})(?![a-z0-9])")
_LITTLE = frozenset(
    word
    for word in "de la el es mi se no al en un lo me su ya si te ha he va ve yo tu le y a o u".split()  # noqa: SIM905
)
_LETTERS = {
    "a": "A", "be": "B", "ve": "V", "uve": "V", "ce": "C", "se": "C", "de": "D", "e": "E", "efe": "F", "ge": "G",
    "je": "G", "hache": "H", "ache": "H", "i": "I", "jota": "J", "ka": "K", "ca": "K", "k": "K", "ele": "L",
    "eme": "M", "ene": "N", "o": "O", "pe": "P", "cu": "Q", "qu": "Q", "erre": "R", "ere": "R", "ese": "S", "te": "T",
    "u": "U", "equis": "X", "zeta": "Z", "seta": "Z", "ceta": "Z",
}  # fmt: skip
_SKIPPED = {"-", "guion", "raya", ",", ".", "menos"}


def read_email(text: str) -> tuple[str, Span] | None:
    found = _EMAIL.search(text)
    if found:
        return re.sub(r"\s", "", found[0]).strip(".").lower(), found.span()
    folded = fold(text)
    at = folded.find("arroba")
    while at >= 0:
        dictated = _DICTATED.search(folded, *_words_around(folded, at))
        if dictated is not None:
            local = _spelled(dictated["local"])
            domain = ".".join(re.split(r"\s*\.\s*|\s+punto\s+|\s+", dictated["domain"].strip()))
            return f"{local}@{domain}", (dictated.start("local"), dictated.end())
        at = folded.find("arroba", at + _NEAR_AT)
    return None


def _words_around(text: str, at: int) -> Span:
    """Whole words near ``at``."""
    start, end = at - _NEAR_AT, at + _NEAR_AT
    start = text.find(" ", start, at) if start > 0 else 0
    return (start if start >= 0 else at), (text.rfind(" ", at, end) if end < len(text) else len(text))


def _spelled(local: str) -> str:
    return _JOIN.sub(lambda match: _MARKS.get(match[1], match[1]), local).replace(" ", "")


def read_phone(text: str, tokens: list[Token], country: str, *, asked: bool) -> tuple[str, Span] | None:
    """The number in its one E.164 form. ``asked``: any possible number will do."""
    folded = fold(text)
    named = asked or bool(_PHONE_WORDS.search(folded))
    for match in phonenumbers.PhoneNumberMatcher(text, country, leniency=phonenumbers.Leniency.POSSIBLE):
        raw = match.raw_string
        digits = sum(char.isdigit() for char in raw)
        if digits < 8 or re.search(r"\d/\d|\d{4}-\d\d-\d\d$", raw) or _OTHER_NUMBER.search(folded[: match.start]):
            continue
        sure = raw.lstrip().startswith("+") or phonenumbers.is_valid_number(match.number)
        if (sure and (digits >= 9 or named)) or (named and digits >= 8):
            number = identity(raw, country)
            if number:
                return number, (match.start, match.end)
    return _dictated_phone(folded, tokens, country) if named else None


def _dictated_phone(folded: str, tokens: list[Token], country: str) -> tuple[str, Span] | None:
    run: list[Token] = []
    best: list[Token] = []
    for token in [*tokens, Token(".", len(folded), len(folded))]:
        if token.number is not None:
            run.append(token)
        elif token.word not in (",", "-", "y", "guion"):
            best, run = (run if _digits(run) > _digits(best) else best), []
    if not 8 <= _digits(best) <= 14 or _OTHER_NUMBER.search(folded[: best[0].start]):
        return None
    number = identity("".join(_written(token, folded) for token in best), country)
    return (number, (best[0].start, best[-1].end)) if number else None


def _digits(run: list[Token]) -> int:
    return sum(len(token.word) for token in run if token.number is not None)


def _written(token: Token, folded: str) -> str:
    said = folded[token.start : token.end]
    return said if said.isdigit() else token.word


def read_code(text: str, tokens: list[Token], *, asked: bool) -> tuple[str, Span] | None:
    """A booking code (``RL-4K7Q2``), typed in any fashion or spelled aloud."""
    folded = fold(text)
    named = asked or bool(_CODE_WORDS.search(folded))
    for match in _DASHED.finditer(folded):
        written = text[match.start() : match.end()]
        if any(char.isdigit() for char in match[2]) or written.isupper() or (asked and len(folded) < 24):
            return f"{match[1]}-{match[2]}".upper(), match.span()
    for match in _TOGETHER.finditer(folded):
        digits = sum(char.isdigit() for char in match[2])
        written = text[match.start() : match.end()]
        if named and digits and not match[2].isdigit() and (written.isupper() or digits < len(match[2])):
            return f"{match[1]}-{match[2]}".upper(), match.span()
        if asked and match[2].isdigit():
            return f"{match[1]}-{match[2]}".upper(), match.span()
    if named:
        for match in _APART.finditer(folded):
            body = match[2].replace(" ", "")
            if match[1] not in _LITTLE and any(char.isdigit() for char in body) and not body.isdigit():
                return f"{match[1]}-{body}".upper(), match.span()
        return _spelled_code(folded, tokens)
    return None


def _spelled_code(folded: str, tokens: list[Token]) -> tuple[str, Span] | None:
    best: list[tuple[str, Token]] = []
    run: list[tuple[str, Token]] = []
    for token in [*tokens, Token("", len(folded), len(folded))]:
        raw = folded[token.start : token.end]
        if token.number is not None:
            run.append((token.word, token))
        elif raw == "doble" or raw in _SKIPPED:
            continue
        elif raw in _LETTERS or (len(raw) == 1 and raw.isalpha()):
            run.append((_LETTERS.get(raw, raw.upper()), token))
        elif re.fullmatch(r"[a-z]{2}", raw) and raw not in _LITTLE and not run:
            run.append((raw.upper(), token))
        else:
            best, run = max(best, _from_letters(run), key=len), []
    code = "".join(said for said, _ in best)
    if not 6 <= len(code) <= 8 or not code[:2].isalpha():
        return None
    return f"{code[:2]}-{code[2:]}", (best[0][1].start, best[-1][1].end)


def _from_letters(run: list[tuple[str, Token]]) -> list[tuple[str, Token]]:
    """A code opens with two letters; articles before them are dropped."""
    while run and len("".join(said for said, _ in run)) > 8:
        run = run[1:]
    while run and not run[0][0].isalpha():
        run = run[1:]
    return run
