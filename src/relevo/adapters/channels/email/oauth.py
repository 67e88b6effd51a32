"""Access tokens for mailboxes that take no passwords (Gmail, Microsoft 365): made from a refresh token, kept until
shortly before they end. Blocking: whoever asks is in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr

from relevo.kit.errors import BadCredentials, NotReady

EARLY = 120
"""Seconds before its end at which a token is not used any more."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class Tokens:
    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._http = httpx.Client(timeout=20, transport=transport)
        # Two who refresh at once invalidate each other's at some providers.
        self._one = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def get(self) -> str:
        """A good access token. Raises ``BadCredentials`` where the refresh token is not taken, ``NotReady``."""
        with self._one:
            if self._token and self._clock() < self._ends - EARLY:
                return self._token
            given = self._settings
            form = {
                "grant_type": "refresh_token",
                "client_id": given.client_id,
                "client_secret": given.client_secret.get_secret_value(),
                "refresh_token": given.refresh_token.get_secret_value(),
            }
            try:
                answer = self._http.post(given.token_url, data=form)
                said = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                raise NotReady("mail_unavailable") from error
            if answer.status_code in (400, 401, 403):
                raise BadCredentials("mail_credentials")
            token = said.get("access_token") if isinstance(said, dict) else None
            if answer.status_code != 200 or not isinstance(token, str):
                raise NotReady("mail_unavailable")
            self._token, self._ends = token, self._clock() + float(said.get("expires_in") or 3600)
            return token

    def forget(self) -> None:
        """It was refused: the next one is a new one."""
        with self._one:
            self._token = ""

    def close(self) -> None:
        self._http.close()
