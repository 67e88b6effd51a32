"""The console as an app of a device, in a real Chromium over the real server: it can be installed, is honest without a
connection, shows pushes, takes a newer version when it is told to, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.kit.clock import SystemClock
from relevo.people.rules import Role
from relevo.settings import Settings
from tests.ready import migrate
from tests.web.conftest import PASSWORD, running
from tests.widget.test_browser import CHROMIUM, CONSOLE_SOURCES, drive, free_port, serving
from tests.widget.test_browser import built as built  # the fixture


@pytest.mark.usefixtures("built")
async def test_the_console_as_an_app(tmp_path: Path, engine: Embedded) -> None:
    port = free_port()
    settings = Settings(data_dir=tmp_path / "var", PORT=port, speech="off")
    await migrate(settings)
    product = build(settings, clock=SystemClock(), understander=engine)
    api = f"http://localhost:{port}"
    async with running(product), serving(product.web, port), httpx.AsyncClient(base_url=api) as http:
        worker = await http.get("/sw.js")
        await product.people.enrol(email="admin@x.com", name="Ada", role=Role.ADMIN, password=PASSWORD)
        seen = await drive(
            driver=CONSOLE_SOURCES / "tests" / "browser" / "app.mjs", chromium=CHROMIUM, api=api, email="admin@x.com",
            password=PASSWORD, profile=str(tmp_path / "profile"), folder=os.environ.get("RELEVO_SHOTS"),
        )  # fmt: skip
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in worker.headers["content-security-policy"]
    assert (seen["scope"], seen["installable"], seen["manifest"]["errors"]) == ("/", [], 0)
    assert seen["manifest"]["name"].startswith("Relevo")
    assert seen["shortcuts"] == ["/bandeja", "/llamadas", "/reservas"]
    # The second of a conversation took the place of the first; what would lead away leads home.
    assert seen["shown"] == [["Mensaje nuevo", "alert:1", "/"], ["Mensaje nuevo", "conversation:cnv_1", "/c/cnv_1"]]
    assert seen["heard"] == ["message", "message", "alert", "offer"]
    assert seen["card"] == 2
    assert (seen["offline"], seen["demo"], seen["updated"]) == (True, "not answered", True)
    assert seen["kept"] == ["/", "/assets", "/icon.svg", "/icons", "/manifest.webmanifest", "/scheme.js"]
    assert seen["left"] == [0, 0]
    assert seen["errors"] == []
