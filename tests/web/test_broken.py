"""What is written down when something of ours breaks: where, and nothing that opens anything."""

from __future__ import annotations

from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import structlog
from fastapi import APIRouter

from relevo.texts import Texts
from relevo.web.auth import same_origin
from relevo.web.server import create_app


async def test_a_link_that_breaks_is_not_in_the_log() -> None:
    routes = APIRouter()

    @routes.get("/f/{token}")
    async def broken(token: str) -> None:
        raise RuntimeError(len(token))

    @asynccontextmanager
    async def living() -> Any:
        yield

    app = create_app([routes], Texts("es"), lifespan=living)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with structlog.testing.capture_logs() as logs:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            assert (await http.get("/f/att_1.s3cret")).status_code == 500
    (said,) = logs
    assert said["route"] == "/f/{token}"
    assert "s3cret" not in repr({key: value for key, value in said.items() if key != "exc_info"})


def test_an_origin_that_is_none_is_not_ours() -> None:
    for origin in ("http://[bad", "null", "", "https://hotel.example@here"):
        asked: Any = SimpleNamespace(headers={"origin": origin, "host": "here"})
        assert not same_origin(asked, "https://hotel.example")
    ours: Any = SimpleNamespace(headers={"origin": "http://here", "host": "here"})
    assert same_origin(ours, "https://hotel.example")
