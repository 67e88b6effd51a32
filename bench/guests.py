"""Guests who write: what they say, in which order, and a client that says it over HTTP and waits for the answer.

Every guest goes through one of a few conversations as a hotel gets them: a question or two, a stay with its dates,
small talk, a booking with its data. The dates and names differ from one to the next, so that hardly any sentence with a
date in it comes twice. An answer is what the product handed to its carrier, which tells us by datagram.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

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


class Postman(asyncio.DatagramProtocol):
    """Hears from the carrier which message has been answered, and when."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self.lines: dict[str, str] = {}
        self.twice = 0

    def datagram_received(self, data: bytes, addr: Any) -> None:  # noqa: ARG002
        reply_to, _, text = data.decode().partition("\n")
        future = self._of(reply_to)
        if future.done():
            self.twice += 1
            return
        self.lines[reply_to] = text
        future.set_result(time.monotonic())

    def _of(self, message_id: str) -> asyncio.Future[float]:
        return self._waiting.setdefault(message_id, asyncio.get_running_loop().create_future())

    async def answer_to(self, message_id: str) -> float:
        async with asyncio.timeout(PATIENCE):
            return await self._of(message_id)


@dataclass
class Heard:
    """What came of a measured stretch."""

    delays_ms: list[float] = field(default_factory=list)
    unanswered: int = 0

    @property
    def answered(self) -> int:
        return len(self.delays_ms)


class Webchat:
    """The road of the web chat: a session per guest, its bearer token with every message."""

    def __init__(self, port: int, postman: Postman) -> None:
        self._client = Client(port)
        self._postman = postman
        self._session: dict[str, Any] = {}

    async def begin(self) -> None:
        self._session = await self._client.post("/api/webchat/sessions", b"{}")

    async def say(self, text: str, key: str) -> tuple[float, str]:
        """How long the answer took, in ms, and what it was."""
        since = time.monotonic()
        received = await self._client.post(
            f"/api/webchat/sessions/{self._session['id']}/messages",
            json.dumps({"text": text, "client_id": key}).encode(),
            [("authorization", f"Bearer {self._session['token']}")],
        )
        answered = await self._postman.answer_to(received["id"])
        return 1_000 * (answered - since), self._postman.lines[received["id"]]

    def close(self) -> None:
        self._client.close()


async def listen(postman: Postman) -> tuple[asyncio.DatagramTransport, int]:
    """Where the carrier tells what it was given."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: postman, local_addr=("127.0.0.1", 0))
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    return transport, int(transport.get_extra_info("sockname")[1])
