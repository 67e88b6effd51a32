"""The doors of recordings: who may, signed links that end, ranges, names, and paths that lead nowhere."""

from __future__ import annotations

import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Role, Staff
from relevo.texts import Texts
from relevo.web import recordings
from relevo.web.auth import Gate
from relevo.web.server import create_app

from .recorded import JULIAN, MARTA, ZONE, Bench, benches

PUBLIC = "https://relevo.test"
KNOWN = {staff.id: staff for staff in (MARTA, JULIAN, Staff("stf_ana", "ana@x.com", "Ana", Role.AUDITOR))}


class Tokens:
    async def by_token(self, token: str) -> Staff | None:
        return KNOWN.get(token)


@dataclass
class Door:
    bench: Bench
    http: httpx.AsyncClient
    signer: LinkSigner

    async def get(self, path: str, who: str = "stf_julian", **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params, headers={"authorization": f"Bearer {who}"})

    async def link(self, recording_id: str, who: str = "stf_julian", **wish: Any) -> httpx.Response:
        return await self.http.post(
            f"/api/recordings/{recording_id}/link", json=wish or None, headers={"authorization": f"Bearer {who}"}
        )

    async def url(self, recording_id: str, **wish: Any) -> str:
        answer = await self.link(recording_id, **wish)
        assert answer.status_code == 200, answer.text
        assert answer.json()["url"].startswith(f"{PUBLIC}/recordings/acc_")
        return str(urlsplit(answer.json()["url"]).path)


@pytest.fixture
async def door(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> AsyncIterator[Door]:
    @asynccontextmanager
    async def nothing() -> AsyncIterator[None]:
        yield

    async with benches(db, live, work, clock, ids, tmp_path / "recordings") as make:
        bench = make()
        signer = LinkSigner("secret", salt="recording", seconds=300)
        gate = Gate(Tokens())  # type: ignore[arg-type]
        routes = recordings.router(db, bench.archive, gate, signer, clock, PUBLIC, ZONE)
        app = create_app([routes], Texts("es_AR"), lifespan=nothing, console=tmp_path / "none")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as http:
            yield Door(bench, http, signer)
        bench.recordings.close()


async def test_only_those_who_may_hear_come_in(door: Door) -> None:
    _, recording_id = await door.bench.recorded(1.0)
    for path in ("", f"/{recording_id}", f"/{recording_id}/peaks", f"/{recording_id}/accesses"):
        assert (await door.http.get(f"/api/recordings{path}")).status_code == 401
        assert (await door.get(f"/api/recordings{path}", "stf_marta")).status_code == 403
        for who in ("stf_julian", "stf_ana"):
            assert (await door.get(f"/api/recordings{path}", who)).status_code == 200
    assert (await door.link(recording_id, "stf_marta")).status_code == 403
    assert (await door.link(recording_id)).status_code == 200


async def test_what_the_list_and_the_page_show(door: Door) -> None:
    call, recording_id = await door.bench.recorded(2.0)
    item = {
        "id": recording_id, "number": 1, "call_id": call.id, "conversation_id": call.conversation_id,
        "state": "kept_wav", "direction": "inbound", "line": "twilio", "from": "+5493415550101", "to": "+543414000000",
        "person": {"id": call.person_id, "name": "Juan García",
                   "identities": [{"kind": "phone", "value": "+5493415550101"}]},
        "agent": None, "started_at": "2026-11-21T12:00:00.000Z", "ended_at": "2026-11-21T12:00:02.000Z",
        "end_reason": "customer_hung_up", "seconds": 2.0, "size": 64_044,
    }  # fmt: skip
    assert (await door.get("/api/recordings")).json() == {"items": [item], "next": None}
    page = (await door.get(f"/api/recordings/{recording_id}")).json()
    assert page == {**item, "markers": [], "transcript": []}
    peaks = (await door.get(f"/api/recordings/{recording_id}/peaks", points=20)).json()
    assert (len(peaks["customer"]), len(peaks["ours"]), peaks["seconds"]) == (20, 20, 2.0)
    found = {
        "from": "2026-11-21",
        "to": "2026-11-21",
        "result": "customer_hung_up",
        "number": "555",
        "person": "garcia",
    }
    assert len((await door.get("/api/recordings", **found)).json()["items"]) == 1
    for other in ({"from": "2026-11-22"}, {"to": "2026-11-20"}, {"result": "silence"}, {"text": "nada"}):
        assert (await door.get("/api/recordings", **other)).json()["items"] == []
    for wrong in ({"from": "ayer"}, {"result": "x"}, {"limit": 0}, {"limit": 9_999}, {"text": "x" * 300}):
        assert (await door.get("/api/recordings", **wrong)).status_code == 422


async def test_the_sound_can_be_sought_in(door: Door) -> None:
    _, recording_id = await door.bench.recorded(2.0)
    await door.bench.work.drain()
    path = await door.url(recording_id)
    whole = await door.http.get(path)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "audio/ogg"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "private, no-store"
    assert whole.headers["content-disposition"].startswith("inline; ")
    part = await door.http.get(path, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    end = await door.http.get(path, headers={"range": "bytes=-50"})
    assert end.content == whole.content[-50:]
    beyond = await door.http.get(path, headers={"range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-99"}, {"range": "bytes=99999999-"}])
async def test_a_download_is_made_sent_and_removed(door: Door, headers: dict[str, str]) -> None:
    _, recording_id = await door.bench.recorded(1.0)
    await door.bench.work.drain()
    path = await door.url(recording_id, format="wav", rate=44_100, download=True, reason="Reclamo")
    before = door.bench.files()
    answer = await door.http.get(path, headers=headers)
    assert door.bench.files() == before
    if headers:
        return
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="llamada_001_Juan Garc_a_20261121_090000.wav"; '
        "filename*=UTF-8''llamada_001_Juan%20Garc%C3%ADa_20261121_090000.wav"
    )
    with wave.open(BytesIO(answer.content)) as file:
        assert (file.getframerate(), file.getnframes(), file.getnchannels()) == (44_100, 44_100, 2)


