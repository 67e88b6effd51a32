"""The bot's jobs on the real database: once per message, silent after a takeover, and going on after a hand-back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from world import World, told

from relevo.bot.ports import Entities, ReadingContext, Understander, Understanding
from relevo.bot.replying import REPLY, RESUME
from relevo.bot.service import Turn
from relevo.conversations.rules import Author, Control, Kind
from relevo.kit.clock import FixedClock
from relevo.kit.errors import NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.work import Job
from relevo.people.rules import Identity, IdentityKind, Role, Staff

DAYS = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}
Build = Callable[["Script"], Awaitable[World]]


class Script(Understander):
    """An engine that knows a few sentences by heart."""

    name = "script"

    def __init__(self) -> None:
        self.knows = {
            "doble": ("check_availability", Entities(guests=2, room_type="doble", **DAYS)),
            "sí": ("afirmar", Entities()),
            "Ana Gil": ("dar_datos", Entities(guest_name="Ana Gil")),
            "cancelar": ("cancel_reservation", Entities()),
            "estado": ("consulta_estado", Entities()),
            "acordamos triple": ("fuera_de_alcance", Entities(room_type="triple", guests=3)),
        }
        self.broken = False
        self.contexts: list[ReadingContext] = []

    def read(self, text: str, context: ReadingContext) -> Understanding:
        if self.broken:
            raise NotReady("no_engine")
        self.contexts.append(context)
        intent, entities = self.knows.get(text, ("fuera_de_alcance", Entities()))
        return Understanding(text, intent, 0.9, intents=(intent,), entities=entities)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def world(world_with: Build, script: Script) -> World:
    return await world_with(script)


@pytest.fixture
async def marta(world: World) -> Staff:
    return await world.people.enrol(email="marta@x.ar", name="Marta", role=Role.AGENT, password="una clave larga")


async def job_for(world: World, conversation_id: str, text: str) -> Job:
    async with world.db.write() as tx:
        received = await world.conversations.receive(tx, conversation_id, text=text)
    payload = {"conversation_id": conversation_id, "message_id": received.message.id}
    return Job(1, REPLY, "reply", payload, 1, world.work)


async def bot_texts(world: World, conversation_id: str, kind: Kind = Kind.TEXT) -> list[str]:
    async with world.db.read() as session:
        thread = await world.conversations.messages(session, conversation_id)
    return [each.text for each in thread if each.author is Author.BOT and each.kind is kind]


async def test_a_job_done_twice_answers_and_holds_once(world: World) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    job = await job_for(world, conversation.id, "sí")
    await world.replying.reply(job)
    await world.replying.reply(job)
    assert len(await bot_texts(world, conversation.id)) == 2
    assert [told(each) for each in await world.booked(conversation)] == ["hold doble 2026-12-11 2026-12-13 2+0 136000"]


async def test_a_crash_between_hold_and_answer_repeats_only_the_answer(world: World) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    turn = Turn(conversation.id, conversation.person_id, "webchat", "sí", "msg_lost", conversation.control_version)
    first = await world.bot.respond(turn)
    again = await world.bot.respond(turn)
    assert len(await world.booked(conversation)) == 1
    assert "RL-22223" in first.replies[0].text
    assert "RL-22223" in again.replies[0].text


async def test_an_answer_made_while_somebody_takes_over_is_a_suggestion(
    world: World, script: Script, marta: Staff
) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    turn = Turn(conversation.id, conversation.person_id, "webchat", "sí", "msg_x", conversation.control_version)
    answer = await world.bot.respond(turn)
    async with world.db.write() as tx:
        await world.conversations.take_over(tx, conversation.id, staff=marta)
    await world.replying.say(turn, answer, {})
    assert await bot_texts(world, conversation.id, Kind.SUGGESTION) == [answer.replies[0].text]
    assert len(await bot_texts(world, conversation.id)) == 1


async def test_no_answer_while_a_person_has_the_conversation(world: World, marta: Staff) -> None:
    conversation = await world.arrive()
    async with world.db.write() as tx:
        await world.conversations.take_over(tx, conversation.id, staff=marta)
    await world.replying.reply(await job_for(world, conversation.id, "doble"))
    assert await bot_texts(world, conversation.id) == []


async def test_a_request_for_a_person_queues_the_conversation(world: World) -> None:
    conversation = await world.arrive()
    answers = await world.say(conversation, "quiero hablar con una persona")
    assert await world.control(conversation) is Control.QUEUED
    assert answers[0].meta["reply_to"]


async def test_after_a_hand_back_it_goes_on_and_has_read_the_note(world: World, marta: Staff) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    async with world.db.write() as tx:
        await world.conversations.take_over(tx, conversation.id, staff=marta)
        await world.conversations.agent_says(tx, conversation.id, staff=marta, text="Le consigo la triple")
        back = await world.conversations.hand_back(tx, conversation.id, staff=marta, note="acordamos triple")
    payload = {"conversation_id": conversation.id, "version": back.control_version}
    job = Job(2, RESUME, "resume", payload, 1, world.work)
    await world.replying.resume(job)
    await world.replying.resume(job)
    said = await bot_texts(world, conversation.id)
    assert len(said) == 2
    assert said[1].startswith("Sigo yo, el asistente virtual. Para tu estadía del viernes 11 al domingo 13")
    assert "Triple para 3 personas" in said[1]
    await world.say(conversation, "sí")
    assert [told(each) for each in await world.booked(conversation)] == ["hold triple 2026-12-11 2026-12-13 3+0 178000"]


async def test_a_yes_to_a_person_does_not_book_what_the_bot_offered_before(world: World, marta: Staff) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    async with world.db.write() as tx:
        await world.conversations.take_over(tx, conversation.id, staff=marta)
        await world.conversations.agent_says(tx, conversation.id, staff=marta, text="¿Lo llamo mañana?")
        await world.conversations.hand_back(tx, conversation.id, staff=marta, note="")
    answers = await world.say(conversation, "sí")
    assert await world.booked(conversation) == []
    assert "asistente virtual" not in answers[0].text


async def test_a_hold_that_ran_out_is_not_taken_for_alive(world: World, clock: FixedClock) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    await world.say(conversation, "sí")
    clock.advance(timedelta(minutes=21))
    answers = await world.say(conversation, "estado")
    assert "venció" in answers[0].text
    await world.say(conversation, "sí")
    assert [each.status for each in await world.booked(conversation)] == ["expired", "hold"]


async def test_a_name_that_comes_after_the_hold_ran_out_is_told_so(world: World, clock: FixedClock) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    await world.say(conversation, "sí")
    clock.advance(timedelta(minutes=21))
    said = await world.say(conversation, "Ana Gil")
    assert "venció" in said[0].text
    assert "¿Querés reservar?" in said[0].text
    await world.say(conversation, "sí")
    booked = [told(booking) for booking in await world.booked(conversation)]
    assert booked[-1] == "hold doble 2026-12-11 2026-12-13 2+0 136000 Ana Gil"


async def test_another_conversation_of_the_same_person_may_ask_for_its_code(world: World, script: Script) -> None:
    phone = [Identity(IdentityKind.PHONE, "+5493415551234")]
    first, second, stranger = await world.arrive(identities=phone), await world.arrive(identities=phone), None
    await world.say(first, "doble")
    held = await world.say(first, "sí")
    assert "¿A nombre de quién la dejo?" in held[0].text
    script.knows["RL-22223"] = ("consulta_estado", Entities(booking_code="RL-22223"))
    assert "está bloqueada" in (await world.say(second, "RL-22223"))[0].text
    stranger = await world.arrive()
    assert "con qué teléfono o mail" in (await world.say(stranger, "RL-22223"))[0].text


async def test_an_engine_that_is_down_brings_a_person(world: World, script: Script) -> None:
    conversation = await world.arrive()
    script.broken = True
    answers = await world.say(conversation, "doble")
    assert "Te paso con una persona" in answers[0].text
    assert await world.control(conversation) is Control.QUEUED


async def test_the_engine_is_told_what_was_asked(world: World, script: Script) -> None:
    conversation = await world.arrive()
    await world.say(conversation, "doble")
    await world.say(conversation, "sí")
    await world.say(conversation, "Ana Gil")
    assert [context.expecting for context in script.contexts] == ["nothing", "confirmation", "guest_name"]
    async with world.db.read() as session:
        person = await world.people.get(session, conversation.person_id)
    assert person is not None
    assert person.name == "Ana Gil"
    assert script.contexts[1].check_in == DAYS["check_in"]
    assert "matrimonial" in script.contexts[0].room_types[1].names
    assert script.contexts[0].now.hour == 9


async def test_trying_out_writes_nothing(world: World, clock: FixedClock, ids: CountingIds) -> None:
    tried = await world.bot.try_out("doble", now=clock.now())
    assert tried["intent"] == "check_availability"
    assert tried["entities"]["nights"] == 2
    assert tried["entities"]["check_in"] == "2026-12-11"
    assert "Total $ 136.000" in tried["reply"]
    assert await world.bookings.listing() == ()
    assert (await world.bot.try_out("sí"))["reply"]


async def test_greetings(world: World) -> None:
    written = await world.bot.greeting("cnv_1", channel="webchat")
    assert "asistente virtual" in written.text
    assert written.buttons[2] == "Hablar con una persona"
    spoken = await world.bot.greeting("cnv_1", channel="call")
    assert "se graba" in spoken.text
    assert "virtual assistant" in (await world.bot.greeting("cnv_1", channel="webchat", locale="en")).text


async def test_buttons_of_the_greeting_work_at_any_turn(world: World) -> None:
    conversation = await world.arrive()
    answers = await world.say(conversation, "Disponibilidad y precios")
    assert answers[0].text == "¿Para qué fechas y para cuántas personas?"
    await world.say(conversation, "Hablar con una persona")
    assert await world.control(conversation) is Control.QUEUED
