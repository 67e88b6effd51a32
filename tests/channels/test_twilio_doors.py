"""Twilio's webhooks for WhatsApp over real sockets: what is believed, what is refused and leaves nothing, what is read
of a form."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from twilio.request_validator import HMAC_SHA256, RequestValidator

from relevo.adapters.channels.whatsapp_twilio.settings import WEBHOOK
from relevo.adapters.understanding.embedded import Embedded
from relevo.conversations.rules import Author, Control, Delivery, Kind
from relevo.kit.clock import FixedClock
from relevo.people.rules import IdentityKind
from tests.channels.twilio_world import ACCOUNT, OURS, PUBLIC, THEIRS, TOKEN, World, world

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
URL = PUBLIC + WEBHOOK


@pytest.fixture
async def w(tmp_path: Path, clock: FixedClock, engine: Embedded, database_url: str) -> AsyncIterator[World]:
    async with world(
        tmp_path, clock, engine, database_url, twilio_other_token="the next token", twilio_webhook_key="shared"
    ) as made:
        yield made


def sign(form: dict[str, str], url: str = URL, token: str = TOKEN, algorithm: str | None = None) -> str:
    return str(RequestValidator(token).compute_signature(url, form, algorithm))


async def refused(w: World) -> int:
    listed = (await w.staff("GET", "/api/channels")).json()["items"]
    return int(next(each for each in listed if each["name"] == "whatsapp_twilio")["refused"])


async def test_a_message_is_stored_answered_and_answered_again_with_an_empty_response(w: World) -> None:
    form = w.customer.form(w.customer.keeps("Hola, ¿a qué hora es el check-in?"))
    answer = await w.http.post(w.url + WEBHOOK, data=form, headers={"X-Twilio-Signature": sign(form)})
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    await w.settled()
    [conversation] = await w.conversations()
    assert (conversation.channel, conversation.account, conversation.address) == ("whatsapp_twilio", OURS, THEIRS)
    assert conversation.window_until is not None
    assert (conversation.window_until - w.clock.now()).total_seconds() == 24 * 3_600
    async with w.product.db.read() as session:
        person = await w.product.people.get(session, conversation.person_id)
    assert person is not None
    assert (person.profile_name, person.first(IdentityKind.PHONE)) == ("Ana Pérez", THEIRS)
    first, *replies = await w.thread()
    assert (first.author, first.text) == (Author.CUSTOMER, "Hola, ¿a qué hora es el check-in?")
    assert replies
    assert [message.to for message in w.sent] == [f"whatsapp:{THEIRS}"] * len(w.sent)
    assert "\n".join(each.body for each in w.sent).strip()
    assert {each.delivery for each in replies} == {Delivery.SENT}
    assert [each.carrier_id for each in replies][-1] == w.sent[-1].sid


async def test_what_the_bot_answers_is_marked_as_read(w: World) -> None:
    sid, _ = await w.customer.writes("Hola")
    place, _ = await w.customer.writes("", MessageType="location", Latitude="1", Longitude="1")
    await w.settled()
    async with asyncio.timeout(5):
        await w.twilio.shelf.typed.wait()
    assert w.twilio.shelf.typing == [sid]
    assert place not in w.twilio.shelf.typing


async def test_many_deliveries_in_any_order_leave_each_message_once(w: World) -> None:
    chance = random.Random(11)
    guests = [w.somebody(f"+54934155501{number:02}") for number in range(12)]
    forms = [guest.form(guest.keeps(f"Hola {number}")) for guest in guests for number in range(5)]
    told = [(guests[index // 5], form) for index, form in enumerate(forms) for _ in range(chance.randint(1, 5))]
    told += [(guest, {**form, "Body": "otra cosa"}) for guest, form in chance.sample(told, 20)]
    chance.shuffle(told)
    wrong = set(chance.sample(range(len(told)), 15))

    async def post(number: int) -> int:
        guest, form = told[number]
        return await guest.posts(form, signature="AAAA" if number in wrong and "otra" in form["Body"] else None)

    for start in range(0, len(told), 8):
        answers = await asyncio.gather(*(post(number) for number in range(start, min(start + 8, len(told)))))
        assert set(answers) <= {200, 403}
    await w.settled()
    said = [each for each in await w.thread() if each.author is Author.CUSTOMER]
    assert len(said) == len(forms)
    assert len(await w.conversations()) == len(guests)
    for conversation in await w.conversations():
        own = [each for each in await w.thread() if each.conversation_id == conversation.id]
        assert [each.seq for each in own] == sorted({each.seq for each in own})
    replied = [each.meta.get("reply_to") for each in await w.thread() if each.author is Author.BOT]
    assert len(w.sent) == len(replied)


async def test_what_is_not_signed_is_refused_leaves_no_row_and_is_counted_once_each(w: World) -> None:
    form = w.customer.form(w.customer.keeps("Hola"))
    good = sign(form)
    attempts = [
        (form, None),
        (form, ""),
        (form, "AAAA"),
        (form, "ñandú"),
        (form, good[:-4] + "AAA="),
        (form, sign(form, token="another")),
        (form, sign(form, url="http://127.0.0.1" + WEBHOOK)),
        (form, sign(form, url=URL + "?x=1")),
        (form, sign(form, algorithm=HMAC_SHA256)),
        ({**form, "Body": "Hola!"}, good),
        ({**form, "Extra": ""}, good),
        ({key: each for key, each in form.items() if key != "ProfileName"}, good),
        ({**form, "AccountSid": "AC2"}, sign({**form, "AccountSid": "AC2"})),
        ({}, good),
    ]
    for sent, signature in attempts:
        headers = {} if signature is None else {b"X-Twilio-Signature": signature.encode()}
        assert (await w.http.post(w.url + WEBHOOK, data=sent, headers=headers)).status_code == 403
    for path in ("/api/whatsapp/status", "/api/whatsapp/status/msg_1"):
        assert (await w.http.post(w.url + path, data=form, headers={"X-Twilio-Signature": good})).status_code == 403
    assert await refused(w) == len(attempts) + 2
    assert await w.conversations() == []
    assert w.sent == []


async def test_a_large_or_shapeless_body_is_refused(w: World) -> None:
    for body, status in ((b"Body=" + b"x" * 400_000, 413), (b"x" * 30_000_000, 413)):
        assert (await w.http.post(w.url + WEBHOOK, content=body)).status_code == status
    many = b"&".join(b"a%d=1" % number for number in range(10_000))
    signed = {"X-Twilio-Signature": "AAAA"}
    for content, status in ((many, 422), (b"\xff\xfe=1", 422), (b"&&&&", 403), (b"{}", 403)):
        assert (await w.http.post(w.url + WEBHOOK, content=content, headers=signed)).status_code == status
    assert (await w.http.get(w.url + WEBHOOK)).status_code in (404, 405)
    assert await w.conversations() == []


async def test_blank_values_and_fields_that_nobody_knows_belong_to_the_signature(w: World) -> None:
    kept = w.customer.keeps("")
    blank = w.customer.form(kept, Latitude="", ButtonPayload="", ChannelMetadata='{"a":{"b":1}}', NewThing="", Ñ="ü €")
    assert await w.customer.posts(blank) == 200
    await w.settled()
    assert [each.meta.get("sort") for each in await w.thread() if each.author is Author.CUSTOMER] == ["unknown"]
    assert any("tipo" in each for each in (await w.said())[1:])


async def test_a_replay_is_a_duplicate_and_adds_nothing(w: World) -> None:
    form = w.customer.form(w.customer.keeps("Hola"))
    for _ in range(3):
        assert await w.customer.posts(form) == 200
    # The same message in other words is the same message.
    assert await w.customer.posts({**form, "NumSegments": "2"}) == 200
    await w.settled()
    assert len([each for each in await w.thread() if each.author is Author.CUSTOMER]) == 1
    assert await refused(w) == 0
    assert len(w.sent) == len([each for each in await w.thread() if each.author is Author.BOT])


async def test_the_other_token_and_a_shared_key_are_believed_too(w: World) -> None:
    for number, (token, algorithm) in enumerate((("the next token", None), ("shared", HMAC_SHA256))):
        form = w.customer.form(w.customer.keeps(f"Hola {number}"))
        headers = {"X-Twilio-Signature": sign(form, token=token, algorithm=algorithm)}
        if algorithm:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k1,algorithm={algorithm}"
        assert (await w.http.post(w.url + WEBHOOK, data=form, headers=headers)).status_code == 200
    form = w.customer.form(w.customer.keeps("Hola 3"))
    shared = {"X-Twilio-Signature": sign(form, algorithm=HMAC_SHA256)}
    shared["X-Twilio-Webhooks-Signature-Settings"] = "algorithm=HMAC_SHA256"
    assert (await w.http.post(w.url + WEBHOOK, data=form, headers=shared)).status_code == 403
    assert (await w.http.post(w.url + WEBHOOK + "?rc=2", data=form, headers={})).status_code == 403


async def test_connection_overrides_and_the_query_do_not_break_the_signature(w: World) -> None:
    form = w.customer.form(w.customer.keeps("Hola"))
    url = URL + "?branch=centro&x=%20y"
    headers = {"X-Twilio-Signature": sign(form, url=url)}
    assert (await w.http.post(w.url + WEBHOOK + "?branch=centro&x=%20y", data=form, headers=headers)).status_code == 200


async def test_several_files_are_fetched_with_the_password_and_past_the_redirect_without_it(w: World) -> None:
    w.twilio.faults.media_late = 1
    w.product.messaging.channels["whatsapp_twilio"].fetching._pause = instantly  # type: ignore[attr-defined]
    files = [("image/png", PNG), ("application/pdf", b"%PDF-1.4 " + b"0" * 50), ("image/svg+xml", b"<svg/>")]
    sid, status = await w.customer.sends(files, "El comprobante")
    assert status == 200
    await w.settled()
    message = next(each for each in await w.thread() if each.author is Author.CUSTOMER)
    assert message.text == "El comprobante"
    assert [each["media_type"] for each in message.attachments] == ["image/png", "application/pdf"]
    asked = [path for method, path in w.twilio.requests if f"/Messages/{sid}/Media/" in path]
    assert len(asked) == 4
    # A day later Twilio forgets what we have; what we could not take stays there.
    w.clock.advance(timedelta(days=1, minutes=1))
    await w.settled()
    assert len(w.twilio.shelf.messages[sid].files) == 3
    sid, _ = await w.customer.sends(files[:1])
    await w.settled()
    w.clock.advance(timedelta(days=1, minutes=1))
    await w.settled()
    assert w.twilio.shelf.messages[sid].files == {}


async def instantly(_seconds: float) -> None:
    return


async def test_a_media_address_of_somebody_else_never_sees_the_password(w: World) -> None:
    kept = w.customer.keeps("Mire")
    for url in ("http://127.0.0.1:1/x", "https://api.twilio.com.evil.test/2010", "file:///etc/passwd", "https://[::1"):
        fields = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/png", "MessageSid": f"SM{hash(url)}"}
        form = w.customer.form(kept, **{**fields, "MessageSid": "SM" + "".join(c for c in url if c.isalnum())})
        assert await w.customer.posts(form) == 200
    await w.settled()
    assert [each.attachments for each in await w.thread() if each.author is Author.CUSTOMER] == [()] * 4


async def test_every_kind_of_message_is_read(w: World) -> None:
    writes = w.customer.writes
    await writes("Confirmo", MessageType="button", ButtonText="Confirmo", ButtonPayload="YES_1")
    await writes("Ver op…", MessageType="button", ButtonText="Ver op…", ButtonPayload="o:Ver opciones de pago")
    await writes("", MessageType="interactive", ListId="o:Doble estándar", ListTitle="Doble")
    await writes("", MessageType="location", Latitude="-32.95", Longitude="-60.64", Label="Hotel", Address="Córdoba 1")
    await writes("mal", MessageType="location", Latitude="x", Longitude="-999")
    await writes("👍", MessageType="reaction", OriginalRepliedMessageSid="SMx")
    await writes("cita", OriginalRepliedMessageSid="SMx", Forwarded="true", ReferralSourceId="77", ReferralBody="Ad")
    await w.settled()
    said = [each for each in await w.thread() if each.author is Author.CUSTOMER]
    place = "Ubicación: Hotel, Córdoba 1 https://maps.google.com/?q=-32.95,-60.64"
    assert [each.text for each in said] == [
        "Confirmo", "Ver opciones de pago", "Doble estándar", place, "mal", "cita",
    ]  # fmt: skip
    assert said[3].meta["about"] == {"latitude": -32.95, "longitude": -60.64, "name": "Hotel", "address": "Córdoba 1"}
    assert (said[-1].meta["answers"], said[-1].meta["forwarded"]) == ("SMx", True)
    assert said[-1].meta["referral"] == {"SourceId": "77", "Body": "Ad"}
    lines = [each.text for each in await w.thread([Kind.EVENT])]
    assert "El cliente reaccionó con 👍" in lines


async def test_a_customer_without_a_number_is_somebody_too(w: World) -> None:
    nobody = w.somebody("AR.1349000000000000001", "Leo")
    form = nobody.form(nobody.keeps("Hola"), WaId="")
    assert await nobody.posts(form) == 200
    await w.settled()
    [conversation] = await w.conversations()
    assert conversation.address == "AR.1349000000000000001"
    assert [each.to for each in w.sent][-1] == "whatsapp:AR.1349000000000000001"


async def test_the_forms_of_an_argentine_number_are_one_person(w: World) -> None:
    await w.customer.writes("Hola")
    await w.somebody("+543415550101").writes("Soy yo otra vez")
    await w.settled()
    assert len({each.person_id for each in await w.conversations()}) == 1


@pytest.mark.parametrize(
    "broken",
    [{"MessageSid": "../x", "SmsSid": "", "SmsMessageSid": ""}, {"From": "+5493415550101"}, {"To": ""},
     {"From": "whatsapp:"}, {"From": "whatsapp:" + "9" * 400}],
)  # fmt: skip
async def test_a_form_that_is_no_message_is_refused(w: World, broken: dict[str, str]) -> None:
    form = w.customer.form(w.customer.keeps("Hola")) | broken
    assert await w.customer.posts(form) == 422
    assert await w.conversations() == []


async def test_names_and_words_with_markup_or_nothing_printable_stay_words(w: World) -> None:
    evil = "<script>alert(1)</script>\x00\x1b[31m" + "x" * 9_000
    form = w.customer.form(w.customer.keeps(evil), ProfileName="<b>Ana</b>" + "y" * 400, WaId="not a number")
    assert await w.customer.posts(form) == 200
    await w.settled()
    first = (await w.thread())[0]
    assert first.text.startswith("<script>alert(1)</script>[31mxxx")
    assert len(first.text) == 4_000


async def test_while_a_person_has_it_nothing_is_answered(w: World) -> None:
    await w.customer.writes("Hola")
    await w.settled()
    before = len(w.sent)
    [conversation] = await w.conversations()
    taken = await w.staff("POST", f"/api/conversations/{conversation.id}/take_over", json={})
    assert taken.status_code == 200, taken.text
    await w.customer.writes("", MessageType="interactive")
    await w.customer.writes("¿Sigue ahí?")
    await w.settled()
    assert len(w.sent) == before
    assert (await w.conversations())[0].control is Control.AGENT


async def test_without_an_account_there_is_no_door(tmp_path: Path, clock: FixedClock, engine: Embedded) -> None:
    from relevo.app.twilio_messages import given
    from relevo.kit.errors import Misconfigured
    from relevo.settings import Settings

    assert given(Settings()) is None
    for wrong in ({"twilio_whatsapp_number": OURS}, {"twilio_whatsapp_number": "341", "twilio_account_sid": ACCOUNT}):
        with pytest.raises(Misconfigured):
            given(Settings(twilio_auth_token="" if len(wrong) == 1 else "x", **wrong))  # type: ignore[arg-type]
