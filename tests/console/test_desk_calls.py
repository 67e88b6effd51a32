"""A live call at the desk: a customer on a telephone, an agent in a real Chromium, and what each of them hears.

The words are tones: the recogniser knows which sentence a frequency stands for. Everything else is what customers get:
the carrier's protocol over a real socket, WebRTC to the browser, the recording on the disk.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.customer import Customer
from bench.measures import signal_to_noise_db
from bench.scripted_speech import chord
from bench.telephones import ACCOUNT, NUMBER
from relevo.adapters import catalog
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.desk.queue_rules import Queue, Result
from relevo.kit.clock import SystemClock
from relevo.kit.tasks import Tasks
from relevo.people.rules import Role
from relevo.settings import Settings
from tests.calls.world import LoudnessDetector, ToneRecognizer, ToneVoice, tone
from tests.ready import migrate
from tests.web.conftest import PASSWORD, running
from tests.widget.test_browser import CHROMIUM, CONSOLE_SOURCES, drive, free_port, serving
from tests.widget.test_browser import built as built  # the fixture

SENTENCE_HZ, CUSTOMER_HZ, AGENT_HZ = 440.0, 900.0, 1_400.0
SENTENCE = "¿Se puede llevar una jirafa al hotel?"
MIC_RATE = 48_000
EARS = 20
"""Frames (400 ms) in which the customer's ear looks for a tone: one burst and its pause."""
CLEAR_DB, QUIET_DB = 10.0, -50.0
TOKEN = "a carrier's token"


@dataclass
class Telephone:
    """What the driver may ask of the customer: call, say, listen, hang up."""

    url: str
    tasks: Tasks = field(default_factory=Tasks)
    customer: Customer = field(default_factory=lambda: Customer("+5493415550101"))

    @property
    def web(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/dial", self.dial, methods=["POST"]),
                Route("/say/{what}", self.say, methods=["POST"]),
                Route("/hang_up", self.hang_up, methods=["POST"]),
                Route("/ear", self.ear),
            ]
        )

    async def dial(self, _request: Request) -> Response:
        async with httpx.AsyncClient(timeout=15) as carrier:
            await self.customer.dial(carrier, self.url, TOKEN, self.tasks)
        return Response(status_code=204)

    async def say(self, request: Request) -> Response:
        if request.path_params["what"] == "sentence":
            self.customer.say(tone(SENTENCE_HZ, 1_200))
        else:
            self.customer.say(bursts(CUSTOMER_HZ, 60, LINE_RATE))
        return Response(status_code=204)

    async def hang_up(self, _request: Request) -> Response:
        self.customer.gone = True
        return Response(status_code=204)

    async def ear(self, _request: Request) -> Response:
        """Of the last moments: how far the agent's tone is above all else, and how loud it was."""
        heard = self.customer.between(self.customer.position - EARS * FRAME_SAMPLES, self.customer.position)
        if not len(heard):
            return JSONResponse({"agent_db": -96.0, "level_db": -96.0})
        level = 20 * np.log10(max(float(np.sqrt(np.mean(heard.astype(float) ** 2))), 1.0) / 32_768)
        agent = signal_to_noise_db(heard, AGENT_HZ, width=60)
        return JSONResponse({"agent_db": float(agent), "level_db": float(level)})


def bursts(hz: float, seconds: int, rate: int) -> Pcm:
    """What never pauses is taken for a noise, by the browser and by us."""
    sound = chord([hz], seconds * rate, level_db=-18, rate=rate)
    on = (np.arange(len(sound)) / rate) % 0.5 < 0.4
    soft = np.convolve(on, np.ones(rate // 100) / (rate // 100), "same")
    shaped: Pcm = (sound * soft).astype(np.int16)
    return shaped


def microphone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MIC_RATE)
        file.writeframes(bursts(AGENT_HZ, 10, MIC_RATE).tobytes())


def speech(_settings: Settings) -> catalog.Speech:
    heard, voice = ToneRecognizer(), ToneVoice()
    heard.sentences = {int(SENTENCE_HZ): SENTENCE}
    heard.seconds, voice.ms_per_character = 0.05, 10
    return catalog.Speech(heard, voice, LoudnessDetector())


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("size", ["desktop", "phone"])
async def test_a_call_is_taken_over(
    tmp_path: Path, engine: Embedded, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setattr(catalog, "make_speech", speech)
    port, telephone_port = free_port(), free_port()
    settings = Settings(
        data_dir=tmp_path / "var", PORT=port, TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN=SecretStr(TOKEN),
        TWILIO_PHONE_NUMBER=NUMBER,
    )  # fmt: skip
    await migrate(settings)
    microphone(tmp_path / "microphone.wav")
    product = build(settings, clock=SystemClock(), understander=engine)
    telephone = Telephone(f"http://localhost:{port}")
    async with (
        running(product),
        serving(product.web, port),
        serving(telephone.web, telephone_port),
    ):
        await product.people.enrol(email="marta@x.com", name="Marta", role=Role.SUPERVISOR, password=PASSWORD)
        desk = product.waitings.administration
        queue = await desk.put_queue(Queue("", "Recepción", result_required=True))
        await desk.put_results(queue, [Result("sold", "Reservó", good=True), Result("asked", "Solo preguntó")])
        seen = await drive(
            driver=CONSOLE_SOURCES / "tests" / "browser" / "calls.mjs", chromium=CHROMIUM, api=telephone.url,
            telephone=f"http://localhost:{telephone_port}", password=PASSWORD, size=size, word="jirafa",
            sentence=SENTENCE, customer_hz=CUSTOMER_HZ, microphone=str(tmp_path / "microphone.wav"),
        )  # fmt: skip
        telephone.customer.gone = True
        await telephone.tasks.settle()
    assert seen["greeted"]
    # Each hears the other's tone, well above everything else; on hold neither does, and the customer has music.
    assert seen["agent_at_customer_db"] >= CLEAR_DB
    assert seen["customer_at_agent_db"] >= CLEAR_DB
    assert seen["hold"]["agent_db"] < 0
    assert seen["hold"]["level_db"] > QUIET_DB
    assert seen["result"] == "Solo preguntó"
    assert (seen["small"], seen["console"]) == ([], [])
    if size == "desktop":
        recorded(seen)


def recorded(seen: dict[str, Any]) -> None:
    assert seen["found"] == 1
    assert len(seen["lanes"]) == 2
    assert min(seen["lanes"]) > 1, "a lane without sound is a line"
    assert seen["markers"] == ["Tomó el control", "En espera", "Siguió", "Devolvió al asistente"]
    assert seen["place"][1] > seen["place"][0] + 1
    assert seen["download"]["before"]
    assert seen["download"]["name"].endswith((".opus", ".ogg", ".wav"))
