"""Files that travel in conversations: what they are by their first bytes, and under which name they are kept.

Nobody's word counts here, neither the sender's name for the file nor the type they declare. What is not on the list is
refused; anything that a browser could run as a page (HTML, SVG, XML) is not on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relevo.kit.errors import Invalid, TooLarge

MAX_FILE = 10_000_000
MAX_MEDIA = 16_000_000
"""What carriers let their customers send; already paid for when it is here."""
MAX_PLAIN = 1_000_000
"""Words are read through to the end, and nothing else happens in the process meanwhile."""
MAX_NAME = 80
CALENDAR = "text/calendar"
PDF = "application/pdf"
PLAIN = "text/plain"
LOOKED_AT = 10_000
"""Characters in which markup is looked for. It is answered as plain text and downloaded in any case."""
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    PDF: ("pdf",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/mpeg": ("mp3",),
    "audio/aac": ("aac",),
    "audio/amr": ("amr",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/webm": ("weba", "webm"),
    "video/mp4": ("mp4", "mov", "3gp"),
    "video/webm": ("webm",),
    CALENDAR: ("ics",),
    PLAIN: ("txt", "csv", "log", "md"),
}
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", PDF})
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
)
_CLUSTER = b"\x1f\x43\xb6\x75"
_MATROSKA = b"\x1aE\xdf\xa3"
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|iframe|body|head|\?xml|\w+:svg)|<\?xml", re.IGNORECASE)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Content that is safe on the disk, whoever it will belong to."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    conversation_id: str
    message_id: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    path_key: str
    created_at: datetime


def is_sound(media_type: str) -> bool:
    return media_type.startswith("audio/")


def too_large(most: int) -> TooLarge:
    """The refusal, in the megabytes that people know."""
    return TooLarge("file_too_large", maximum=most // 1_000_000)


def check_size(content: bytes, most: int = MAX_FILE) -> None:
    if not content:
        raise Invalid("file_empty")
    if len(content) > most:
        raise too_large(most)


def sniff(content: bytes) -> str:
    """The media type of what is really in it. Raises ``Invalid("file_type")`` for everything that is not taken."""
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if (moving := _moving(content)) is not None:
        return moving
    if len(content) > MAX_PLAIN:
        raise Invalid("file_type")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file_type") from error
    if any(unicodedata.category(char) == "Cc" and char not in "\r\n\t\f" for char in set(text)):
        raise Invalid("file_type")
    if text.lstrip().startswith("<") or _MARKUP.search(text, 0, LOOKED_AT):
        raise Invalid("file_type")
    return CALENDAR if text.startswith("BEGIN:VCALENDAR") else PLAIN


def _moving(content: bytes) -> str | None:
    """Sound and film that have no plain mark at their start."""
    if content[4:8] == b"ftyp":
        return "video/mp4" if b"vide" in content else "audio/mp4"
    if content.startswith(_MATROSKA):
        # What the tracks are stands before the first cluster; after it any bytes may come.
        tracks = content[:LOOKED_AT].partition(_CLUSTER)[0]
        return "audio/webm" if b"A_OPUS" in tracks and b"V_" not in tracks else "video/webm"
    if len(content) > 3 and content[0] == 0xFF and content[1] & 0xF6 == 0xF0:
        return "audio/aac"
    # A frame of MPEG audio, layer III, with a bit rate and a sampling rate that exist.
    if len(content) > 3 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2 and content[1] & 0x18 != 0x08:
        return "audio/mpeg" if content[2] >> 4 not in (0, 15) and content[2] & 0x0C != 0x0C else None
    return None


def clean_name(name: str, media_type: str) -> str:
    """A name without folders, tricks of direction or control characters, whose ending says what the file is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char if char.isprintable() and char not in '<>:"|?*' else " " for char in last)
    kept = " ".join(kept.split()).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    endings = ENDINGS[media_type]
    if dot and ending.lower() in endings:
        ending = ending.lower()
    else:
        # ``foto.html`` that is a picture becomes ``foto.png``; ``Acta 3.5`` keeps its dot.
        stem = stem if dot and re.fullmatch(r"[A-Za-z]\w{0,4}", ending) else kept
        ending = endings[0]
    stem = stem[: MAX_NAME - len(ending) - 1].rstrip(" .")
    if not stem or _RESERVED.fullmatch(stem.split(".")[0]):
        stem = f"_{stem}"
    return f"{stem}.{ending}"


def key_of(sha256: str) -> str:
    """Where content rests, by what it is: the same picture twice is one file."""
    return f"{sha256[:2]}/{sha256}"


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """The ``Attachment`` of docs/api.md."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
    }
