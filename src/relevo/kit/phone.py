"""Phone numbers as E.164, with the national variants of one mobile folded into one identity.

Argentina dials mobiles abroad as +54 9 ... and some systems drop the 9; Mexico had +52 1 ... until 2019. Both forms
are the same telephone, so one of them (with 9, without 1) is the identity.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType


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
    digits = "".join(char for char in raw if char.isdigit()).removeprefix("00")
    if digits.startswith("521") and len(digits) == 13:
        # No longer a possible number by today's plan, and still what old address books and WhatsApp hold.
        raw = f"+52{digits[3:]}"
    number = e164(raw, country)
    if number is None:
        return None
    if number.startswith("+54") and not number.startswith("+549"):
        mobile = f"+549{number[3:]}"
        if _is_mobile(mobile):
            return mobile
    return number


def _is_mobile(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE
