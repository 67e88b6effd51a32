"""Requests to addresses that somebody else chose: only over https and only to public machines.

A name is looked up once and the connection goes to the address that was judged, so that a name that answers otherwise
a moment later reaches nothing of ours. No redirect is followed, no proxy asked, no connection used twice, and of an
answer only so much is read. Who runs the house may allow single origins that would be refused.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import httpx

from relevo.kit.errors import Invalid, NotReady

LONGEST = 2_000
"""Characters of an address."""
MOST_READ = 4_096
SECONDS = 10
_PORT = {"https": 443, "http": 80}
# Addresses that carry another one inside, which may be one of ours.
_WRAPPED = tuple(ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host and port."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    """What was read of it."""


def is_public(address: str) -> bool:
    """Whether a machine out there is meant, and nothing of ours."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in each for each in _WRAPPED):
            return False
    return found.is_global and not found.is_multicast


def origin(parts: SplitResult) -> str:
    port = parts.port
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORT.get(parts.scheme) else "")


def checked(url: str, allowed: Collection[str] = ()) -> SplitResult:
    """Its parts, as far as they can be judged without asking anybody. Raises ``Invalid("address_refused")``."""
    try:
        parts = urlsplit(url)
        port, ours = parts.port, origin(parts) in allowed
    except ValueError:
        raise Invalid("address_refused") from None
    host = parts.hostname or ""
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not plain or len(url) > LONGEST or not host or "@" in parts.netloc or parts.fragment:
        raise Invalid("address_refused")
    if ours:
        return parts
    if parts.scheme != "https" or port not in (None, 443):
        raise Invalid("address_refused")
    if ":" in host or host.replace(".", "").isdigit():
        if not is_public(host):
            raise Invalid("address_refused")
    elif "." not in host or host.endswith((".localhost", ".local", ".internal", ".")):
        raise Invalid("address_refused")
    return parts


async def _resolve(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Egress:
    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        resolve: Resolve = _resolve,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """``allowed``: origins (``http://127.0.0.1:9000``) that are asked whatever they are. ``trusted``: who vouches
        for names, if not those whom everybody trusts."""
        self.allowed = frozenset(each.rstrip("/") for each in allowed)
        self._resolve = resolve
        self._trusted = trusted

    async def post(self, url: str, *, headers: Mapping[str, str], content: bytes) -> Answer:
        """Raises ``Invalid("address_refused")`` where it may not be asked, ``NotReady`` where nobody answered."""
        parts = checked(url, self.allowed)
        host, port = parts.hostname or "", parts.port or _PORT[parts.scheme]
        try:
            async with asyncio.timeout(SECONDS):
                there = await self._where(host, port, known=origin(parts) in self.allowed)
                return await self._send(parts, host, port, there, headers, content)
        except (TimeoutError, OSError, httpx.HTTPError):
            raise NotReady("address_silent") from None

    async def _where(self, host: str, port: int, *, known: bool) -> str:
        found = await self._resolve(host, port)
        if not found:
            raise NotReady("address_silent")
        if not known and not all(is_public(each) for each in found):
            raise Invalid("address_refused")
        return found[0]

    async def _send(
        self, parts: SplitResult, host: str, port: int, there: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        target = httpx.URL(parts.geturl()).copy_with(host=there, port=port)
        given = {**headers, "host": origin(parts).partition("://")[2]}
        transport = httpx.AsyncHTTPTransport(
            verify=self._trusted or True, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        async with (
            httpx.AsyncClient(transport=transport, trust_env=False, timeout=SECONDS) as http,
            # The certificate has to be that of the name that was meant.
            http.stream(
                "POST", target, headers=given, content=content, extensions={"sni_hostname": host}
            ) as response,
        ):  # fmt: skip
            read = b""
            async for part in response.aiter_raw():
                read += part
                if len(read) >= MOST_READ:
                    break
            return Answer(response.status_code, dict(response.headers), read[:MOST_READ].decode(errors="replace"))
