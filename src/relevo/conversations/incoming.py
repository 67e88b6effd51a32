"""What a channel's door makes of whatever its carrier sends: one shape for every channel. It decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from relevo.conversations.files import StoredFile
from relevo.people.rules import Identity

LONGEST_ID = 200

MediaKind = Literal["voice", "audio", "image", "video", "document", "sticker"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that is still at the carrier's."""

    ref: str
    """How the carrier calls it; the channel's ``fetch`` understands it."""
    kind: MediaKind
    media_type: str
    """As declared; what it really is, its bytes say."""
    name: str | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a customer."""

    channel: str
    account: str
    """Which of our numbers or mailboxes it came to."""
    address: str
    """The customer's, exactly as received."""
    external_id: str
    """The carrier's id: the same one again is the same message."""
    identities: tuple[Identity, ...]
    """Of the customer, the surest first."""
    at: datetime
    """When it was sent, by the carrier."""
    text: str = ""
    name: str | None = None
    media: tuple[Media, ...] = ()
    """Files to be fetched from the carrier."""
    files: tuple[tuple[str, StoredFile], ...] = ()
    """Files that came along and are stored: (name, content)."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    answer: bool = True
    """False: stored and shown, never answered automatically."""
    conversation_id: str | None = None
    """The conversation it says it belongs to, where the carrier or its headers tell."""
    window: timedelta | None = None
    """For how long after ``at`` one may write freely; None: always."""
    locale: str | None = None
    fresh: bool = False
    """Begin a new conversation though there is one with this address."""
    profile_name: str | None = None
    """What their account is called; shown, and nothing is booked in this name."""
    username: str | None = None


def folded(external_id: str) -> str:
    """An id that fits its column; a longer one is known by its hash."""
    if len(external_id) <= LONGEST_ID:
        return external_id
    return f"sha256:{hashlib.sha256(external_id.encode()).hexdigest()}"


def media_json(media: Media) -> dict[str, Any]:
    known = {"ref": media.ref, "kind": media.kind, "media_type": media.media_type}
    more = {"name": media.name, "size": media.size, "sha256": media.sha256}
    return known | {key: value for key, value in more.items() if value is not None}


def media_of(data: Mapping[str, Any]) -> Media:
    return Media(data["ref"], data["kind"], data["media_type"], data.get("name"), data.get("size"), data.get("sha256"))