async def test_who_leaves_in_the_middle_leaves_no_file(door: Door) -> None:
    _, recording_id = await door.bench.recorded(1.0)
    access = await door.bench.archive.grant(recording_id, JULIAN, format="wav", rate=16_000, download=True, reason="x")
    sent = recordings.Sent(await door.bench.archive.sounding(access.id))
    assert len(door.bench.files()) == 3

    async def gone(_message: Any) -> None:
        raise ConnectionResetError

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "headers": [], "extensions": {}}
    with pytest.raises(ConnectionResetError):
        await sent(scope, receive, gone)
    assert len(door.bench.files()) == 2


async def test_a_download_needs_a_reason_and_is_on_record(door: Door) -> None:
    _, recording_id = await door.bench.recorded(1.0)
    refused = await door.link(recording_id, format="wav", rate=8_000, download=True)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "reason_missing")
    assert "descarga" in refused.json()["error"]["message"]
    for wrong in ({"rate": 22_050}, {"format": "mp3"}, {"path": "x"}, {"reason": "x" * 201}):
        assert (await door.link(recording_id, **wrong)).status_code == 422
    await door.url(recording_id)
    await door.url(recording_id, format="wav", rate=8_000, download=True, reason="Reclamo")
    listed = (await door.get(f"/api/recordings/{recording_id}/accesses")).json()["items"]
    assert sorted((one["by"]["name"], one["kind"], one["reason"]) for one in listed) == [
        ("Julián", "download", "Reclamo"), ("Julián", "listen", ""),
    ]  # fmt: skip


async def test_a_link_ends_and_cannot_be_made_or_changed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    _, recording_id = await door.bench.recorded(1.0)
    path = await door.url(recording_id)
    for wrong in (path[:-1], path + "x", path.replace("acc_1", "acc_2"), "/recordings/acc_1", "/recordings/x.y.z"):
        assert (await door.http.get(wrong)).status_code == 403
    for signed in (recording_id, "acc_2", "../../etc/passwd", "acc_../x", "acc_1\x00", "/etc/passwd", "C:\\x", ""):
        answer = await door.http.get(
            "/recordings/" + door.signer.sign(signed).replace("/", "%2f").replace("\x00", "%00")
        )
        assert answer.status_code in (403, 404), signed
    other = LinkSigner("secret", salt="something else", seconds=300)
    assert (await door.http.get(f"/recordings/{other.sign('acc_1')}")).status_code == 403
    assert (await door.http.get(path)).status_code == 200
    later = time.time() + timedelta(seconds=302).total_seconds()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    late = await door.http.get(path)
    assert (late.status_code, late.json()["error"]["code"]) == (403, "link_expired")


PATHS = [
    "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cwindows", "%5c%5cserver",
    "C:%5cboot.ini", "%00", "rec_1%00.wav", "%2fetc%2fpasswd", "rec_1%2f..%2frec_1", "rec_1.wav", "rec_%2e%2e", "REC_1",
    "rec_1%0a", "%252e%252e", "rec_none", "rec_" + "a" * 300, "%c0%ae%c0%ae", "exports",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_leads_nowhere(door: Door, path: str) -> None:
    _, recording_id = await door.bench.recorded(0.2)
    assert recording_id == "rec_1"
    headers = {"authorization": "Bearer stf_julian"}
    for before, after in (("/api/recordings/", ""), ("/api/recordings/", "/peaks"), ("/recordings/", "")):
        answer = await door.http.get(before + path + after, headers=headers)
        assert answer.status_code in (403, 404), answer.text
    answer = await door.http.post(f"/api/recordings/{path}/link", headers=headers)
    assert answer.status_code in (404, 405)
    assert "root:" not in answer.text
