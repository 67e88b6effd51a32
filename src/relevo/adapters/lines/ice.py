"""STUN and TURN servers, for browsers and this machine where they do not see each other directly.

It reads what the owner filled in and makes credentials; it connects to nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError

from relevo.kit.errors import Misconfigured

CREDENTIAL_SECONDS = 12 * 3_600


class IceServer(BaseModel):
    """A STUN or TURN server, as browsers want it."""

    model_config = ConfigDict(extra="forbid")
    urls: list[str] | str
    username: str = ""
    credential: SecretStr = SecretStr("")

    def json_for_browser(self) -> dict[str, Any]:
        urls = [self.urls] if isinstance(self.urls, str) else self.urls
        secret = self.credential.get_secret_value()
        return {"urls": urls} | ({"username": self.username, "credential": secret} if self.username else {})


class Settings(BaseModel):
    """What the owner fills in where browsers and this machine do not see each other directly."""

    model_config = ConfigDict(extra="forbid")
    ice_servers: SecretStr = SecretStr("")
    """``RELEVO_ICE_SERVERS``: a JSON list of {urls, username, credential}, or ``stun:host:port`` and
    ``turn:name:password@host:port`` with commas between."""
    turn_secret: SecretStr = SecretStr("")
    """``RELEVO_TURN_SECRET``: the secret shared with a TURN server that takes credentials made from it (coturn's
    ``use-auth-secret``); browsers then get credentials that last for a working day."""

    def servers(self, name: str = "relevo", *, now: float | None = None) -> list[dict[str, Any]]:
        """For a browser's ``RTCConfiguration.iceServers``, made out to ``name``. Raises ``Misconfigured``."""
        found = [server.json_for_browser() for server in _ice_servers(self.ice_servers.get_secret_value())]
        secret = self.turn_secret.get_secret_value()
        if secret:
            expires = int((time.time() if now is None else now) + CREDENTIAL_SECONDS)
            username = f"{expires}:{name}"
            digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
            credential = base64.b64encode(digest).decode()
            for server in found:
                if any(url.startswith("turn") for url in server["urls"]):
                    server |= {"username": username, "credential": credential}
        return found


_SERVERS = TypeAdapter(list[IceServer])


def _ice_servers(text: str) -> list[IceServer]:
    text = text.strip()
    try:
        if text.startswith("["):
            return _SERVERS.validate_python(json.loads(text))
        return [_short(part.strip()) for part in text.split(",") if part.strip()]
    except (ValueError, ValidationError) as error:
        raise Misconfigured("bad_ice_servers") from error


def _short(text: str) -> IceServer:
    scheme, _, rest = text.partition(":")
    if scheme not in ("stun", "stuns", "turn", "turns") or not rest:
        raise ValueError("no such kind of server")
    named, _, where = rest.rpartition("@")
    username, _, credential = named.partition(":")
    return IceServer(urls=[f"{scheme}:{where}"], username=username, credential=SecretStr(credential))
