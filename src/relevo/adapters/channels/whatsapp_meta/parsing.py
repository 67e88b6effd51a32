"""What a webhook of Meta's says: every message, echo, status and notice of every change of every entry.

Pure, and afraid of nothing: what does not look as it should is left out by itself, counted, and takes nothing else with
it. A message that cannot be read but says whose it is stays, as one of a kind that we do not know. No sentence for
people is made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from relevo.adapters.channels.whatsapp_meta.content import CHOICE, clean, content_of, integer, mapping, maybe, word
from relevo.adapters.channels.whatsapp_meta.content import Content as Content
from relevo.adapters.channels.whatsapp_meta.content import Sort as Sort
from relevo.adapters.channels.whatsapp_meta.errors import number_in
from relevo.kit.errors import Invalid

__all__ = [
    "CHOICE", "Content", "Echo", "Heard", "Moved", "News", "Parsed", "Preference", "Sort", "TemplateNews", "parse",
    "read_json",
]  # fmt: skip
MAX_ID = 512


class Reached(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


_REACHED = {
    "sent": Reached.SENT, "delivered": Reached.DELIVERED, "read": Reached.READ, "played": Reached.READ,
    "failed": Reached.FAILED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's message."""

    account: str
    """Which of our numbers it came to (its id)."""
    id: str
    at: datetime
    wa_id: str | None
    """Digits as received; missing where somebody shows only a user name."""
    user_id: str | None
    """Meta's own identifier of this customer for our business."""
    content: Content
    name: str | None = None
    username: str | None = None
    answers: str | None = None
    """The message that it answers."""
    group: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.wa_id or self.user_id or ""


@dataclass(frozen=True, slots=True)
class Echo:
    """What somebody of ours wrote to ``address`` from the paired telephone."""

    account: str
    id: str
    at: datetime
    address: str
    content: Content


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a message of ours has got."""

    account: str
    id: str
    at: datetime
    reached: Reached
    opaque: str | None
    """What we sent beside it: our own id of it."""
    error: int | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateNews:
    name: str
    language: str
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Preference:
    """A customer wants, or no longer wants, to be written to for marketing."""

    account: str
    address: str
    wants: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """About the account or the number, or nothing that we know."""

    field: str
    about: Mapping[str, Any]


Item = Heard | Echo | Moved | TemplateNews | Preference | News


@dataclass(frozen=True, slots=True)
class Parsed:
    items: tuple[Item, ...]
    broken: int
    """So many parts could not be read at all."""


def read_json(body: bytes) -> Mapping[str, Any]:
    """Raises ``Invalid`` for anything but an object of a depth that a person might have written."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("malformed") from error
    if not isinstance(found, dict):
        raise Invalid("malformed")
    return found


def parse(payload: Mapping[str, Any], now: datetime) -> Parsed:
    items: list[Item] = []
    broken = 0
    for found in _walk(payload, now):
        if found is None:
            broken += 1
        else:
            items.append(found)
    return Parsed(tuple(items), broken)


def _walk(payload: Mapping[str, Any], now: datetime) -> Iterator[Item | None]:
    """None for what could not be read."""
    for entry in _parts(payload, "entry"):
        if entry is None:
            yield None
            continue
        for change in _parts(entry, "changes"):
            value = change.get("value") if change is not None else None
            if change is None or not isinstance(value, Mapping):
                yield None
                continue
            yield from _change(str(change.get("field") or "messages"), value, now)


def _change(name: str, value: Mapping[str, Any], now: datetime) -> Iterator[Item | None]:
    account = _account(value)
    match name:
        case "messages":
            yield from _messages(value, account, now)
        case "smb_message_echoes":
            for echo in _parts(value, "message_echoes"):
                yield _echo(echo, account, now)
        case "message_template_status_update":
            yield _template(value)
        case "user_preferences":
            for wish in _parts(value, "user_preferences"):
                yield _preference(wish, account, now)
        case _:
            yield News(clean(name, 60), {key: word(each, 200) for key, each in list(value.items())[:20]})


def _messages(value: Mapping[str, Any], account: str, now: datetime) -> Iterator[Item | None]:
    contacts = [each for each in _parts(value, "contacts") if each is not None]
    for message in _parts(value, "messages"):
        yield _heard(message, contacts, account, now)
    for status in _parts(value, "statuses"):
        if status is not None and status.get("status") not in _REACHED and maybe(status, "id"):
            # One that we have no use for (deleted, and those to come).
            continue
        yield _moved(status, account, now)
    if not value.get("messages"):
        for error in _parts(value, "errors"):
            yield News("errors", {"code": number_in(error)})


