"""The inbox over HTTP: where a message stands, why it did not arrive, and trying it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from relevo.conversations.incoming import Incoming
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Delivery
from relevo.kit.errors import ProviderError
from relevo.people.rules import Identity, IdentityKind
from tests.conftest import NOW
from tests.web.conftest import Site


class Moody:
    """Takes nothing until it is told to."""

    name = "moody"

    def __init__(self) -> None:
        self.well = False

    async def deliver(self, outgoing: Outgoing) -> Sent:
        if not self.well:
            raise ProviderError("mail_refused")
        return Sent(Delivery.SENT, f"moody.{outgoing.message.id}")


def written(external_id: str, at: datetime) -> Incoming:
    phone = Identity(IdentityKind.PHONE, "+5493415550001")
    return Incoming("moody", "nuestro", "5493415550001", external_id, (phone,), at, "Hola", window=timedelta(hours=24))


async def take(site: Site, external_id: str, at: datetime) -> str:
    async with site.product.db.write() as tx:
        taken = await site.product.messaging.inbox.take(tx, written(external_id, at))
    return taken.conversation.id


async def test_what_did_not_arrive_says_why_and_is_tried_again(site: Site) -> None:
    moody = site.product.messaging.channels["moody"] = Moody()
    conversation_id = await take(site, "1", NOW)
    await site.product.work.idle()
    await site.staff("POST", f"/api/conversations/{conversation_id}/take_over")
    shown = (await site.staff("GET", f"/api/conversations/{conversation_id}")).json()
    reply = next(each for each in shown["messages"] if each["author"] == "bot")
    assert (reply["delivery"], reply["error"]) == ("failed", "El servidor de correo rechazó el mensaje.")
    assert (shown["conversation"]["address"], shown["conversation"]["account"]) == ("5493415550001", "nuestro")
    moody.well = True
    denied = await site.staff("POST", f"/api/messages/{reply['id']}/retry", who="auditor")
    assert denied.status_code == 403
    again = (await site.staff("POST", f"/api/messages/{reply['id']}/retry")).json()
    assert (again["delivery"], again["error"]) == ("pending", None)
    await site.product.work.idle()
    shown = (await site.staff("GET", f"/api/conversations/{conversation_id}")).json()
    assert next(each for each in shown["messages"] if each["id"] == reply["id"])["delivery"] == "sent"
    twice = await site.staff("POST", f"/api/messages/{reply['id']}/retry")
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "not_failed")
    assert (await site.staff("POST", "/api/messages/msg_none/retry")).status_code == 404


async def test_after_the_window_writing_is_a_conflict(site: Site) -> None:
    moody = site.product.messaging.channels["moody"] = Moody()
    moody.well = True
    conversation_id = await take(site, "1", NOW - timedelta(hours=25))
    await site.product.work.idle()
    await site.staff("POST", f"/api/conversations/{conversation_id}/take_over")
    refused = await site.staff("POST", f"/api/conversations/{conversation_id}/messages", json={"text": "Hola"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "window_closed")
    note = {"text": "Llamarla", "kind": "note"}
    assert (await site.staff("POST", f"/api/conversations/{conversation_id}/messages", json=note)).status_code == 201
