"""Who has a telephone in the loopback WhatsApp, and what they see on it. Kept in memory, no longer than it runs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WINDOW = timedelta(hours=24)
URL_LIFE = timedelta(minutes=5)
MOST_KEPT = 200_000_000
"""Bytes of files; of more the oldest go."""


@dataclass(slots=True)
class Bubble:
    """One thing on somebody's screen."""

    id: str
    at: datetime
    mine: bool
    """Written by the customer."""
    body: Mapping[str, Any]
    """The message as it was sent: ``{type, <type>: {...}}``."""
    opaque: str | None = None
    read: bool = False


@dataclass(slots=True)
class Customer:
    number: str
    name: str
    user_id: str
    username: str = ""
    hides_number: bool = False
    """Only the name that Meta made up for them goes along with what they write."""
    wrote_at: datetime | None = None
    typing: bool = False
    thread: list[Bubble] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """What they wrote and was marked as read."""

    def contact(self) -> dict[str, Any]:
        made: dict[str, Any] = {"profile": {"name": self.name}, "user_id": self.user_id}
        if self.username:
            made["profile"]["username"] = self.username
        return made if self.hides_number else {**made, "wa_id": self.number}

    def who(self) -> dict[str, str]:
        return {"from_user_id": self.user_id} | ({} if self.hides_number else {"from": self.number})


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on Meta's side."""

    content: bytes
    media_type: str
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class World:
    """One number of one business, and everybody who has written to it."""

    now: Callable[[], datetime]
    number_id: str
    waba_id: str
    display: str
    customers: dict[str, Customer] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)
    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    """Every send that was accepted, as it came, with its ``id``."""
    subscribed: bool = True
    open_to_strangers: bool = False
    """Free text is taken for those who have not written since this began: a demo forgets them with every start."""

    def customer(self, number: str, name: str = "", *, username: str = "", hides_number: bool = False) -> Customer:
        """Known from now on, if they were not."""
        known = self.customers.get(number)
        if known is None:
            made_up = int(hashlib.sha256(number.encode()).hexdigest()[:15], 16)
            known = Customer(number, name or f"+{number}", f"AR.{made_up}", username, hides_number)
            self.customers[number] = known
        return known

    def reached_by(self, to: str | None, recipient: str | None) -> Customer | None:
        if to:
            return self.customer(to.removeprefix("+"))
        return next((each for each in self.customers.values() if each.user_id == recipient), None)

    def is_open(self, customer: Customer) -> bool:
        if customer.wrote_at is None:
            return self.open_to_strangers
        return self.now() - customer.wrote_at < WINDOW

    def keep(self, content: bytes, media_type: str, name: str = "") -> str:
        id_ = str(secrets.randbelow(9 * 10**15) + 10**15)
        self.files[id_] = Kept(content, media_type, name)
        while sum(len(each.content) for each in self.files.values()) > MOST_KEPT:
            del self.files[next(iter(self.files))]
        return id_

    def link(self, file_id: str) -> str:
        """A word that opens it for five minutes."""
        token = secrets.token_urlsafe(16)
        self.links[token] = (file_id, self.now() + URL_LIFE)
        return token

    def opened(self, token: str) -> Kept | None:
        file_id, until = self.links.get(token, ("", self.now()))
        return self.files.get(file_id) if self.now() < until else None


def new_id() -> str:
    return f"wamid.{secrets.token_urlsafe(24)}"
