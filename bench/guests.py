"""Guests who write: what they say, in which order, and a client that says it over HTTP and waits for the answer.

Every guest goes through one of a few conversations as a hotel gets them: a question or two, a stay with its dates,
small talk, a booking with its data. The dates and names differ from one to the next, so that hardly any sentence with a
date in it comes twice. They write by WhatsApp, signed as Meta signs; an answer is what the product hands to Meta.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from relevo.adapters.channels.loopback_meta.server import APP_SECRET as SECRET
from relevo.adapters.channels.loopback_meta.server import NUMBER_ID, WABA_ID
from relevo.adapters.channels.whatsapp_meta.settings import PATH
from relevo.adapters.channels.whatsapp_meta.signature import HEADER, sign

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
NAMES = (
    "Laura Giménez", "Martín Quiroga", "Sofía Benítez", "Jorge Ledesma", "Carla Domínguez", "Pablo Ferreyra",
    "Lucía Romero", "Diego Almada", "Valentina Ríos", "Hernán Sosa", "Natalia Vega", "Tomás Aguirre",
)  # fmt: skip
TALKS: tuple[tuple[str, ...], ...] = (
    (
        "Hola, buenas tardes!",
        "tienen lugar del {first} al {last} de {month} para dos personas?",
        "y cuánto sale la doble?",
        "dale, quiero reservar la doble",
        "a nombre de {name}",
        "mi teléfono es 341 5{number} y mi mail {mail}",
        "sí, confirmo",
        "muchas gracias!",
    ),
    (
        "buenas, a qué hora es el check in?",
        "y el desayuno está incluido?",
        "aceptan mascotas? tengo un perro chiquito",
        "buenísimo, gracias por la info",
    ),
    (
        "Buen día. Necesito una habitación para {guests} personas desde el {first} de {month} por {nights} noches",
        "tienen cochera?",
        "hay pileta climatizada?",
        "ok lo consulto con mi señora y les aviso",
        "gracias, hasta luego",
    ),
    (
        "hola q tal",
        "queria saber si hay disponibilidad para el finde del {first} de {month}, somos {guests}",
        "y si vamos del {first} al {last} de {month}?",
        "qué precio tiene por noche?",
        "no gracias, es mucho para nosotros",
        "chau, gracias igual",
    ),
    (
        "Hola! Dónde están ubicados?",
        "se puede pagar con tarjeta o transferencia?",
        "cuál es la política de cancelación?",
        "perfecto. Precio de la simple del {first} al {last} de {month}?",
        "bueno, reservame",
        "{name}",
        "{mail}",
        "sí",
        "mil gracias, nos vemos",
    ),
    (
        "buenas noches, tienen wifi?",
        "y restaurante? a qué hora cierran la cena",
        "jaja gracias, muy amable",
    ),
)
PATIENCE = 30.0
TAIL = 8
"""Digits by which a telephone is known, however its country is written."""


def conversation(number: int) -> list[str]:
    """What the guest of this number says."""
    chance = random.Random(number)
    first = date.today() + timedelta(days=chance.randrange(20, 330))
    if first.day > 20:
        first = first.replace(day=chance.randint(1, 20))
    nights = chance.randint(2, 5)
    name = chance.choice(NAMES)
    words = {
        "first": first.day, "last": first.day + nights, "month": MONTHS[first.month - 1], "nights": nights,
        "guests": chance.choice(("dos", "2", "tres", "3", "cuatro")), "name": name,
        "number": f"{chance.randrange(10**6):06}", "mail": f"huesped{number}@correo.example",
    }  # fmt: skip
    return [line.format(**words) for line in TALKS[number % len(TALKS)]]


class Client:
    """HTTP/1.1 on one connection that stays open. It knows what the bench needs and costs next to nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> Any:
        try:
            return await self._post(path, body, headers)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server ends a connection that is silent for a while; a message that comes twice is stored once.
            self._streams = None
            return await self._post(path, body, headers)

    async def _post(self, path: str, body: bytes, headers: Sequence[tuple[str, str]]) -> Any:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        lines = [f"POST {path} HTTP/1.1", "host: localhost", "content-type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join([*lines, f"content-length: {len(body)}", "", ""])
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(answer.partition("content-length:")[2].partition("\r")[0] or 0)
        said = await reader.readexactly(length)
        status = int(answer.split(" ", 2)[1])
        if status >= 300:
            raise RuntimeError(f"{path} answered {status}: {said[:200]!r}")
        return json.loads(said) if said else None

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


class Carrier:
    """Meta as far as the bench needs it: takes what is sent and read, and hands every guest their answer. It answers
    at once and costs little, so that what is measured is the product."""

    def __init__(self) -> None:
        self.port = 0
        self.unasked = 0
        self._waiting: dict[str, asyncio.Future[tuple[float, str]]] = {}
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def asked(self, telephone: str) -> asyncio.Future[tuple[float, str]]:
        """What this guest is answered next, and when."""
        future = self._waiting[telephone[-TAIL:]] = asyncio.get_running_loop().create_future()
        return future

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r")[0] or 0)
                answer = self._taken(json.loads(await reader.readexactly(length)) if length else {})
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answer)
                    + answer
                )
        writer.close()

    def _taken(self, sent: dict[str, Any]) -> bytes:
        if "type" not in sent:
            return b'{"success": true}'
        said = sent.get("text", {}).get("body") or sent.get("interactive", {}).get("body", {}).get("text", "")
        future = self._waiting.pop(sent["to"][-TAIL:], None)
        if future is None or future.done():
            self.unasked += 1
        else:
            future.set_result((time.monotonic(), said))
        id_ = f"wamid.bench{next(self._numbers)}"
        return json.dumps({"messaging_product": "whatsapp", "messages": [{"id": id_}]}).encode()


@dataclass
class Heard:
    """What came of a measured stretch."""

    delays_ms: list[float] = field(default_factory=list)
    unanswered: int = 0

    @property
    def answered(self) -> int:
        return len(self.delays_ms)


class Whatsapp:
    """The road of WhatsApp by Meta: a signed delivery with every message."""

    def __init__(self, port: int, carrier: Carrier, number: int) -> None:
        self._client = Client(port)
        self._carrier = carrier
        self._telephone = f"5493415{number % 10**6:06}"
        self._name = NAMES[number % len(NAMES)]

    async def say(self, text: str, key: str) -> tuple[float, str]:
        """How long the answer took, in ms, and what it was."""
        answer = self._carrier.asked(self._telephone)
        body = json.dumps(self._delivery(text, key)).encode()
        since = time.monotonic()
        await self._client.post(PATH, body, [(HEADER, sign(SECRET, body))])
        async with asyncio.timeout(PATIENCE):
            answered, said = await answer
        return 1_000 * (answered - since), said

    def _delivery(self, text: str, key: str) -> dict[str, Any]:
        message = {
            "from": self._telephone, "id": f"wamid.{self._telephone}{key}", "timestamp": str(int(time.time())),
            "type": "text", "text": {"body": text},
        }  # fmt: skip
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "5493414000000", "phone_number_id": NUMBER_ID},
            "contacts": [{"profile": {"name": self._name}, "wa_id": self._telephone}],
            "messages": [message],
        }
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": [change]}]}

    def close(self) -> None:
        self._client.close()
