"""What specialists ask of the house for a guest: that a person sees to something, what was asked already, past stays.

Only words and facts: nothing here decides, and a request that is taken down promises nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from relevo.bookings.rules import Booking
from relevo.desk.rules import GuestRequest, RequestKind


@dataclass(frozen=True, slots=True)
class AskHouse:
    kind: RequestKind
    details: tuple[tuple[str, str], ...]
    code: str | None = None
    """The booking it belongs to, one of the guest's own."""
    key: str = ""
    """What makes it one in the conversation; without a key every message makes another."""


@dataclass(frozen=True, slots=True)
class FindAsked:
    """What was asked for in this conversation."""


@dataclass(frozen=True, slots=True)
class FindStays:
    """Every booking of the customer, and of whoever made the one whose ``code`` was proven theirs."""

    code: str | None = None


AskingRequest = AskHouse | FindAsked | FindStays
WRITES = (AskHouse,)
OWN = (FindAsked, FindStays)


def ask_house(
    kind: RequestKind, details: Mapping[str, str], *, code: str | None = None, key: str = ""
) -> Generator[AskHouse, GuestRequest, GuestRequest]:
    return (yield AskHouse(kind, tuple(details.items()), code, key))


def find_asked() -> Generator[FindAsked, tuple[GuestRequest, ...], tuple[GuestRequest, ...]]:
    return (yield FindAsked())


def find_stays(code: str | None = None) -> Generator[FindStays, tuple[Booking, ...], tuple[Booking, ...]]:
    return (yield FindStays(code))
