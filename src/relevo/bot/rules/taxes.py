"""Tax numbers by country with their check digits: CUIT and CUIL, RFC, NIF and CIF, RUT, NIT, RUC. Pure arithmetic.

A number whose check digit is wrong is told so; whether one is registered anywhere is nothing that is known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class TaxKind(StrEnum):
    CUIT = "CUIT"
    CUIL = "CUIL"
    RFC = "RFC"
    NIF = "NIF"
    CIF = "CIF"
    RUT = "RUT"
    NIT = "NIT"
    RUC = "RUC"


@dataclass(frozen=True, slots=True)
class TaxId:
    kind: TaxKind
    number: str
    """As it is written: ``30-71234567-1``."""
    valid: bool
    """Whether its check digit is right."""


_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CIF_LETTERS = "JABCDEFGHI"
_RFC_ALPHABET = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_CUIT_TYPES = frozenset({"20", "23", "24", "25", "26", "27", "30", "33", "34"})
_RUC_TYPES = frozenset({"10", "15", "16", "17", "20"})
_NIT_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
_ELEVEN_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_RFC_ANYBODY = frozenset({"XAXX010101000", "XEXX010101000"})
"""What Mexico's tax office gives to the public at large and to foreigners: they have no check digit of their own."""


def cuit_is_valid(digits: str) -> bool:
    """Argentina, 11 digits; of a CUIL too."""
    if not re.fullmatch(r"\d{11}", digits) or digits[:2] not in _CUIT_TYPES:
        return False
    rest = 11 - sum(weight * int(each) for weight, each in zip(_ELEVEN_WEIGHTS, digits, strict=False)) % 11
    return rest != 10 and rest % 11 == int(digits[10])


def rfc_is_valid(written: str) -> bool:
    """Mexico: 12 characters of a company, 13 of a person."""
    if written in _RFC_ANYBODY:
        return True
    if not re.fullmatch(r"[A-ZÑ&]{3,4}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[A-Z\d]{2}[A\d]", written):
        return False
    body = written[:-1].rjust(12)
    rest = 11 - sum(_RFC_ALPHABET.index(each) * (13 - place) for place, each in enumerate(body)) % 11
    return written[-1] == ("0" if rest == 11 else "A" if rest == 10 else str(rest))


def nif_is_valid(written: str) -> bool:
    """Spain, a person: a DNI with its letter, or a NIE."""
    found = re.fullmatch(r"([XYZ]?)(\d{7,8})([A-Z])", written)
    if found is None or len(written) != 9:
        return False
    number = int(str("XYZ".find(found[1]) if found[1] else "") + found[2])
    return _NIF_LETTERS[number % 23] == found[3]


def cif_is_valid(written: str) -> bool:
    """Spain, a company: its last character is a digit or a letter, by the kind of company."""
    found = re.fullmatch(r"([ABCDEFGHJNPQRSUVW])(\d{7})([0-9A-J])", written)
    if found is None:
        return False
    odd = sum(sum(map(int, str(2 * int(each)))) for each in found[2][::2])
    digit = -(odd + sum(map(int, found[2][1::2]))) % 10
    if found[1] in "PQRSNW":
        return found[3] == _CIF_LETTERS[digit]
    return found[3] == str(digit) if found[1] in "ABEH" else found[3] in (str(digit), _CIF_LETTERS[digit])


def rut_is_valid(written: str) -> bool:
    """Chile: digits and a last one that may be K."""
    if not re.fullmatch(r"\d{6,8}[\dK]", written):
        return False
    total = sum(int(each) * (2 + place % 6) for place, each in enumerate(reversed(written[:-1])))
    rest = 11 - total % 11
    return written[-1] == ("0" if rest == 11 else "K" if rest == 10 else str(rest))


def nit_is_valid(digits: str) -> bool:
    """Colombia: the number with its verification digit at the end."""
    if not re.fullmatch(r"\d{7,16}", digits):
        return False
    rest = sum(weight * int(each) for weight, each in zip(_NIT_WEIGHTS, reversed(digits[:-1]), strict=False)) % 11
    return int(digits[-1]) == (rest if rest < 2 else 11 - rest)


def ruc_is_valid(digits: str) -> bool:
    """Peru, 11 digits."""
    if not re.fullmatch(r"\d{11}", digits) or digits[:2] not in _RUC_TYPES:
        return False
    rest = 11 - sum(weight * int(each) for weight, each in zip(_ELEVEN_WEIGHTS, digits, strict=False)) % 11
    return int(digits[10]) == rest % 10


