"""The telephone's keys: a menu where words fail, numbers of several digits, and zero for a person.

Pure: keys and milliseconds in, what was meant out. What a choice does on the call is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PERSON_KEY = "0"
NO_RECORDING_KEY = "9"
END_KEY = "#"
CLEAR_KEY = "*"


class Meaning(StrEnum):
    SAY = "say"
    """As if the customer had said ``text``, which is a text's key for a choice and digits for a number."""
    PERSON = "person"
    NO_RECORDING = "no_recording"


@dataclass(frozen=True, slots=True)
class Pressed:
    meaning: Meaning
    text: str = ""
    choice: bool = False
    """``text`` is the key of a sentence."""
    keys: str = ""
    """What was pressed."""


CHOICES = {
    "1": Pressed(Meaning.SAY, "calls.menu.prices", choice=True, keys="1"),
    "2": Pressed(Meaning.SAY, "calls.menu.booking", choice=True, keys="2"),
    PERSON_KEY: Pressed(Meaning.PERSON, PERSON_KEY, keys=PERSON_KEY),
    NO_RECORDING_KEY: Pressed(Meaning.NO_RECORDING, NO_RECORDING_KEY, keys=NO_RECORDING_KEY),
}
"""What the menu offers; its text names these keys."""


_DAY_SIZES = (4, 6, 8)
_WHOLE_YEAR = 4


class Keypad:
    """One call's. A key of the open menu counts at once; other digits are collected until ``#`` or until none comes.

    Zero asks for a person at any moment, except inside a number that is being typed.
    """

    MOST = 20

    def __init__(self, *, pause_ms: int = 2_000) -> None:
        self._pause_ms = pause_ms
        self._typed = ""
        self._waited = 0
        self.offered = False
        """The menu was the last thing offered."""

    def press(self, key: str) -> Pressed | None:
        self._waited = 0
        if not self._typed and key == PERSON_KEY:
            return CHOICES[PERSON_KEY]
        if not self._typed and self.offered and key in CHOICES:
            self.offered = False
            return CHOICES[key]
        if key == END_KEY:
            return self._entered()
        if key == CLEAR_KEY:
            self._typed = ""
        elif key.isdigit():
            self._typed += key
            if len(self._typed) >= self.MOST:
                return self._entered()
        return None

    def wait(self, ms: int) -> Pressed | None:
        """Time passes; a number is over when no further digit comes."""
        if not self._typed:
            return None
        self._waited += ms
        return self._entered() if self._waited >= self._pause_ms else None

    def spoken(self) -> None:
        """The customer speaks instead: what the menu offered and what was typed is void."""
        self.offered, self._typed = False, ""

    def _entered(self) -> Pressed | None:
        typed, self._typed, self._waited = self._typed, "", 0
        return Pressed(Meaning.SAY, typed, keys=typed) if typed else None


def as_dates(digits: str) -> str | None:
    """``1503`` as ``15/03``, ``15032027`` as ``15/03/2027``, two of them as a stay; None where they are no days."""
    for size in _DAY_SIZES:
        if len(digits) == size and (day := _day(digits)):
            return day
        if len(digits) == 2 * size and (first := _day(digits[:size])) and (last := _day(digits[size:])):
            return f"{first} - {last}"
    return None


def _day(digits: str) -> str | None:
    day, month, year = int(digits[:2]), int(digits[2:4]), digits[4:]
    if len(year) == _WHOLE_YEAR and not year.startswith("20"):
        return None
    try:
        # Without a year the 29th of February may be meant.
        date(2_000 + int(year[-2:] or 0), month, day)
    except ValueError:
        return None
    return f"{day:02}/{month:02}" + (f"/20{year[-2:]}" if year else "")


class Help(StrEnum):
    MENU = "menu"
    PERSON = "person"


class Misunderstandings:
    """Counts turns that led nowhere: first the menu is offered, and where that does not help either, a person."""

    def __init__(self, *, patience: int = 2) -> None:
        self._patience = patience
        self._failed = 0
        self._offered = False

    def understood(self) -> None:
        self._failed, self._offered = 0, False

    def failed(self) -> Help | None:
        """A turn was not understood."""
        self._failed += 1
        if self._failed < self._patience:
            return None
        self._failed = 0
        if self._offered:
            return Help.PERSON
        self._offered = True
        return Help.MENU
