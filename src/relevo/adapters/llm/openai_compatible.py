"""Any server that speaks OpenAI's chat completions: OpenRouter, vLLM, llama.cpp, LM Studio.

The stream is read always, so that silence is told from thought. An error may come inside a stream that began with 200,
and a stream that ends without saying that it is done was cut: both are failures (openrouter.ai/docs, streaming).
"""

from __future__ import annotations

import json
import time
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
        began, first, text = time.perf_counter(), 0.0, ""
        spent: Mapping[str, Any] = {}
        async for piece, used in self._pieces(messages, purpose, schema, max_tokens):
            first = first or time.perf_counter()
            text += piece
            spent = used or spent
        now = time.perf_counter()
        return Completion(
            text, self.name, ((first or now) - began) * 1000, (now - began) * 1000,
            wire.usage(spent.get("prompt_tokens")), wire.usage(spent.get("completion_tokens")),
        )  # fmt: skip

    async def stream(self, messages: Sequence[Said], *, purpose: Purpose, max_tokens: int = 400) -> AsyncIterator[str]:
        async for piece, _ in self._pieces(messages, purpose, None, max_tokens):
            if piece:
                yield piece

    async def models(self) -> tuple[str, ...]:
        return (self.name,)

    async def _pieces(
        self, messages: Sequence[Said], purpose: Purpose, schema: Mapping[str, Any] | None, max_tokens: int
    ) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": each.role, "content": each.text} for each in messages],
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
            chunk = _object(data)
            if chunk.get("error"):
                raise NotReady("llm_broken_off")
            choice: dict[str, Any] = next(iter(chunk.get("choices") or ()), {})
            piece = (choice.get("delta") or {}).get("content") or ""
            done = done or choice.get("finish_reason") in ("stop", "length")
            length += len(piece)
            if length > wire.MOST_CHARACTERS:
                raise ProviderError("llm_bad_answer")
            yield piece, chunk.get("usage") or {}
        if not done:
            raise NotReady("llm_broken_off")


def _object(data: str) -> dict[str, Any]:
    try:
        read = json.loads(data)
    except ValueError:
        raise ProviderError("llm_bad_answer") from None
    if not isinstance(read, dict):
        raise ProviderError("llm_bad_answer")
    return read
