"""How one of our messages looks on WhatsApp: words, up to three buttons, a list of up to ten, a numbered list beyond
that, files, voice notes, approved templates. Pure; it says nothing by itself.

A message may need several sends; they are made in this order, and the last one carries the message's own id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from relevo.adapters.channels.whatsapp_meta.content import CHOICE
from relevo.conversations.rules import TEMPLATE, Message

MAX_TEXT = 4096
MAX_BODY = 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_MORE = 10, 24, 72
MAX_ROW_ID = 200
PART = "#"
"""``msg_...#2``: the second of several sends, but not the last."""
_IMAGES = {"image/jpeg": 5_000_000, "image/png": 5_000_000}
_SOUNDS = {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"}
_VIDEOS = {"video/mp4", "video/3gpp"}
MAX_SOUND = 16_000_000
TAKEN = frozenset({*_IMAGES, *_SOUNDS, *_VIDEOS, "image/webp", "application/pdf", "text/plain"})
"""What Meta lets one upload, of what a conversation can hold (Cloud API, supported media types)."""


class Shape(StrEnum):
    BUTTONS = "buttons"
    LIST = "list"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Part:
    """One send: ``body`` is what goes beside ``to``; where ``file`` is set, ``body[kind]`` still lacks its id."""

    kind: str
    body: Mapping[str, Any]
    file: Mapping[str, Any] | None = None


def shape_of(options: Sequence[str]) -> Shape:
    longest = max(map(len, options), default=0)
    if len(set(options)) < len(options) or len(options) > ROWS or longest > ROW_MORE:
        return Shape.NUMBERED
    return Shape.BUTTONS if len(options) <= BUTTONS and longest <= BUTTON_TITLE else Shape.LIST


def parts_of(message: Message, *, more: str) -> list[Part]:
    """``more`` opens a list."""
    if TEMPLATE in message.meta:
        return [Part("template", template_body(message.meta[TEMPLATE]))]
    files = list(message.attachments)
    parts: list[Part] = []
    text, caption = message.text.strip(), ""
    if files and not message.buttons and len(text) <= MAX_BODY and _kind(files[0]) != "audio":
        text, caption = "", text
    if text or message.buttons:
        parts += _words(text, message.buttons, more)
    voice = bool(message.meta.get("voice"))
    for index, each in enumerate(files):
        parts.append(_file(each, caption if index == 0 else "", voice=voice))
    return parts


def _words(text: str, options: Sequence[str], more: str) -> list[Part]:
    if not options:
        return [_text(piece) for piece in pieces(text, MAX_TEXT)]
    shape = shape_of(options)
    if shape is Shape.NUMBERED:
        listed = "\n".join(f"{number}) {option}" for number, option in enumerate(options, 1))
        return [_text(piece) for piece in pieces(f"{text}\n\n{listed}".strip(), MAX_TEXT)]
    *before, last = pieces(text or more, MAX_BODY)
    rows = [(f"{CHOICE}{number}:{option}"[:MAX_ROW_ID], option) for number, option in enumerate(options, 1)]
    if shape is Shape.BUTTONS:
        action: dict[str, Any] = {
            "buttons": [{"type": "reply", "reply": {"id": id_, "title": option}} for id_, option in rows]
        }
    else:
        action = {"button": more[:BUTTON_TITLE], "sections": [{"rows": [_row(id_, option) for id_, option in rows]}]}
    interactive = {
        "type": "button" if shape is Shape.BUTTONS else "list", "body": {"text": last}, "action": action,
    }  # fmt: skip
    return [*map(_text, before), Part("interactive", {"type": "interactive", "interactive": interactive})]


def _row(id_: str, option: str) -> dict[str, str]:
    if len(option) <= ROW_TITLE:
        return {"id": id_, "title": option}
    head = option[: ROW_TITLE - 1].rsplit(" ", 1)[0] if " " in option[: ROW_TITLE - 1] else option[: ROW_TITLE - 1]
    return {"id": id_, "title": f"{head}…", "description": option}


def _text(text: str) -> Part:
    return Part("text", {"type": "text", "text": {"body": text, "preview_url": False}})


def _kind(attachment: Mapping[str, Any]) -> str:
    media_type, size = str(attachment["media_type"]), int(attachment.get("size") or 0)
    if size <= _IMAGES.get(media_type, -1):
        return "image"
    if media_type in _SOUNDS and size <= MAX_SOUND:
        return "audio"
    if media_type in _VIDEOS and size <= MAX_SOUND:
        return "video"
    return "document"


def _file(attachment: Mapping[str, Any], caption: str, *, voice: bool) -> Part:
    kind = _kind(attachment)
    of: dict[str, Any] = {}
    if kind == "document":
        of["filename"] = str(attachment["name"])[:240]
    if kind == "audio" and voice and attachment["media_type"] == "audio/ogg":
        of["voice"] = True
    if caption and kind != "audio":
        of["caption"] = caption
    return Part(kind, {"type": kind, kind: of}, file=attachment)


def uploaded_as(media_type: str) -> str | None:
    """The type a file is uploaded under; None where Meta takes none like it. A calendar entry is a text whose name
    says what it is."""
    if media_type in TAKEN:
        return media_type
    return "text/plain" if media_type.startswith("text/") else None


def pieces(text: str, most: int) -> list[str]:
    """The text in as few pieces as fit, cut where a reader would: paragraphs, lines, words."""
    found = []
    while len(text) > most:
        head = text[:most]
        at = next((cut for mark in ("\n\n", "\n", ". ", " ") if (cut := head.rfind(mark)) > most // 3), most)
        found.append(text[:at].rstrip())
        text = text[at:].lstrip(" \n")
    return [*found, text] if text or not found else found


def template_body(template: Mapping[str, Any]) -> dict[str, Any]:
    """``{name, language, params, named?}`` as it is kept with a message."""
    params = [str(each) for each in template.get("params") or ()]
    names = list(template.get("named") or ())
    written = [
        {"type": "text", "text": one_line(each), **({"parameter_name": names[index]} if index < len(names) else {})}
        for index, each in enumerate(params)
    ]
    made: dict[str, Any] = {"name": template["name"], "language": {"code": template["language"]}}
    if written:
        made["components"] = [{"type": "body", "parameters": written}]
    return {"type": "template", "template": made}


def one_line(text: str) -> str:
    """Parameters may have no line breaks, tabs or runs of spaces (132018)."""
    return re.sub(r"\s+", " ", text).strip()


def number_said(text: str, options: Sequence[str]) -> str | None:
    """The option that a bare number means, where the options were sent as a numbered list."""
    found = re.fullmatch(r"\s*\(?(\d{1,3})\s*[.)°]?\s*", text)
    if found is None or shape_of(options) is not Shape.NUMBERED or not 1 <= int(found[1]) <= len(options):
        return None
    return options[int(found[1]) - 1]
