"""Twilio's REST over the shared HTTP client, its failures turned into ours: wait, ask the owner, or stop.

One account, three addresses: calls and messages, contents (buttons, lists, templates), and messaging's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from relevo.kit.errors import BadCredentials, Misconfigured, NotFound, NotReady, ProviderError

TIMEOUT = 10.0
GONE = 20_404
BUSY = frozenset({20_429, 14_107, 30_001, 63_018, 63_038})
"""Limits that pass: of requests, of the queue, of the day."""
ACCOUNT = frozenset({20_003, 20_005, 20_006, 20_008, 70_051})
API = "https://api.twilio.com"


class Unanswered(NotReady):
    """The carrier did not answer, and may yet have done what it was asked."""


class Refused(ProviderError):
    """The carrier said no, and says no again. ``carrier_code`` is its own number for why."""

    def __init__(self, code: str, *, carrier_code: int | None) -> None:
        super().__init__(code, carrier_code=carrier_code)
        self.carrier_code = carrier_code


class Rest:
    """``missing`` is the code of what is not there."""

    def __init__(
        self, client: httpx.AsyncClient, *, sid: str, token: str, base: str = API, missing: str = "no_call"
    ) -> None:
        self.client = client
        self.sid = sid
        self.token = token
        self.base = base.rstrip("/")
        self._missing = missing

    @property
    def account(self) -> str:
        return f"{self.base}/2010-04-01/Accounts/{self.sid}"

    def beside(self, name: str) -> str:
        """The address of another product: a loopback has them all under one."""
        url = urlsplit(self.base)
        host = url.hostname or ""
        return f"{url.scheme}://{name}.{host.removeprefix('api.')}" if host.startswith("api.") else self.base

    async def post(self, path: str, form: Mapping[str, Any]) -> dict[str, Any]:
        """To an address of the account, as a form."""
        return await self.ask("POST", f"{self.account}/{path}", data=dict(form))

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self.ask("GET", f"{self.account}/{path}", params=dict(params or {}))

    async def ask(self, method: str, url: str, **what: Any) -> dict[str, Any]:
        """Anything of Twilio's that answers JSON. Raises ``ProviderError`` and ``NotFound``."""
        response = await self.send(method, url, **what)
        if response.status_code == 204:
            return {}
        try:
            answer = response.json()
        except ValueError as error:
            raise NotReady("carrier_unavailable") from error
        code = answer.get("code") if isinstance(answer, dict) else None
        if response.status_code == 404 or code == GONE:
            raise NotFound(self._missing)
        if response.is_error:
            if code in BUSY:
                raise NotReady("carrier_unavailable", carrier_code=code)
            if code in ACCOUNT:
                raise BadCredentials("twilio_credentials")
            raise Refused("carrier_refused", carrier_code=code if isinstance(code, int) else None)
        return dict(answer)

    async def send(self, method: str, url: str, **what: Any) -> httpx.Response:
        """With our name on it; to nobody but Twilio (or the loopback in its place)."""
        if not self.sid or not self.token:
            raise Misconfigured("twilio_off")
        if not self.is_ours(url):
            raise ProviderError("carrier_refused", carrier_code=None)
        try:
            response = await self.client.request(
                method, url, auth=(self.sid, self.token), timeout=TIMEOUT, follow_redirects=False, **what
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotReady("carrier_unavailable") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unanswered("carrier_unavailable") from error
        if response.status_code in (401, 403):
            raise BadCredentials("twilio_credentials")
        if response.status_code == 429 or response.status_code >= 500:
            raise busy(response)
        return response

    def is_ours(self, url: str) -> bool:
        """Whether the account's password may be sent there."""
        try:
            given, own = urlsplit(url), urlsplit(self.base)
            port = given.port
        except ValueError:
            return False
        if (given.scheme, given.netloc) == (own.scheme, own.netloc):
            return True
        hosts = (given.hostname or "", own.hostname or "")
        plain = given.scheme == "https" and port in (None, 443) and given.username is None
        return plain and all(host.endswith(".twilio.com") for host in hosts)


def busy(response: httpx.Response) -> NotReady:
    """Later: at the time that it names, if it names one."""
    named = response.headers.get("retry-after", "")
    after = timedelta(seconds=min(int(named), 3_600)) if named.isdigit() else None
    return NotReady("carrier_unavailable", retry_after=after)
