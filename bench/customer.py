"""One customer on a telephone of the loopback carrier: says what it is told to, remembers what it hears, and when."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping

import httpx
import numpy as np
from websockets.asyncio.client import connect

from bench.telephones import ACCOUNT, NUMBER
from relevo.adapters.lines.loopback import LoopbackCall, LoopbackTwilio, Wire
from relevo.adapters.lines.scripted import SocketWire
from relevo.adapters.lines.twilio import INCOMING
from relevo.calls.ports import FRAME_SAMPLES, Pcm
from relevo.kit.tasks import Tasks

NOISE_DB = -66.0


class Customer:
    """A ``Caller``. Sample ``n`` of what was heard was played at ``when(n)``."""

    def __init__(self, from_: str, seed: int = 0) -> None:
        self.from_ = from_
        self.heard: list[Pcm] = []
        self.times: list[float] = []
        self.said: list[Pcm] = []
        self.gone = False
        self.call: LoopbackCall
        self._words: deque[Pcm] = deque()
        self._noise = np.random.default_rng(seed)

    def tick(self, heard: Pcm) -> Pcm | None:
        self.times.append(time.monotonic())
        self.heard.append(heard)
        if self.gone:
            return None
        said = self._words.popleft() if self._words else self._hiss()
        self.said.append(said)
        return said

    def say(self, sound: Pcm) -> None:
        whole = np.concatenate([sound, np.zeros(-len(sound) % FRAME_SAMPLES, np.int16)])
        self._words.extend(whole.reshape(-1, FRAME_SAMPLES))

    def press(self, digit: str) -> None:
        self.call.press(digit)

    @property
    def position(self) -> int:
        """Samples heard so far."""
        return len(self.heard) * FRAME_SAMPLES

    def between(self, start: int, end: int) -> Pcm:
        """What was heard from sample ``start`` to ``end``; the first is a multiple of a frame."""
        first = max(0, start // FRAME_SAMPLES)
        frames = self.heard[first : -(-end // FRAME_SAMPLES)]
        return np.concatenate(frames) if frames else np.zeros(0, np.int16)

    def when(self, sample: int) -> float:
        frame, rest = divmod(sample, FRAME_SAMPLES)
        return self.times[frame] + rest / 8_000

    def _hiss(self) -> Pcm:
        noise = self._noise.standard_normal(FRAME_SAMPLES) * 32_768 * 10 ** (NOISE_DB / 20)
        return np.round(noise).astype(np.int16)

    async def dial(self, http: httpx.AsyncClient, url: str, token: str, tasks: Tasks) -> None:
        """Call our number; the call goes on in the background."""

        async def post(to: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
            response = await http.post(to, data=dict(form), headers=dict(headers))
            return response.status_code, response.text

        async def open_socket(to: str, headers: Mapping[str, str]) -> Wire:
            return SocketWire(await connect(to, additional_headers=dict(headers), compression=None, proxy=None))

        carrier = LoopbackTwilio(account_sid=ACCOUNT, auth_token=token, post=post, connect=open_socket)
        sid, stream = await carrier.ring(url + INCOMING, from_=self.from_, to=NUMBER)
        self.call = await carrier.answer(sid, stream, self)
        tasks.start(self.call.run(), name="telephone")
