"""Which of two addresses of the same service is asked: the first one, or its backup while the first is down.

The change to the backup is quick and the way back slow, like everything about health. A request that may have reached
a server is never sent to another one by itself: only one for which no connection could be made. The backup must lead
to the same data; two systems with a life of their own are not a fail-over but a split.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx

from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.health import OK, Policy, fresh, observe

_log = log.get("failover")

BROKEN = (502, 503, 504)
"""Answers of a gateway whose server is gone."""
PROBE_SECONDS = 5
POLICY = Policy(failures=2)


@dataclass(frozen=True, slots=True)
class Switched:
    """Another address is asked from now on."""

    service: str
    url: str
    to_backup: bool


class Failover:
    """The rule with its memory: asks for the primary unless it is down and there is a backup."""

    def __init__(
        self,
        service: str,
        primary: str,
        backup: str,
        clock: Clock,
        *,
        policy: Policy = POLICY,
        told: Callable[[Switched], None] | None = None,
    ) -> None:
        """``backup`` may be empty: there is nothing to switch to then. ``told`` hears of every change."""
        self.service = service
        self._urls = (primary.rstrip("/"), backup.rstrip("/"))
        self._clock = clock
        self._policy = policy
        self._primary = fresh("primary", clock.now())
        self.told = told

    @property
    def url(self) -> str:
        return self._urls[1] if self.on_backup else self._urls[0]

    @property
    def primary(self) -> str:
        return self._urls[0]

    @property
    def on_backup(self) -> bool:
        return bool(self._urls[1]) and self._primary.is_down

    def seen(self, reading: str) -> None:
        """How the primary did: ``ok`` or what was wrong."""
        before = self.on_backup
        self._primary = observe(self._primary, reading, self._clock.now(), self._policy)
        if self.on_backup is before:
            return
        _log.warning("another address is asked from now on", service=self.service, backup=self.on_backup)
        if self.told is not None:
            self.told(Switched(self.service, self.url, self.on_backup))


class FailoverTransport(httpx.AsyncBaseTransport):
    """For any HTTP adapter: ``httpx.AsyncClient(base_url=primary, transport=FailoverTransport(failover))``."""

    def __init__(self, failover: Failover, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self.failover = failover
        self._inner = inner or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = self.failover.url
        try:
            return await self._send(request, asked)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            # Nothing was sent, so nothing can happen twice.
            if self.failover.url == asked:
                raise
            return await self._send(request, self.failover.url)

    async def look(self) -> None:
        """Ask the primary how it is while the backup is in use: what brings us back to it."""
        if not self.failover.on_backup:
            return
        request = httpx.Request("GET", self.failover.primary, extensions={"timeout": _TIMEOUT.as_dict()})
        # What it answers is noted where it is sent.
        with suppress(httpx.TransportError):
            response = await self._send(request, self.failover.primary)
            await response.aclose()

    async def _send(self, request: httpx.Request, base: str) -> httpx.Response:
        is_primary = base == self.failover.primary
        try:
            response = await self._inner.handle_async_request(_moved(request, self.failover.primary, base))
        except httpx.TransportError as error:
            if is_primary:
                self.failover.seen(type(error).__name__)
            raise
        if is_primary:
            self.failover.seen(f"http_{response.status_code}" if response.status_code in BROKEN else OK)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


_TIMEOUT = httpx.Timeout(PROBE_SECONDS)


def _moved(request: httpx.Request, primary: str, base: str) -> httpx.Request:
    """The same request below another base address."""
    old, new = httpx.URL(primary), httpx.URL(base)
    path = request.url.raw_path.removeprefix(old.raw_path.rstrip(b"/"))
    request.url = request.url.copy_with(
        scheme=new.scheme, host=new.host, port=new.port, raw_path=new.raw_path.rstrip(b"/") + path
    )
    request.headers["host"] = new.netloc.decode()
    return request
