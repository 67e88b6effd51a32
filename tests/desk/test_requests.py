"""What guests ask the house for: one of a kind under its key, answered once, on the guest's own road, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relevo.adapters.channels.webchat import Webchat
from relevo.conversations.rules import Conversation
from relevo.conversations.service import Conversations
from relevo.desk.events import GuestAnswered, GuestAsked
from relevo.desk.requests import REQUESTS, Requests
from relevo.desk.rules import RequestKind, RequestState
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.texts import Texts

DETAILS = {"day": "2026-12-11", "hour": "15:00", "from_where": "vuelo AR 1520"}


@pytest.fixture
def people(db: Database, clock: FixedClock, ids: CountingIds) -> People:
    return People(db, clock, ids)


@pytest.fixture
def conversations(
    db: Database, live: Live, work: Work, people: People, clock: FixedClock, ids: CountingIds
) -> Conversations:
    return Conversations(db, live, work, people, clock, ids, Texts("es_AR"), {"webchat": Webchat()})


@pytest.fixture
def requests(
    db: Database, live: Live, people: People, conversations: Conversations, clock: FixedClock, ids: CountingIds
) -> Requests:
    return Requests(db, live, people, conversations, clock, ids, Texts("es_AR"))


@pytest.fixture
async def luz(people: People) -> Staff:
    return await people.enrol(email="luz@x.ar", name="Luz", role=Role.AGENT, password="una clave larga")


@pytest.fixture
async def chat(db: Database, people: People, conversations: Conversations) -> Conversation:
    return await arrive(db, people, conversations, "webchat")


async def arrive(db: Database, people: People, conversations: Conversations, channel: str) -> Conversation:
    async with db.write() as tx:
        person = await people.find_or_create(tx, [Identity(IdentityKind.WEBCHAT, f"visitor-{channel}")])
        return await conversations.open(tx, channel=channel, person_id=person.id)


async def ask(requests: Requests, chat: Conversation, key: str = "transport:1", **details: str) -> str:
    asked = await requests.ask(
        RequestKind.TRANSPORT, conversation_id=chat.id, person_id=chat.person_id, details=details or DETAILS, key=key
    )
    return asked.id


async def said(db: Database, conversations: Conversations, chat: Conversation) -> list[tuple[str, str]]:
    async with db.read() as session:
        return [(each.author.value, each.text) for each in await conversations.messages(session, chat.id)]


async def test_a_request_reads_as_people_write_and_is_announced(
    db: Database, requests: Requests, chat: Conversation, live: Live, events: Events
) -> None:
    heard: list[GuestAsked] = []

    async def hear(_tx: Tx, event: GuestAsked) -> None:
        heard.append(event)

    events.on_within(GuestAsked, hear)
    request_id = await ask(requests, chat)
    async with db.read() as session:
        (shown,) = await requests.listing(session)
    assert shown["summary"] == "Día: viernes 11 de diciembre · Hora: 15:00 · Vuelo o desde dónde: vuelo AR 1520"
    assert (shown["kind_name"], shown["state"], shown["reachable"]) == ("Traslado", "open", True)
    assert [event.request_id for event in heard] == [request_id]
    async with db.read() as session:
        assert await live.seq(session, REQUESTS) == 1


async def test_the_same_key_is_the_same_request_written_anew_while_it_is_open(
    db: Database, requests: Requests, chat: Conversation, luz: Staff
) -> None:
    first = await ask(requests, chat)
    assert await ask(requests, chat, day="2026-12-12") == first
    (known,) = await requests.of_conversation(chat.id)
    assert known.details == {"day": "2026-12-12"}
    await requests.settle(first, done=True, line="", staff=luz)
    assert await ask(requests, chat, day="2026-12-13") == first
    (known,) = await requests.of_conversation(chat.id)
    assert (known.state, known.details) == (RequestState.DONE, {"day": "2026-12-12"})
    assert await ask(requests, chat, key="transport:2") != first


async def test_the_answer_is_sent_once_in_the_conversation(
    db: Database, requests: Requests, conversations: Conversations, chat: Conversation, luz: Staff, events: Events
) -> None:
    settled: list[GuestAnswered] = []

    async def hear(_tx: Tx, event: GuestAnswered) -> None:
        settled.append(event)

    events.on_within(GuestAnswered, hear)
    request_id = await ask(requests, chat)
    for _ in range(2):
        answer = await requests.settle(request_id, done=True, line=" El remis los espera. ", staff=luz)
    assert (answer["state"], answer["told"], answer["done_by"]["name"]) == ("done", True, "Luz")
    assert await said(db, conversations, chat) == [("system", "El remis los espera.")]
    assert len(settled) == 1
    with pytest.raises(Conflict, match="request_settled"):
        await requests.settle(request_id, done=False, line="No se puede", staff=luz)
    with pytest.raises(NotFound):
        await requests.settle("req_none", done=True, line="", staff=luz)


async def test_a_no_takes_words_where_they_can_be_said(
    db: Database, requests: Requests, conversations: Conversations, people: People, chat: Conversation, luz: Staff
) -> None:
    request_id = await ask(requests, chat)
    with pytest.raises(Invalid, match="request_line"):
        await requests.settle(request_id, done=False, line="  ", staff=luz)
    call = await arrive(db, people, conversations, "call")
    by_voice = await ask(requests, call)
    with pytest.raises(Conflict, match="request_by_voice"):
        await requests.settle(by_voice, done=False, line="No hay chofer", staff=luz)
    assert (await requests.settle(by_voice, done=False, line="", staff=luz))["told"] is False


async def test_past_a_carriers_window_nothing_is_settled_with_words(
    db: Database, requests: Requests, conversations: Conversations, chat: Conversation, luz: Staff, clock: FixedClock
) -> None:
    request_id = await ask(requests, chat)
    async with db.write() as tx:
        await conversations.writes_from(tx, chat.id, "+549341", "1", clock.now() + timedelta(hours=24))
    clock.advance(timedelta(hours=25))
    with pytest.raises(Conflict, match="window_closed"):
        await requests.settle(request_id, done=True, line="Listo", staff=luz)
    async with db.read() as session:
        (open_,) = await requests.listing(session)
    assert (open_["id"], open_["reachable"]) == (request_id, False)


async def test_words_are_forgotten_and_that_it_was_asked_stays(
    db: Database, requests: Requests, chat: Conversation, luz: Staff, clock: FixedClock
) -> None:
    old = await ask(requests, chat)
    clock.advance(timedelta(days=1))
    fresh = await ask(requests, chat, key="transport:2")
    async with db.write() as tx:
        await requests.forget(tx, chat.id, clock.now())
    known = {each.id: each for each in await requests.of_conversation(chat.id)}
    assert (known[old].summary, known[old].details) == ("", {})
    assert known[fresh].details == DETAILS
    async with db.write() as tx:
        await requests.forget(tx, chat.id, None)
    assert all(not each.details for each in await requests.of_conversation(chat.id))
