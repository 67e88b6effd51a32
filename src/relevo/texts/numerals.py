"""Spanish numbers in words, letters by name, and strings of digits in groups. Pure; knows no sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNITS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_ORDINALS = ("", "primer", "segund", "tercer", "cuart", "quint", "sext", "séptim", "octav", "noven", "décim")
_LETTERS: Mapping[str, str] = {
    "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "efe", "G": "ge", "H": "hache", "I": "i", "J": "jota",
    "K": "ka", "L": "ele", "M": "eme", "N": "ene", "Ñ": "eñe", "O": "o", "P": "pe", "Q": "cu", "R": "erre", "S": "ese",
    "T": "te", "U": "u", "V": "uve", "W": "doble ve", "X": "equis", "Y": "i griega", "Z": "zeta",
}  # fmt: skip
_TWOS = 4
"""A group of at most so many digits is read in one breath."""


def number(value: int) -> str:
    """A whole number in words: 136000 -> ciento treinta y seis mil."""
    if value < 0:
        return f"menos {number(-value)}"
    if value < 30:
        return _UNITS[value]
    if value < 100:
        ten, unit = divmod(value, 10)
        return _TENS[ten] + (f" y {_UNITS[unit]}" if unit else "")
    if value < 1_000:
        hundred, rest = divmod(value, 100)
        return "cien" if value == 100 else _HUNDREDS[hundred] + (f" {number(rest)}" if rest else "")
    if value < 1_000_000:
        thousands, rest = divmod(value, 1_000)
        head = "mil" if thousands == 1 else f"{before_noun(thousands)} mil"
        return head + (f" {number(rest)}" if rest else "")
    if value < 1_000_000_000_000:
        millions, rest = divmod(value, 1_000_000)
        head = "un millón" if millions == 1 else f"{before_noun(millions)} millones"
        return head + (f" {number(rest)}" if rest else "")
    return digits(str(value))


def before_noun(value: int, *, feminine: bool = False) -> str:
    """As it stands before a noun: un peso, veintiún días, veintiuna noches, doscientas personas."""
    words = number(value)
    if feminine:
        # Thousands agree too: doscientas mil personas; millions do not.
        head, joint, tail = words.rpartition("millones ")
        tail = re.sub(r"cientos\b", "cientas", tail.replace("quinientos", "quinientas"))
        tail = re.sub(r"veintiún(?= mil)", "veintiuna", tail)
        tail = re.sub(r"\bun(?= mil\b)", "una", tail)
        return head + joint + (f"{tail[:-1]}a" if tail.endswith("uno") else tail)
    if words.endswith("veintiuno"):
        return words[: -len("veintiuno")] + "veintiún"
    return words[:-1] if words.endswith("uno") else words


def ordinal(value: int, *, feminine: bool = False, before: bool = False) -> str:
    """primero, segunda, tercer piso; beyond ten people say the plain number."""
    if not 1 <= value <= 10:
        return number(value)
    if before and not feminine and value in (1, 3):
        return _ORDINALS[value]
    return _ORDINALS[value] + ("a" if feminine else "o")


def decimal(whole: str, fraction: str) -> str:
    """2,5 -> dos coma cinco; 2,05 -> dos coma cero cinco."""
    zeros = len(fraction) - len(fraction.lstrip("0"))
    rest = fraction.lstrip("0")
    return f"{number(int(whole))} coma {' '.join(['cero'] * zeros + ([number(int(rest))] if rest else []))}".strip()


def digits(text: str) -> str:
    """Digit by digit with a pause between groups: those that are written, or threes where there are none."""
    return ", ".join(
        " ".join(_UNITS[int(char)] for char in group) for part in re.findall(r"\d+", text) for group in _groups(part)
    )


def _groups(part: str) -> list[str]:
    if len(part) <= _TWOS:
        return [part]
    # What is left over goes into the first groups, so that no digit is said alone at the end.
    size = 3 if len(part) % 3 != 1 else 4 if len(part) % 4 == 0 else 3
    first = len(part) % size
    groups = [part[start : start + size] for start in range(first, len(part), size)]
    return groups if not first else [part[:first], *groups] if first > 1 else [part[: first + size], *groups[1:]]


def letter(char: str) -> str:
    return _LETTERS.get(char.upper(), char)


def spelled(code: str) -> str:
    """A code character by character: RL-4K7Q2 -> erre, ele. cuatro, ka, siete, cu, dos."""
    parts = [part for part in re.split(r"[-_/. ]+", code) if part]
    return ". ".join(
        ", ".join(_UNITS[int(char)] if char.isdigit() else letter(char) for char in part) for part in parts
    )
