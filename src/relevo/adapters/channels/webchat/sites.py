"""Which sites may show the chat: a public key and the exact origins of their pages.

The secret with which a site signs who its visitor is comes from ours and the key, so none is stored. An origin is taken
as a browser writes it; patterns, paths and plain http outside this machine are refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from relevo.adapters.channels.webchat import store
from relevo.adapters.channels.webchat.store import Site
from relevo.conversations.rules import iso
from relevo.kit import audit
from relevo.kit.clock import Clock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden, Invalid, NotFound
from relevo.kit.ids import Ids

DEFAULT = "default"
REVEALED = "site_secret_shown"
MOST_ORIGINS = 20
MAX_NAME = 80
EMBED_SECONDS = 86_400
"""A page may stand open for long before anybody opens its chat."""
_PORTS = {"https": 443, "http": 80}
_HERE = {"localhost", "127.0.0.1", "[::1]"}


def origin_of(given: str) -> str:
    """``https://host[:port]`` as a browser writes it. Raises ``Invalid("bad_origin")``."""
    try:
        parts = urlsplit(given.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except (ValueError, UnicodeError):
        raise Invalid("bad_origin", origin=given[:100]) from None
    host = f"[{host}]" if host and ":" in host else host
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
    if not (plain and safe and host) or any(char not in "abcdefghijklmnopqrstuvwxyz0123456789.-[]:" for char in host):
        raise Invalid("bad_origin", origin=given[:100])
    return f"{parts.scheme}://{host}" if port in (None, _PORTS[parts.scheme]) else f"{parts.scheme}://{host}:{port}"


def own_origin(connection: HTTPConnection, public_url: str) -> str:
    """Where the visitor's browser sees us: the very host that was asked, or the public address."""
    host = connection.headers.get("host", "")
    scheme = "https" if connection.url.scheme in ("https", "wss") else "http"
    public = urlsplit(public_url)
    if not host or host == public.netloc:
        return f"{public.scheme}://{public.netloc}"
    return f"{scheme}://{host}"


def is_own(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a browser's ``Origin`` is our own page's. Programs send none, and have to know the token."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    asked = connection.headers.get("host", "")
    return origin == public_url or (bool(asked) and origin.partition("://")[2] == asked)


@dataclass(frozen=True, slots=True)
class House:
    """What the sites have in common."""

    name: str
    public_url: str
    origins: tuple[str, ...]
    """Of the site that the settings make."""


class Sites:
    def __init__(self, db: Database, clock: Clock, ids: Ids, secret: str, house: House) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._secret = secret
        self._embeds = LinkSigner(secret, salt="webchat-embed", seconds=EMBED_SECONDS)
        self.house = house

    async def get(self, key: str) -> Site | None:
        if key == DEFAULT:
            return Site(DEFAULT, self.house.name, self.house.origins)
        async with self._db.read() as session:
            return await store.site(session, key)

    async def listing(self) -> list[dict[str, Any]]:
        async with self._db.read() as session:
            stored = await store.sites(session)
        default = await self.get(DEFAULT)
        return [self.json(each) for each in ([default] if default else []) + stored]

    async def show_secret(self, key: str, *, by: str) -> str:
        """Noted, whoever asks. Raises ``NotFound("no_site")``."""
        if await self.get(key) is None:
            raise NotFound("no_site")
        async with self._db.write() as tx:
            await audit.noted(tx, REVEALED, key, by=by, at=self._clock.now())
        return self.secret(key)

    async def add(self, name: str, origins: Iterable[str]) -> Site:
        exact = tuple(dict.fromkeys(origin_of(each) for each in origins))
        called = " ".join(name.split())[:MAX_NAME] or self.house.name
        if not exact or len(exact) > MOST_ORIGINS:
            raise Invalid("no_origins", maximum=MOST_ORIGINS)
        made = Site(self._ids.new("pk"), called, exact, self._clock.now())
        async with self._db.write() as tx:
            await store.add(tx.session, made, self._clock.now())
        return made

    async def remove(self, key: str) -> None:
        async with self._db.write() as tx:
            if not await store.remove(tx.session, key):
                raise NotFound("no_site")

    def json(self, site: Site) -> dict[str, Any]:
        """With what its owner puts on their pages."""
        src = f"{self.house.public_url}/widget.js"
        return {
            "key": site.key,
            "name": site.name,
            "origins": list(site.origins),
            "snippet": f'<script async src="{src}" data-key="{site.key}"></script>',
            "page": f"{self.house.public_url}/chat/{site.key}",
            "default": site.created_at is None,
            "created_at": iso(site.created_at),
        }

    def secret(self, key: str) -> str:
        """With which the site signs who is signed in there."""
        return hmac.new(self._secret.encode(), f"webchat-identity:{key}".encode(), hashlib.sha256).hexdigest()

    def embed(self, site: Site, origin: str) -> str:
        """What the page in the frame shows when it opens a session: we made it for this origin."""
        return self._embeds.sign(f"{site.key} {origin}")

    async def admitted(self, key: str, embed: str | None, own: str) -> tuple[Site, str]:
        """The site, and the origin of the page that shows the chat. Raises ``Forbidden``."""
        site = await self.get(key)
        signed_key, _, origin = ((self._embeds.check(embed) if embed else None) or "").partition(" ")
        if site is None or signed_key != key or not self.may_show(site, origin, own):
            raise Forbidden("not_on_this_page")
        return site, origin

    def may_show(self, site: Site, origin: str, own: str) -> bool:
        return origin in site.origins or origin == own
