"""What the loopback WhatsApp refuses, and by which code: the shapes and limits that Meta's API insists on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BAD_PARAMETER = 100
LIMITS = {"text": 4096, "body": 1024, "title": 20, "row": 24, "more": 72, "id": 256, "row_id": 200, "opaque": 512}


class Bad(Exception):  # noqa: N818 - an answer of Meta's
    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.status = status


def check(body: Mapping[str, Any], templates: list[dict[str, Any]]) -> None:
    """Raises ``Bad``."""
    if body.get("messaging_product") != "whatsapp":
        raise Bad(BAD_PARAMETER, "messaging_product is required")
    if not (body.get("to") or body.get("recipient")):
        raise Bad(BAD_PARAMETER, "to or recipient is required")
    _short(body.get("biz_opaque_callback_data", ""), LIMITS["opaque"], "biz_opaque_callback_data")
    kind = body.get("type")
    of = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(of, dict):
        raise Bad(BAD_PARAMETER, "type and its object are required")
    match kind:
        case "text":
            _text(of.get("body"), LIMITS["text"], "text.body")
        case "interactive":
            _interactive(of)
        case "template":
            _template(of, templates)
        case "image" | "video" | "document" | "audio" | "sticker":
            if not (of.get("id") or of.get("link")):
                raise Bad(BAD_PARAMETER, "id or link is required")
            _short(of.get("caption", ""), LIMITS["body"], "caption")
            if kind == "audio" and "caption" in of:
                raise Bad(BAD_PARAMETER, "audio has no caption")
        case "reaction" | "location" | "contacts":
            pass
        case _:
            raise Bad(131051, "unsupported type")


def _interactive(of: Mapping[str, Any]) -> None:
    _text((of.get("body") or {}).get("text"), LIMITS["body"], "interactive.body.text")
    action = of.get("action") or {}
    if of.get("type") == "button":
        buttons = action.get("buttons") or []
        if not 1 <= len(buttons) <= 3:
            raise Bad(BAD_PARAMETER, "1 to 3 buttons")
        _options([(each["reply"]["id"], each["reply"]["title"]) for each in buttons], LIMITS["title"], LIMITS["id"])
    elif of.get("type") == "list":
        _text(action.get("button"), LIMITS["title"], "action.button")
        rows = [row for section in action.get("sections") or () for row in section.get("rows") or ()]
        if not 1 <= len(rows) <= 10:
            raise Bad(BAD_PARAMETER, "1 to 10 rows in total")
        _options([(row["id"], row["title"]) for row in rows], LIMITS["row"], LIMITS["row_id"])
        for row in rows:
            _short(row.get("description", ""), LIMITS["more"], "description")
    else:
        raise Bad(BAD_PARAMETER, "interactive.type")


def _options(options: list[tuple[str, str]], title: int, id_: int) -> None:
    for found, name in options:
        _text(found, id_, "id")
        _text(name, title, "title")
    if len({each for each, _ in options}) < len(options) or len({name for _, name in options}) < len(options):
        raise Bad(BAD_PARAMETER, "duplicated options")


def _template(of: Mapping[str, Any], templates: list[dict[str, Any]]) -> None:
    name, language = of.get("name"), (of.get("language") or {}).get("code")
    known = next((each for each in templates if (each["name"], each["language"]) == (name, language)), None)
    if known is None:
        raise Bad(132001, "template name does not exist in the translation", 404)
    if known["status"] == "PAUSED":
        raise Bad(132015, "template is paused")
    if known["status"] != "APPROVED":
        raise Bad(132001, "template is not approved", 404)
    body = next((each["text"] for each in known["components"] if each["type"] == "BODY"), "")
    given = [each for part in of.get("components") or () if part["type"] == "body" for each in part["parameters"]]
    if len(given) != body.count("{{"):
        raise Bad(132000, "number of parameters does not match")
    if any("\n" in each["text"] or "    " in each["text"] for each in given):
        raise Bad(132018, "parameters may have no line breaks")


def _text(found: object, most: int, name: str) -> None:
    if not isinstance(found, str) or not found.strip():
        raise Bad(BAD_PARAMETER, f"{name} is required")
    _short(found, most, name)


def _short(found: object, most: int, name: str) -> None:
    if not isinstance(found, str) or len(found) > most:
        raise Bad(BAD_PARAMETER, f"{name} is too long")
