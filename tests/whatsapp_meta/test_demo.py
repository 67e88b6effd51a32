"""The demo hotel's own WhatsApp: the telephone's page, what it writes, what comes back; and nothing of it elsewhere."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from relevo.adapters.loopback import listening
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.app.whatsapp_meta import LOOPBACK, loopback_account
from relevo.kit.clock import FixedClock
from relevo.settings import Settings
from tests.ready import migrate
from tests.whatsapp_meta.conftest import Hotel

NUMBER = "5493415550042"


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_a_guest_of_the_demo_writes_from_the_page(tmp_path: Path, clock: FixedClock, engine: Embedded) -> None:
    settings = Settings(data_dir=tmp_path, speech="off", backups=0, demo=True).model_copy(
        update={"port": a_free_port()}
    )
    settings = settings.model_copy(update=loopback_account(settings, token="t0ken", secret="s3cret"))
    await migrate(settings)
    product = build(settings, clock=clock, understander=engine)
    served = listening(product.web, name="demo", port=settings.port, lifespan=True)
    async with served as url, httpx.AsyncClient(base_url=url) as http:
        page = await http.get("/demo/whatsapp")
        assert page.status_code == 200
        assert "WhatsApp de prueba" in page.text
        assert "{{" not in page.text
        for part in ("phone.js", "phone.css"):
            assert (await http.get(f"/demo/whatsapp/{part}")).status_code == 200
        assert (await http.get("/demo/whatsapp/demo.py")).status_code == 404
        me = {"number": NUMBER, "name": "Ana"}
        assert (await http.post("/demo/whatsapp/api/say", json={**me, "text": "Hola"})).status_code == 200
        assert (await http.post("/demo/whatsapp/api/say", json={**me, "number": "x", "text": "a"})).status_code == 422
        file = {"file": ("foto.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_000, "image/png")}
        assert (await http.post("/demo/whatsapp/api/file", data=me, files=file)).status_code == 200
        bubbles: list[dict[str, object]] = []
        while len([each for each in bubbles if not each["mine"]]) < 2:
            await product.work.idle()
            shown = await http.get("/demo/whatsapp/api/thread", params={"number": NUMBER, "seen": True})
            bubbles = shown.json()["bubbles"]
        assert "asistente virtual" in str(next(each for each in bubbles if not each["mine"])["text"])
        wrong = {"authorization": "Bearer wrong"}
        assert (await http.get("/loopback/meta/v23.0/100000000000001", headers=wrong)).status_code == 401


@pytest.mark.parametrize(
    ("demo", "url"),
    [
        (False, f"http://127.0.0.1:8000{LOOPBACK}"),
        (True, "https://graph.facebook.com"),
        (True, f"https://graph.facebook.com/x{LOOPBACK}"),
    ],
)
async def test_the_telephone_is_there_in_the_demo_with_its_loopback_alone(
    tmp_path: Path, clock: FixedClock, engine: Embedded, demo: bool, url: str
) -> None:
    settings = Settings(data_dir=tmp_path, speech="off", backups=0, demo=demo)
    account = {**loopback_account(settings, token="t0ken", secret="s3cret"), "whatsapp_meta_url": url}
    product = build(settings.model_copy(update=account), clock=clock, understander=engine)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(product.web), base_url="http://test") as http:
        for path in ("/demo/whatsapp/api/say", f"{LOOPBACK}/v23.0/100000000000001/messages"):
            answer = await http.post(path, json={}, headers={"authorization": "Bearer t0ken"})
            assert answer.status_code == 405
        assert "WhatsApp de prueba" not in (await http.get("/demo/whatsapp")).text


async def test_a_real_account_has_no_telephone_to_try(hotel: Hotel) -> None:
    assert "WhatsApp de prueba" not in (await hotel.http.get("/demo/whatsapp")).text
    assert (await hotel.http.post("/demo/whatsapp/api/say", json={})).status_code == 405
    assert (await hotel.http.post("/loopback/meta/v23.0/1/messages")).status_code == 405
