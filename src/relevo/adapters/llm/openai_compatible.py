"""Any server that speaks OpenAI's chat completions: OpenRouter, vLLM, llama.cpp, LM Studio.

The stream is read always, so that silence is told from thought. An error may come inside a stream that began with 200,
and a stream that ends without saying that it is done was cut: both are failures (openrouter.ai/docs, streaming).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from relevo.adapters.llm import wire
from relevo.bot.ports import Completion, Purpose, Said
from relevo.kit.errors import NotReady, ProviderError

OPENROUTER = "https://openrouter.ai/api/v1"


class Settings(BaseModel):
    """Where it is and which model answers."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(OPENROUTER, pattern=r"^https?://[^/@\s]+[^@\s]*$")
    key: SecretStr = SecretStr("")
    model: str = Field(min_length=1, max_length=120)
    name: str = "openai"


class OpenAiCompatible:
    def __init__(self, settings: Settings) -> None:
        self.name = f"{settings.name}:{settings.model}"
        self._model = settings.model
        self._routed = settings.url.startswith(OPENROUTER)
        key = settings.key.get_secret_value()
        self._http = wire.client(settings.url, {"Authorization": f"Bearer {key}"} if key else None)

    def __repr__(self) -> str:
        return f"OpenAiCompatible({self.name})"

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
        return (self.name,)

    async def _pieces(
        self, messages: Sequence[Said], purpose: Purpose, schema: Mapping[str, Any] | None, max_tokens: int
    ) -> AsyncIterator[wire.Piece]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": wire.written(messages),
            "max_tokens": max_tokens,
            "temperature": 0 if schema else 0.3,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if schema:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
            }
        if self._routed:
            # Without it a provider that knows no schema ignores it in silence, and customers' words may be kept.
            body["provider"] = {"require_parameters": bool(schema), "data_collection": "deny"}
        done, length = False, 0
        async for line in wire.lines(self._http, "chat/completions", body, wire.PATIENCE[purpose]):
            if not line.startswith("data:"):
                continue
            data = line[5:].strip()
            if data == "[DONE]":
                done = True
                break
            chunk = wire.chunk(data)
            choice: dict[str, Any] = next(iter(chunk.get("choices") or ()), {})
            piece = (choice.get("delta") or {}).get("content") or ""
            done = done or choice.get("finish_reason") in ("stop", "length")
            length += len(piece)
            if length > wire.MOST_CHARACTERS:
                raise ProviderError("llm_bad_answer")
            used = chunk.get("usage") or {}
            yield wire.Piece(piece, wire.usage(used.get("prompt_tokens")), wire.usage(used.get("completion_tokens")))
        if not done:
            raise NotReady("llm_broken_off")
