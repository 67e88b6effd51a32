"""Ollama's own API: models on this machine, kept loaded, switched live.

The native API and not the one that imitates OpenAI's: only here can the length of the context be set, and a prompt
longer than the server's default loses its beginning, the instructions, in silence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.llm import wire
from relevo.bot.ports import Completion, Purpose, Said
from relevo.kit.errors import NotReady, ProviderError

URL = "http://127.0.0.1:11434"


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str = Field(URL, pattern=r"^https?://[^/@\s]+[^@\s]*$")
    model: str = Field("llama3", min_length=1, max_length=120)
    context: int = Field(8_192, ge=1_024)
    """Tokens; one value per model, since another one loads it again."""
    keep_alive: str = "30m"


class Ollama:
    def __init__(self, settings: Settings) -> None:
        self.name = f"ollama:{settings.model}"
        self._settings = settings
        self._http = wire.client(settings.url)

    def __repr__(self) -> str:
        return f"Ollama({self._settings.model})"

    async def close(self) -> None:
        await self._http.aclose()

    async def complete(
        self,
        messages: Sequence[Said],
        *,
        purpose: Purpose,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 400,
    ) -> Completion:
        return await wire.completion(self.name, self._pieces(messages, purpose, schema, max_tokens))

    async def stream(self, messages: Sequence[Said], *, purpose: Purpose, max_tokens: int = 400) -> AsyncIterator[str]:
        async for piece in self._pieces(messages, purpose, None, max_tokens):
            if piece.text:
                yield piece.text

    async def models(self) -> tuple[str, ...]:
        """Those that are installed."""
        try:
            response = await self._http.get("api/tags", timeout=wire.CONNECT_SECONDS)
        except httpx.HTTPError:
            raise NotReady("llm_unreachable") from None
        wire.check(response.status_code)
        try:
            return tuple(f"ollama:{each['name'].removesuffix(':latest')}" for each in response.json()["models"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ProviderError("llm_bad_answer") from None

    async def _pieces(
        self, messages: Sequence[Said], purpose: Purpose, schema: Mapping[str, Any] | None, max_tokens: int
    ) -> AsyncIterator[wire.Piece]:
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": wire.written(messages),
            "stream": True,
            "keep_alive": self._settings.keep_alive,
            "options": {
                "num_ctx": self._settings.context,
                "num_predict": max_tokens,
                "temperature": 0 if schema else 0.3,
            },
        }
        if schema:
            body["format"] = dict(schema)
        length = 0
        async for line in wire.lines(self._http, "api/chat", body, wire.PATIENCE[purpose]):
            if not line.strip():
                continue
            chunk = wire.chunk(line)
            piece = str((chunk.get("message") or {}).get("content") or "")
            length += len(piece)
            if length > wire.MOST_CHARACTERS:
                raise ProviderError("llm_bad_answer")
            yield wire.Piece(piece, wire.usage(chunk.get("prompt_eval_count")), wire.usage(chunk.get("eval_count")))
            if chunk.get("done"):
                return
        raise NotReady("llm_broken_off")
