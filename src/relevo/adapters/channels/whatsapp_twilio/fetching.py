"""Fetching what customers sent: with the account's password from Twilio, and without it from where Twilio sends us.

Nothing is read past its limit, no other host is ever asked, and no redirection leads back to a private network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin, urlsplit

import httpx

from relevo.adapters.twilio.rest import TIMEOUT, Rest, busy
from relevo.conversations.incoming import Media
from relevo.kit.errors import BadCredentials, Invalid, Misconfigured, NotReady, ProviderError, TooLarge

MOST = 16_000_000
HOPS = 3
PAUSES = (0.5, 1.0, 2.0)
"""Right after the webhook a file may not be there yet."""
KEEPERS = (".twiliocdn.com", ".twilio.com", ".amazonaws.com")
"""Where Twilio keeps files; each of its links is signed by itself."""
_MOVED = (301, 302, 303, 307, 308)


class Fetching:
    def __init__(
        self,
        rest: Rest,
        client: httpx.AsyncClient,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        most: int = MOST,
    ) -> None:
        self._rest = rest
        self._client = client
        self._pause = pause
        self._most = most

    async def fetch(self, media: Media) -> bytes:
        """Raises ``ProviderError``, and ``TooLarge`` or ``Invalid`` for what is not taken."""
        if not self._rest.is_ours(media.ref):
            raise Invalid("file_type")
        for pause in (*PAUSES, None):
            try:
                return await self._follow(media.ref)
            except _NotThere as error:
                if pause is None:
                    raise ProviderError("whatsapp_media") from error
                await self._pause(pause)
        raise ProviderError("whatsapp_media")

    async def _follow(self, url: str) -> bytes:
        for hop in range(HOPS):
            own = self._rest.is_ours(url)
            if not own and not (hop and _is_keeper(url)):
                raise ProviderError("whatsapp_media")
            # The password is for the first address only; where it leads carries its own signature.
            found = await self._read(url, signed=hop == 0)
            if isinstance(found, bytes):
                return found
            url = found
        raise ProviderError("whatsapp_media")

    async def _read(self, url: str, *, signed: bool) -> bytes | str:
        """The content, or the address where it is."""
        if signed and not (self._rest.sid and self._rest.token):
            raise Misconfigured("twilio_off")
        auth = httpx.BasicAuth(self._rest.sid, self._rest.token) if signed else None
        try:
            async with self._client.stream(
                "GET", url, auth=auth, timeout=TIMEOUT, follow_redirects=False, headers={"accept-encoding": "identity"}
            ) as response:
                if response.status_code in _MOVED:
                    return urljoin(url, str(response.headers.get("location", "")))
                if response.status_code in (401, 403):
                    raise BadCredentials("twilio_credentials")
                if response.status_code == 404:
                    raise _NotThere
                if response.status_code == 429 or response.status_code >= 500:
                    raise busy(response)
                if response.is_error:
                    raise ProviderError("whatsapp_media")
                return await self._content(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotReady("carrier_unavailable") from error

    async def _content(self, response: httpx.Response) -> bytes:
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._most:
            raise TooLarge("file_too_large", maximum=self._most // 1_000_000)
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self._most:
                raise TooLarge("file_too_large", maximum=self._most // 1_000_000)
        return bytes(content)


class _NotThere(Exception):  # noqa: N818 - never leaves this module
    pass


def _is_keeper(url: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in (None, 443) and parts.username is None
    except ValueError:
        return False
    return plain and (parts.hostname or "").endswith(KEEPERS)
