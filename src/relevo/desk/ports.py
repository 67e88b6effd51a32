"""What the desk needs from outside: somebody who carries a letter to the staff."""

from __future__ import annotations

from typing import Protocol


class StaffMail(Protocol):
    async def send(self, *, subject: str, text: str, key: str) -> None:
        """One letter to everybody on duty. ``key`` makes a repeat recognisable. Raises ``ProviderError``."""
        ...
