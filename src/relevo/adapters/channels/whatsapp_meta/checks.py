"""What Meta says about the token, the number and whether it tells us of messages, for the channel doctor. Only asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from relevo.adapters.channels.whatsapp_meta.content import mapping, word
from relevo.adapters.channels.whatsapp_meta.errors import Act, meaning
from relevo.adapters.channels.whatsapp_meta.graph import Graph, Refused, Unknown
from relevo.adapters.channels.whatsapp_meta.settings import PATH, Settings
from relevo.desk.ports import Finding
from relevo.kit.clock import Clock
from relevo.kit.errors import NotReady

SOON = timedelta(days=7)
FIELDS = "display_phone_number,quality_rating,status,code_verification_status"
RATED = ("GREEN", "YELLOW", "RED")
WORKS = {"CONNECTED", "PENDING", ""}


class Checks:
    def __init__(self, settings: Settings, graph: Graph, clock: Clock, *, public_url: str) -> None:
        self._settings = settings
        self._graph = graph
        self._clock = clock
        self._public_url = public_url

    async def check(self) -> Sequence[Finding]:
        """Raises ``ProviderError`` where Meta does not answer."""
        found = [
            Finding("public_address", self._public_url.startswith("https://"), {"url": self._public_url}, severe=False)
        ]
        try:
            number = await self._graph.get(self._settings.phone_number_id, fields=FIELDS)
        except Refused as refused:
            meant = meaning(refused.code, refused.status)
            if meant.code == "whatsapp_token":
                return [*found, Finding("token", False)]
            if meant.act is Act.RETRY:
                raise NotReady(meant.code) from refused
            return [*found, Finding("token", True), Finding("sender", False, {"number": self._number(), "state": ""})]
        except Unknown as error:
            raise NotReady("whatsapp_unavailable") from error
        return [*found, await self._token(), *self._sender(number), *await self._subscribed()]

    async def _token(self) -> Finding:
        """It was good just now; how much longer?"""
        try:
            data = mapping(await self._graph.inspect_token(), "data")
        except (Refused, Unknown):
            return Finding("token", True)
        until = data.get("expires_at")
        if not isinstance(until, int) or until <= 0:
            return Finding("token", True)
        left = datetime.fromtimestamp(until, UTC) - self._clock.now()
        if left > SOON:
            return Finding("token", True)
        return Finding("token_expiry", False, {"days": max(0, left.days)}, severe=False)

    def _sender(self, number: Mapping[str, Any]) -> list[Finding]:
        state, quality = word(number.get("status"), 40), word(number.get("quality_rating"), 40)
        shown = word(number.get("display_phone_number"), 40) or self._number()
        found = [Finding("sender", state in WORKS, {"number": shown, "state": state})]
        if quality in RATED:
            found.append(Finding("quality", quality != "RED", {"quality": quality}, severe=False))
        return found

    async def _subscribed(self) -> list[Finding]:
        if not self._settings.waba_id:
            return []
        wanted = {"wanted": f"{self._public_url}{PATH}", "given": ""}
        try:
            listed = (await self._graph.get(f"{self._settings.waba_id}/subscribed_apps")).get("data")
        except (Refused, Unknown):
            return [Finding("subscription", False, wanted, severe=False)]
        return [Finding("subscription", isinstance(listed, list) and bool(listed), wanted)]

    def _number(self) -> str:
        return self._settings.phone_number_id
