"""What the console is made of, as it is handed out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from relevo.web.auth import COOKIE
from relevo.web.console import links, serve_console

SCRIPT = "export const one = 1\n" * 50


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "a-1.js").write_text(SCRIPT)
    (tmp_path / "assets" / "a-1.js.br").write_bytes(b"squeezed well")
    (tmp_path / "assets" / "a-1.js.gz").write_bytes(b"squeezed")
    (tmp_path / "assets" / "plain-1.js").write_text(SCRIPT)
    app = FastAPI()
    serve_console(app, tmp_path)
    async with reaching(app) as client:
        yield client


@asynccontextmanager
async def reaching(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"squeezed well"),
        ("gzip;q=1.0, br;q=0", "gzip", b"squeezed"),
        ("identity", None, SCRIPT.encode()),
        ("br ; q=0.000", None, SCRIPT.encode()),
    ],
)
async def test_a_browser_gets_the_best_that_it_takes(
    http: httpx.AsyncClient, accepted: str, coding: str | None, body: bytes
) -> None:
    async with http.stream("GET", "/assets/a-1.js", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert (answer.headers.get("content-encoding"), raw) == (coding, body)
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_what_was_not_squeezed_comes_as_it_is(http: httpx.AsyncClient) -> None:
    answer = await http.get("/assets/plain-1.js", headers={"accept-encoding": "br"})
    assert (answer.text, "content-encoding" in answer.headers) == (SCRIPT, False)


async def test_every_other_path_is_the_page_and_asked_for_again(http: httpx.AsyncClient) -> None:
    answer = await http.get("/bandeja")
    assert (answer.text, answer.headers["cache-control"]) == ("<!doctype html>", "no-cache")
    assert (await http.get("/assets/gone-1.js")).status_code == 404
    assert (await http.get("/api/nothing")).status_code == 404


async def test_the_page_says_what_it_will_ask_for(http: httpx.AsyncClient, tmp_path: Path) -> None:
    wishes = {"entrar": ["/assets/in-1.js"], "desk": ["/assets/a-1.js", "/api/auth/me"], "data/bandeja": ["/api/inbox"]}
    assert links(wishes, "bandeja", signed_in=False) == "</assets/in-1.js>; rel=modulepreload"
    assert links(wishes, "entrar", signed_in=True) == "</assets/in-1.js>; rel=modulepreload"
    at_the_desk = links(wishes, "bandeja", signed_in=True)
    assert "</assets/a-1.js>; rel=modulepreload, </api/auth/me>; rel=preload; as=fetch; crossorigin" in at_the_desk
    assert "/api/inbox" in at_the_desk
    assert "/api/inbox" not in links(wishes, "panel", signed_in=True)
    assert "link" not in (await http.get("/bandeja")).headers, "a build without wishes has none"
    (tmp_path / "preload.json").write_text(json.dumps(wishes))
    app = FastAPI()
    serve_console(app, tmp_path)
    async with reaching(app) as client:
        answer = await client.get("/bandeja", headers={"cookie": f"{COOKIE}=x"})
    assert answer.headers["link"] == at_the_desk
