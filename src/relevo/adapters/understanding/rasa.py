"""Rasa 3 over HTTP (``POST /model/parse``), for a business that has trained one. It stores nothing there and lets it
act on nothing: no conversation, no webhook. The customer's text never begins with ``/``, which Rasa would take for an
intent that is said outright.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from relevo.adapters.understanding.second_opinion import Ranked
from relevo.bot.ports import ReadingContext
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady, ProviderError

PARSE_SECONDS = 1.5
CONNECT_SECONDS = 1.0
LOOK_SECONDS = 5.0
MOST_BYTES = 256 * 1024
"""A longer answer is none."""
MARGIN = 0.10
"""Two intents closer than this are both offered."""
OFFERED = 0.39
"""Just too little to be acted upon without asking."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str = Field(pattern=r"^https?://[^/@?#\s]+[^@?#\s]*$")
    token: SecretStr = SecretStr("")
    """A JWT goes into the header, anything else into the query, as Rasa wants it."""
    threshold: float = Field(0.70, ge=0, le=1)
    intents: Mapping[str, str] = {}
    """Their names to ours, where they differ."""


class _Intent(BaseModel):
    name: str | None = None
    confidence: float = Field(0.0, ge=0, le=1)


class _Parsed(BaseModel):
    intent: _Intent
    intent_ranking: list[_Intent] = []


class Rasa:
    name = "rasa"
    patience = PARSE_SECONDS
    must_agree: frozenset[str] = frozenset()

    def __init__(self, settings: Settings, ours: Sequence[str]) -> None:
        """Raises ``Misconfigured`` if a name is mapped to an intent that is not one of ``ours``."""
        if unknown := set(settings.intents.values()) - set(ours):
            raise Misconfigured("rasa_intents", names=", ".join(sorted(unknown)))
        self._names = {**{name: name for name in ours}, **settings.intents}
        self._threshold = settings.threshold
        token = settings.token.get_secret_value()
        signed = token.count(".") == 2 and token.startswith("ey")
        self._http = httpx.AsyncClient(
            base_url=settings.url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}"} if signed else None,
            params={"token": token} if token and not signed else None,
            timeout=httpx.Timeout(PARSE_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        return f"Rasa({self._http.base_url.host})"

    async def close(self) -> None:
        await self._http.aclose()

    async def look(self) -> None:
        await self._ask("GET", "status", seconds=LOOK_SECONDS)

    async def opinion(self, text: str, context: ReadingContext) -> Ranked | None:  # noqa: ARG002
        said = harmless(text)
        if not said:
            return None
        try:
            parsed = _Parsed.model_validate_json(await self._ask("POST", "model/parse", {"text": said}))
        except ValidationError:
            raise ProviderError("rasa_bad_answer") from None
        first, chance = self._ours(parsed.intent), parsed.intent.confidence
        if first is None or chance < self._threshold:
            return None
        rest: dict[str, float] = {}
        for each in parsed.intent_ranking:
            name = self._ours(each)
            if name is not None and name != first:
                rest[name] = max(each.confidence, rest.get(name, 0.0))
        others = sorted(rest.items(), key=lambda each: -each[1])
        if others and chance - others[0][1] < MARGIN:
            return [(first, OFFERED), *((name, min(other, OFFERED)) for name, other in others)]
        return [(first, chance), *others]

    def _ours(self, intent: _Intent) -> str | None:
        return self._names.get(intent.name or "")

    async def _ask(self, method: str, path: str, body: object = None, *, seconds: float | None = None) -> bytes:
        timeout = httpx.Timeout(seconds or PARSE_SECONDS, connect=CONNECT_SECONDS)
        read = b""
        try:
            async with self._http.stream(method, path, json=body, timeout=timeout) as response:
                _check(response.status_code)
                async for piece in response.aiter_bytes():
                    read += piece
                    if len(read) > MOST_BYTES:
                        raise ProviderError("rasa_bad_answer")
        except httpx.TimeoutException:
            raise NotReady("rasa_slow") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise NotReady("rasa_unreachable") from None
        return read


def harmless(text: str) -> str:
    """``text`` without what stands before its first letter or sign that is no slash."""
    start = next((i for i, sign in enumerate(text) if sign != "/" and sign.isprintable() and not sign.isspace()), None)
    return text[start:].strip() if start is not None else ""


def named(mapping: str) -> dict[str, str]:
    """``suyo=nuestro, otro=nuestro`` read. Raises ``Misconfigured``."""
    pairs = [pair.partition("=") for pair in mapping.split(",") if pair.strip()]
    if not all(theirs.strip() and ours.strip() for theirs, _, ours in pairs):
        raise Misconfigured("rasa_intents", names=mapping)
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def _check(status: int) -> None:
    if status < 300:
        return
    if status in (401, 403):
        raise BadCredentials("rasa_key")
    if status == 404:
        raise Misconfigured("rasa_api")
    if status == 409:
        raise NotReady("rasa_no_model")
    if status in (408, 429) or status >= 500:
        raise NotReady("rasa_unreachable")
    raise ProviderError("rasa_bad_answer")
