"""A recording as a record: its states and markers, the name it is saved under, how it is searched and drawn.

Pure: no files, no tables. Who may listen is decided by ``people.rules.may``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from relevo.calls.rules.calls import Call, EndReason

MOST_CONTACT_BYTES = 120
"""Of a contact's name in a file's name, so that the whole stays well under the 255 bytes of file systems."""
GRACE_MS = 2_000
"""What was said at the very end may be written down with a time just behind it."""
FORBIDDEN_IN_NAMES = frozenset('/\\:*?"<>|')


class RecordingState(StrEnum):
    RECORDING = "recording"
    KEPT_WAV = "kept_wav"
    """At rest as it was written: not yet compressed, or there is nothing to compress it with."""
    READY = "ready"
    """Compressed."""
    DISCARDED = "discarded"
    """The customer objected: there is no sound any more."""
    LOST = "lost"
    """Nothing was kept: the call was over at once, or the disk failed."""


HEARD = (RecordingState.RECORDING, RecordingState.KEPT_WAV, RecordingState.READY)
"""States in which there is something to hear."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at this point of the recording, with the name of who did it."""

    kind: str
    at_ms: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording with the call it belongs to."""

    id: str
    call: Call
    state: RecordingState
    number: int | None
    seconds: float | None
    size: int | None
    started_at: datetime
    ended_at: datetime | None
    agent_id: str | None
    markers: tuple[Marker, ...]
    sha256: str | None

    @property
    def outside(self) -> str:
        """The customer's number."""
        return self.call.from_ if self.call.direction.value == "inbound" else self.call.to


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; what is empty does not narrow it."""

    text: str = ""
    person: str = ""
    number: str = ""
    result: EndReason | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """One permission to hear or keep one recording in one format."""

    id: str
    recording_id: str
    staff_id: str
    kind: str
    format: str
    rate: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Peaks:
    """How loud each side is over time, 0..1 at evenly spaced points."""

    customer: tuple[float, ...]
    ours: tuple[float, ...]

    def at_most(self, points: int) -> Peaks:
        return Peaks(pooled(self.customer, points), pooled(self.ours, points))


def pooled(values: Sequence[float], points: int) -> tuple[float, ...]:
    """At most ``points`` values, each the loudest of its share, so that nothing short disappears."""
    count = len(values)
    if count <= points:
        return tuple(values)
    return tuple(max(values[at * count // points : (at + 1) * count // points]) for at in range(points))


def folded(text: str) -> str:
    """For searching: lower case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def clean_name(name: str) -> str:
    """A name as part of a file's name: nothing that separates, hides, turns the text around or ends it."""
    kept = "".join(
        " " if char in FORBIDDEN_IN_NAMES or char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or unicodedata.category(char)[0] not in "CZ" or char in FORBIDDEN_IN_NAMES
    )
    words = " ".join(kept.split()).strip(". ")
    return words.encode()[:MOST_CONTACT_BYTES].decode(errors="ignore").strip(". ")


def file_name(stem: str, number: int | None, contact: str, at: datetime, extension: str) -> str:
    """``llamada_001_Juan García_20251122_143025.wav``; ``at`` is local time."""
    parts = [stem, f"{number or 0:03}", clean_name(contact), f"{at:%Y%m%d_%H%M%S}"]
    return "_".join(part for part in parts if part) + f".{extension}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Who said what at which time of the recording."""

    at_ms: int
    end_ms: int
    author: str
    name: str | None
    text: str


def pauses(markers: Sequence[Marker], end_ms: int) -> list[tuple[int, int]]:
    """When nothing was recorded (card data)."""
    found: list[tuple[int, int]] = []
    began: int | None = None
    for marker in markers:
        if marker.kind == "pause":
            began = marker.at_ms
        elif marker.kind == "resume" and began is not None:
            found.append((began, marker.at_ms))
            began = None
    return found if began is None else [*found, (began, end_ms)]


def sentence(
    *, author: str, name: str | None, text: str, meta: Mapping[str, Any], at: datetime, began: datetime
) -> Sentence | None:
    """A message of the call as part of its transcript; None where nobody heard it."""
    heard = str(meta.get("spoken_text") or text)
    at_ms, end_ms = meta.get("at_ms"), meta.get("end_ms")
    if at_ms is None:
        if meta.get("heard") is False:
            return None
        # A pressed key has no time of its own.
        at_ms = max(0, round((at - began).total_seconds() * 1_000))
    return Sentence(int(at_ms), int(end_ms if end_ms is not None else at_ms), author, name, heard)


def transcript(sentences: Sequence[Sentence], markers: Sequence[Marker], end_ms: int) -> list[Sentence]:
    """In the order of the sound, without what was said while the recording was paused or after its end."""
    silent = pauses(markers, end_ms)

    def recorded(part: Sentence) -> bool:
        last = max(part.end_ms, part.at_ms + 1)
        return part.at_ms <= end_ms + GRACE_MS and not any(part.at_ms < end and last > start for start, end in silent)

    return sorted(filter(recorded, sentences), key=lambda part: part.at_ms)
