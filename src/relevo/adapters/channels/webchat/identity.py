"""Who a site says its visitor is: a short-lived token signed with the site's secret (JWT, HS256 and nothing else).

What a visitor types about themselves is never as good as this; what is not signed, expired or lasts long is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relevo.kit.errors import Unauthorized

LONGEST = 4_096
LIFE = 3_600
LEEWAY = 60
MAX_FIELD = 200


@dataclass(frozen=True, slots=True)
class Claims:
    subject: str
    email: str | None
    phone: str | None
    """As the site writes it."""
    name: str | None


def read(token: str, secret: str, now: datetime) -> Claims:
    """Raises ``Unauthorized("bad_identity")``."""
    if len(token) > LONGEST or token.count(".") != 2:
        raise Unauthorized("bad_identity")
    signed, _, signature = token.rpartition(".")
    expected = hmac.new(secret.encode(), signed.encode(errors="replace"), hashlib.sha256).digest()
    header, claims = (_json(part) for part in signed.split("."))
    if not hmac.compare_digest(_bytes(signature), expected) or header.get("alg") != "HS256":
        raise Unauthorized("bad_identity")
    if "crit" in header:
        raise Unauthorized("bad_identity")
    begins, ends, at = _number(claims.get("iat")), _number(claims.get("exp")), now.timestamp()
    if ends - begins > LIFE or begins > at + LEEWAY or ends < at - LEEWAY:
        raise Unauthorized("bad_identity")
    subject = _text(claims, "sub")
    if subject is None:
        raise Unauthorized("bad_identity")
    return Claims(subject, _text(claims, "email"), _text(claims, "phone"), _text(claims, "name"))


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part.encode() + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unauthorized("bad_identity") from None


def _json(part: str) -> dict[str, Any]:
    try:
        read = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise Unauthorized("bad_identity") from None
    if not isinstance(read, dict):
        raise Unauthorized("bad_identity")
    return read


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise Unauthorized("bad_identity")
    return value


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, int) and name == "sub" and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        raise Unauthorized("bad_identity")
    return value.strip()
