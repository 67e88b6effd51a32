"""What Twilio says about the account and its WhatsApp sender, for the channel doctor. Only asks; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relevo.adapters.channels.whatsapp_twilio.settings import PREFIX, WEBHOOK, Settings
from relevo.adapters.twilio.rest import Refused, Rest
from relevo.desk.ports import Finding
from relevo.kit.errors import BadCredentials, NotFound

SANDBOX = "+14155238886"
"""The number that all trial accounts share; it has no sender of its own to ask about."""


class Checks:
    def __init__(self, settings: Settings, rest: Rest) -> None:
        self._settings = settings
        self._rest = rest

    async def check(self) -> Sequence[Finding]:
        """Raises ``ProviderError`` where Twilio does not answer."""
        found = [self._public()]
        try:
            account = await self._rest.ask("GET", f"{self._rest.account}.json")
        except (BadCredentials, NotFound):
            return [*found, Finding("token", False)]
        state = str(account.get("status"))
        found += [Finding("token", True), Finding("account", state == "active", {"state": state})]
        if self._settings.number == SANDBOX:
            return [*found, Finding("sandbox", False, severe=False)]
        return [*found, *await self._sender()]

    def _public(self) -> Finding:
        url = self._settings.public_url
        return Finding("public_address", url.startswith("https://"), {"url": url}, severe=False)

    async def _sender(self) -> list[Finding]:
        address = f"{self._rest.beside('messaging')}/v2/Channels/Senders?Channel=whatsapp&PageSize=100"
        try:
            listed = (await self._rest.ask("GET", address)).get("senders")
        except (Refused, NotFound, BadCredentials):
            # Keys that may only send do not see this.
            return [Finding("subscription", False, {"wanted": self._settings.url(WEBHOOK)}, severe=False)]
        wanted = f"{PREFIX}{self._settings.number}"
        senders = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        sender = next((each for each in senders if each.get("sender_id") == wanted), None)
        if sender is None:
            return [Finding("sender", False, {"number": self._settings.number})]
        state = str(sender.get("status"))
        return [
            Finding("sender", state.startswith("ONLINE"), {"number": self._settings.number, "state": state}),
            self._subscription(sender),
        ]

    def _subscription(self, sender: Mapping[str, Any]) -> Finding:
        hook = sender.get("webhook")
        given = str(hook.get("callback_url") or "") if isinstance(hook, Mapping) else ""
        wanted = self._settings.url(WEBHOOK)
        # Retries are asked for behind a number sign; the rest is to be exactly this.
        return Finding("subscription", given.partition("#")[0] == wanted, {"wanted": wanted, "given": given})
