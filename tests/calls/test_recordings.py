"""What a recording becomes after its call: compressed, described, found, heard, exported; whatever crashes when."""

from __future__ import annotations

import json
import wave
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from relevo.adapters.storage import sound
from relevo.adapters.storage.converter import Converter
from relevo.adapters.storage.local import LocalRecordings
from relevo.calls import store
from relevo.calls.archive import Archive
from relevo.calls.media import mulaw
from relevo.calls.media.recorder import QUIET, Recorder
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE
from relevo.calls.recordings import COMPRESS, PATIENCE, Recordings
from relevo.calls.rules import Call, CallStatus, Direction, EndReason
from relevo.calls.rules.recordings import Kept, RecordingState, Search
from relevo.calls.sidecar import Describer
from relevo.conversations.rules import Reply
from relevo.conversations.service import Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound, NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.people.store import put_staff
from relevo.texts import Texts

MARTA = Staff("stf_marta", "marta@x.com", "Marta", Role.AGENT)
JULIAN = Staff("stf_julian", "julian@x.com", "Julián", Role.SUPERVISOR)


def tone(hz: float, ms: int) -> list[bytes]:
    at = np.arange(LINE_RATE * ms // 1_000) / LINE_RATE
    coded = mulaw.encode((np.sin(2 * np.pi * hz * at) * 9_000).astype(np.int16))
    return [coded[start : start + FRAME_SAMPLES] for start in range(0, len(coded), FRAME_SAMPLES)]


def level(channel: np.ndarray, hz: float, rate: int) -> float:
    """How strong a tone is, in dB."""
    window = np.hanning(len(channel))
    at = np.exp(-2j * np.pi * hz * np.arange(len(channel)) / rate)
    return float(20 * np.log10(abs((channel * window * at).mean()) + 1e-9))


def read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2), file.getframerate()


@dataclass
class Bench:
    """Calls and their recordings, without the calls' own machinery."""

    db: Database
    work: Work
    clock: FixedClock
    ids: CountingIds
    people: People
    conversations: Conversations
    shelf: LocalRecordings
    folder: Path
    recordings: Recordings
    archive: Archive

    async def call(
        self, name: str | None = "Juan García", number: str = "+5493415550101", direction: Direction = Direction.INBOUND
    ) -> Call:
        async with self.db.write() as tx:
            person = await self.people.find_or_create(tx, [Identity(IdentityKind.PHONE, number)], name=name)
            conversation = await self.conversations.open(tx, channel="call", person_id=person.id, meta={})
            ours, theirs = "+543414000000", number
            call = Call(
                id=self.ids.new("cal"), conversation_id=conversation.id, person_id=person.id, direction=direction,
                line="twilio", external_id=None, session_id=None,
                from_=theirs if direction is Direction.INBOUND else ours,
                to=ours if direction is Direction.INBOUND else theirs, status=CallStatus.RINGING, node="node-1",
                started_at=self.clock.now(), answered_at=None, ended_at=None, end_reason=None, ended_by=None,
            )  # fmt: skip
            await store.add_call(tx.session, call)
            await store.activate(tx.session, call.id, node="node-1", at=self.clock.now())
        return call

    async def begin(self, call: Call) -> tuple[str, Recorder]:
        async with self.db.write() as tx:
            return await self.recordings.begin(tx, call.id)

    async def says(self, call: Call, text: str, at_ms: int, end_ms: int, number: int) -> None:
        async with self.db.write() as tx:
            meta = {"call_id": call.id, "at_ms": at_ms, "end_ms": end_ms}
            await self.conversations.receive(
                tx, call.conversation_id, text=text, external_id=f"{call.id}:{number}", meta=meta
            )

    async def ends(self, call: Call, reason: EndReason = EndReason.CUSTOMER_HUNG_UP) -> None:
        async with self.db.write() as tx:
            await store.end(tx.session, call.id, reason=reason, by="customer", at=self.clock.now())
            found = await store.call(tx.session, call.id)
            assert found is not None
            await self.recordings.call_ended(tx, found)

    async def recorded(self, seconds: float = 4.0, **about: Any) -> tuple[Call, str]:
        """A whole call: the customer at 440 Hz, we at 700 Hz."""
        call = await self.call(**about)
        recording_id, recorder = await self.begin(call)
        theirs, ours = tone(440, round(seconds * 1_000)), tone(700, round(seconds * 1_000))
        for at in range(len(ours)):
            recorder.customer(theirs[at], at * FRAME_SAMPLES)
            recorder.tick(ours[at])
        self.clock.advance(timedelta(seconds=seconds))
        await self.ends(call)
        await self.recordings.finish(recording_id)
        return call, recording_id

    async def kept(self, recording_id: str) -> Kept:
        async with self.db.read() as session:
            kept = await store.kept(session, recording_id)
        assert kept is not None
        return kept

    async def found(self, **search: Any) -> list[str]:
        async with self.db.read() as session:
            found, _ = await self.archive.find(session, Search(**search), limit=50, before=None)
        return [kept.id for kept in found]

    def files(self) -> set[str]:
        return {path.name for path in self.folder.rglob("*") if path.is_file()}

    def sidecar(self, recording_id: str) -> dict[str, Any]:
        return dict(json.loads(self.shelf.place(recording_id).with_suffix(".json").read_text()))


