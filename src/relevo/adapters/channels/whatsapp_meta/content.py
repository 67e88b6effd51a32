"""What is in one message of WhatsApp: words, files, a choice, a place, people, a reaction. Pure; makes no sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from relevo.conversations.incoming import Media
from relevo.conversations.rules import MAX_TEXT

CHOICE = "rv"
"""Our choices are named ``rv<number>:<words>``: what comes back says which words were chosen."""
_MAX_REF = 200
_PEOPLE = 5


class Sort(StrEnum):
    WORDS = "words"
    FILE = "file"
    LOCATION = "location"
    CONTACTS = "contacts"
    ORDER = "order"
    REACTION = "reaction"
    MOVED_NUMBER = "moved_number"
    NEW_DEVICE = "new_device"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Content:
    sort: Sort
    text: str = ""
    media: tuple[Media, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


UNKNOWN = Content(Sort.UNKNOWN)


def content_of(message: Mapping[str, Any]) -> Content:
    """``Sort.UNKNOWN`` for everything that is not as it should be."""
    try:
        return _content(message)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return UNKNOWN


def _content(message: Mapping[str, Any]) -> Content:
    kind = word(message.get("type"), 40)
    of = mapping(message, kind)
    match kind:
        case "text":
            return _words(of.get("body"))
        case "button":
            return _words(of.get("text") or of.get("payload"))
        case "interactive":
            return _chosen(of)
        case "audio" | "image" | "video" | "document" | "sticker":
            return _file(kind, of)
        case "location":
            return _place(of)
        case "contacts":
            return _people(message)
        case "order":
            items = of.get("product_items")
            return Content(Sort.ORDER, about={"items": len(items) if isinstance(items, list) else 0})
        case "reaction":
            about = {"to": word(of.get("message_id"), 512), "emoji": word(of.get("emoji"), 16)}
            return Content(Sort.REACTION, text=about["emoji"], about=about)
        case "system":
            return _system(of)
        case "revoke":
            return Content(Sort.REVOKED, about={"to": word(of.get("original_message_id"), 512)})
    errors = message.get("errors")
    why = mapping(message, "unsupported").get("type")
    code = errors[0].get("code") if isinstance(errors, list) and errors and isinstance(errors[0], Mapping) else None
    return Content(Sort.UNKNOWN, about={"type": word(why, 40) or kind, "code": code if isinstance(code, int) else None})


def _words(found: object) -> Content:
    text = clean(found, MAX_TEXT) if isinstance(found, str) else ""
    return Content(Sort.WORDS, text) if text else UNKNOWN


def _chosen(of: Mapping[str, Any]) -> Content:
    for kind in ("button_reply", "list_reply"):
        reply = mapping(of, kind)
        if reply:
            id_, title = word(reply.get("id"), 300), word(reply.get("title"), 300)
            return Content(Sort.WORDS, chosen_words(id_) or title or id_, about={"choice": id_})
    form = mapping(of, "nfm_reply")
    if form:
        filled = json.loads(str(form.get("response_json") or "{}"))
        pairs = {word(key, 60): word(each, 300) for key, each in list(filled.items())[:30] if key != "flow_token"}
        said = "\n".join(f"{key}: {each}" for key, each in pairs.items() if each)
        return Content(Sort.WORDS, clean(said, MAX_TEXT) or word(form.get("body"), 300), about={"form": pairs})
    return UNKNOWN


def chosen_words(id_: str) -> str:
    """The words of a choice of ours; empty for somebody else's."""
    mark, colon, words = id_.partition(":")
    return words if colon and mark.startswith(CHOICE) and mark[len(CHOICE) :].isdigit() else ""


def _file(kind: str, of: Mapping[str, Any]) -> Content:
    ref = of.get("id")
    if not isinstance(ref, str) or not ref or len(ref) > _MAX_REF or not ref.isalnum():
        return UNKNOWN
    media = Media(
        ref=ref,
        kind="voice" if kind == "audio" and of.get("voice") is True else kind,  # type: ignore[arg-type]
        media_type=word(of.get("mime_type"), 120),
        name=word(of.get("filename"), 200) or None,
        sha256=word(of.get("sha256"), 100) or None,
    )
    return Content(Sort.FILE, clean(of.get("caption"), MAX_TEXT), (media,))


def _place(of: Mapping[str, Any]) -> Content:
    latitude, longitude = float(of["latitude"]), float(of["longitude"])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return UNKNOWN
    named = {key: word(of.get(key), 300) for key in ("name", "address")}
    about = {"latitude": latitude, "longitude": longitude, **{key: each for key, each in named.items() if each}}
    return Content(Sort.LOCATION, about=about)


def _people(message: Mapping[str, Any]) -> Content:
    people = []
    for each in message["contacts"][:_PEOPLE]:
        phones = [word(phone.get("phone") or phone.get("wa_id"), 40) for phone in each.get("phones") or ()][:_PEOPLE]
        name = word(mapping(each, "name").get("formatted_name"), 120)
        people.append({"name": name, "phones": [phone for phone in phones if phone]})
    return Content(Sort.CONTACTS, about={"people": people}) if people else UNKNOWN


def _system(of: Mapping[str, Any]) -> Content:
    kind = word(of.get("type"), 40)
    if kind in ("user_changed_number", "customer_changed_number"):
        new = word(of.get("wa_id") or of.get("new_wa_id"), 20)
        if new.isascii() and new.isdigit():
            return Content(Sort.MOVED_NUMBER, about={"wa_id": new})
    if kind in ("customer_identity_changed", "user_identity_changed"):
        return Content(Sort.NEW_DEVICE)
    return Content(Sort.UNKNOWN, about={"type": f"system {kind}".strip()})


def clean(found: object, most: int) -> str:
    """Words without control characters, at most so many characters."""
    if not isinstance(found, str):
        return ""
    return "".join(char for char in found[: 4 * most] if char in "\n\t" or char.isprintable()).strip()[:most]


def word(found: object, most: int) -> str:
    """One line of it; numbers count as words, anything deeper does not."""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return " ".join(clean(str(found), 4 * most).split())[:most]


def maybe(of: Mapping[str, Any], key: str) -> str | None:
    return word(of.get(key), 512) or None


def mapping(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = of.get(key)
    return found if isinstance(found, Mapping) else {}


def integer(found: object) -> int | None:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 12:
        return int(found)
    return None
