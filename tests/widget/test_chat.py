"""What a visitor's page and we say to each other, over the socket and over requests that wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from relevo.kit.clock import FixedClock
from tests.web.conftest import Visitor
from tests.web.test_live_feed import served
from tests.widget.conftest import Site


class Page:
    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire

    async def put(self, t: str, **d: Any) -> None:
        await self.wire.send(json.dumps({"v": 1, "t": t, "d": d}))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            frame: dict[str, Any] = json.loads(await self.wire.recv())
        return frame

    async def until(self, t: str, **fields: Any) -> dict[str, Any]:
        while True:
            frame = await self.next()
            if frame["t"] == t and all(frame["d"].get(name) == value for name, value in fields.items()):
                return frame


@asynccontextmanager
async def page(port: int, visitor: Visitor, last_seq: int = 0, **headers: str) -> AsyncIterator[Page]:
    async with connect(f"ws://127.0.0.1:{port}/ws/chat?v=1", additional_headers=headers) as wire:
        opened = Page(wire)
        await opened.put("hello", session=visitor.id, token=visitor.token, last_seq=last_seq)
        yield opened


def words(frame: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in frame["d"]["parts"] if part["type"] == "text")


async def test_a_page_hears_everything_once_and_goes_on_where_it_was(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port:
        async with page(port, guest) as chat:
            welcome = await chat.next()
            assert welcome["t"] == "welcome"
            assert welcome["d"]["state"] == {"control": "bot", "rated": False}
            assert [frame["d"]["from"] for frame in welcome["d"]["missed"]] == ["bot"]
            await chat.put("msg", client_id="w-1", text="hola")
            ack = await chat.until("ack", client_id="w-1")
            reply = await chat.until("msg", **{"from": "bot"})
            assert reply["seq"] > ack["seq"]
            await chat.put("msg", client_id="w-1", text="hola")
            assert await chat.until("ack", client_id="w-1") == ack
        await guest.replies("¿tienen cochera?")
        async with page(port, guest, last_seq=reply["seq"]) as chat:
            missed = (await chat.next())["d"]["missed"]
            assert [frame["d"]["from"] for frame in missed] == ["me", "bot"]
            assert words(missed[0]) == "¿tienen cochera?"
        async with page(port, guest) as chat:
            everything = (await chat.next())["d"]["missed"]
            assert [frame["seq"] for frame in everything] == sorted({frame["seq"] for frame in everything})
            assert len(everything) == 5


async def test_a_choice_is_what_was_offered(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port, page(port, guest) as chat:
        greeting = (await chat.next())["d"]["missed"][0]
        offered = next(part for part in greeting["d"]["parts"] if part["type"] == "choices")["options"]
        choice = {"msg_id": greeting["d"]["msg_id"], "option_id": offered[0]["id"]}
        await chat.put("msg", client_id="c", choice=choice)
        assert words(await chat.until("msg", **{"from": "me"})) == offered[0]["text"]
        await chat.put("msg", client_id="d", choice={**choice, "option_id": "99"})
        assert (await chat.until("error"))["d"] == {
            "code": "malformed",
            "client_id": "d",
            "message": site.product.conversations._texts.say("error.malformed"),
        }


async def test_a_person_is_seen_writing_and_their_notes_are_not(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port, page(port, guest) as chat:
        await chat.next()
        await site.staff("POST", f"/api/conversations/{guest.id}/take_over")
        assert (await chat.until("state"))["d"]["control"] == "agent"
        await site.staff("POST", f"/api/conversations/{guest.id}/messages", json={"text": "ojo, VIP", "kind": "note"})
        await site.staff("POST", f"/api/conversations/{guest.id}/typing")
        assert (await chat.until("typing"))["d"] == {"who": "agent", "on": True}
        await site.staff("POST", f"/api/conversations/{guest.id}/messages", json={"text": "Buenas, soy Marta"})
        said = await chat.until("msg")
        assert (said["d"]["from"], words(said)) == ("agent", "Buenas, soy Marta")
        assert "Marta Ríos" not in json.dumps(said)
        await chat.put("read", up_to=said["seq"], seen=True)
        await chat.put("ping")
        await chat.until("pong")
        seen = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()["messages"]
        assert [message["delivery"] for message in seen if message["id"] == said["d"]["msg_id"]] == ["read"]
        assert "ojo, VIP" in [message["text"] for message in seen]


async def test_the_end_and_an_opinion(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port, page(port, guest) as chat:
        await chat.next()
        await chat.put("end")
        assert (await chat.until("state"))["d"] == {"control": "closed", "rated": False}
        await chat.put("rate", score=4, comment="  Muy <b>amables</b> ")
        assert (await chat.until("state"))["d"]["rated"] is True
        await chat.put("rate", score=1, comment="")
        await chat.until("done", what="rate")
        lines = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()["messages"]
        rated = [line for line in lines if line["meta"].get("event") == "rated"]
        assert [line["meta"]["score"] for line in rated] == [4]
        await chat.put("msg", client_id="again", text="una cosa más")
        assert (await chat.until("state"))["d"]["control"] == "bot"


async def test_the_letter_is_refused_where_there_is_no_mail(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port, page(port, guest) as chat:
        await chat.next()
        await chat.put("transcript", email="ana@example.com")
        assert (await chat.until("error"))["d"]["code"] == "mail_off"
        for email in ("ana", "a@b", "a@b.c\nBcc: x@y.z", "a@b.c,d@e.f"):
            await chat.put("transcript", email=email)
            assert (await chat.until("error"))["d"]["code"] in ("malformed", "slow_down")


async def test_whoever_does_not_say_who_they_are_is_shown_out(site: Site) -> None:
    async with served(site) as port:
        for first, code in (
            ('{"v":1,"t":"hello","d":{"session":"cnv_x","token":"x"}}', 4401),
            ('{"v":1,"t":"msg","d":{}}', 4400),
            ("[]", 4400),
            ("{" * 20_000, 4400),
            ('{"v":1,"t":"hello","d":{"session":"a","token":"b","last_seq":-1}}', 4400),
            ("x" * 64_500, 1009),
        ):
            async with connect(f"ws://127.0.0.1:{port}/ws/chat?v=1") as wire:
                await wire.send(first)
                with pytest.raises(ConnectionClosed) as closed:
                    await wire.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code


async def test_a_page_of_another_origin_and_another_version_are_shown_out(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port:
        for path, origin, code in (
            ("/ws/chat?v=1", "https://evil.example", 4403),
            ("/ws/chat?v=1", "null", 4403),
            ("/ws/chat?v=2", f"http://127.0.0.1:{port}", 4409),
        ):
            async with connect(f"ws://127.0.0.1:{port}{path}", additional_headers={"origin": origin}) as wire:
                with pytest.raises(ConnectionClosed) as closed:
                    await wire.recv()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == code
        async with page(port, guest, origin=f"http://127.0.0.1:{port}") as chat:
            assert (await chat.next())["t"] == "welcome"


async def test_one_strangers_pages_are_counted(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port, page(port, guest) as chat:
        await chat.next()
        for number in range(21):
            await chat.put("msg", client_id=f"w-{number}", text=f"hola {number}")
        refused = await chat.until("error")
        assert (refused["d"]["code"], refused["d"]["client_id"]) == ("slow_down", "w-20")


async def test_requests_say_what_the_socket_says(site: Site) -> None:
    guest = await site.visitor()
    path, headers = f"/api/webchat/sessions/{guest.id}", {"authorization": f"Bearer {guest.token}"}

    async def events(after: int, *, wait: bool) -> dict[str, Any]:
        query = {"after": after} | ({"wait": 1} if wait else {})
        answer: dict[str, Any] = (await site.http.get(f"{path}/events", params=query, headers=headers)).json()
        return answer

    async def put(t: str, **d: Any) -> list[dict[str, Any]]:
        answer = await site.http.post(f"{path}/frames", json={"v": 1, "t": t, "d": d}, headers=headers)
        frames: list[dict[str, Any]] = answer.json()["frames"]
        return frames

    welcome = await events(0, wait=False)
    assert welcome["frames"][0]["t"] == "welcome"
    waiting = asyncio.ensure_future(events(welcome["last_seq"], wait=True))
    ack = (await put("msg", client_id="w-1", text="hola"))[0]
    assert (ack["t"], ack["d"]["client_id"]) == ("ack", "w-1")
    news = await asyncio.wait_for(waiting, 5)
    assert words(news["frames"][0]) == "hola"
    await site.product.work.idle()
    assert [frame["d"]["from"] for frame in (await events(ack["seq"], wait=True))["frames"]] == ["bot"]
    assert (await put("nonsense"))[0]["d"]["code"] == "malformed"
    for method, what in (("GET", "events"), ("POST", "frames")):
        answer = await site.http.request(method, f"{path}/{what}", json={"t": "ping"})
        assert answer.status_code == 401


async def test_a_session_lasts_thirty_days_from_what_was_said_last(site: Site, clock: FixedClock) -> None:
    guest = await site.visitor()
    clock.advance(timedelta(days=29))
    assert (await guest.say("hola", wait=False)).status_code == 202
    # The answer is of the same day as the question.
    await site.product.work.idle()
    clock.advance(timedelta(days=29))
    assert len(await guest.thread()) >= 2
    clock.advance(timedelta(days=2))
    assert (await guest.say("¿hay alguien?", wait=False)).status_code == 401


@pytest.mark.parametrize("client_id", ["\\ud800", "x" * 65, "a b"])
async def test_an_error_repeats_no_key_that_is_none(site: Site, client_id: str) -> None:
    guest = await site.visitor()
    answer = await site.http.post(
        f"/api/webchat/sessions/{guest.id}/frames",
        content=f'{{"t": "msg", "d": {{"client_id": "{client_id}", "text": "Hola"}}}}',
        headers={"authorization": f"Bearer {guest.token}", "content-type": "application/json"},
    )
    (frame,) = answer.json()["frames"]
    assert frame["d"]["code"] == "malformed"
    assert "client_id" not in frame["d"]
