"""Tells Twilio's webhooks from anybody else's.

The signature is over the public address and all the fields as they came, empty ones and unknown ones too; the address
is the configured one, whatever a proxy made of it. Without a secret everything is refused. Nothing is read of a form
before it is known who sent it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import HMAC_SHA1, RequestValidator, get_signature_algorithm

from relevo.kit.errors import Forbidden, Invalid, TooLarge

MAX_BODY = 32_768
MAX_FIELDS = 100
SIGNED: dict[str, Any] = {"x-open": "Twilio; every request's signature is checked"}
Form = ImmutableMultiDict[str, str]


class SignedForms:
    """Reads the forms of one account."""

    def __init__(
        self,
        public_url: str,
        tokens: Sequence[str],
        *,
        shared_key: str = "",
        max_body: int = MAX_BODY,
        max_fields: int = MAX_FIELDS,
    ) -> None:
        """``tokens``: the account's, and during a change the other one too. ``shared_key`` signs with SHA-256."""
        self._public = public_url.rstrip("/")
        self._tokens = [RequestValidator(token) for token in tokens if token]
        self._shared = [RequestValidator(shared_key)] if shared_key else []
        self._max_body = max_body
        self._max_fields = max_fields

    async def read(self, request: Request) -> Form:
        """The form of a webhook, or ``Forbidden``."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body:
                raise TooLarge("body_too_large")
        signature = request.headers.get("x-twilio-signature", "")
        algorithm = get_signature_algorithm(request.headers.get("x-twilio-webhooks-signature-settings"))
        validators = self._tokens if algorithm.upper() == HMAC_SHA1 else self._shared
        if not signature.isascii() or not signature or not validators:
            raise Forbidden("bad_signature")
        try:
            fields: Form = ImmutableMultiDict(
                parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=self._max_fields)
            )
        except ValueError as error:
            raise Invalid("bad_form") from error
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._public}{request.url.path}{query}"
        if not any(validator.validate(url, fields, signature, algorithm) for validator in validators):
            raise Forbidden("bad_signature")
        return fields
