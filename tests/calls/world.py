"""A whole call centre in memory for call tests: real rooms, real sockets' protocol, scripted speech, virtual time.

Words are tones: the recogniser knows which sentence a frequency stands for, the voice speaks in tones of its own, the
detector believes in loudness.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import numpy as np
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from numpy.typing import NDArray
from pydantic import SecretStr

from relevo.adapters.lines import browser, twilio
from relevo.adapters.lines.loopback import Caller, LoopbackCall, LoopbackTwilio, Wire
from relevo.adapters.storage.local import LocalRecordings
from relevo.bot.rules.dialogue import Dialogue
from relevo.calls.callbacks import Callbacks
from relevo.calls.commands import CallCommands
from relevo.calls.headsets import Headsets
from relevo.calls.media.clock import MediaClock
from relevo.calls.media.speaker import Speaker
from relevo.calls.parts import Parts
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, SPEECH_RATE, LegListener, Pcm, Transcript, TurnEndModel
from relevo.calls.recordings import Recordings
from relevo.calls.rules.floor import Lost
from relevo.calls.rules.recordings import Peaks
from relevo.calls.service import Calls
from relevo.calls.sidecar import Describer
from relevo.conversations.events import AgentSpoke, ControlChanged
from relevo.conversations.rules import Message, Reply
from relevo.conversations.service import Conversations
from relevo.kit.db import Base, Database, Tx
from relevo.kit.errors import RelevoError
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds, RandomIds
from relevo.kit.live import Listener, Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work
from relevo.people.account_store import add_session, put_staff
from relevo.people.rules import Role, Session, Staff
from relevo.people.service import People
from relevo.texts import Texts

from .virtual_time import VirtualClock

PUBLIC = "https://relevo.test"
TOKEN = "secret-token"
BOT_HZ = 700


def tone(hz: float, ms: int, rate: int = LINE_RATE, level: float = 0.3) -> Pcm:
    at = np.arange(rate * ms // 1_000) / rate
    return (np.sin(2 * np.pi * hz * at) * level * 32_767).astype(np.int16)


def loudest_hz(pcm: Pcm, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    return float(np.argmax(spectrum) * rate / len(pcm))


def energy(pcm: Pcm, hz: float) -> float:
    """Share of ``pcm``'s energy that lies within 8 Hz of ``hz`` (8 kHz)."""
    power = np.abs(np.fft.rfft(pcm.astype(float) * np.hanning(len(pcm)))) ** 2
    at = np.fft.rfftfreq(len(pcm), 1 / LINE_RATE)
    return float(power[np.abs(at - hz) <= 8].sum() / max(power.sum(), 1e-9))


