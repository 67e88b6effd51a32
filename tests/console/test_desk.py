"""A day at the desk in a real Chromium over the real server, on a desktop and a telephone, in both themes.

``RELEVO_SHOTS`` names a folder for a picture of every screen. ``RELEVO_OFFLINE`` is for how many seconds the connection
is gone (3), while every conversation gets as many messages.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
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

ROUTES = (file.read_text() for file in sorted((CONSOLE_SOURCES / "src" / "routes").glob("*.ts")))
OUTSIDE = {"/entrar", "/demo"}
SCREENS = tuple(dict.fromkeys(path for text in ROUTES for path in re.findall(r"path: '(/[a-z-]+)'", text)))
SCREENS = tuple(path for path in SCREENS if path not in OUTSIDE)
"""Every address of the frame that names nothing in particular."""
RECEIPT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf50000003860180"
    "5a3473df0000000049454e44ae426082"
)


OFFLINE = int(os.environ.get("RELEVO_OFFLINE", 3))
MESSAGES = min(OFFLINE, 15)
"""A visitor may write twenty in a minute."""


@pytest.mark.usefixtures("built")
async def test_a_day_at_the_desk(tmp_path: Path, engine: Embedded) -> None:
    port = free_port()
    settings = Settings(data_dir=tmp_path / "var", PORT=port, speech="off")
    await migrate(settings)
    product = build(settings, clock=SystemClock(), understander=engine)
    api = f"http://localhost:{port}"
    async with running(product), serving(product.web, port), httpx.AsyncClient(base_url=api, timeout=30) as http:
        await product.people.enrol(email="admin@x.com", name="Ada", role=Role.ADMIN, password=PASSWORD)
        chat = (await http.post("/api/webchat/sessions", json={})).json()
        token = {"authorization": f"Bearer {chat['token']}"}
        path = f"/api/webchat/sessions/{chat['id']}"
        arrives = date.today() + timedelta(days=40)
        wish = f"quiero una doble para dos personas del {arrives:%d/%m/%Y} al {arrives + timedelta(days=2):%d/%m/%Y}"
        for text in (wish, "sí, reservala", "Florencia Gutiérrez, flor@x.com"):
            assert (await http.post(f"{path}/messages", json={"text": text}, headers=token)).status_code < 300
            await product.work.idle()
        files = {"file": ("comprobante.png", RECEIPT, "image/png")}
        sent = await http.post(f"{path}/attachments", files=files, headers=token)
        assert sent.status_code == 202, sent.text
        await product.work.idle()
        (booking,) = await product.bookings.listing(conversation_id=chat["id"])
        assert booking.deposit_status == "received"
        other = (await http.post("/api/webchat/sessions", json={})).json()
        seen = await drive(
            driver=CONSOLE_SOURCES / "tests" / "browser" / "desk.mjs", chromium=CHROMIUM, api=api, password=PASSWORD,
            chats=[{"id": each["id"], "token": each["token"]} for each in (chat, other)], guest="Florencia Gutiérrez",
            offline_ms=1_000 * OFFLINE, messages=MESSAGES, patience=240 + OFFLINE,
            screens=[*SCREENS, f"/c/{chat['id']}", f"/reservas/{booking.code}"], folder=os.environ.get("RELEVO_SHOTS"),
        )  # fmt: skip
    assert (seen["receipt"], seen["confirmed"], seen["took"], seen["state"]) == (True, True, True, True)
    assert seen["after_offline"] == [[1] * MESSAGES, [1] * MESSAGES]
    assert seen["in_order"] == [True, True]
    assert seen["file"].startswith("conversations_")
    assert seen["rows"] == 2
    assert seen["faults"] == {}
    assert seen["sideways"] == []
    assert seen["screens"] == (4 if "RELEVO_SHOTS" in os.environ else 2) * (len(SCREENS) + 2)
    assert seen["console"] == []
