"""Twilio's doors: the signature matrix, replays, status callbacks in any order, outbound calls that happen once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from twilio.request_validator import RequestValidator

from relevo.adapters.lines import twilio
from relevo.adapters.lines.loopback import read_twiml

from .virtual_time import virtual
from .world import PUBLIC, TOKEN, Guest, World, until, world

FORM = {"CallSid": "CA00000000000000000000000000000001", "From": "+5493415550101", "To": "+543414000000"}
FORM |= {"CallStatus": "ringing", "Direction": "inbound", "AccountSid": "AC1"}


def signed(url: str, form: Mapping[str, str], token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, dict(form))}


async def post(w: World, path: str, form: Any, headers: Mapping[str, str] | None = None) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(w.app), base_url="http://10.0.0.7:8000") as client:
        if isinstance(form, bytes):
            return await client.post(path, content=form, headers=dict(headers or {}))
        return await client.post(path, data=form, headers=dict(headers or {}))


async def post_json(w: World, path: str, body: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(w.app), base_url=PUBLIC) as client:
        return await client.post(path, json=body)


def test_the_vector_of_the_documentation() -> None:
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309"}
    form["To"] = "+18005551212"
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signed(url, form, "12345") == {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}


@pytest.mark.parametrize("path", [twilio.INCOMING, twilio.STATUS])
def test_what_is_not_signed_by_twilio_is_refused_and_leaves_no_row(tmp_path: Path, path: str) -> None:
    @virtual
    async def scenario() -> None:
        async with world(tmp_path) as w:
            url = PUBLIC + path
            attempts: list[tuple[Any, Mapping[str, str]]] = [
                (FORM, {}),
                (FORM, {"X-Twilio-Signature": ""}),
                (FORM, {"X-Twilio-Signature": "AAAA"}),
                (FORM, signed(url, FORM, "another token")),
                (FORM, signed("http://10.0.0.7:8000" + path, FORM)),
                (FORM, signed(url + "?x=1", FORM)),
                (FORM | {"From": "+5493415550999"}, signed(url, FORM)),
                (FORM | {"Extra": "1"}, signed(url, FORM)),
                ({key: value for key, value in FORM.items() if key != "To"}, signed(url, FORM)),
                (b'{"CallSid": "CA1"}', signed(url, {})),
            ]
            for form, headers in attempts:
                response = await post(w, path, form, headers)
                assert response.status_code == (403 if form != b'{"CallSid": "CA1"}' else response.status_code)
                assert response.status_code >= 400
            assert await w.rows() == []

    scenario()


@virtual
async def test_a_good_request_gets_a_stream_and_a_replay_adds_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        url = PUBLIC + twilio.INCOMING
        first = await post(w, twilio.INCOMING, FORM, signed(url, FORM))
        again = await post(w, twilio.INCOMING, FORM, signed(url, FORM))
        assert first.status_code == again.status_code == 200
        assert first.headers["content-type"].startswith("text/xml")
        assert first.text == again.text
        stream = read_twiml(first.text)
        assert stream is not None
        assert stream.url == "wss://relevo.test/outbound-media-stream"
        assert set(stream.parameters) == {"call", "token"}
        assert "<Hangup" in first.text
        rows = await w.rows()
        assert [(row["from"], row["status"]) for row in rows] == [("+5493415550101", "ringing")]
        assert rows[0]["person"]["identities"] == [{"kind": "phone", "value": "+5493415550101"}]


@virtual
async def test_the_query_is_part_of_what_is_signed(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        path = twilio.INCOMING + "?branch=centro&x=%20y"
        assert (await post(w, path, FORM, signed(PUBLIC + path, FORM))).status_code == 200


@virtual
async def test_a_withheld_number_is_a_new_person_each_time(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        for number in ("1", "2"):
            form = FORM | {"CallSid": f"CA{number}", "From": "anonymous"}
            assert (await post(w, twilio.INCOMING, form, signed(PUBLIC + twilio.INCOMING, form))).status_code == 200
        assert len({row["person"]["id"] for row in await w.rows()}) == 2


@virtual
async def test_bodies_are_limited_and_odd_ones_refused(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        assert (await post(w, twilio.INCOMING, b"a=" + b"x" * 1_000_000)).status_code == 413
        assert (await post(w, twilio.INCOMING, b"\xff\xfe=1")).status_code in (403, 422)
        many = await post(w, twilio.INCOMING, b"&".join(b"a=1" for _ in range(500)), {"X-Twilio-Signature": "AAAA"})
        assert many.status_code == 422
        form = {**FORM, "CallSid": "../../etc"}
        assert (await post(w, twilio.INCOMING, form, signed(PUBLIC + twilio.INCOMING, form))).status_code == 422
        assert await w.rows() == []


@virtual
async def test_without_a_token_everything_is_refused(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        door = twilio.Door(twilio.Settings(public_url=PUBLIC))
        assert not door.opens("cal_1", door.token("cal_1"))
        assert w.calls.carried == 0


@virtual
async def test_status_reports_only_move_a_call_forward(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await post(w, twilio.INCOMING, FORM, signed(PUBLIC + twilio.INCOMING, FORM))
        for sequence, status in (
            ("3", "no-answer"),
            ("0", "initiated"),
            ("1", "ringing"),
            ("3", "no-answer"),
            ("9", "busy"),
        ):
            form = FORM | {"CallStatus": status, "SequenceNumber": sequence}
            assert (await post(w, twilio.STATUS, form, signed(PUBLIC + twilio.STATUS, form))).status_code == 204
        row = (await w.rows())[0]
        assert (row["status"], row["end_reason"]) == ("ended", "no_answer")
        assert len([m for m in await w.messages(["event"]) if m.meta["event"] == "call_ended"]) == 1
        unknown = FORM | {"CallSid": "CA404", "CallStatus": "completed"}
        assert (await post(w, twilio.STATUS, unknown, signed(PUBLIC + twilio.STATUS, unknown))).status_code == 204


@virtual
async def test_completed_ends_a_live_call_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        call = await w.call(Guest())
        await until(lambda: w.calls.carried == 1)
        form = {"CallSid": call.sid, "CallStatus": "completed", "SequenceNumber": "4"}
        await post(w, twilio.STATUS, form, signed(PUBLIC + twilio.STATUS, form))
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == "customer_hung_up"
        assert call.ended_by == "server"


BODY = {
    "user_name": "Florencia Gutiérrez",
    "to_number": "+5493415550101",
    "sessionId": "ses-1",
    "voice_name": "Ernesto",
}


@virtual
async def test_an_outbound_call_is_placed_once_and_talks(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        answers = await asyncio.gather(*(post_json(w, "/outbound-call", BODY) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [201] * 3
        assert len({answer.text for answer in answers}) == 1
        body = answers[0].json()
        assert set(body) == {"callSid", "sessionId", "conversation_id"}
        assert list(w.twilio.placed) == [body["callSid"]]
        form = w.twilio.placed[body["callSid"]].form
        assert (form["To"], form["From"]) == (["+5493415550101"], ["+543414000000"])
        assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
        assert "Byoc" not in form
        guest = Guest(hangs_up_at=4_000)
        call = await w.twilio.pick_up(body["callSid"], guest)
        w.tasks.start(call.run(), name="telephone")
        await w.settle()
        row = (await w.rows())[0]
        assert (row["direction"], row["status"], row["person"]["name"]) == ("outbound", "ended", "Florencia Gutiérrez")
        assert guest.loud()
        assert (await post_json(w, "/outbound-call", BODY)).json()["callSid"] == body["callSid"]
        assert len(w.twilio.placed) == 1


@virtual
async def test_ending_a_call_tells_the_carrier_and_may_be_repeated(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        sid = (await post_json(w, "/outbound-call", BODY)).json()["callSid"]
        for _ in range(2):
            answer = await post_json(w, "/end-call", {"callSid": sid, "sessionId": "ses-1"})
            assert (answer.status_code, answer.json()) == (200, {"callSid": sid, "status": "ended"})
        assert w.twilio.placed[sid].status == "completed"
        assert (await w.rows())[0]["end_reason"] == "staff_hung_up"
        assert (await post_json(w, "/end-call", {"callSid": "CA404"})).status_code == 404
        assert (await post_json(w, "/end-call", {"callSid": sid, "sessionId": "another"})).status_code == 404


@virtual
async def test_a_carrier_that_refuses_leaves_a_failed_call_that_may_be_tried_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        refuse = httpx.MockTransport(lambda _: httpx.Response(400, json={"code": 21210, "message": "no"}))
        broken = httpx.AsyncClient(transport=refuse)
        rest = twilio.Telephones(twilio.Settings(account_sid="AC1", auth_token=TOKEN), broken)
        good = w.calls._carriers["twilio"]
        assert isinstance(good, twilio.Telephones)
        client, good.rest.client = good.rest.client, broken
        assert (await post_json(w, "/outbound-call", BODY)).status_code == 502
        assert [(row["status"], row["end_reason"]) for row in await w.rows()] == [("ended", "failed")]
        good.rest.client = client
        again = await post_json(w, "/outbound-call", BODY)
        assert again.status_code == 201
        assert [(row["status"], row["end_reason"]) for row in await w.rows()] == [("ringing", None)]
        assert rest is not good
        await broken.aclose()


@virtual
async def test_a_carrier_that_does_not_answer_is_not_asked_twice_and_its_callbacks_name_the_call(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as w:
        good = w.calls._carriers["twilio"]
        assert isinstance(good, twilio.Telephones)
        asked: list[str] = []

        def lose(request: httpx.Request) -> httpx.Response:
            asked.append(request.content.decode())
            raise httpx.ReadTimeout("no answer", request=request)

        client, good.rest.client = good.rest.client, httpx.AsyncClient(transport=httpx.MockTransport(lose))
        for _ in range(2):
            assert (await post_json(w, "/outbound-call", BODY)).status_code == 503
        await good.rest.client.aclose()
        good.rest.client = client
        assert len(asked) == 1
        [row] = await w.rows()
        assert row["status"] == "ringing"
        path = f"{twilio.STATUS}?call={row['id']}"
        assert f"call%3D{row['id']}" in asked[0]
        form = FORM | {"CallSid": "CAlate", "CallStatus": "initiated"}
        assert (await post(w, path, form, signed(PUBLIC + path, form))).status_code == 204
        assert (await post_json(w, "/outbound-call", BODY)).json()["callSid"] == "CAlate"
        assert w.twilio.placed == {}
        stranger = FORM | {"CallSid": "CAother", "CallStatus": "completed"}
        await post(w, path, stranger, signed(PUBLIC + path, stranger))
        assert (await w.rows())[0]["status"] == "ringing"
        other = BODY | {"to_number": "+5493415550102"}
        assert (await post_json(w, "/outbound-call", other)).status_code == 409


@pytest.mark.parametrize("token", ["ñandú", "\ud800", ""])
def test_odd_tokens_are_only_wrong(token: str) -> None:
    door = twilio.Door(twilio.Settings(auth_token=TOKEN))
    assert not door.opens("cal_1", token)
    assert not door.opens(token, "x")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {}, "twilio_credentials"),
        (429, {}, "carrier_unavailable"),
        (503, {}, "carrier_unavailable"),
        (400, {"code": 21211}, "carrier_refused"),
        (201, {"unexpected": True}, "carrier_unavailable"),
    ],
)
async def test_the_carriers_errors_become_ours(status: int, body: dict[str, Any], code: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    async with httpx.AsyncClient(transport=transport) as client:
        rest = twilio.Telephones(twilio.Settings(account_sid="AC1", auth_token=TOKEN), client)
        with pytest.raises(twilio.ProviderError) as raised:
            await rest.place(to="+5491", twiml="<Response/>", status_url=PUBLIC)
    assert raised.value.code == code


@pytest.mark.parametrize("body", [{"to_number": "no"}, {}, {"to_number": "+5493415550101", "surprise": 1}])
def test_bad_outbound_requests_call_nobody(tmp_path: Path, body: dict[str, Any]) -> None:
    @virtual
    async def scenario() -> None:
        async with world(tmp_path) as w:
            assert (await post_json(w, "/outbound-call", body)).status_code == 422
            assert await w.rows() == []

    scenario()