Make = Callable[..., Bench]


@pytest.fixture
async def made(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> AsyncIterator[Make]:
    """Benches over one database and folder, as after a restart: what a process knew is gone."""
    texts, folder = Texts("es_AR"), tmp_path / "recordings"
    people = People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {})
    converters: list[Converter] = []
    handlers: dict[str, Any] = {}
    async with db.write() as tx:
        for staff in (MARTA, JULIAN):
            await put_staff(tx.session, staff, clock.now())

    def make(packs: bool | None = None) -> Bench:
        shelf, converter = LocalRecordings(folder), Converter(lambda: ThreadPoolExecutor(1), packs=packs)
        converters.append(converter)
        describer = Describer(people, conversations, texts, timezone="America/Argentina/Cordoba")
        recordings = Recordings(db, work, shelf, converter, describer, clock, ids)
        archive = Archive(db, people, recordings, shelf, converter, describer, clock, ids)
        if not handlers:
            work.handle(COMPRESS, lambda job: handlers["now"](job))
        handlers["now"] = recordings.compress_job
        return Bench(db, work, clock, ids, people, conversations, shelf, folder, recordings, archive)

    yield make
    for converter in converters:
        await converter.close()


@pytest.fixture
async def bench(made: Make) -> AsyncIterator[Bench]:
    bench = made()
    yield bench
    bench.recordings.close()


# At rest.


async def test_after_the_call_it_is_compressed_and_the_wav_is_gone(bench: Bench) -> None:
    call, recording_id = await bench.recorded(4.0)
    resting = await bench.kept(recording_id)
    assert (resting.state, resting.seconds, resting.number) == (RecordingState.KEPT_WAV, 4.0, 1)
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    await bench.work.drain()
    ready = await bench.kept(recording_id)
    assert ready.state is RecordingState.READY
    assert ready.call.id == call.id
    assert ready.seconds == 4.0
    assert bench.files() == {f"{recording_id}.opus", f"{recording_id}.json"}
    opus = bench.shelf.packed(recording_id)
    assert ready.size == opus.stat().st_size < 64_000 / 3
    assert abs(sound.seconds(str(opus)) - 4.0) < 0.02
    before = opus.read_bytes()
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    assert (await bench.work.counts()) == {"done": 2}
    assert opus.read_bytes() == before


@pytest.mark.parametrize("ticks", [1, 2, 7, 50, 333])
def test_its_length_is_exact_and_no_side_is_heard_on_the_other(tmp_path: Path, ticks: int) -> None:
    wav, opus = tmp_path / "a.wav", tmp_path / "a.opus"
    write(wav, ticks)
    assert sound.pack(str(wav), str(opus))
    assert sound.seconds(str(opus)) == pytest.approx(ticks * 0.02, abs=1e-9)
    if ticks < 50:
        return
    both = np.concatenate([part for part, _ in sound._opus(opus)])
    for channel, mine, theirs in ((both[:, 0], 440, 700), (both[:, 1], 700, 440)):
        assert level(channel, mine, 48_000) - level(channel, theirs, 48_000) > 60


