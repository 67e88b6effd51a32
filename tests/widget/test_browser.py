"""The chat in a real Chromium on a page of another site whose own policy lets nothing in that it need not."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role
from relevo.settings import Settings
from relevo.web.console import CONSOLE
from tests.ready import migrate
from tests.web.conftest import PASSWORD, running

CONSOLE_SOURCES = Path(__file__).parents[2] / "console"
DRIVER = CONSOLE_SOURCES / "tests" / "browser" / "widget.mjs"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MOST_IN_ALL, MOST_OF_LOADER = 60_000, 5_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(app, port=port, lifespan="off", log_config=None, ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn says so by a flag only
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


@pytest.fixture
def built() -> None:
    assert CHROMIUM is not None, "no Chromium on the PATH: tests/system.sh installs it"
    for needed in (CONSOLE / "widget.js", CONSOLE_SOURCES / "node_modules" / "playwright-core"):
        assert needed.exists(), "run make console first"


def hotel(relevo: str) -> Starlette:
    """Somebody's site, as strict as docs/widget.md says that it may be."""

    async def page(_request: Request) -> HTMLResponse:
        policy = f"default-src 'none'; script-src {relevo}; frame-src {relevo}; base-uri 'none'"
        html = f"""<!doctype html><html lang="es-AR"><head><title>Hotel</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"></head>
            <body><main><h1>Hotel</h1><p><a href="#rooms">Habitaciones</a></p></main>
            <script async src="{relevo}/widget.js" data-key="default"></script></body></html>"""
        return HTMLResponse(html, headers={"content-security-policy": policy})

    return Starlette(routes=[Route("/", page), Route("/favicon.ico", lambda _: Response(status_code=204))])


@pytest.mark.usefixtures("built")
async def test_the_chat_on_a_page_of_another_site(tmp_path: Path, clock: FixedClock, engine: Embedded) -> None:
    port, hotel_port, evil_port = free_port(), free_port(), free_port()
    relevo = f"http://localhost:{port}"
    # Another host, and so another site: the frame's storage is partitioned, as on anybody's page.
    settings = Settings(
        data_dir=tmp_path / "var", PORT=port, speech="off", webchat_origins=f"http://127.0.0.1:{hotel_port}"
    )
    await migrate(settings)
    product = build(settings, clock=clock, understander=engine)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(product))
        for app, number in ((product.web, port), (hotel(relevo), hotel_port), (hotel(relevo), evil_port)):
            await stack.enter_async_context(serving(app, number))
        await product.people.enrol(email="marta@x.com", name="Marta", role=Role.SUPERVISOR, password=PASSWORD)
        token, _ = await product.people.sign_in("marta@x.com", PASSWORD, address="test")
        seen = await drive(
            chromium=CHROMIUM, page=f"http://127.0.0.1:{hotel_port}/", evil=f"http://127.0.0.1:{evil_port}/",
            api=relevo, token=token,
        )  # fmt: skip
    assert seen["requests_before"] == ["/widget.js"]
    assert (seen["tabbed_to"], seen["focus_on_open"]) == ("relevo-chat", "textarea")
    assert seen["label"] == "Asistente virtual"
    assert "asistente virtual" in seen["greeting"]
    for scheme in ("axe_light", "axe_dark"):
        assert seen[scheme] == {"found": [], "checked": 2}
    assert seen["focus_kept_in"] == ["relevo-chat"]
    assert (seen["closed"], seen["focus_after_close"]) == (True, "relevo-chat")
    assert (seen["badge"], seen["badge_after_reload"], seen["lines_after_reload"]) == ("1", "1", 4)
    assert seen["person"] == "Te atiende una persona"
    assert seen["link"] == ["https://hotel.example/x", "noopener noreferrer nofollow", "_blank"]
    assert seen["markup_is_text"]
    assert seen["files"] == 1
    assert "no se puede mandar" in seen["refused_file"]
    assert seen["sent_once"] == 1
    assert seen["small"][0] <= 320
    assert seen["small_closed"]
    assert seen["deaf"] == "Asistente virtual"
    assert (seen["evil"], seen["evil_chat"]) == (False, 0)
    assert [line for line in seen["console"] if "ERR_INTERNET_DISCONNECTED" not in line] == []


async def drive(*, driver: Path = DRIVER, patience: float = 150, **given: Any) -> dict[str, Any]:
    node = await asyncio.create_subprocess_exec(
        "node", str(driver), json.dumps(given), cwd=CONSOLE_SOURCES,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, wrong = await asyncio.wait_for(node.communicate(), patience)
    assert node.returncode == 0, wrong.decode()[-3_000:]
    seen: dict[str, Any] = json.loads(out)
    return seen


@pytest.mark.usefixtures("built")
async def test_the_widget_is_small() -> None:
    page = (CONSOLE / "widget" / "frame.html").read_text()
    loaded: set[str] = set()
    wanted = [name for name in (asset.name for asset in (CONSOLE / "assets").iterdir()) if name in page]
    while wanted:
        name = wanted.pop()
        if name in loaded:
            continue
        loaded.add(name)
        text = (CONSOLE / "assets" / name).read_text()
        wanted += [asset.name for asset in (CONSOLE / "assets").iterdir() if asset.name in text]
    sizes = {name: len(gzip.compress((CONSOLE / "assets" / name).read_bytes(), 9)) for name in loaded}
    loader = len(gzip.compress((CONSOLE / "widget.js").read_bytes(), 9))
    assert loader < MOST_OF_LOADER
    assert loader + len(gzip.compress(page.encode())) + sum(sizes.values()) < MOST_IN_ALL, sizes
    assert any(name.startswith("callPanel") for name in loaded)


@pytest.mark.usefixtures("built")
async def test_the_script_runs_nothing_that_a_strict_page_forbids() -> None:
    script = (CONSOLE / "widget.js").read_text()
    assert not any(
        word in script for word in ("eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write")
    )
