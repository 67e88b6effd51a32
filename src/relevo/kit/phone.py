"""Phone numbers as E.164, with the national variants of one mobile folded into one identity.

Argentina dials mobiles abroad as +54 9 ... and some systems drop the 9; Mexico had +52 1 ... until 2019; Brazilian
mobiles got a ninth digit that old accounts lack. The forms are the same telephone, so one of them (with 9, without 1,
with the ninth digit) is the identity. What a carrier is told is its own affair: see ``other_form``.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_MEXICAN_PREFIX = re.compile(r"^(?:01|044|045)(?=\d{10}$)")
_MEXICAN_ABROAD = re.compile(r"^52(?:1|01|044|045)(?=\d{10}$)")
_ARGENTINE_15 = re.compile(r"^54(?:9)?(\d{2,4})15(\d{6,8})$")
_BRAZILIAN_SHORT = re.compile(r"^\+55(\d{2})([6-9]\d{7})$")
_FORMS = (
    (re.compile(r"^549(\d{10})$"), r"54\1"),
    (re.compile(r"^54(\d{10})$"), r"549\1"),
    (re.compile(r"^521(\d{10})$"), r"52\1"),
    (re.compile(r"^52(\d{10})$"), r"521\1"),
    (re.compile(r"^55(\d{2})9([6-9]\d{7})$"), r"55\1\2"),
    (re.compile(r"^55(\d{2})([6-9]\d{7})$"), r"55\g<1>9\2"),
)


def e164(raw: str, country: str) -> str | None:
    """The number in E.164 as written, or ``None`` if it is not a possible number. ``country`` is ISO 3166 alpha-2."""
    try:
        number = phonenumbers.parse(raw, country)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def identity(raw: str, country: str) -> str | None:
    """The one E.164 form under which a person is known, whatever variant of the number was used."""
    number = e164(_modern(raw, country), country)
    if number is None:
        return None
    if number.startswith("+54") and not number.startswith("+549"):
        mobile = f"+549{number[3:]}"
        if _is_mobile(mobile):
            return mobile
    if short := _BRAZILIAN_SHORT.match(number):
        mobile = f"+55{short[1]}9{short[2]}"
        return mobile if _is_mobile(mobile) else number
    return number


def of_account(digits: str) -> str | None:
    """The identity of a WhatsApp account, from its number as the carrier writes it (all digits, no plus). In Argentina
    whatever has WhatsApp is written as a mobile, a landline of a shop too."""
    number = identity(f"+{digits.lstrip('+')}", "ZZ")
    if number and number.startswith("+54") and not number.startswith("+549") and len(number) == 13:
        return f"+549{number[3:]}"
    return number


def other_form(digits: str) -> str | None:
    """The other way in which carriers know the same mobile; all digits, as it was given. ``None``: there is none."""
    for form, other in _FORMS:
        if form.match(digits):
            return form.sub(other, digits)
    return None


def _modern(raw: str, country: str) -> str:
    """Without prefixes that today's plans have no more, and that old address books and WhatsApp still hold."""
    digits = "".join(char for char in raw if char.isdigit()).removeprefix("00")
    if _MEXICAN_ABROAD.match(digits):
        return "+52" + _MEXICAN_ABROAD.sub("", digits)
    if country == "MX" and _MEXICAN_PREFIX.match(digits):
        return _MEXICAN_PREFIX.sub("", digits)
    local = _ARGENTINE_15.match(digits)
    if local and len(local[1] + local[2]) == 10:
        return f"+549{local[1]}{local[2]}"
    return raw


def _is_mobile(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE
