"""What customers sent, in the shape of every channel: who it was, which words, which files, how staff read the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from relevo.adapters.channels.whatsapp_meta.content import Content, Sort
from relevo.adapters.channels.whatsapp_meta.parsing import Heard
from relevo.adapters.channels.whatsapp_meta.settings import WINDOW
from relevo.conversations.incoming import Incoming
from relevo.kit import phone
from relevo.people.rules import Identity, IdentityKind
from relevo.texts import Texts

ANSWERED = frozenset({Sort.WORDS, Sort.FILE})
"""What the bot looks at; the rest is acknowledged in a sentence of its own."""
LINES = {
    Sort.REACTION: "reaction", Sort.MOVED_NUMBER: "moved_number", Sort.NEW_DEVICE: "new_device",
    Sort.REVOKED: "revoked",
}  # fmt: skip
"""What is no message: a line in the thread."""


def incoming(heard: Heard, texts: Texts, *, channel: str, account: str, now: datetime, late: timedelta) -> Incoming:
    content, opens = heard.content, heard.content.sort not in LINES
    return Incoming(
        channel=channel,
        account=heard.account or account,
        address=_address(heard),
        external_id=heard.id,
        identities=_identities(heard),
        at=heard.at,
        text=words(content, texts),
        media=content.media,
        meta=_meta(heard),
        answer=content.sort in ANSWERED and not heard.group and now - heard.at <= late,
        window=WINDOW if opens else None,
        profile_name=heard.name,
        username=heard.username,
    )


def words(content: Content, texts: Texts) -> str:
    about = content.about
    match content.sort:
        case Sort.LOCATION:
            named = ", ".join(str(about[key]) for key in ("name", "address") if about.get(key))
            link = f"https://maps.google.com/?q={about['latitude']},{about['longitude']}"
            return texts.say("conversations.incoming.location", place=f"{named} {link}".strip())
        case Sort.CONTACTS:
            people = "; ".join(", ".join(filter(None, (each["name"], *each["phones"]))) for each in about["people"])
            return texts.say("conversations.incoming.contacts", people=people)
        case Sort.ORDER:
            return texts.say("conversations.incoming.order", items=about["items"])
        case Sort.UNKNOWN:
            return texts.say("conversations.incoming.unknown")
        case _:
            return content.text


def line_params(content: Content) -> dict[str, str]:
    if content.sort is Sort.REACTION:
        return {"emoji": content.text}
    if content.sort is Sort.MOVED_NUMBER:
        return {"number": f"+{content.about['wa_id']}"}
    return {}


def line_of(content: Content) -> str | None:
    """Which line of the thread it is (``conversations.event...``), if it is no message."""
    if content.sort is Sort.REACTION and not content.text:
        return "reaction_removed"
    return LINES.get(content.sort)


def _address(heard: Heard) -> str:
    return str(heard.content.about["wa_id"]) if heard.content.sort is Sort.MOVED_NUMBER else heard.address


def _identities(heard: Heard) -> tuple[Identity, ...]:
    """Meta's own identifier first: a number can be missing, can change, and can be somebody else's tomorrow."""
    found = [Identity(IdentityKind.WHATSAPP, heard.user_id)] if heard.user_id else []
    numbers = [heard.wa_id]
    if heard.content.sort is Sort.MOVED_NUMBER:
        numbers.append(str(heard.content.about["wa_id"]))
    for each in numbers:
        known = phone.of_account(each) if each else None
        if known:
            found.append(Identity(IdentityKind.PHONE, known))
    if not found:
        # A number that the numbering plan does not know is still somebody's account.
        found.append(Identity(IdentityKind.WHATSAPP, heard.address))
    return tuple(found)


def _meta(heard: Heard) -> Mapping[str, Any]:
    content, meta = heard.content, dict(heard.details)
    if heard.answers:
        meta["answers"] = heard.answers
    if heard.group:
        meta["group"] = True
    if content.sort not in (Sort.WORDS, Sort.FILE):
        meta["sort"] = content.sort.value
    if content.about:
        meta["about"] = dict(content.about)
    return meta
