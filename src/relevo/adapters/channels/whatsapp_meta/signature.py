"""Whether a webhook is Meta's: HMAC-SHA256 of the bytes as they came. Nothing is parsed before this says yes."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "x-hub-signature-256"
_PREFIX = "sha256="


def sign(secret: str, body: bytes) -> str:
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(secret: str, body: bytes, given: str | None) -> bool:
    """In constant time. Without a secret nothing is signed."""
    if not secret or not given:
        return False
    return hmac.compare_digest(sign(secret, body).encode(), given.encode(errors="replace"))


def same(secret: str, given: str | None) -> bool:
    """Two words compared in constant time; an empty one is like no other."""
    if not secret or not given:
        return False
    return hmac.compare_digest(secret.encode(), given.encode(errors="replace"))
