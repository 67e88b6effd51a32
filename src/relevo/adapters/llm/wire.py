"""What the wire formats of language models have in common: patience, and what an HTTP status means.

A model that thinks is silent, so a client's read timeout says nothing; here the wait for the first word, the gaps
between words and the whole answer each have their own limit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from relevo.bot.ports import Purpose
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


def usage(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