def _parts(of: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any] | None]:
    """The objects of a list; None for each thing in it, or instead of it, that is something else."""
    listed = of.get(key)
    if listed is None:
        return
    if not isinstance(listed, list):
        yield None
        return
    for each in listed:
        yield each if isinstance(each, Mapping) else None


def _account(value: Mapping[str, Any]) -> str:
    found = mapping(value, "metadata").get("phone_number_id")
    return found if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 32 else ""


def _heard(
    message: Mapping[str, Any] | None, contacts: list[Mapping[str, Any]], account: str, now: datetime
) -> Heard | None:
    if message is None:
        return None
    id_ = _id(message)
    known = _contact(message, contacts)
    wa_id = _digits(message.get("from")) or _digits(known.get("wa_id"))
    user_id = _opaque(message.get("from_user_id")) or _opaque(known.get("user_id"))
    if not id_ or not (wa_id or user_id):
        return None
    profile, context = mapping(known, "profile"), mapping(message, "context")
    heard = Heard(
        account, id_, _at(message.get("timestamp"), now), wa_id, user_id, Content(Sort.UNKNOWN),
        name=word(profile.get("name"), 120) or None,
        username=word(profile.get("username"), 60) or None,
        answers=maybe(context, "id"),
        group=bool(message.get("group_id")),
        details=_details(message, context),
    )  # fmt: skip
    return replace(heard, content=content_of(message))


def _details(message: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if context.get("forwarded") or context.get("frequently_forwarded"):
        details["forwarded"] = True
    referral = mapping(message, "referral")
    if referral:
        kept = {key: word(referral.get(key), 300) for key in ("source_url", "source_id", "source_type", "headline")}
        details["ad"] = {key: each for key, each in kept.items() if each}
    return details


def _contact(message: Mapping[str, Any], contacts: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Who of those that are named wrote this one."""
    number, user = message.get("from"), message.get("from_user_id")
    for each in contacts:
        if (number and each.get("wa_id") == number) or (user and each.get("user_id") == user):
            return each
    if len(contacts) == 1 and not (number and contacts[0].get("wa_id")):
        return contacts[0]
    return {}


def _echo(echo: Mapping[str, Any] | None, account: str, now: datetime) -> Echo | None:
    if echo is None:
        return None
    id_, address = _id(echo), _digits(echo.get("to")) or _opaque(echo.get("to_user_id"))
    if not id_ or not address:
        return None
    return Echo(account, id_, _at(echo.get("timestamp"), now), address, content_of(echo))


def _moved(status: Mapping[str, Any] | None, account: str, now: datetime) -> Moved | None:
    if status is None:
        return None
    id_, reached = _id(status), _REACHED.get(str(status.get("status")))
    if not id_ or reached is None:
        return None
    errors = [each for each in _parts(status, "errors") if each is not None]
    return Moved(
        account,
        id_,
        _at(status.get("timestamp"), now),
        reached,
        maybe(status, "biz_opaque_callback_data"),
        error=number_in(errors[0]) if errors else None,
        recipient=_digits(status.get("recipient_id")) or _opaque(status.get("recipient_user_id")),
    )


def _template(value: Mapping[str, Any]) -> TemplateNews | None:
    name, language = maybe(value, "message_template_name"), maybe(value, "message_template_language")
    state = maybe(value, "event")
    if not name or not language or not state:
        return None
    return TemplateNews(name, language, state.upper(), maybe(value, "reason"))


def _preference(wish: Mapping[str, Any] | None, account: str, now: datetime) -> Preference | None:
    if wish is None or wish.get("category") != "marketing_messages":
        return None
    address = _digits(wish.get("wa_id")) or _opaque(wish.get("user_id"))
    if not address or wish.get("value") not in ("stop", "resume"):
        return None
    return Preference(account, address, wish["value"] == "resume", _at(wish.get("timestamp"), now))


def _id(of: Mapping[str, Any]) -> str:
    found = of.get("id")
    return found if isinstance(found, str) and found.isprintable() and len(found) <= MAX_ID else ""


def _digits(found: object) -> str | None:
    if isinstance(found, str) and found.isascii() and found.removeprefix("+").isdigit() and len(found) <= 20:
        return found.removeprefix("+")
    return None


def _opaque(found: object) -> str | None:
    if isinstance(found, str) and found.isascii() and found.isprintable() and 0 < len(found) <= 128:
        return found
    return None


def _at(written: object, now: datetime) -> datetime:
    """Seconds since 1970, as a word; a time to come, or none at all, is now."""
    seconds = integer(written)
    try:
        at = datetime.fromtimestamp(seconds, UTC) if seconds and seconds > 0 else now
    except (ValueError, OverflowError, OSError):
        return now
    return min(at, now)
