"""Who a site says its visitor is: signed, fresh and short-lived, or refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from relevo.adapters.channels.webchat import identity
from relevo.kit.errors import Unauthorized
from tests.conftest import NOW

SECRET = "the site's secret"
AT = int(NOW.timestamp())


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any], header: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    signed = (
        f"{part(json.dumps(header or {'alg': 'HS256', 'typ': 'JWT'}).encode())}.{part(json.dumps(claims).encode())}"
    )
    return f"{signed}.{part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def good(**more: Any) -> dict[str, Any]:
    return {"sub": "42", "email": "Ana@Example.com", "name": "Ana", "iat": AT, "exp": AT + 600, **more}


def test_a_signed_fresh_token_says_who_it_is() -> None:
    claims = identity.read(token(good(phone="+54 9 341 555 0101")), SECRET, NOW)
    assert (claims.subject, claims.email, claims.phone, claims.name) == (
        "42", "Ana@Example.com", "+54 9 341 555 0101", "Ana",
    )  # fmt: skip
    assert identity.read(token(good(sub=42)), SECRET, NOW).subject == "42"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "a.b",
        "a.b.c",
        "ñ.ñ.ñ",
        "." * 5_000,
        token(good(), secret="another"),
        token(good(), {"alg": "none"}),
        token(good(), {"alg": "HS512"}),
        token(good(), {"alg": "HS256", "crit": ["exp"]}),
        token(good())[:-4],
        token(good(exp=AT - 61)),
        token(good(iat=AT + 61, exp=AT + 600)),
        token(good(exp=AT + 3_601)),
        token(good(exp=None)),
        token(good(exp=True)),
        token(good(exp=float("nan"))),
        token(good(iat="now")),
        token(good(sub="")),
        token(good(sub=None)),
        token(good(sub={"a": 1})),
        token(good(name="x" * 201)),
        token({}),
        f"{part(b'[]')}.{part(b'[]')}.{part(b'x')}",
        f"{part(b'{' * 3_000)}.{part(b'{}')}.{part(b'x')}",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(Unauthorized):
        identity.read(given, SECRET, NOW)


def test_a_tampered_claim_is_refused() -> None:
    header, _, signature = token(good()).split(".")
    forged = f"{header}.{part(json.dumps(good(sub='1')).encode())}.{signature}"
    with pytest.raises(Unauthorized):
        identity.read(forged, SECRET, NOW)


def test_an_old_token_is_good_for_a_minute_of_wrong_clocks() -> None:
    assert identity.read(token(good()), SECRET, NOW + timedelta(seconds=650)).subject == "42"