def write(wav: Path, ticks: int) -> None:
    left = np.frombuffer(b"".join(tone(440, ticks * 20)), np.uint8)
    right = np.frombuffer(b"".join(tone(700, ticks * 20)), np.uint8)
    with wave.open(str(wav), "wb") as file:
        file.setparams((2, 2, LINE_RATE, 0, "NONE", ""))
        file.writeframes(mulaw.decode(np.stack([left, right], 1).tobytes()).tobytes())


async def test_where_nothing_can_compress_the_wav_is_kept(made: Make) -> None:
    bench = made(packs=False)
    _, recording_id = await bench.recorded()
    await bench.work.drain()
    kept = await bench.kept(recording_id)
    assert kept.state is RecordingState.KEPT_WAV
    assert kept.sha256
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    assert bench.sidecar(recording_id)["format"]["codec"] == "pcm_s16le"
    bench.recordings.close()


async def test_a_compressed_file_that_is_not_the_same_is_not_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, recording_id = await bench.recorded()
    monkeypatch.setattr(sound, "_opus", lambda _path: iter([(np.zeros((48_000, 2), np.float32), 48_000)]))
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.KEPT_WAV
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    assert len(read(bench.shelf.place(recording_id))[0]) == 4 * LINE_RATE


STEPS = [
    (sound, "_encode"), (sound, "_settle"), (Path, "replace"), (sound, "peaks"), (LocalRecordings, "describe"),
    (store, "describe"), (LocalRecordings, "shed"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_step_loses_nothing_and_is_made_good(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, where: Any, step: str, after: bool
) -> None:
    _, recording_id = await bench.recorded(1.0)
    real = getattr(where, step)

    def dies(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise OSError("the process died here")

    async def dies_later(*args: Any, **kwargs: Any) -> Any:
        if after:
            await real(*args, **kwargs)
        raise OSError("the process died here")

    with monkeypatch.context() as patch:
        patch.setattr(where, step, dies_later if where is store else dies)
        await bench.work.drain()
    assert (await bench.work.counts())["waiting"] == 2
    source = bench.shelf.find(recording_id)
    assert source is not None
    assert abs(sound.seconds(str(source)) - 1.0) < 0.02
    bench.clock.advance(timedelta(seconds=10))
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.READY
    assert bench.files() == {f"{recording_id}.opus", f"{recording_id}.json"}
    assert bench.sidecar(recording_id)["peaks"]["customer"]


async def test_a_call_whose_process_died_before_its_file_was_closed(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    recorder.marker("takeover", "Marta")
    await bench.ends(call)
    bench.recordings.close()
    # The file as a killed process leaves it: never closed, torn in the middle of a sample.
    path = bench.shelf.place(recording_id)
    left = path.read_bytes() + b"\x01"
    again = made()
    path.write_bytes(left)
    await again.work.drain()
    assert (await again.kept(recording_id)).state is RecordingState.RECORDING
    again.clock.advance(PATIENCE)
    await again.work.drain()
    kept = await again.kept(recording_id)
    assert kept.state is RecordingState.READY
    assert kept.seconds is not None
    assert 1.0 < kept.seconds <= 2.0
    assert [(marker.kind, marker.name) for marker in kept.markers] == [("takeover", "Marta")]
    assert kept.number == 1
    again.recordings.close()


async def test_a_call_that_died_with_its_process_ends_when_its_sound_ends(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(QUIET)
    bench.recordings.close()
    again = made()
    again.clock.advance(timedelta(hours=1))
    async with again.db.read() as session:
        found = await store.call(session, call.id)
    assert found is not None
    died = await again.recordings.died_at(found)
    assert died is not None
    assert 1.0 < (died - call.started_at).total_seconds() <= 2.0
    await again.ends(call, EndReason.NODE_DIED)
    await again.recordings.finish(recording_id)
    assert again.sidecar(recording_id)["end_reason"] == "node_died"
    await again.work.drain()
    assert (await again.kept(recording_id)).state is RecordingState.READY
    again.recordings.close()


async def test_a_recording_that_is_still_being_made_is_left_alone(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(50):
        recorder.tick(QUIET)
    await bench.ends(call)
    for _ in range(3):
        bench.clock.advance(PATIENCE)
        await bench.work.drain()
        assert (await bench.kept(recording_id)).state is RecordingState.RECORDING
    await bench.recordings.finish(recording_id)
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.READY


async def test_a_call_over_at_once_has_no_recording(bench: Bench) -> None:
    call = await bench.call()
    recording_id, _ = await bench.begin(call)
    await bench.ends(call)
    await bench.recordings.finish(recording_id)
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    kept = await bench.kept(recording_id)
    assert (kept.state, kept.number) == (RecordingState.LOST, None)
    assert await bench.found() == []
    assert set(await bench.work.counts()) == {"done"}


# Objections.


async def test_an_objection_leaves_nothing_behind(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    await bench.says(call, "No quiero que me graben", 500, 1_500, 1)
    assert recorder.stop(discard=True)
    async with bench.db.write() as tx:
        await bench.recordings.objected(tx, recording_id)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    await bench.ends(call)
    await bench.recordings.finish(recording_id)
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    assert bench.files() == set()
    kept = await bench.kept(recording_id)
    assert (kept.state, kept.number) == (RecordingState.DISCARDED, None)
    assert await bench.found() == await bench.found(text="graben") == []
    with pytest.raises(NotFound):
        await bench.archive.grant(recording_id, JULIAN, format="wav", rate=8_000, download=False, reason="")
    async with bench.db.read() as session:
        found = await store.call(session, call.id)
    assert found is not None
    assert found.recording is None


async def test_an_objection_holds_even_if_the_process_dies_before_the_file_is_deleted(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(QUIET)
    async with bench.db.write() as tx:
        await bench.recordings.objected(tx, recording_id)
    bench.recordings.close()
    assert bench.files() == {f"{recording_id}.wav"}
    again = made()
    await again.work.drain()
    assert again.files() == set()
    await again.recordings.finish(recording_id)
    assert (await again.kept(recording_id)).state is RecordingState.DISCARDED
    again.recordings.close()


# The sidecar.


async def test_the_sidecar_says_everything(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    await bench.says(call, "Quiero una habitación doble", 200, 900, 1)
    async with bench.db.write() as tx:
        replies = [Reply("¿Para qué fechas?")]
        meta = {"call_id": call.id, "heard": False, "spoken_text": ""}
        spoken = await bench.conversations.bot_says(tx, call.conversation_id, version=1, replies=replies, meta=meta)
        heard = {"heard": True, "spoken_text": "¿Para qué fechas?", "at_ms": 1_000, "end_ms": 1_800}
        await bench.conversations.amend(tx, spoken.messages[0].id, text=None, meta=heard)
    for tick in range(200):
        if tick == 100:
            recorder.marker("takeover", "Marta")
            async with bench.db.write() as tx:
                await bench.conversations.take_over(tx, call.conversation_id, staff=MARTA)
        if tick == 120:
            recorder.pause("Marta")
        if tick == 160:
            recorder.resume("Marta")
        recorder.customer(tone(440, 20)[0], tick * FRAME_SAMPLES)
        recorder.tick(QUIET)
    await bench.says(call, "cuatro dos cuatro dos", 2_500, 3_100, 2)
    bench.clock.advance(timedelta(seconds=4))
    await bench.ends(call)
    await bench.recordings.finish(recording_id, [{"author": "customer", "began_ms": 200, "ended_ms": 900}])
    await bench.work.drain()
    facts = bench.sidecar(recording_id)
    opus = bench.shelf.packed(recording_id)
    assert facts["name"] == "llamada_001_Juan García_20261121_090000.opus"
    assert (facts["number"], facts["state"], facts["duration_seconds"]) == (1, "ready", 4.0)
    assert facts["file_size_bytes"] == opus.stat().st_size
    assert facts["started_at"] == "2026-11-21T12:00:00.000Z"
    assert facts["ended_at"] == "2026-11-21T12:00:04.000Z"
    assert facts["contact"] == {"name": "Juan García", "phone": "+5493415550101"}
    assert facts["agent"] == "Marta"
    assert [one["role"] for one in facts["participants"]] == ["customer", "bot", "agent"]
    assert facts["call"]["id"] == call.id
    assert facts["end_reason"] == "customer_hung_up"
    assert facts["format"] == {"container": "ogg", "codec": "opus", "channels": 2, "sample_rate": 8_000}
    assert [(mark["kind"], mark["at_ms"]) for mark in facts["markers"]] == [
        ("takeover", 2_000), ("pause", 2_400), ("resume", 3_200),
    ]  # fmt: skip
    assert facts["transcript"] == [
        {"at_ms": 200, "end_ms": 900, "author": "customer", "name": "Juan García",
         "text": "Quiero una habitación doble"},
        {"at_ms": 1_000, "end_ms": 1_800, "author": "bot", "name": None, "text": "¿Para qué fechas?"},
    ]  # fmt: skip
    assert facts["said"] == [{"author": "customer", "began_ms": 200, "ended_ms": 900}]
    assert len(facts["peaks"]["customer"]) == len(facts["peaks"]["ours"]) == 200
    assert facts["peaks"]["customer"][50] > 0.2
    assert max(facts["peaks"]["customer"][121:159]) == 0
    assert max(facts["peaks"]["ours"]) == 0
    kept = await bench.kept(recording_id)
    assert (facts["sha256"], "stf_marta") == (kept.sha256, kept.agent_id)


# Found.


async def test_recordings_are_found_by_what_was_said_who_when_and_how_it_ended(bench: Bench) -> None:
    ids: list[str] = []
    for number, (name, text, reason) in enumerate(
        [("Juan García", "Quiero una HABITACIÓN doble", EndReason.CUSTOMER_HUNG_UP),
         ("Ñusta Pérez", "100% de acuerdo_", EndReason.SILENCE), (None, "Hola", EndReason.RESOLVED)]
    ):  # fmt: skip
        call = await bench.call(
            name, f"+549341555010{number}", Direction.OUTBOUND if number == 1 else Direction.INBOUND
        )
        recording_id, recorder = await bench.begin(call)
        recorder.tick(QUIET)
        await bench.says(call, text, 0, 20, 1)
        await bench.ends(call, reason)
        await bench.recordings.finish(recording_id)
        ids.append(recording_id)
        bench.clock.advance(timedelta(days=1))
    a, b, c = ids
    assert await bench.found() == [c, b, a]
    assert await bench.found(text="habitacion DOBLE") == [a]
    assert await bench.found(text="100%") == [b]
    assert await bench.found(text="%") == [b]
    assert await bench.found(text="nada de eso") == []
    assert await bench.found(person="garcia") == [a]
    assert await bench.found(person="nusta") == [b]
    assert await bench.found(person=(await bench.kept(c)).call.person_id) == [c]
    assert await bench.found(number="341 555-0101") == [b]
    assert await bench.found(number="abc") == []
    assert await bench.found(result=EndReason.SILENCE) == [b]
    since = bench.clock.now() - timedelta(days=2)
    assert await bench.found(since=since) == [c, b]
    assert await bench.found(until=since) == [a]
    assert await bench.found(text="hola", result=EndReason.RESOLVED, since=since) == [c]
    async with bench.db.read() as session:
        page, following = await bench.archive.find(session, Search(), limit=2, before=None)
        assert ([kept.id for kept in page], following) == ([c, b], b)
        page, following = await bench.archive.find(session, Search(), limit=2, before=following)
        assert ([kept.id for kept in page], following) == ([a], None)
        assert await bench.archive.find(session, Search(), limit=2, before="rec_none") == ([], None)
    assert [(await bench.kept(one)).number for one in ids] == [1, 2, 3]


async def test_one_that_is_being_made_shows_what_it_has(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for tick in range(150):
        if tick == 50:
            recorder.marker("takeover", "Marta")
        recorder.tick(tone(700, 20)[0])
    recorder.stop(discard=False)
    async with bench.db.read() as session:
        data = await bench.archive.as_json(session, await bench.archive.get(session, recording_id))
    assert (data["state"], data["seconds"]) == ("recording", 3.0)
    assert data["markers"] == [{"kind": "takeover", "at_ms": 1_000, "name": "Marta"}]
    await bench.recordings.finish(recording_id)
    peaks = await bench.archive.peaks(recording_id, 10)
    assert len(peaks["ours"]) == 10
    assert min(peaks["ours"]) > 0.2
    assert max(peaks["customer"]) == 0
    assert peaks["seconds"] == 3.0


# Heard.


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
@pytest.mark.parametrize("packed", [True, False], ids=["from opus", "from wav"])
async def test_it_is_exported_at_any_rate(made: Make, rate: int, packed: bool) -> None:
    bench = made(packs=packed)
    _, recording_id = await bench.recorded(3.0)
    await bench.work.drain()
    access = await bench.archive.grant(
        recording_id, JULIAN, format="wav", rate=rate, download=True, reason=" Reclamo  12 "
    )
    sent = await bench.archive.sounding(access.id)
    assert sent.name == "llamada_001_Juan García_20261121_090000.wav"
    assert (sent.media_type, sent.attachment) == ("audio/wav", True)
    assert sent.temporary is (packed or rate != 8_000)
    pcm, found = read(sent.path)
    assert (len(pcm), found) == (3 * rate, rate)
    for channel, mine, theirs in ((pcm[:, 0], 440, 700), (pcm[:, 1], 700, 440)):
        assert level(channel, mine, rate) > 60
        assert level(channel, mine, rate) - level(channel, theirs, rate) > 50
    async with bench.db.read() as session:
        accesses = await bench.archive.accesses_json(session, recording_id)
    assert accesses == [
        {"by": {"id": "stf_julian", "name": "Julián"}, "kind": "download", "format": "wav", "rate": rate,
         "reason": "Reclamo 12", "at": "2026-11-21T12:00:03.000Z"},
    ]  # fmt: skip
    bench.recordings.close()


async def test_listening_is_on_record_and_downloading_needs_a_reason(bench: Bench) -> None:
    _, recording_id = await bench.recorded()
    with pytest.raises(Invalid, match="reason_missing"):
        await bench.archive.grant(recording_id, JULIAN, format="wav", rate=8_000, download=True, reason=" \n ")
    access = await bench.archive.grant(recording_id, MARTA, format="opus", rate=None, download=False, reason="")
    await bench.work.drain()
    sent = await bench.archive.sounding(access.id)
    assert (sent.media_type, sent.attachment, sent.temporary) == ("audio/ogg", False, False)
    async with bench.db.read() as session:
        assert [one["kind"] for one in await bench.archive.accesses_json(session, recording_id)] == ["listen"]
    for wrong in ("acc_none", recording_id, ""):
        with pytest.raises(NotFound):
            await bench.archive.sounding(wrong)


async def test_an_export_that_fails_says_so_and_leaves_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    _, recording_id = await bench.recorded()
    access = await bench.archive.grant(recording_id, MARTA, format="wav", rate=44_100, download=True, reason="x")

    def full(_source: str, target: str, _rate: int) -> None:
        Path(target).write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(sound, "export", full)
    with pytest.raises(NotReady, match="export_failed"):
        await bench.archive.sounding(access.id)
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}


async def test_downloads_left_by_a_dead_process_are_swept(bench: Bench) -> None:
    left = bench.shelf.aside("wav")
    left.write_bytes(b"x")
    LocalRecordings(bench.folder).sweep()
    assert bench.files() == set()


# The process that converts.


async def test_conversions_run_in_a_process_of_their_own_which_is_replaced_when_it_dies(tmp_path: Path) -> None:
    wav, opus = tmp_path / "a.wav", tmp_path / "a.opus"
    write(wav, 50)
    converter = Converter()
    try:
        assert await converter.pack(wav, opus)
        executor: Any = converter._executor
        for process in executor._processes.values():
            process.kill()
            process.join()
        peaks = await converter.peaks(opus, 5)
        assert len(peaks.customer) == 5
        assert converter._executor is not executor
    finally:
        await converter.close()
