"""``make pictures``: every screen of the console with the data of a busy day, in both themes and five widths.

The house is real: guests write over the web chat and WhatsApp and call, staff answer, confirm and give back; a month of
rows behind them fills the reports. Pictures go to a folder that git does not keep. ``--serve`` leaves the house open.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bench.browser import found
from bench.customer import Customer
from bench.house_year import fill
from bench.telephones import ACCOUNT, NUMBER
from relevo.adapters import catalog
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build, enrol, migrate
from relevo.app.whatsapp_meta import loopback_account
from relevo.cli import DEMO_STAFF
from relevo.kit.tasks import Tasks
from relevo.settings import Settings
from tests.calls.world import LoudnessDetector, ToneRecognizer, ToneVoice, tone
from tests.console.test_desk import RECEIPT, SCREENS
from tests.widget.test_browser import CONSOLE_SOURCES, free_port, serving

TOKEN, PASSWORD = "a carrier's token", "demo1234demo"
SAYINGS = {
    440: "Hola, quería saber si aceptan mascotas y cuánto sale una doble para el fin de semana largo.",
    560: "Quiero hablar con una persona, por favor, es por una factura.",
    680: "Perfecto, entonces la reservo. ¿La pileta está climatizada?",
}
LONG = "Bernardo Maximiliano Fernández de la Concepción"
SIZES = (320, 390, 1280, 1920, 3840)


@dataclass
class Day:
    """What the guests of the day do, through the doors that guests have."""

    http: httpx.AsyncClient
    product: Product
    tasks: Tasks = field(default_factory=Tasks)
    staff: dict[str, dict[str, str]] = field(default_factory=dict)
    callers: list[Customer] = field(default_factory=list)

    async def sign_in(self) -> None:
        for email, _, _ in DEMO_STAFF:
            answer = await self.http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
            self.staff[email.split("@")[0]] = {"authorization": f"Bearer {answer.json()['token']}"}
        self.http.cookies.clear()

    async def act(self, who: str, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        answer = await self.http.request(method, path, json=body or {}, headers=self.staff[who])
        return answer.json() if answer.content else None

    async def chat(self, *texts: str, receipt: bool = False) -> str:
        chat = (await self.http.post("/api/webchat/sessions", json={})).json()
        headers = {"authorization": f"Bearer {chat['token']}"}
        path = f"/api/webchat/sessions/{chat['id']}"
        for text in texts:
            await self.http.post(f"{path}/messages", json={"text": text}, headers=headers)
            await self.product.work.idle()
        if receipt:
            files = {"file": ("comprobante.png", RECEIPT, "image/png")}
            await self.http.post(f"{path}/attachments", files=files, headers=headers)
            await self.product.work.idle()
        return str(chat["id"])

    async def whatsapp(self, number: str, name: str, *texts: str) -> None:
        for text in texts:
            await self.http.post("/demo/whatsapp/api/say", json={"number": number, "name": name, "text": text})
            await self.product.work.idle()

    async def call(self, number: str, *hz: int, stays: bool = False) -> None:
        caller = Customer(number)
        async with httpx.AsyncClient(timeout=15) as carrier:
            await caller.dial(carrier, str(self.http.base_url).rstrip("/"), TOKEN, self.tasks)
        for each in hz:
            await self._silence(caller)
            caller.say(tone(each, 1_500))
        if stays:
            self.callers.append(caller)
            return
        await self._silence(caller)
        caller.gone = True

    async def _silence(self, caller: Customer) -> None:
        """Until our side has said something and is done."""
        spoke = False
        start = len(caller.heard)
        async with asyncio.timeout(30):
            while True:
                await asyncio.sleep(0.1)
                last = caller.heard[start:][-20:]
                loud = any(abs(frame).max() > 600 for frame in last)
                spoke = spoke or loud
                if spoke and not loud and len(last) == 20:
                    return


def _wish(days: int, nights: int, room: str, guests: str) -> str:
    begin = date.today() + timedelta(days=days)
    return f"quiero una {room} para {guests} del {begin:%d/%m/%Y} al {begin + timedelta(days=nights):%d/%m/%Y}"


async def busy_day(day: Day) -> dict[str, str]:
    await day.sign_in()
    guests = (
        (("Florencia Gutiérrez", "flor@example.com"), _wish(20, 2, "doble", "dos personas"), True),
        ((LONG, "bernardo@example.com"), _wish(9, 7, "triple", "tres"), True),
        (("Ana Ruiz", "ana@example.com"), _wish(3, 1, "doble", "dos personas"), True),
        (("Tomás Aguirre", "tomas@example.com"), _wish(30, 4, "doble", "una persona"), False),
    )  # fmt: skip
    chats = [await day.chat(wish, "sí, reservala", ", ".join(who), receipt=receipt) for who, wish, receipt in guests]
    await day.chat("hola, ¿tienen cochera y a qué hora es el desayuno?", "¿aceptan perros grandes?")
    angry = await day.chat(
        "esto es un desastre, me cobraron dos veces la seña y nadie responde desde ayer!!",
        "quiero hablar con una persona",
    )
    await day.chat("quiero una factura A a nombre de la empresa", "prefiero hablar con alguien del hotel")
    await day.whatsapp("5493415550142", "Lucía Benítez", "Hola! precio de una doble para navidad?", "somos 2 y un bebé")
    await day.whatsapp("5493415550177", "Joaquín", "necesito cancelar mi reserva", "pasame con una persona por favor")
    await day.whatsapp("34612345678", "Carmen Ortega", "Buenas tardes, ¿hay excursiones a la isla este finde?")
    await day.act("recepcion", "/api/presence/me", {"state": "available"})
    taken = await day.act("recepcion", f"/api/conversations/{angry}/take_over", {})
    await day.act("recepcion", f"/api/conversations/{angry}/messages", {"text": "Hola, soy Marta. Lo miro."})
    await day.act(
        "recepcion", f"/api/conversations/{angry}/messages", {"text": "Llamó dos veces. Ojo.", "kind": "note"}
    )
    await day.call("+5493415550101", 440, 680)
    await day.call("+5493415550102", 440, stays=True)
    await day.call("+34915550103", 560, stays=True)
    bookings = (await day.act("admin", "/api/bookings", method="GET"))["items"]
    recordings = (await day.act("admin", "/api/recordings", method="GET"))["items"]
    found_chat = await day.act("admin", f"/api/conversations/{chats[0]}", method="GET")
    assert taken
    whatsapp = next(
        each["id"]
        for each in (await day.act("admin", "/api/conversations?folder=all&limit=50", method="GET"))["items"]
        if each["channel"] == "whatsapp"
    )
    places = {
        "conversation": f"/c/{chats[0]}",
        "conversation-human": f"/c/{angry}",
        "conversation-whatsapp": f"/c/{whatsapp}",
        "booking": f"/reservas/{bookings[0]['code']}",
        "customer": f"/clientes/{found_chat.get('conversation', found_chat)['person']['id']}",
    }
    if recordings:
        places["recording"] = f"/grabaciones?grabacion={recordings[0]['id']}"
    return places


def speech(_settings: Settings) -> catalog.Speech | None:
    heard, voice = ToneRecognizer(), ToneVoice()
    heard.sentences, heard.seconds, voice.ms_per_character = SAYINGS, 0.05, 15
    return catalog.Speech(heard, voice, LoudnessDetector())


@asynccontextmanager
async def house(port: int, understander: Embedded, *, demo: bool) -> AsyncIterator[Product]:
    catalog.make_speech = speech  # words are tones
    with tempfile.TemporaryDirectory(prefix="relevo-pictures-", ignore_cleanup_errors=True) as folder:
        settings = Settings(
            data_dir=Path(folder), PORT=port, TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN=SecretStr(TOKEN),
            TWILIO_PHONE_NUMBER=NUMBER, demo=demo, appointments="embedded",
        )  # fmt: skip
        settings = settings.model_copy(update=loopback_account(settings, token="t" * 32, secret="s" * 32))
        await migrate(settings)
        await enrol(settings, DEMO_STAFF, PASSWORD, again=True)
        product = build(settings, understander=understander)
        async with product.web.router.lifespan_context(product.web), serving(product.web, port):
            yield product


async def main(given: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        port = given.port or free_port()
        understander = Embedded(cache_dir=given.folder.parent / "understanding")
        product = await stack.enter_async_context(house(port, understander, demo=True))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://localhost:{port}", timeout=60))
        day = Day(http, product)
        places = await busy_day(day)
        async with product.db.read() as session:
            staff = [each.id for each in await product.people.all_staff(session)]
        until = datetime.now(UTC) - timedelta(hours=1)
        await fill(product.db, conversations=600, each=6, until=until, staff=staff, days=30, open_=0)
        await product.figures.reports.promise(soon=True)
        await product.work.idle()
        fresh_port = free_port()
        await stack.enter_async_context(house(fresh_port, understander, demo=False))
        options = {
            "chromium": found(), "api": f"http://localhost:{port}", "fresh": f"http://localhost:{fresh_port}",
            "password": PASSWORD, "screens": {**{path.strip("/"): path for path in SCREENS}, **places},
            "widths": given.widths, "themes": given.themes, "only": given.only, "folder": str(given.folder.resolve()),
        }  # fmt: skip
        sys.stdout.write(f"{options['api']}  {places}\n")
        if given.serve:
            await asyncio.Event().wait()
        given.folder.mkdir(parents=True, exist_ok=True)
        await _draw(options)
        for caller in day.callers:
            caller.gone = True
        await day.tasks.settle()


async def _draw(options: dict[str, Any]) -> None:
    driver = CONSOLE_SOURCES / "tests" / "browser" / "pictures.mjs"
    node = await asyncio.create_subprocess_exec("node", str(driver), json.dumps(options), cwd=CONSOLE_SOURCES)
    raise SystemExit(await node.wait())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/pictures"))
    parser.add_argument("--widths", type=int, nargs="*", default=SIZES)
    parser.add_argument("--themes", nargs="*", default=("light", "dark"))
    parser.add_argument("--only", default="", help="names of screens that contain this")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--serve", action="store_true")
    asyncio.run(main(parser.parse_args()))
