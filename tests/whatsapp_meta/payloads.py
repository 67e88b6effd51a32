"""Webhooks of Meta's, written as they arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relevo.adapters.channels.loopback_meta.server import NUMBER_ID

NUMBER = NUMBER_ID
GUEST = "5493415550001"
BSUID = "AR.13491208655302741918"
AT = 1_795_262_400
"""2026-11-21 12:00 UTC."""


def envelope(*values: Mapping[str, Any], field: str = "messages") -> dict[str, Any]:
    """One entry with one change for each value."""
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": field, "value": dict(each)} for each in values]}],
    }


def value(
    *messages: object, statuses: Sequence[object] = (), contacts: Sequence[object] | None = None, **more: object
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5493414000000", "phone_number_id": NUMBER},
    }
    if messages:
        made["contacts"] = [contact()] if contacts is None else list(contacts)
        made["messages"] = list(messages)
    if statuses:
        made["statuses"] = list(statuses)
    return made | more


def contact(
    wa_id: str | None = GUEST, name: str = "Ana Paz", user_id: str | None = None, username: str = ""
) -> dict[str, Any]:
    made: dict[str, Any] = {"profile": {"name": name}}
    if username:
        made["profile"]["username"] = username
    return made | {key: each for key, each in (("wa_id", wa_id), ("user_id", user_id)) if each}


def message(
    id_: str = "wamid.1", kind: str = "text", *, sender: str | None = GUEST, at: object = str(AT), **parts: object
) -> dict[str, Any]:
    made: dict[str, Any] = {"id": id_, "timestamp": at, "type": kind, **parts}
    if sender:
        made["from"] = sender
    return made


def text(body: str = "Hola", id_: str = "wamid.1", **parts: Any) -> dict[str, Any]:
    return message(id_, "text", text={"body": body}, **parts)


def status(reached: str, id_: str = "wamid.out", *, at: object = str(AT), **parts: object) -> dict[str, Any]:
    return {"id": id_, "status": reached, "timestamp": at, "recipient_id": GUEST, **parts}