class ScriptedLeg:
    """A headset: says a tone in bursts (or silence), remembers what it hears."""

    name = "scripted"

    def __init__(self, hz: float = 0.0, level: float = 0.1, *, pauses: bool = True) -> None:
        self.hz = hz
        self.pauses = pauses
        self.level = level
        self.heard: list[Pcm] = []
        self.gap = False
        """The network is gone: nothing comes, nothing is said to be over."""
        self.silent = 0
        self.flushed = 0
        self.listener: LegListener | None = None
        self._at = 0

    def read(self) -> Pcm | None:
        self._at += FRAME_SAMPLES
        self.silent = self.silent + 20 if self.gap else 0
        if self.gap:
            return None
        at = np.arange(self._at - FRAME_SAMPLES, self._at) / LINE_RATE
        # With pauses, like a voice: what never pauses is a room's noise, and is taken out.
        voiced = (at * 1_000) % 500 < 400 if self.pauses else 1
        return (np.sin(2 * np.pi * self.hz * at) * voiced * self.level * 32_767).astype(np.int16)

    def write(self, pcm: Pcm) -> None:
        assert pcm.shape == (FRAME_SAMPLES,)
        self.heard.append(pcm)

    def flush(self) -> None:
        self.flushed += 1

    def silent_ms(self) -> int:
        return self.silent

    def hang_up(self) -> None:
        self.close("hung_up")

    def close(self, reason: str) -> None:
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.closed(reason)

    def latest(self, ms: int) -> Pcm:
        return np.concatenate(self.heard[-ms // 20 :])


class NoConverter:
    """Recordings stay as they were made."""

    packs = False

    async def pack(self, wav: Path, target: Path) -> bool:
        raise AssertionError

    async def peaks(self, source: Path, points: int) -> Peaks:
        return Peaks((), ())

    async def export(self, source: Path, target: Path, rate: int) -> None:
        raise AssertionError


class LoudnessDetector:
    def __init__(self) -> None:
        self.batches: list[int] = []
        self.rows: set[int] = set()
        self._opened = 0

    def open(self) -> int:
        self._opened += 1
        self.rows.add(self._opened)
        return self._opened

    def close(self, row: int) -> None:
        self.rows.remove(row)

    def probabilities(self, rows: Sequence[int], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        assert self.rows.issuperset(rows)
        self.batches.append(len(rows))
        loud = np.sqrt(np.mean(windows**2, axis=1)) > 0.02
        return np.where(loud, 0.95, 0.02).astype(np.float32)


class ToneRecognizer:
    """Hears the sentence that was agreed for a frequency, ``seconds`` after being asked."""

    name = "tones"

    def __init__(self) -> None:
        self.sentences: dict[int, str] = {}
        self.seconds = 0.3
        self.asked: list[tuple[float, tuple[str, ...]]] = []
        self.failing = False

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        self.asked.append((asyncio.get_running_loop().time(), tuple(names)))
        await asyncio.sleep(self.seconds)
        if self.failing:
            raise RuntimeError("the recogniser is broken")
        hz = loudest_hz(pcm, SPEECH_RATE)
        text = next((text for known, text in self.sentences.items() if abs(known - hz) < 15), "")
        return Transcript(text, 0.9, self.seconds)


class ToneVoice:
    """50 ms of tone per character, in pieces."""

    name = "tones"
    sample_rate = SPEECH_RATE

    def __init__(self) -> None:
        self.said: list[str] = []
        self.hz: dict[str, int] = {}
        self.ms_per_character = 50

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        self.said.append(text)
        hz = next((hz for words, hz in self.hz.items() if words in text), BOT_HZ)
        sound = tone(hz, self.ms_per_character * len(text), self.sample_rate)
        for start in range(0, len(sound), 4_000):
            await asyncio.sleep(0.005)
            yield sound[start : start + 4_000]


@dataclass
class ScriptedAnswer:
    replies: list[Reply]
    handoff: str | None = None
    dialogue: Dialogue = field(default_factory=Dialogue)


class ScriptedBot:
    """Answers by a table, after ``seconds``; remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, ScriptedAnswer | str | Exception] = {}
        self.seconds = 0.05
        self.turns: list[Any] = []
        self.committed: list[ScriptedAnswer] = []
        self.greetings = 0

    async def greeting(self, conversation_id: str, *, channel: str, locale: str | None = None) -> Reply:
        self.greetings += 1
        return Reply("Hola, soy un asistente virtual. La llamada se graba.")

    async def respond(self, turn: Any) -> ScriptedAnswer:
        self.turns.append(turn)
        await asyncio.sleep(self.seconds)
        answer = self.answers.get(turn.text, f"Eco: {turn.text}.")
        if isinstance(answer, Exception):
            raise answer
        return ScriptedAnswer([Reply(answer)]) if isinstance(answer, str) else answer

    async def suggest(self, turn: Any) -> Reply | None:
        answer = self.answers.get(turn.text)
        return Reply(answer) if isinstance(answer, str) else None

    async def commit(self, tx: Any, conversation_id: str, answer: Any) -> None:
        self.committed.append(answer)


class AsgiWire:
    """A WebSocket straight into an ASGI application."""

    def __init__(self, app: Any, path: str, headers: Mapping[str, str]) -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "path": path, "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()], "subprotocols": [],
            "scheme": "wss", "server": ("relevo.test", 443), "client": ("127.0.0.1", 1), "root_path": "", "state": {},
        }  # fmt: skip
        self.tasks = Tasks()
        self.task = self.tasks.start(app(scope, self._in.get, self._out.put), name="socket")
        self.code: int | None = None

    async def open(self) -> AsgiWire:
        await self._in.put({"type": "websocket.connect"})
        if (await self._out.get())["type"] != "websocket.accept":
            raise ConnectionError("refused")
        return self

    async def send(self, text: str) -> None:
        if self.task.done():
            raise ConnectionError("closed")
        await self._in.put({"type": "websocket.receive", "text": text})

    async def send_bytes(self, data: bytes) -> None:
        await self._in.put({"type": "websocket.receive", "bytes": data})

    async def receive(self) -> str | None:
        message = await self._out.get()
        if message["type"] == "websocket.close":
            self.code = message.get("code")
            return None
        return str(message["text"])

    @property
    def spoken_to(self) -> bool:
        """Something has come that was not received yet: the call is connected."""
        return not self._out.empty()

    async def close(self, code: int = 1006) -> None:
        await self._in.put({"type": "websocket.disconnect", "code": code})
        await asyncio.wait({self.task})


@dataclass
class Guest:
    """Says things at given moments (ms since the call began) and keeps everything it hears."""

    says: list[tuple[int, Pcm]] = field(default_factory=list)
    hangs_up_at: int = 60_000
    heard: list[Pcm] = field(default_factory=list)
    ms: int = 0
    _speaking: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))

    def tick(self, heard: Pcm) -> Pcm | None:
        self.heard.append(heard)
        while self.says and self.says[0][0] <= self.ms:
            self._speaking = np.concatenate((self._speaking, self.says.pop(0)[1]))
        self.ms += 20
        if self.ms >= self.hangs_up_at:
            return None
        now, self._speaking = self._speaking[:FRAME_SAMPLES], self._speaking[FRAME_SAMPLES:]
        return np.concatenate((now, np.zeros(FRAME_SAMPLES - len(now), np.int16)))

    def say(self, pcm: Pcm) -> None:
        self.says.append((self.ms, pcm))

    def all_heard(self) -> Pcm:
        return np.concatenate(self.heard)

    def loud(self) -> list[tuple[int, int]]:
        """Stretches (ms, ms) in which something was heard, holes under 100 ms ignored."""
        stretches: list[tuple[int, int]] = []
        for index, frame in enumerate(self.heard):
            if np.abs(frame).max() < 1_000:
                continue
            at = index * 20
            if stretches and at - stretches[-1][1] < 100:
                stretches[-1] = (stretches[-1][0], at + 20)
            else:
                stretches.append((at, at + 20))
        return stretches


@dataclass
class World:
    calls: Calls
    commands: CallCommands
    callbacks: Callbacks
    headsets: Headsets
    conversations: Conversations
    db: Database
    live: Live
    app: FastAPI
    twilio: LoopbackTwilio
    recognizer: ToneRecognizer
    voice: ToneVoice
    detector: LoudnessDetector
    bot: ScriptedBot
    agent: Staff
    folder: Path
    tasks: Tasks
    visitors: dict[tuple[str, str], str]

    async def call(self, caller: Caller, *, from_: str = "+5493415550101", sid: str | None = None) -> LoopbackCall:
        """Somebody calls; the call goes on in the background."""
        sid, stream = await self.twilio.ring(PUBLIC + twilio.INCOMING, from_=from_, to="+543414000000", sid=sid)
        call = await self.twilio.answer(sid, stream, caller)
        self.tasks.start(call.run(), name="telephone")
        return call

    async def wire(self, path: str, headers: Mapping[str, str] | None = None) -> AsgiWire:
        return await AsgiWire(self.app, path, headers or {}).open()

    async def settle(self) -> None:
        await self.tasks.settle()
        await self.calls.settle()

    async def messages(self, kinds: Sequence[str] = ("text",)) -> list[Message]:
        async with self.db.read() as session:
            calls = await self.calls.listing(session, status="all")
            found = [m for call in calls for m in await self.conversations.messages(session, call.conversation_id)]
        return [message for message in found if message.kind.value in kinds]

    async def rows(self) -> list[dict[str, Any]]:
        async with self.db.read() as session:
            return await self.calls.list_json(session, await self.calls.listing(session, status="all"))

    async def conversation_id(self) -> str:
        return str((await self.rows())[0]["conversation_id"])

    async def take_over(self, staff: Staff | None = None, *, version: int | None = None) -> None:
        conversation_id = await self.conversation_id()
        async with self.db.write() as tx:
            await self.conversations.take_over(tx, conversation_id, staff=staff or self.agent, version=version)

    async def staff(self, name: str, role: Role = Role.AGENT) -> Staff:
        """Somebody more of our side."""
        member = Staff(f"stf_{name.lower()}", f"{name.lower()}@example.test", name, role)
        async with self.db.write() as tx:
            await enrol(tx, member, VirtualClock().now())
        return member

    def wear(self, leg: ScriptedLeg, staff: Staff | None = None) -> ScriptedLeg:
        """Somebody's voice is connected."""
        leg.listener = self.headsets.connect(staff or self.agent, leg)
        return leg

    async def call_json(self) -> dict[str, Any]:
        return (await self.rows())[0]

    async def hand_back(self, note: str = "") -> None:
        conversation_id = await self.conversation_id()
        async with self.db.write() as tx:
            await self.conversations.hand_back(tx, conversation_id, staff=self.agent, note=note)

    async def agent_says(self, text: str) -> None:
        conversation_id = await self.conversation_id()
        async with self.db.write() as tx:
            await self.conversations.agent_says(tx, conversation_id, staff=self.agent, text=text)

    def listen(self, topic: str) -> Listener:
        listener = Listener()
        self.live.listen(listener, topic)
        return listener

    async def recording(self) -> NDArray[np.int16]:
        """The finished recording as [samples, 2]."""
        kept = (await self.rows())[0]["recording"]
        path = LocalRecordings(self.folder / "recordings").find(kept["id"])
        with wave.open(str(path)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, LINE_RATE)
            return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


async def enrol(tx: Tx, member: Staff, at: datetime) -> None:
    """A member of staff who is signed in."""
    await put_staff(tx.session, member, at)
    await add_session(
        tx.session,
        f"token of {member.id}",
        Session(None, member.id, member.session_version, at, at + timedelta(days=1)),
    )


@asynccontextmanager
async def world(
    folder: Path,
    *,
    node: str = "node-1",
    again: bool = False,
    turn_end: TurnEndModel | None = None,
    max_seconds: int = 1_800,
    most: int = 50,
    lost: Lost = Lost.BOT,
    announces_return: bool = False,
) -> AsyncIterator[World]:
    tasks, clock = Tasks(), VirtualClock()
    ids = RandomIds() if again else CountingIds()
    events = Events(tasks)
    db = Database(f"sqlite+aiosqlite:///{folder / 'test.db'}", events)
    async with db.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
    live, work, texts = Live(db, clock), Work(db, clock, ids), Texts("es_AR")
    people = People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {})
    media = MediaClock()
    headsets = Headsets(media)
    recognizer, voice, detector, bot = ToneRecognizer(), ToneVoice(), LoudnessDetector(), ScriptedBot()

    async def names(_conversation_id: str, _person_id: str) -> Sequence[str]:
        return ("Etcheverry",)

    zone = ZoneInfo("America/Argentina/Cordoba")
    callbacks = Callbacks(db, live, conversations, people, clock, ids, zone=zone)
    parts = Parts(
        db=db, live=live, conversations=conversations, bot=bot, recognizer=recognizer,
        speaker=Speaker(voice, lambda text: text, locale="es_AR"), texts=texts, locale="es_AR", max_seconds=max_seconds,
        names=names, headsets=headsets, callbacks=callbacks, lost=lost, announces_return=announces_return,
        turn_end=turn_end,
    )  # fmt: skip
    shelf = LocalRecordings(folder / "recordings")
    describer = Describer(people, conversations, texts, timezone=zone)
    recordings = Recordings(db, work, shelf, NoConverter(), describer, clock, ids)
    calls = Calls(parts, people, detector, recordings, clock, ids, node=node, media=media, most=most)
    commands = CallCommands(calls, conversations, people, headsets, db, live, clock, show_listeners=True)
    events.on_at_once(ControlChanged, calls.here.on_control_changed)
    events.on_at_once(AgentSpoke, calls.here.on_agent_spoke)
    events.on_within(ControlChanged, calls.announce_control)
    agent = Staff("stf_marta", "marta@example.test", "Marta", Role.AGENT)
    if not again:
        async with db.write() as tx:
            await enrol(tx, agent, clock.now())

    app = FastAPI()

    @app.exception_handler(RelevoError)
    async def refuse(_: Request, error: RelevoError) -> JSONResponse:
        return JSONResponse({"error": {"code": error.code}}, error.status)

    async def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            response = await client.post(url, data=dict(form), headers=dict(headers))
        return response.status_code, response.text

    async def connect(url: str, headers: Mapping[str, str]) -> Wire:
        return await AsgiWire(app, httpx.URL(url).path, headers).open()

    loopback = LoopbackTwilio(account_sid="AC1", auth_token=TOKEN, post=post, connect=connect)
    visitors: dict[tuple[str, str], str] = {}

    async def verify(session: str, token: str) -> str | None:
        return visitors.get((session, token))

    async def allowed() -> Staff:
        return agent

    settings = twilio.Settings(
        account_sid="AC1", auth_token=SecretStr(TOKEN), phone_number="+543414000000", public_url=PUBLIC
    )
    carrier = httpx.AsyncClient(transport=httpx.ASGITransport(loopback.rest))
    app.include_router(twilio.router(calls, settings, carrier, ids, may_place_calls=allowed))
    app.include_router(browser.router(calls, verify))
    made = World(
        calls, commands, callbacks, headsets, conversations, db, live, app, loopback, recognizer, voice, detector, bot,
        agent, folder, tasks, visitors,
    )  # fmt: skip
    try:
        yield made
    finally:
        await commands.close()
        await calls.close()
        recordings.close()
        await tasks.close()
        await carrier.aclose()
        await db.close()


Until = Callable[[], bool]


async def until(condition: Until | Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Let virtual time pass until something is so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        result = condition()
        if result if isinstance(result, bool) else await result:
            return
        assert loop.time() < end, "it never happened"
        await asyncio.sleep(0.02)
