"""The whole road: a guest's mail arrives in a real mailbox, and answers leave through a real server."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from relevo.conversations.events import MessagesForgotten
from relevo.conversations.ports import Outgoing
from relevo.conversations.rules import Author, Control, Delivery, Kind
from relevo.people.rules import Role
from tests.email.letters import DSN, letter, multipart
from tests.email.test_parsing import PNG
from tests.email.world import OURS, World

MARIO = "Mario Díaz <mario@casa.example>"


def answer_to(mail: EmailMessage, body: str, **headers: str | None) -> bytes:
    """What a mail program makes when somebody answers."""
    quoted = "\r\n".join(f"> {line}" for line in str(mail.get_body(("plain",)).get_content()).splitlines())  # type: ignore[union-attr]
    thread = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    given = {
        "Subject": str(mail["Subject"]), "In_Reply_To": mail["Message-ID"], "References": thread,
        "Message_ID": f"<{abs(hash(body))}@casa.example>",
    }  # fmt: skip
    text = f"{body}\r\n\r\nEl sáb, 21 nov 2026 a las 9:12, Hotel Mirador ({OURS}) escribió:\r\n\r\n{quoted}\r\n"
    return letter(text, **{**given, **headers})


async def test_a_guest_gets_an_answer_in_their_thread_and_goes_on(hotel: World) -> None:
    first = await hotel.write("Hola, ¿tienen pileta?", Subject="Consulta")
    answer = await hotel.post.next()
    assert hotel.post.to == ["ana@casa.example"]
    assert answer["In-Reply-To"] == f"<{first}>"
    assert answer["References"] == f"<{first}>"
    assert answer["Subject"] == "Re: Consulta"
    assert answer["From"] == f"Hotel Mirador <{OURS}>"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["X-Auto-Response-Suppress"] == "All"
    body = answer.get_body(("plain",))
    assert body is not None
    assert "asistente virtual" in body.get_content()
    (conversation,) = await hotel.conversations()
    assert (conversation.channel, conversation.account, conversation.address) == ("email", OURS, "ana@casa.example")

    while not hotel.post.letters.empty():
        hotel.post.letters.get_nowait()
    await hotel.put(answer_to(answer, "¿Y desayuno?"))
    second = await hotel.post.next()
    assert len(await hotel.conversations()) == 1
    thread = [each for each in await hotel.thread() if each.author is Author.CUSTOMER]
    assert [each.text for each in thread] == ["Hola, ¿tienen pileta?", "¿Y desayuno?"]
    assert "pileta" in thread[1].meta["mail"]["quoted"] or thread[1].meta["mail"]["quoted"]
    assert second["References"].split()[0] == f"<{first}>"
    ours = [each for each in await hotel.thread() if each.author is Author.BOT]
    await hotel.delivered(ours[-1].id, until=Delivery.SENT)


async def test_a_copy_of_what_we_sent_is_kept_and_is_nobody_s_takeover(hotel: World) -> None:
    await hotel.write()
    answer = await hotel.post.next()
    await asyncio.wait_for(hotel.dealt.get(), 20)  # our own copy, seen among what was sent
    assert [b"Auto-Submitted: auto-replied" in mail for mail in await asyncio.to_thread(hotel.user.all, "Sent")]
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.BOT
    assert answer["X-Relevo-Loop"] == "1"


async def test_an_agent_answers_from_the_console(hotel: World) -> None:
    first = await hotel.write()
    await hotel.post.next()
    (conversation,) = await hotel.conversations()
    staff = await hotel.member()
    product = hotel.product
    async with product.db.write() as tx:
        await product.conversations.take_over(tx, conversation.id, staff=staff)
    async with product.db.write() as tx:
        said = await product.conversations.agent_says(
            tx, conversation.id, staff=staff, text="Soy Eva.\n\n¿<b>Cuándo</b>?"
        )
    while (letter_ := await hotel.post.next())["Auto-Submitted"]:
        pass
    assert letter_["In-Reply-To"] == f"<{first}>"
    page = letter_.get_body(("html",))
    assert page is not None
    assert "&lt;b&gt;" in page.get_content()
    await hotel.delivered(said.id, until=Delivery.SENT)


async def test_an_answer_from_a_mail_program_is_a_takeover(hotel: World) -> None:
    first = await hotel.write()
    await hotel.post.next()
    await hotel.put(
        letter(
            "Hola Ana, te espero.", From=f"Eva <{OURS}>", To="Ana <ana@casa.example>", Subject="Re: Reserva",
            In_Reply_To=f"<{first}>", References=f"<{first}>", Message_ID="<eva@mirador.example>",
        ),
        folder="Sent",
    )  # fmt: skip
    conversation = (await hotel.conversations())[0]
    assert conversation.control is Control.AGENT
    assert "agent: Hola Ana, te espero." in await hotel.said()
    # The guest answers the person: the same conversation, no machine.
    before = len(await hotel.said())
    await hotel.write("Gracias Eva", In_Reply_To="<eva@mirador.example>", References="<eva@mirador.example>")
    assert len(await hotel.conversations()) == 1
    assert (await hotel.said())[before:] == ["customer: Gracias Eva"]


async def test_what_was_passed_on_to_a_colleague_is_no_answer(hotel: World) -> None:
    first = await hotel.write()
    await hotel.post.next()
    await hotel.put(
        letter(
            "¿Lo ves vos?", From=OURS, To=MARIO, Subject="RV: Reserva", References=f"<{first}>",
            Message_ID="<fwd@mirador.example>",
        ),
        folder="Sent",
    )  # fmt: skip
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.BOT
    assert not any("¿Lo ves vos?" in line for line in await hotel.said())


async def test_a_stranger_in_the_thread_is_marked_and_told_nothing(hotel: World) -> None:
    await hotel.write("Hola, ¿tienen pileta?")
    answer = await hotel.post.next()
    await hotel.put(answer_to(answer, "¿Me pasás los datos de la reserva?", From=MARIO))
    (conversation,) = await hotel.conversations()
    assert conversation.address == "ana@casa.example"
    assert conversation.control is Control.QUEUED
    assert "mario@casa.example" in (conversation.reason or "")
    said = [each for each in await hotel.thread() if each.kind is Kind.TEXT][-1]
    assert said.meta["mail"]["stranger"] == {"address": "mario@casa.example", "name": "Mario Díaz"}
    async with hotel.product.db.read() as session:
        person = await hotel.product.people.get(session, conversation.person_id)
    assert person is not None
    assert [each.value for each in person.identities] == ["ana@casa.example"]
    assert set(hotel.post.to) == {"ana@casa.example"}
    # And the next answer still goes into the guest's own thread.
    staff = await hotel.member()
    async with hotel.product.db.write() as tx:
        await hotel.product.conversations.take_over(tx, conversation.id, staff=staff)
        await hotel.product.conversations.agent_says(tx, conversation.id, staff=staff, text="Hola Ana")
    while (letter_ := await hotel.post.next())["Auto-Submitted"]:
        pass
    assert letter_["To"] == "ana@casa.example"
    assert set(hotel.post.to) == {"ana@casa.example"}


async def test_an_invented_token_opens_nothing(hotel: World) -> None:
    await hotel.write("Hola")
    (conversation,) = await hotel.conversations()
    invented = f"<c.{conversation.id}.msg_1.{'0' * 20}@mirador.example>"
    await hotel.write("Dame la reserva", From=MARIO, Subject="Otra cosa", In_Reply_To=invented, References=invented)
    assert len(await hotel.conversations()) == 2
    assert len({each.person_id for each in await hotel.conversations()}) == 2


async def test_subjects_bring_a_thread_together_for_the_same_sender_only(hotel: World) -> None:
    await hotel.write("Hola", Subject="Cumpleaños de 15")
    await hotel.write("Me olvidé de decir: somos 40", Subject="RE: cumpleaños de 15")
    await hotel.write("Hola", Subject="Cumpleaños de 15", From=MARIO)
    await hotel.write("Otra cosa", Subject="Factura")
    assert [each.address for each in await hotel.conversations()] == [
        "ana@casa.example", "mario@casa.example", "ana@casa.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"From": "no-reply@booking.example"},
        {"List_Id": "<x.example>"},
        {"From": OURS},
        {"Return_Path": "<>"},
    ],
)
async def test_machines_are_left_alone(hotel: World, headers: dict[str, str]) -> None:
    await hotel.write("No estoy", **headers)  # type: ignore[arg-type]
    assert await hotel.conversations() == []
    assert [each.state for each in await hotel.kept()] == ["left"]


async def test_a_guest_who_is_away_is_shown_and_not_answered(hotel: World) -> None:
    await hotel.write("Hola, ¿tienen pileta?")
    answer = await hotel.post.next()
    await hotel.put(answer_to(answer, "Vuelvo el lunes", Auto_Submitted="auto-replied", Subject="Fuera de la oficina"))
    assert (await hotel.said())[-1] == "customer: Vuelvo el lunes"
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.BOT


async def test_a_forged_sender_is_for_a_person(hotel: World) -> None:
    await hotel.write("Cancelá mi reserva", Authentication_Results="mx.mirador.example; dmarc=fail")
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.QUEUED
    assert not any(line.startswith("bot") for line in await hotel.said())


async def test_two_machines_stop_answering_each_other(hotel: World) -> None:
    answer = None
    for turn in range(7):
        body = f"Hola, ¿tienen pileta? ({turn})"
        await (hotel.write(body) if answer is None else hotel.put(answer_to(answer, body)))
        (conversation,) = await hotel.conversations()
        if conversation.control is Control.QUEUED:
            break
        answer = await hotel.post.next()
        while not hotel.post.letters.empty():
            answer = hotel.post.letters.get_nowait()
    assert conversation.control is Control.QUEUED
    assert len(hotel.post.to) <= 7


async def test_a_bounce_fails_the_message_and_calls_a_person(hotel: World) -> None:
    await hotel.write("Hola, ¿tienen pileta?")
    answer = await hotel.post.next()
    returned = answer["Message-ID"].strip("<>").encode()
    await hotel.put(DSN.replace(b"c.cnv_1.msg_2.00000000000000000000@mirador.example", returned))
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.QUEUED
    failed = [each for each in await hotel.thread() if each.delivery is Delivery.FAILED]
    assert len(failed) == 1
    assert [each.state for each in await hotel.kept() if each.direction == "in"] == ["taken", "bounced"]


async def test_the_same_mail_twice_is_one_and_a_borrowed_id_is_not(hotel: World) -> None:
    await hotel.write("Hola", Message_ID="<x@casa.example>")
    await hotel.write("Hola", Message_ID="<x@casa.example>")
    assert len([each for each in await hotel.thread() if each.author is Author.CUSTOMER]) == 1
    await hotel.write("Otro", From=MARIO, Message_ID="<x@casa.example>", Subject="Otro")
    assert len(await hotel.conversations()) == 2


async def test_files_come_along_and_what_is_dangerous_does_not(hotel: World) -> None:
    await hotel.put(
        multipart(
            ("Content-Type: text/plain; charset=utf-8", b"Va el comprobante"),
            (
                "Content-Type: image/png; name=pago.png\r\nContent-Transfer-Encoding: base64",
                base64.encodebytes(PNG).replace(b"\n", b"\r\n"),
            ),
            ("Content-Type: image/svg+xml; name=x.svg", b"<svg onload='alert(1)'/>"),
            ("Content-Type: application/zip; name=bomba.zip", b"PK\x03\x04" + b"0" * 2_000),
            ("Content-Type: text/html; name=x.html", b"<script>alert(1)</script>"),
        )
    )
    message = next(each for each in await hotel.thread() if each.author is Author.CUSTOMER)
    assert [each["name"] for each in message.attachments] == ["pago.png"]
    assert message.meta["mail"]["refused"] == ["x.svg", "bomba.zip", "x.html"]


async def test_a_poisoned_mail_stops_no_other_and_is_shown(hotel: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nested = letter("", Content_Type="message/rfc822") + b"Content-Type: message/rfc822\r\n\r\n" * 10_000
    await hotel.put(nested, letter("Hola, ¿tienen pileta?"))
    assert (await hotel.post.next())["To"] == "ana@casa.example"
    shown = (await hotel.get("GET", "/api/mail/quarantine")).json()["items"]
    assert [(each["reason"], each["state"], each["retry_at"]) for each in shown] == [("nested", "quarantined", None)]
    again = await hotel.get("POST", f"/api/mail/quarantine/{shown[0]['id']}/retry")
    assert (again.json()["state"], again.json()["tries"]) == ("quarantined", 2)
    assert (await hotel.get("GET", "/api/mail/quarantine", Role.AGENT)).status_code == 403
    left = await hotel.get("POST", f"/api/mail/quarantine/{shown[0]['id']}/leave")
    assert left.json()["state"] == "left"
    assert (await hotel.get("GET", "/api/mail/quarantine")).json()["items"] == []
    assert (await hotel.get("POST", f"/api/mail/quarantine/{shown[0]['id']}/leave")).status_code == 404
    assert (await hotel.get("POST", "/api/mail/quarantine/eml_no/retry")).status_code == 404


async def test_a_mail_that_failed_for_a_while_is_taken_later(hotel: World, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = hotel.product.messaging.inbox
    take = inbox.take

    async def failing(*_args: object, **_more: object) -> None:
        raise RuntimeError("not now")

    monkeypatch.setattr(inbox, "take", failing)
    await hotel.write("Hola, ¿tienen pileta?")
    monkeypatch.setattr(inbox, "take", take)
    (shown,) = (await hotel.get("GET", "/api/mail/quarantine")).json()["items"]
    assert shown["retry_at"] is not None
    again = await hotel.get("POST", f"/api/mail/quarantine/{shown['id']}/retry")
    assert again.json()["state"] == "taken"
    assert (await hotel.post.next())["To"] == "ana@casa.example"
    assert (await hotel.get("GET", "/api/mail/quarantine")).json()["items"] == []


async def test_a_mail_whose_bytes_are_gone_is_said_to_be_and_stops_nobody(
    hotel: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = hotel.product.messaging.inbox
    take = inbox.take

    async def failing(*_args: object, **_more: object) -> None:
        raise RuntimeError("not now")

    monkeypatch.setattr(inbox, "take", failing)
    await hotel.write("Hola, ¿tienen pileta?")
    monkeypatch.setattr(inbox, "take", take)
    (shown,) = (await hotel.get("GET", "/api/mail/quarantine")).json()["items"]
    for kept in (hotel.product.settings.data_dir / "mail").rglob("*"):
        if kept.is_file():
            kept.unlink()
    again = await hotel.get("POST", f"/api/mail/quarantine/{shown['id']}/retry")
    assert (again.status_code, again.json()["reason"], again.json()["retry_at"]) == (200, "not_given", None)


async def test_the_same_mail_put_aside_twice_is_taken_once_and_both_are_gone(
    hotel: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = hotel.product.messaging.inbox
    take = inbox.take

    async def failing(*_args: object, **_more: object) -> None:
        raise RuntimeError("not now")

    monkeypatch.setattr(inbox, "take", failing)
    twice = letter("Hola, ¿tienen pileta?")
    await hotel.put(twice, twice)
    monkeypatch.setattr(inbox, "take", take)
    shown = (await hotel.get("GET", "/api/mail/quarantine")).json()["items"]
    assert len(shown) == 2
    for each in shown:
        assert (await hotel.get("POST", f"/api/mail/quarantine/{each['id']}/retry")).status_code == 200
    assert (await hotel.get("GET", "/api/mail/quarantine")).json()["items"] == []
    assert not [kept for kept in (hotel.product.settings.data_dir / "mail").rglob("*") if kept.is_file()]


async def test_a_page_is_shown_in_a_sandbox(hotel: World) -> None:
    page = b"<p>Hola</p><script>alert(1)</script><img src='https://evil.example/x.gif'>"
    await hotel.put(multipart(("Content-Type: text/html", page)))
    message = next(each for each in await hotel.thread() if each.author is Author.CUSTOMER)
    shown = await hotel.get("GET", f"/api/messages/{message.id}/mail", Role.AGENT)
    assert shown.status_code == 200
    assert "<p>Hola</p>" in shown.text
    assert "evil" not in shown.text
    assert "alert" not in shown.text
    assert shown.headers["content-security-policy"].startswith("sandbox")
    await hotel.write("solo palabras", Subject="Otra")
    plain = next(each for each in await hotel.thread() if each.author is Author.CUSTOMER)
    assert (await hotel.get("GET", f"/api/messages/{plain.id}/mail")).status_code == 404


async def test_headers_of_a_guest_are_no_headers_of_ours(hotel: World) -> None:
    await hotel.write(
        "Hola, ¿tienen pileta?", Subject="=?utf-8?q?a=0D=0ABcc:_x=40evil.example?=", Reply_To="x@evil.example"
    )
    answer = await hotel.post.next()
    assert answer["Bcc"] is None
    assert answer["Subject"] == "Re: a Bcc: x@evil.example"
    assert hotel.post.to == ["ana@casa.example"]


async def test_long_ids_stay_ids(hotel: World) -> None:
    """Those of Outlook are longer than a line."""
    first = f"<AS8PR04MB{'x' * 100}@AS8PR04MB8404.eurprd04.prod.outlook.example>"
    await hotel.write("Hola, ¿tienen pileta?", Message_ID=first)
    await hotel.post.next()
    head = hotel.post.raw[0].split(b"\r\n\r\n")[0].split(b"\r\n")
    assert b"In-Reply-To: " + first.encode() in head
    assert b"References: " + first.encode() in head
    assert hotel.post.raw[0].isascii()


async def test_old_mails_are_for_a_person(hotel: World) -> None:
    await hotel.write("Hola, ¿tienen pileta?", Date="Sat, 21 Nov 2015 09:00:00 -0300")
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.QUEUED


async def test_a_mail_whose_fate_is_unknown_is_looked_for_before_it_is_sent_again(hotel: World) -> None:
    await hotel.write("Hola, ¿tienen pileta?")
    await hotel.post.next()
    ours = next(each for each in await hotel.thread() if each.author is Author.BOT)
    await hotel.delivered(ours.id, until=Delivery.SENT)
    (conversation,) = await hotel.conversations()
    sent = list(hotel.post.to)

    async def read(_attachment: object) -> bytes:
        return b""

    mail = hotel.product.messaging.mail
    assert mail is not None
    again = await mail.channel.deliver(Outgoing(ours, conversation, 2, read))
    assert again.delivery is Delivery.SENT
    assert hotel.post.to == sent


async def test_an_agent_sends_a_file(hotel: World) -> None:
    await hotel.write()
    await hotel.post.next()
    (conversation,) = await hotel.conversations()
    staff, product = await hotel.member(), hotel.product
    stored = await product.attachments.store(PNG)
    async with product.db.write() as tx:
        await product.conversations.take_over(tx, conversation.id, staff=staff)
        file = await product.attachments.add(tx, conversation.id, name="mapa ñ.png", stored=stored)
        await product.conversations.agent_says(tx, conversation.id, staff=staff, text="", attachments=[file])
    while (letter_ := await hotel.post.next())["Auto-Submitted"]:
        pass
    assert [(part.get_filename(), part.get_content()) for part in letter_.iter_attachments()] == [("mapa ñ.png", PNG)]


async def test_a_refusal_is_shown(hotel: World) -> None:
    hotel.post.refuse = "550 nobody here"
    await hotel.write("Hola, ¿tienen pileta?")
    async with asyncio.timeout(20):
        while not (ours := [each for each in await hotel.thread() if each.delivery is Delivery.FAILED]):
            await hotel.looks.get()
    assert ours[0].meta["delivery_error"] == "mail_refused"


async def test_what_is_forgotten_is_forgotten_of_mails_too(hotel: World) -> None:
    await hotel.put(multipart(("Content-Type: text/html", b"<p>Hola, \xc2\xbftienen pileta?</p>")))
    await hotel.post.next()
    (conversation,) = await hotel.conversations()
    later = datetime.now(UTC) + timedelta(hours=1)
    async with hotel.product.db.write() as tx:
        await tx.publish(MessagesForgotten(conversation.id, later, all=False))
    assert {(each.html, each.subject) for each in await hotel.kept()} == {(None, "")}
    async with hotel.product.db.write() as tx:
        await tx.publish(MessagesForgotten(conversation.id, later, all=True))
    assert await hotel.kept() == []


async def test_the_doctor_finds_it_well(hotel: World) -> None:
    await hotel.write()
    mail = hotel.product.messaging.mail
    assert mail is not None
    found = [each for each in hotel.product.messaging.health.watched if each.name == "email"]
    checks = found[0].checks
    assert checks is not None
    assert {each.code: each.ok for each in await checks.check()} == {"mailbox": True, "mail_read": True}


async def test_a_test_message_leaves(hotel: World) -> None:
    await hotel.product.messaging.health.test("email", "eva@casa.example")
    sent = await hotel.post.next()
    assert sent["To"] == "eva@casa.example"
    assert await hotel.conversations() == []
