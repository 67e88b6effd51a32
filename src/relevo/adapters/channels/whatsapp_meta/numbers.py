"""The other form of a customer's number, for the three countries whose mobiles WhatsApp knows by two.

Argentina with and without the 9, Mexico with and without the 1, Brazil with and without the ninth digit. Which of the
two works is not known before one was tried.
"""

from __future__ import annotations

import re

_FORMS = (
    (re.compile(r"549(\d{10})"), "54{}"),
    (re.compile(r"54([1-8]\d{9})"), "549{}"),
    (re.compile(r"521(\d{10})"), "52{}"),
    (re.compile(r"52([2-9]\d{9})"), "521{}"),
    (re.compile(r"55([1-9]\d)9([6-9]\d{7})"), "55{}{}"),
    (re.compile(r"55([1-9]\d)([6-9]\d{7})"), "55{}9{}"),
)


def is_number(address: str) -> bool:
    """A telephone number, and no identifier that Meta made up for somebody who shows none."""
    return address.isascii() and address.isdigit() and 7 <= len(address) <= 15


def other_form(number: str) -> str | None:
    """Digits without a plus, as WhatsApp writes them; None where there is just one form."""
    for form, written in _FORMS:
        if found := form.fullmatch(number):
            return written.format(*found.groups())
    return None
