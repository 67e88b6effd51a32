"""How the loopback WhatsApp tells the business what happened: signed webhooks, several things in one, again and in
another order where it is told to, and again later where they were not taken."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from relevo.adapters.channels.loopback_meta.faults import Faults
from relevo.adapters.channels.loopback_meta.people import World
from relevo.adapters.channels.whatsapp_meta.signature import HEADER, sign
from relevo.kit.tasks import Tasks

PAUSES = (0.05, 0.2, 1.0, 3.0, 10.0, 30.0)


@dataclass(slots=True)
class Hooks:
    world: World
    faults: Faults
    secret: str
    url: str = ""
    """Where webhooks go; empty: nowhere."""
    rng: random.Random = field(default_factory=random.Random)
    refused: int = 0
    """Webhooks that were not taken, each time counted."""
    _waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _tasks: Tasks = field(default_factory=Tasks)
    _http: httpx.AsyncClient | None = None
    _sending: asyncio.Task[None] | None = None

    def tell(self, value: Mapping[str, Any], *, field: str = "messages") -> None:
        """Soon, with what else is waiting by then."""
        if not self.url:
            return
        self._waiting.append((field, dict(value)))
        if self._sending is None or self._sending.done():
            self._sending = self._tasks.start(self._send(), name="loopback webhooks")

    async def settle(self) -> None:
        """Until everything is told, or given up."""
        await self._tasks.settle()

    async def close(self) -> None:
        await self._tasks.close()
        if self._http is not None:
            await self._http.aclose()

    async def post(self, payload: Mapping[str, Any], *, secret: str | None = None) -> httpx.Response:
        """One delivery as it is, signed."""
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=30)
        body = json.dumps(payload).encode()
        headers = {HEADER: sign(self.secret if secret is None else secret, body), "content-type": "application/json"}
        return await self._http.post(self.url, content=body, headers=headers)

    async def _send(self) -> None:
        # What happens in the same moment comes in the same delivery.
        await asyncio.sleep(0)
        while self._waiting:
            if self.faults.shuffled:
                self.rng.shuffle(self._waiting)
            some = self._waiting[: max(1, self.faults.batch)]
            del self._waiting[: len(some)]
            await self._deliver(self._envelope(some))
            if self.faults.twice:
                await self._deliver(self._envelope(some))

    async def _deliver(self, payload: Mapping[str, Any]) -> None:
        for pause in (*PAUSES, None):
            try:
                if (await self.post(payload)).is_success:
                    return
            except httpx.HTTPError:
                pass
            self.refused += 1
            if pause is None:
                return
            await asyncio.sleep(pause)

    def _envelope(self, values: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        about = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": self.world.display, "phone_number_id": self.world.number_id},
        }
        changes = [{"field": name, "value": {**about, **value}} for name, value in values]
        return {"object": "whatsapp_business_account", "entry": [{"id": self.world.waba_id, "changes": changes}]}
