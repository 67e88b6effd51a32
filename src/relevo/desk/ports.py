"""What the desk needs from outside: somebody who asks a carrier how it is, or writes a test; how long a wrap-up is;
who writes to telephones and browsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.push_rules import Keys


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at (text ``channels.<code>.ok`` or ``.bad``, filled with ``params``)."""

    code: str
    ok: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    severe: bool = True
    """Nothing works without it; otherwise it is worth a look."""


class Checks(Protocol):
    async def check(self) -> Sequence[Finding]:
        """Ask the carrier. What raises is a finding too, by the code of its error."""
        ...


class Tester(Protocol):
    async def send_test(self, to: str, text: str) -> str | None:
        """Send one message to an address, without a conversation. The carrier's id. Raises ``ProviderError``."""
        ...


class WrapUps(Protocol):
    async def wrap_up_seconds(self, session: AsyncSession, conversation_id: str) -> int:
        """How long whoever had this conversation has for what is left to do after it; 0: no time at all."""
        ...


class StaffMessages(Protocol):
    """Writes to the telephones of the staff. Called from durable jobs, at least once."""

    @property
    def on(self) -> bool:
        """False: no channel is configured that could."""
        ...

    async def send(self, *, to: str, title: str, text: str, link: str, key: str) -> None:
        """To a number in E.164; ``key`` makes a repetition recognisable. Raises ``ProviderError``."""
        ...


class PushSender(Protocol):
    """Writes to browsers that asked to be told, through the service of who made them. Called from durable jobs."""

    @property
    def on(self) -> bool:
        """False: what it takes is not installed."""
        ...

    @property
    def public_key(self) -> str:
        """By which a browser knows that it is us who writes."""
        ...

    def check(self, keys: Keys) -> None:
        """Whether they can be keys of a browser, at an address that may be asked. Raises ``Invalid``."""
        ...

    async def send(self, keys: Keys, content: bytes, *, seconds: int, urgent: bool, topic: str) -> bool:
        """Hand one over, to be kept for so long; a later one of the same topic takes its place. False: that browser
        wants nothing any more. Raises ``ProviderError``, ``Invalid``."""
        ...