_CHECKS: Mapping[TaxKind, Callable[[str], bool]] = {
    TaxKind.CUIT: cuit_is_valid, TaxKind.CUIL: cuit_is_valid, TaxKind.RFC: rfc_is_valid, TaxKind.NIF: nif_is_valid,
    TaxKind.CIF: cif_is_valid, TaxKind.RUT: rut_is_valid, TaxKind.NIT: nit_is_valid, TaxKind.RUC: ruc_is_valid,
}  # fmt: skip
_OF_COUNTRY: Mapping[str, tuple[TaxKind, ...]] = {
    "AR": (TaxKind.CUIT,), "MX": (TaxKind.RFC,), "ES": (TaxKind.CIF, TaxKind.NIF), "CL": (TaxKind.RUT,),
    "CO": (TaxKind.NIT,), "PE": (TaxKind.RUC,),
}  # fmt: skip
_SHAPES: Mapping[TaxKind, re.Pattern[str]] = {
    TaxKind.CUIT: re.compile(r"(?<![\d+])\d{2}[-. ]?\d{2}\.?\d{3}\.?\d{3}[-. ]?\d(?![\d])"),
    TaxKind.RFC: re.compile(r"\b[A-ZÑ&]{3,4}[- ]?\d{6}[- ]?[A-Z\d]{3}\b", re.IGNORECASE),
    TaxKind.NIF: re.compile(r"\b(?:[XYZ][-. ]?\d{7}|\d{1,2}\.?\d{3}\.?\d{3})[-. ]?[A-Z]\b", re.IGNORECASE),
    TaxKind.CIF: re.compile(r"\b[A-HJNP-SU-W][-. ]?\d{2}\.?\d{3}\.?\d{2}[-. ]?[0-9A-J]\b", re.IGNORECASE),
    TaxKind.RUT: re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]\b", re.IGNORECASE),
    TaxKind.NIT: re.compile(r"(?<![\d+])\d{3}\.?\d{3}\.?\d{3}[- ]?\d(?!\d)"),
    TaxKind.RUC: re.compile(r"(?<![\d+])(?:10|15|16|17|20)\d{9}(?!\d)"),
}
_NAMED = re.compile(r"\b(cuit|cuil|rfc|nif|cif|nie|rut|nit|ruc)\b", re.IGNORECASE)


def named_kind(text: str) -> TaxKind | None:
    """The kind of number that a text names, whether or not it gives one."""
    found = _NAMED.search(text.replace(".", ""))
    if found is None:
        return None
    return TaxKind.NIF if found[1].upper() == "NIE" else TaxKind(found[1].upper())


def read_tax_id(text: str, country: str) -> TaxId | None:
    """The number in a text: of the kind that it names, else of the ``country``'s where the check digit is right."""
    kind = named_kind(text)
    if kind is not None:
        also = (TaxKind.NIF, TaxKind.CIF) if kind in (TaxKind.NIF, TaxKind.CIF) else (kind,)
        found = [each for one in also if (each := _first(text, one)) is not None]
        return next((each for each in found if each.valid), found[0] if found else None)
    found = [each for one in _OF_COUNTRY.get(country, ()) if (each := _first(text, one)) is not None]
    return next((each for each in found if each.valid), None)


def read_asked_tax_id(text: str, country: str) -> TaxId | None:
    """The same in the answer to the question for it: a wrong check digit is one to be told of."""
    sure = read_tax_id(text, country)
    if sure is not None:
        return sure
    return next((each for one in _OF_COUNTRY.get(country, ()) if (each := _first(text, one)) is not None), None)


def _first(text: str, kind: TaxKind) -> TaxId | None:
    found = _SHAPES[TaxKind.CUIT if kind is TaxKind.CUIL else kind].search(text)
    if found is None:
        return None
    plain = re.sub(r"[^A-Z\dÑ&]", "", found[0].upper())
    return TaxId(kind, written(kind, plain), _CHECKS[kind](plain))


def written(kind: TaxKind, plain: str) -> str:
    """The way people of its country write it."""
    if kind in (TaxKind.CUIT, TaxKind.CUIL):
        return f"{plain[:2]}-{plain[2:10]}-{plain[10:]}"
    return f"{plain[:-1]}-{plain[-1]}" if kind in (TaxKind.RUT, TaxKind.NIT) else plain
