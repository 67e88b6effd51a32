"""What Meta's error codes mean for us: wait, try again, try the other number, or stop and say why.

The codes come with an answer to a request and, later, with a status. Nothing is decided by the words beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    RETRY = "retry"
    """It passes by itself."""
    WAIT_PAIR = "wait_pair"
    """Too many to this customer."""
    WAIT_ALL = "wait_all"
    """Too many from this number."""
    OTHER_NUMBER = "other_number"
    """Perhaps reachable under the other form of the number."""
    MEDIA = "media"
    """The uploaded file is gone or was not taken."""
    ACCOUNT = "account"
    """The account itself: kept and tried again rarely, while somebody is told."""
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Meaning:
    act: Act
    code: str
    """Ours, with a text of its own (``error.<code>``)."""


_TABLE: dict[int, Meaning] = {
    131047: Meaning(Act.STOP, "window_closed"),
    131026: Meaning(Act.OTHER_NUMBER, "whatsapp_unreachable"),
    131030: Meaning(Act.OTHER_NUMBER, "whatsapp_not_on_list"),
    131021: Meaning(Act.STOP, "whatsapp_to_itself"),
    131056: Meaning(Act.WAIT_PAIR, "whatsapp_too_fast"),
    130429: Meaning(Act.WAIT_ALL, "whatsapp_too_fast"),
    80007: Meaning(Act.WAIT_ALL, "whatsapp_too_fast"),
    4: Meaning(Act.WAIT_ALL, "whatsapp_too_fast"),
    131048: Meaning(Act.STOP, "whatsapp_spam"),
    131064: Meaning(Act.STOP, "whatsapp_spam"),
    131049: Meaning(Act.STOP, "whatsapp_held_back"),
    131050: Meaning(Act.STOP, "whatsapp_opted_out"),
    131062: Meaning(Act.STOP, "whatsapp_needs_number"),
    131051: Meaning(Act.STOP, "whatsapp_type"),
    131052: Meaning(Act.MEDIA, "whatsapp_media"),
    131053: Meaning(Act.MEDIA, "whatsapp_media"),
    131042: Meaning(Act.ACCOUNT, "whatsapp_payment"),
    368: Meaning(Act.ACCOUNT, "whatsapp_locked"),
    131031: Meaning(Act.ACCOUNT, "whatsapp_locked"),
    131045: Meaning(Act.ACCOUNT, "whatsapp_not_registered"),
    133010: Meaning(Act.ACCOUNT, "whatsapp_not_registered"),
    130497: Meaning(Act.STOP, "whatsapp_country"),
    190: Meaning(Act.ACCOUNT, "whatsapp_token"),
    0: Meaning(Act.ACCOUNT, "whatsapp_token"),
    3: Meaning(Act.ACCOUNT, "whatsapp_rights"),
    10: Meaning(Act.ACCOUNT, "whatsapp_rights"),
    131005: Meaning(Act.ACCOUNT, "whatsapp_rights"),
    1: Meaning(Act.RETRY, "whatsapp_unavailable"),
    2: Meaning(Act.RETRY, "whatsapp_unavailable"),
    131000: Meaning(Act.RETRY, "whatsapp_unavailable"),
    131016: Meaning(Act.RETRY, "whatsapp_unavailable"),
    131057: Meaning(Act.RETRY, "whatsapp_unavailable"),
    133004: Meaning(Act.RETRY, "whatsapp_unavailable"),
}  # fmt: skip
_TEMPLATE = frozenset({132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069})
TEMPLATE_GONE = frozenset({132001, 132007, 132015, 132016})
"""These make a template useless for everybody, until Meta says otherwise."""
UNKNOWN = Meaning(Act.STOP, "whatsapp_refused")
TROUBLE = Meaning(Act.RETRY, "whatsapp_unavailable")
ACCOUNT_PAUSE = timedelta(minutes=5)
_LONGEST = timedelta(hours=1)


def meaning(code: int | None, status: int = 400) -> Meaning:
    """By Meta's code; an answer without one is judged by its HTTP ``status``."""
    if code is not None and code in _TABLE:
        return _TABLE[code]
    if code in _TEMPLATE:
        return Meaning(Act.STOP, "whatsapp_template")
    if code is not None and 200 <= code < 300:
        return Meaning(Act.ACCOUNT, "whatsapp_rights")
    if status >= 500:
        return TROUBLE
    if status == 429:
        return Meaning(Act.WAIT_ALL, "whatsapp_too_fast")
    if status == 401:
        return Meaning(Act.ACCOUNT, "whatsapp_token")
    return UNKNOWN


def code_in(body: object) -> int | None:
    """The code in an answer ``{error: {code, ...}}``; None where there is none to be read."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return number_in(error)


def number_in(error: object) -> int | None:
    code: Any = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def pause(act: Act, attempt: int) -> timedelta | None:
    """How long to wait before the next try; None: as long as any other job."""
    match act:
        case Act.WAIT_PAIR:
            return min(timedelta(seconds=4 ** min(attempt, 8)), _LONGEST)
        case Act.WAIT_ALL:
            return min(timedelta(seconds=2 ** min(attempt, 12)), _LONGEST)
        case Act.ACCOUNT:
            return ACCOUNT_PAUSE
        case _:
            return None
