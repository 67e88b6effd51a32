"""The requests that we make of Meta's Graph API, and what comes of them. No retries, no waiting: who calls decides.

The token goes to the configured base, and, for files, to the hosts that Meta is known to keep them on; nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from relevo.adapters.channels.whatsapp_meta.errors import code_in
from relevo.adapters.channels.whatsapp_meta.settings import Settings
from relevo.kit.errors import NotReady, ProviderError, TooLarge

TIMEOUT = httpx.Timeout(20, connect=5)
MAX_DOWNLOAD = 16_000_000
AGENT = "Relevo"
_LOST = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Nothing had been written yet."""


class Refused(Exception):  # noqa: N818 - an answer, not a bug
    """Meta said no."""

    def __init__(self, status: int, code: int | None, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Unknown(Exception):  # noqa: N818 - says what is known
    """The request was written, and no answer came: it may have been done."""


class Graph:
    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._bearer = {"authorization": f"Bearer {settings.token.get_secret_value()}", "user-agent": AGENT}

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._ask("POST", path, json=dict(body))

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        return await self._ask("GET", path, params=params)

    async def send(self, account: str, body: Mapping[str, Any]) -> str:
        """The id of what was accepted."""
        answer = await self.post(f"{account}/messages", {"messaging_product": "whatsapp", **body})
        sent = answer.get("messages")
        id_ = sent[0].get("id") if isinstance(sent, list) and sent and isinstance(sent[0], Mapping) else None
        if not isinstance(id_, str):
            raise Unknown
        return id_

    async def inspect_token(self) -> dict[str, Any]:
        return await self.get("debug_token", input_token=self._settings.token.get_secret_value())

    async def upload(self, account: str, content: bytes, media_type: str, name: str) -> str:
        answer = await self._ask(
            "POST",
            f"{account}/media",
            data={"messaging_product": "whatsapp", "type": media_type},
            files={"file": (name, content, media_type)},
        )
        if not isinstance(answer.get("id"), str):
            raise Refused(502, None)
        return str(answer["id"])

    async def fetch(self, ref: str, account: str, declared: str | None) -> bytes:
        """A file that a customer sent, in two steps. ``declared``: its hash, as the webhook had it."""
        content: bytes | None = None
        about: dict[str, Any] = {}
        for _ in range(2):
            about = await self.get(ref, **({"phone_number_id": account} if account else {}))
            url, size = about.get("url"), about.get("file_size")
            if not isinstance(url, str) or not self._settings.is_trusted(url):
                raise ProviderError("whatsapp_media_host")
            if isinstance(size, int) and size > MAX_DOWNLOAD:
                raise TooLarge("file_too_large", maximum=MAX_DOWNLOAD // 1_000_000)
            content = await self._download(url)
            if content is not None:
                break
        if content is None:
            raise NotReady("whatsapp_media")
        found = hashlib.sha256(content).digest()
        for hash_ in (declared, about.get("sha256")):
            wanted = _digest(hash_)
            if wanted is not None and not hmac.compare_digest(found, wanted):
                raise NotReady("whatsapp_media")
        return content

    async def _download(self, url: str) -> bytes | None:
        """None where the address has grown too old."""
        try:
            # A packed answer could unfold to any size before it is counted.
            headers = {**self._bearer, "accept-encoding": "identity"}
            async with self._http.stream("GET", url, headers=headers, timeout=TIMEOUT) as answer:
                if answer.status_code in (404, 410):
                    return None
                if not answer.is_success:
                    raise Refused(answer.status_code, None, _retry_after(answer))
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise NotReady("whatsapp_media")
                content = bytearray()
                async for piece in answer.aiter_raw():
                    content += piece
                    if len(content) > MAX_DOWNLOAD:
                        raise TooLarge("file_too_large", maximum=MAX_DOWNLOAD // 1_000_000)
                return bytes(content)
        except httpx.HTTPError as error:
            raise NotReady("whatsapp_unavailable") from error

    async def _ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(
                method, f"{self._settings.base}/{path}", headers=self._bearer, timeout=TIMEOUT, **how
            )
        except _LOST as error:
            raise NotReady("whatsapp_unavailable") from error
        except httpx.HTTPError as error:
            raise Unknown from error
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            body = None
        if not answer.is_success:
            raise Refused(answer.status_code, code_in(body), _retry_after(answer))
        if not isinstance(body, dict):
            raise Unknown
        return body


def _digest(written: object) -> bytes | None:
    """A SHA-256 in hexadecimal (step one) or base64 (webhooks)."""
    if not isinstance(written, str):
        return None
    try:
        return bytes.fromhex(written) if len(written) == 64 else base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        return None


def _retry_after(answer: httpx.Response) -> timedelta | None:
    given = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(given), 3_600)) if given.isascii() and given.isdigit() else None
