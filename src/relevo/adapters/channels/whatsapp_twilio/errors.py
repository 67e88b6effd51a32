"""What Twilio's numbers for WhatsApp's troubles mean for us: wait, try the other number, write it plainly, or stop.

The numbers come with an answer to a request and, later, with a status. What is not in the table is final.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from relevo.kit.errors import NotReady, ProviderError


class Act(StrEnum):
    OTHER_NUMBER = "other_number"
    """Perhaps reachable under the other form of the number."""
    PLAIN = "plain"
    """Buttons that were not taken: the same as words."""
    WAIT = "wait"
    ACCOUNT = "account"
    """The account itself: kept and tried again rarely, while somebody is told."""
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Meaning:
    act: Act
    code: str
    """Ours, with a text of its own (``error.<code>``)."""


_TABLE: dict[int, Meaning] = {
    63016: Meaning(Act.STOP, "window_closed"),
    63015: Meaning(Act.STOP, "twilio_sandbox"),
    63003: Meaning(Act.OTHER_NUMBER, "whatsapp_unreachable"),
    63024: Meaning(Act.OTHER_NUMBER, "whatsapp_unreachable"),
    21211: Meaning(Act.OTHER_NUMBER, "whatsapp_unreachable"),
    21610: Meaning(Act.STOP, "whatsapp_opted_out"),
    63032: Meaning(Act.STOP, "whatsapp_held_back"),
    63049: Meaning(Act.STOP, "whatsapp_held_back"),
    63018: Meaning(Act.WAIT, "whatsapp_too_fast"),
    63038: Meaning(Act.WAIT, "whatsapp_too_fast"),
    20429: Meaning(Act.WAIT, "whatsapp_too_fast"),
    429: Meaning(Act.WAIT, "whatsapp_too_fast"),
    21620: Meaning(Act.STOP, "whatsapp_media"),
    12300: Meaning(Act.STOP, "whatsapp_media"),
    11200: Meaning(Act.STOP, "whatsapp_media"),
    63019: Meaning(Act.STOP, "whatsapp_media"),
    63021: Meaning(Act.PLAIN, "whatsapp_template"),
    63013: Meaning(Act.PLAIN, "whatsapp_template"),
    63005: Meaning(Act.PLAIN, "whatsapp_template"),
    63027: Meaning(Act.STOP, "whatsapp_template"),
    63028: Meaning(Act.PLAIN, "whatsapp_template"),
    21655: Meaning(Act.PLAIN, "whatsapp_template"),
    21656: Meaning(Act.PLAIN, "whatsapp_template"),
    63007: Meaning(Act.ACCOUNT, "whatsapp_not_registered"),
    21910: Meaning(Act.ACCOUNT, "whatsapp_not_registered"),
    20003: Meaning(Act.ACCOUNT, "twilio_credentials"),
    20005: Meaning(Act.ACCOUNT, "twilio_credentials"),
}
UNKNOWN = Meaning(Act.STOP, "whatsapp_refused")
ACCOUNT_PAUSE = timedelta(minutes=5)
BUSY_PAUSE = timedelta(seconds=30)


def meaning(code: int | None) -> Meaning:
    return _TABLE.get(code or 0, UNKNOWN)


def as_error(found: Meaning, carrier_code: int | None) -> ProviderError:
    """What a delivery that met with it raises."""
    if found.act is Act.ACCOUNT:
        return NotReady(found.code, retry_after=ACCOUNT_PAUSE, carrier_code=carrier_code)
    if found.act is Act.WAIT:
        return NotReady(found.code, retry_after=BUSY_PAUSE, carrier_code=carrier_code)
    return ProviderError(found.code, carrier_code=carrier_code)
