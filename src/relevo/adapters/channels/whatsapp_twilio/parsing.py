"""Twilio's form of a WhatsApp message, read into what the inbox takes. Pure; unknown fields are left alone.

Names, texts and types are strangers' words. Addresses are kept as received: a customer without a visible number has an
opaque one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relevo.adapters.channels.whatsapp_twilio.settings import CHANNEL, LATE, PREFIX, WINDOW
from relevo.conversations.incoming import Incoming, Media, MediaKind
from relevo.conversations.rules import Delivery
from relevo.kit import phone
from relevo.kit.errors import Invalid
from relevo.people.rules import Identity, IdentityKind

CHOSEN = "o:"
"""What the ids of our own options begin with; the whole option follows, however its title had to be cut."""
SORT = "sort"
"""In ``meta``: what it is, where it is neither words nor a file."""
LOCATION, UNKNOWN = "location", "unknown"
MAX_MEDIA = 10
MAX_NOTE = 300
SID = re.compile(r"[A-Za-z0-9]{2,64}")
_NUMBER = re.compile(r"\+\d{6,15}")
_FILE_NAME = re.compile(r"[^\n/\\]{1,120}\.\w{2,5}")
_ADS = ("ReferralSourceUrl", "ReferralSourceId", "ReferralSourceType", "ReferralHeadline", "ReferralBody",
        "ReferralCtwaClid")  # fmt: skip
_STATUSES = {
    "accepted": Delivery.SENT,
    "queued": Delivery.SENT,
    "sending": Delivery.SENT,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


@dataclass(frozen=True, slots=True)
class Status:
    sid: str
    delivery: Delivery
    error: int | None = None


def incoming(form: Mapping[str, str], *, at: datetime, now: datetime | None = None) -> Incoming:
    """Raises ``Invalid`` for what is no WhatsApp message."""
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    from_, to = form.get("From", ""), form.get("To", "")
    if not SID.fullmatch(sid) or not from_.startswith(PREFIX) or not to.startswith(PREFIX):
        raise Invalid("bad_form")
    address = from_.removeprefix(PREFIX)
    if not address or len(address) > MAX_NOTE:
        raise Invalid("bad_form")
    media, text = _media(form), _text(form)
    if len(media) == 1 and media[0].kind == "document" and _FILE_NAME.fullmatch(text):
        # A document's own name comes where words would be.
        media, text = (Media(media[0].ref, "document", media[0].media_type, name=text),), ""
    meta = _meta(form, text, media)
    return Incoming(
        channel=CHANNEL,
        account=to.removeprefix(PREFIX),
        address=address,
        external_id=sid,
        identities=identities(address, form.get("WaId", "")),
        at=at,
        text=text,
        profile_name=form.get("ProfileName", "").strip()[:120] or None,
        media=media,
        meta=meta,
        answer=SORT not in meta and (now is None or now - at < LATE),
        window=None if is_reaction(form) else WINDOW,
    )


def is_reaction(form: Mapping[str, str]) -> bool:
    return form.get("MessageType") == "reaction"


def status(form: Mapping[str, str]) -> Status | None:
    """None for a status that says nothing to us."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    reached = _STATUSES.get((form.get("MessageStatus") or form.get("SmsStatus") or "").lower())
    if not SID.fullmatch(sid):
        raise Invalid("bad_form")
    error = form.get("ErrorCode", "")
    return Status(sid, reached, int(error) if error.isdigit() and len(error) < 9 else None) if reached else None


def identities(address: str, wa_id: str) -> tuple[Identity, ...]:
    """An address that is no number first: it is the carrier's own name for the customer, and numbers change hands."""
    number = address if _NUMBER.fullmatch(address) else f"+{wa_id}"
    known = phone.of_account(number[1:]) if _NUMBER.fullmatch(number) else None
    opaque = Identity(IdentityKind.WHATSAPP, address)
    if known is None:
        return (opaque,)
    same = (Identity(IdentityKind.PHONE, known),)
    return same if number == address else (opaque, *same)


def _text(form: Mapping[str, str]) -> str:
    for chosen in (form.get("ButtonPayload", ""), form.get("ListId", "")):
        if chosen.startswith(CHOSEN):
            return chosen.removeprefix(CHOSEN)
    return form.get("ButtonText") or form.get("ListTitle") or form.get("Body", "")


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    """As many as there really are: the count is only somebody's word."""
    found = []
    for number in range(MAX_MEDIA):
        url = form.get(f"MediaUrl{number}", "")
        if url:
            media_type = form.get(f"MediaContentType{number}", "").split(";")[0].strip().lower()[:120]
            found.append(Media(url, _kind(media_type, form.get("MessageType", "")), media_type))
    return tuple(found)


def _kind(media_type: str, message_type: str) -> MediaKind:
    if media_type in ("audio/ogg", "audio/opus"):
        return "voice"
    if message_type == "sticker":
        return "sticker"
    match media_type.partition("/")[0]:
        case "audio":
            return "audio"
        case "image":
            return "image"
        case "video":
            return "video"
    return "document"


def _meta(form: Mapping[str, str], text: str, media: tuple[Media, ...]) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    place = _place(form)
    if place and not text.strip():
        meta |= {SORT: LOCATION, "about": place}
    if replied := form.get("OriginalRepliedMessageSid", ""):
        meta["answers"] = replied[:64]
    if form.get("Forwarded", "").lower() == "true" or form.get("FrequentlyForwarded", "").lower() == "true":
        meta["forwarded"] = True
    if came := {key.removeprefix("Referral"): form[key][:MAX_NOTE] for key in _ADS if form.get(key)}:
        meta["referral"] = came
    if not text.strip() and not media and not place:
        meta |= {SORT: UNKNOWN, "about": {"type": form.get("MessageType", "")[:40]}}
    return meta


def _place(form: Mapping[str, str]) -> dict[str, Any]:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return {}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return {}
    named = {key: form.get(field, "")[:MAX_NOTE] for key, field in (("name", "Label"), ("address", "Address"))}
    return {"latitude": latitude, "longitude": longitude} | {key: each for key, each in named.items() if each}
