"""Letters to the staff: one to each address, once per job. Without a server or an address there are none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from relevo.kit.mail import Mailer
from relevo.kit.work import Job


class Letters:
    def __init__(self, mailer: Mailer, to: Sequence[str]) -> None:
        self._mailer = mailer
        self._to = tuple(to)

    @property
    def on(self) -> bool:
        return self._mailer.on and bool(self._to)

    async def post(self, job: Job, *, subject: str, text: str, without: Collection[str] = ()) -> None:
        """Raises ``ProviderError``; the job then goes on with the addresses that are left."""
        for number, address in enumerate(self._to):
            if address.lower() in without:
                continue

            async def send(number: int = number, address: str = address) -> dict[str, Any]:
                await self._mailer.send(to=address, subject=subject, text=text, key=f"{job.key}:{number}")
                return {}

            await job.once(f"letter {number}", send)
