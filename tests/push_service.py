"""A push service on a real socket, and a browser that subscribed there: it opens what it gets by RFC 8291 with nothing
of ours, and checks who sent it by RFC 8292."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.widget.test_browser import free_port, serving


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


@dataclass
class Browser:
    """Keys as a browser makes them. ``endpoint`` is what its service called it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen secrets!"

    @property
    def json(self) -> dict[str, Any]:
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": b64(point(self.key.public_key())), "auth": b64(self.auth)},
        }

    def open(self, body: bytes) -> bytes:
        """RFC 8291 over RFC 8188: one record, padded by a delimiter."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert size >= 18
        assert len(sealed) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        info = b"WebPush: info\0" + point(self.key.public_key()) + sender + b"\x01"
        secret = _hmac(salt, _hmac(_hmac(self.auth, shared), info))
        content = _hmac(secret, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(secret, b"Content-Encoding: nonce\0\x01")[:12]
        return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\x02")


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    origin: str
    got: list[Got] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """What is answered next; afterwards 201."""

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.origin}/push/{name}")

    def opened(self, browser: Browser) -> list[dict[str, Any]]:
        path = browser.endpoint.removeprefix(self.origin)
        return [json.loads(browser.open(each.body)) for each in self.got if each.path == path]


def vouched(got: Got, public_key: str) -> dict[str, Any]:
    """The claims of who sent it, if the signature is by the key that the browser was given."""
    scheme, _, rest = got.headers["authorization"].partition(" ")
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", public_key)
    head, claims, signature = parts["t"].split(".")
    assert json.loads(plain(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = plain(signature)
    signed = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), plain(public_key))
    key.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, Any] = json.loads(plain(claims))
    return found


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    port = free_port()
    service = PushService(f"http://127.0.0.1:{port}")

    async def take(request: Request) -> Response:
        service.got.append(Got(request.url.path, dict(request.headers), await request.body()))
        return Response(status_code=service.answers.pop(0) if service.answers else 201)

    async with serving(Starlette(routes=[Route("/push/{name}", take, methods=["POST"])]), port):
        yield service
