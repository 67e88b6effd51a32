"""Buttons and lists as Twilio wants them: contents made once for each shape, and filled with words at every sending.

A shape is how many lines the words have and how many options there are; the words themselves are variables, one to a
line, since no variable may hold a line break. What was made is found again by its name, which is the shape's hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from relevo.adapters.channels.whatsapp_twilio.outgoing import BUTTON, ITEM, are_buttons
from relevo.adapters.channels.whatsapp_twilio.parsing import CHOSEN
from relevo.adapters.twilio.rest import Rest
from relevo.kit.errors import NotReady

NAMED = "relevo-options-"
MOST_LINES = 40
MOST_PAGES = 20
PAGE = 500
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """A shape and what fills it this time."""

    types: Mapping[str, Any]
    variables: Mapping[str, str]

    @property
    def name(self) -> str:
        shape = json.dumps(self.types, sort_keys=True, ensure_ascii=False)
        return f"{NAMED}{hashlib.sha256(shape.encode()).hexdigest()[:24]}"


def fill(text: str, options: Sequence[str], *, choose: str) -> Filled | None:
    """``choose``: what is written on the button that opens a list. None for words of too many lines."""
    variables: dict[str, str] = {}

    def variable(value: str) -> str:
        variables[str(len(variables) + 1)] = value
        return f"{{{{{len(variables)}}}}}"

    lines = [_SPACES.sub(" ", line).strip() for line in text.strip().splitlines()]
    if len(lines) > MOST_LINES:
        return None
    body = "\n".join(variable(line) if line else "" for line in lines)
    if are_buttons(options):
        actions = [
            {"type": "QUICK_REPLY", "title": variable(option), "id": variable(f"{CHOSEN}{option}")}
            for option in options
        ]  # fmt: skip
        return Filled({"twilio/quick-reply": {"body": body, "actions": actions}}, variables)
    items = []
    for option in options:
        item = {"item": variable(cut(option, ITEM)), "id": variable(f"{CHOSEN}{option}")}
        # Every item says its whole text below where one of them had to be cut: one shape instead of many.
        if any(len(each) > ITEM for each in options):
            item["description"] = variable(option)
        items.append(item)
    return Filled({"twilio/list-picker": {"body": body, "button": cut(choose, BUTTON), "items": items}}, variables)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


class Contents:
    """Those of one account, asked for once and kept in memory."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: dict[str, str] | None = None
        self._lock = asyncio.Lock()

    @property
    def _address(self) -> str:
        return f"{self._rest.beside('content')}/v1/Content"

    async def sid(self, filled: Filled) -> str:
        """Of the content of this shape, made now if nobody made it before."""
        async with self._lock:
            if self._known is None:
                self._known = {each["friendly_name"]: each["sid"] for each in await self.all() if _named(each)}
            if filled.name not in self._known:
                self._known[filled.name] = await self._make(filled)
            return self._known[filled.name]

    def forget(self) -> None:
        """One of them turned out not to be there: somebody tidied up the account."""
        self._known = None

    async def all(self) -> list[dict[str, Any]]:
        return await self._pages(f"{self._address}?PageSize={PAGE}")

    async def with_approvals(self) -> list[dict[str, Any]]:
        """The same, each with what WhatsApp says of it."""
        return await self._pages(f"{self._rest.beside('content')}/v1/ContentAndApprovals?PageSize={PAGE}")

    async def _pages(self, first: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        url: str | None = first
        for _ in range(MOST_PAGES):
            if not url:
                break
            page = await self._rest.ask("GET", url)
            contents = page.get("contents")
            found += [each for each in contents if isinstance(each, dict)] if isinstance(contents, list) else []
            meta = page.get("meta")
            url = meta.get("next_page_url") if isinstance(meta, dict) else None
        return found

    async def _make(self, filled: Filled) -> str:
        answer = await self._rest.ask(
            "POST",
            self._address,
            json={
                "friendly_name": filled.name,
                "language": "es",
                "variables": dict.fromkeys(filled.variables, "…"),
                "types": dict(filled.types),
            },
        )
        sid = answer.get("sid")
        if not isinstance(sid, str):
            raise NotReady("carrier_unavailable")
        return sid


def _named(content: Mapping[str, Any]) -> bool:
    name, sid = content.get("friendly_name"), content.get("sid")
    return isinstance(name, str) and name.startswith(NAMED) and isinstance(sid, str)
