"""One of our messages as the pieces that Twilio takes: at most 1,600 characters, one file, or words with options.

Pure. Options that do not fit any of WhatsApp's forms become numbered lines; nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from relevo.conversations.rules import Message

LONGEST = 1_600
WITH_OPTIONS = 1_024
CAPTION = 1_024
MOST_BUTTONS, BUTTON = 3, 20
MOST_ITEMS, ITEM, DESCRIPTION = 10, 24, 72
CAPTIONED = ("image/", "video/")
"""Documents and sounds lose the words beside them."""
_NUMBER = re.compile(r"\s*\(?(\d{1,3})\s*[.)°]?\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one request hands over."""

    text: str = ""
    options: tuple[str, ...] = ()
    file: Mapping[str, Any] | None = None


def pieces(message: Message) -> list[Piece]:
    """In the order in which they are to arrive."""
    files = [Piece(file=each) for each in message.attachments]
    if len(files) == 1 and not message.buttons and len(message.text) <= CAPTION and _captioned(message.attachments[0]):
        return [replace(files[0], text=message.text)]
    options = tuple(dict.fromkeys(each.strip() for each in message.buttons if each.strip()))
    return [*_worded(message.text, options), *files]


def plain(piece: Piece) -> list[Piece]:
    """The same without any form but words."""
    return [Piece(part) for part in split(numbered(piece.text, piece.options), LONGEST)]


def fits_form(options: Sequence[str]) -> bool:
    return len(options) <= MOST_ITEMS and all(len(option) <= DESCRIPTION for option in options)


def are_buttons(options: Sequence[str]) -> bool:
    """Few and short enough to be buttons; others are a list."""
    return len(options) <= MOST_BUTTONS and all(len(option) <= BUTTON for option in options)


def numbered(text: str, options: Sequence[str]) -> str:
    lines = [f"{number}) {option}" for number, option in enumerate(options, 1)]
    return "\n".join([text, "", *lines] if text and lines else [text or "\n".join(lines)])


def number_said(text: str, options: Sequence[str]) -> str | None:
    """The option that a bare number means, where they went as numbered lines."""
    found = _NUMBER.fullmatch(text)
    if found is None or not options or fits_form(options) or not 1 <= int(found[1]) <= len(options):
        return None
    return options[int(found[1]) - 1]


def split(text: str, most: int) -> list[str]:
    """At the end of a paragraph, a sentence or at least a word, if there is one in the second half."""
    parts = []
    rest = text.strip()
    while len(rest) > most:
        head = rest[:most]
        ends = (list(re.finditer(mark, head)) for mark in (r"\n\s*\n", r"\n", r"[.!?…]\s", r"\s"))
        cut = next((found[-1].end() for found in ends if found and found[-1].end() > most // 2), most)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [part for part in [*parts, rest] if part]


def _worded(text: str, options: tuple[str, ...]) -> list[Piece]:
    if not options or not text.strip() or not fits_form(options):
        return [Piece(part) for part in split(numbered(text, options), LONGEST)]
    parts = split(text, LONGEST)
    *before, last = [*parts[:-1], *split(parts[-1], WITH_OPTIONS)]
    return [*(Piece(part) for part in before), Piece(last, options)]


def _captioned(file: Mapping[str, Any]) -> bool:
    return str(file.get("media_type", "")).startswith(CAPTIONED)
