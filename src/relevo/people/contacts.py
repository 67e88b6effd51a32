"""How somebody who stands before us says they are reached. It checks the form, not whose it is."""

from __future__ import annotations

import re

from relevo.kit import phone as phones
from relevo.kit.errors import Invalid
from relevo.people.rules import Identity, IdentityKind

_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]+\.[^@\s<>.]{2,}")
LONGEST_EMAIL = 254


def contacts(phone: str | None, email: str | None, country: str) -> tuple[Identity, ...]:
    """A telephone in its one form, an e-mail in small letters; at least one of them, or ``Invalid``."""
    found: list[Identity] = []
    if phone and phone.strip():
        number = phones.identity(phone, country)
        if number is None:
            raise Invalid("guest_contact")
        found.append(Identity(IdentityKind.PHONE, number))
    if email and email.strip():
        address = email.strip().lower()
        if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
            raise Invalid("guest_contact")
        found.append(Identity(IdentityKind.EMAIL, address))
    if not found:
        raise Invalid("guest_contact")
    return tuple(found)
