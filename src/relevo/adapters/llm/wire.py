"""What the wire formats of language models have in common: patience, what an HTTP status means, and how the pieces of
an answer become one. Where in a format the words stand is for each engine to know.

A model that thinks is silent, so a client's read timeout says nothing; here the wait for the first word, the gaps
between words and the whole answer each have their own limit.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from relevo.bot.ports import Completion, Purpose, Said
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady, ProviderError

CONNECT_SECONDS = 3.0
MOST_CHARACTERS = 20_000
"""An answer longer than this is no answer; a model that never stops is stopped."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until the first word, between words, and in all."""

    first: float
    idle: float
    total: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of an answer; the last one says what the whole cost, where the server tells."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


PATIENCE: Mapping[Purpose, Patience] = {
    Purpose.UNDERSTAND: Patience(2.5, 2.0, 4.0),
    Purpose.REPLY: Patience(4.0, 3.0, 8.0),
    Purpose.COPILOT: Patience(8.0, 10.0, 45.0),
    Purpose.SUMMARY: Patience(20.0, 10.0, 60.0),
}


def client(url: str, headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url.rstrip("/") + "/",
        headers=dict(headers or {}),
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=16, max_keepalive_connections=4),
        follow_redirects=False,
    )


def check(status: int) -> None:
    """Raises for what is not a yes. 402, 408, 429 and 5xx pass; the others are the owner's to mend."""
    if status < 300:
        return
    if status in (401, 403):
        raise BadCredentials("llm_key")
    if status == 404:
        raise Misconfigured("llm_model")
    if status in (402, 408, 429) or status >= 500:
        raise NotReady("llm_busy")
    raise ProviderError("llm_refused")


async def lines(http: httpx.AsyncClient, path: str, body: Mapping[str, Any], patience: Patience) -> AsyncIterator[str]:
    """The lines of a streamed answer, none of them waited for longer than ``patience`` allows. What the reader does
    between them counts only against the whole."""
    end = time.monotonic() + patience.total
    try:
        async with AsyncExitStack() as open_:
            asked = open_.enter_async_context(http.stream("POST", path, json=body))
            response = await asyncio.wait_for(asked, patience.first)
            check(response.status_code)
            arriving, patient = response.aiter_lines(), patience.first
            while (left := min(patient, end - time.monotonic())) > 0:
                try:
                    line = await asyncio.wait_for(anext(arriving), left)
                except StopAsyncIteration:
                    return
                patient = patience.idle
                yield line
            raise NotReady("llm_slow")
    except TimeoutError:
        raise NotReady("llm_slow") from None
    except httpx.ConnectError:
        raise NotReady("llm_unreachable") from None
    except httpx.HTTPError:
        raise NotReady("llm_broken_off") from None


def written(messages: Sequence[Said]) -> list[dict[str, str]]:
    return [{"role": each.role, "content": each.text} for each in messages]


def chunk(line: str) -> dict[str, Any]:
    """One object of a stream. An error may come inside one that began with 200."""
    try:
        read = json.loads(line)
    except ValueError:
        raise ProviderError("llm_bad_answer") from None
    if not isinstance(read, dict):
        raise ProviderError("llm_bad_answer")
    if read.get("error"):
        raise NotReady("llm_broken_off")
    return read


async def completion(model: str, pieces: AsyncIterator[Piece]) -> Completion:
    """The whole answer, once it has ended."""
    began, first, text = time.perf_counter(), 0.0, ""
    tokens_in = tokens_out = None
    async for piece in pieces:
        first = first or time.perf_counter()
        text += piece.text
        tokens_in = tokens_in if piece.tokens_in is None else piece.tokens_in
        tokens_out = tokens_out if piece.tokens_out is None else piece.tokens_out
    now = time.perf_counter()
    return Completion(text, model, ((first or now) - began) * 1000, (now - began) * 1000, tokens_in, tokens_out)


def usage(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
