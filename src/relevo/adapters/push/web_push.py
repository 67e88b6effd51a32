"""Web Push (RFC 8030, 8291, 8292): to the service of a browser's maker, sealed so that only the browser reads it.

No relay of ours or of anybody's stands in between. The key by which browsers know us is made of the installation's
secret, so that every process has the same and a copy of the secret is a copy of the key. An address is one that a
browser gave: it is asked by the rules of ``kit.egress``.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from datetime import timedelta
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from relevo.desk.push_rules import Keys
from relevo.kit.clock import Clock
from relevo.kit.egress import Egress, checked, origin
from relevo.kit.errors import Invalid, Misconfigured, NotReady, ProviderError

TOKEN_LASTS = timedelta(hours=12)
"""Services refuse a word of ours that is good for more than a day."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GONE, BUSY, TOO_MANY = {404, 410}, 500, 429
LONGEST_PAUSE = timedelta(minutes=10)


def key_of(secret: str) -> ec.EllipticCurvePrivateKey:
    """The installation's key, always the same one of the same secret."""
    number = int.from_bytes(hashlib.sha512(f"web push\0{secret}".encode()).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def given_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A key as other programs print it: 32 bytes in base64. Raises ``Misconfigured``."""
    raw = _plain(text)
    number = int.from_bytes(raw) if raw is not None and len(raw) == 32 else 0
    if not 0 < number < _ORDER:
        raise Misconfigured("vapid_key")
    return ec.derive_private_key(number, ec.SECP256R1())


class WebPush:
    def __init__(self, egress: Egress, key: ec.EllipticCurvePrivateKey, clock: Clock, contact: str) -> None:
        """``contact``: where a service finds who writes (``mailto:`` or ``https:``)."""
        self._egress = egress
        self._key = key
        self._clock = clock
        self._contact = contact

    @cached_property
    def on(self) -> bool:
        return find_spec("pywebpush") is not None

    @cached_property
    def public_key(self) -> str:
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def check(self, keys: Keys) -> None:
        checked(keys.endpoint, self._egress.allowed)
        point, auth = _plain(keys.p256dh), _plain(keys.auth)
        if point is None or auth is None or len(auth) != 16:
            raise Invalid("push_keys")
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            raise Invalid("push_keys") from None

    async def send(self, keys: Keys, content: bytes, *, seconds: int, urgent: bool, topic: str) -> bool:
        if not self.on:
            raise Misconfigured("push_off")
        # The first time a library is loaded, which takes longer than a call may wait for its turn.
        body, token = await asyncio.to_thread(self._sealed, keys, content)
        headers = {
            "authorization": token,
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(seconds),
            "urgency": "high" if urgent else "normal",
            "topic": topic,
        }
        answer = await self._egress.post(keys.endpoint, headers=headers, content=body)
        if answer.status in GONE:
            return False
        if answer.status >= BUSY or answer.status == TOO_MANY:
            raise NotReady("push_busy", retry_after=_pause(answer.headers.get("retry-after", "")))
        if not 200 <= answer.status < 300:
            raise ProviderError("push_refused", status=answer.status)
        return True

    def _sealed(self, keys: Keys, content: bytes) -> tuple[bytes, str]:
        from py_vapid import Vapid02
        from pywebpush import WebPusher

        browser = {"endpoint": keys.endpoint, "keys": {"p256dh": keys.p256dh, "auth": keys.auth}}
        body: bytes = WebPusher(browser).encode(content, "aes128gcm")["body"]
        claims: dict[str, Any] = {
            "aud": origin(checked(keys.endpoint, self._egress.allowed)),
            "exp": int((self._clock.now() + TOKEN_LASTS).timestamp()),
            "sub": self._contact,
        }
        return body, str(Vapid02(self._key).sign(claims)["Authorization"])


def _plain(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _pause(said: str) -> timedelta | None:
    return min(timedelta(seconds=int(said)), LONGEST_PAUSE) if said.isascii() and said.isdigit() else None
