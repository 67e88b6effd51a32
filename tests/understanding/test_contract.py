"""What every understander keeps to, whoever else is asked: ours alone, a Rasa and a model over real sockets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from relevo.adapters.llm import loopback as llm_server
from relevo.adapters.llm import openai_compatible
from relevo.adapters.understanding import loopback_rasa
from relevo.adapters.understanding.embedded import CERTAIN, Embedded
from relevo.adapters.understanding.language_model import CAP, LanguageModel
from relevo.adapters.understanding.loopback_rasa import Fault
from relevo.adapters.understanding.rasa import Rasa, Settings
from relevo.adapters.understanding.second_opinion import FAILURES, REST, Engine, SecondOpinion
from relevo.bot.ports import Expecting, ReadingContext, RoomTypeName, Understander
from relevo.kit.clock import FixedClock
from relevo.kit.health import OFF, OK

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
TYPES = (RoomTypeName("doble", ("doble", "matrimonial"), 2), RoomTypeName("triple", ("triple",), 3))
NOTHING = ReadingContext(NOW, room_types=TYPES)
CONFIRMING = ReadingContext(
    NOW, Expecting.CONFIRMATION, date(2026, 12, 11), date(2026, 12, 13), guests=2, room_types=TYPES
)
SURELY = {"quiero reservar": "make_reservation", "precio": "get_prices", "pileta": "ask_services"}
"""What the other engines are told that words mean."""
ODD = "me hace falta eso que hablamos, lo de siempre nomas"
"""A message of which ours makes little, and for which the others have an answer."""


def taught(text: str) -> tuple[str, float]:
    return next(((intent, 0.93) for words, intent in SURELY.items() if words in text), ("fuera_de_alcance", 0.9))


@dataclass
class Played:
    """One understander, what its other engine will say of any message, and how many it was asked."""

    mind: Understander
    clock: FixedClock
    say: Callable[[str, float], None] = field(default=lambda _intent, _sure: None)
    fail: Callable[[], None] = field(default=lambda: None)
    asked: Callable[[], int] = field(default=lambda: 0)
    mend: Callable[[], None] = field(default=lambda: None)


Build = Callable[[], Awaitable[Played]]


def second(engine: Embedded, other: Engine, clock: FixedClock, patience: float = 0.2) -> SecondOpinion:
    other.patience = patience
    return SecondOpinion(engine, other, clock)


@pytest.fixture(params=["embedded", "rasa", "llm"])
async def played(request: pytest.FixtureRequest, engine: Embedded, clock: FixedClock) -> AsyncIterator[Played]:
    async with AsyncExitStack() as stack:
        if request.param == "embedded":
            yield Played(engine, clock)
            return
        told: dict[str, tuple[str, float]] = {}

        def say(intent: str, sure: float) -> None:
            told["*"] = (intent, sure)

        if request.param == "rasa":
            rasa = await stack.enter_async_context(
                loopback_rasa.served(lambda text: [told.get("*") or taught(text)], token="t")  # noqa: S106 - a loopback
            )
            mind = second(engine, Rasa(Settings(url=rasa.url, token="t"), engine.intents), clock)  # type: ignore[arg-type]  # noqa: S106

            def fail() -> None:
                rasa.fault = Fault.SILENT

            def mend() -> None:
                rasa.fault = Fault.NONE

            yield Played(
                mind,
                clock,
                say,
                fail,
                lambda: len(rasa.asked),
                mend,
            )
            await mind.close()
            return

        broken = [False]

        def answer(_model: str, messages: list[dict[str, str]]) -> str:
            if broken[0]:
                return "no puedo ayudarte con eso"
            intent, sure = told.get("*") or taught(json.loads(messages[-1]["content"])["message"])
            return json.dumps({"intent": intent, "second": "none", "confidence": sure})

        server = await stack.enter_async_context(llm_server.served(answer))
        llm = openai_compatible.OpenAiCompatible(openai_compatible.Settings(url=f"{server.url}/v1", model="ok"))
        stack.push_async_callback(llm.close)
        yield Played(
            second(engine, LanguageModel(llm, engine.intents), clock, 2.0),
            clock,
            say,
            lambda: broken.__setitem__(0, True),
            lambda: len(server.asked),
            lambda: broken.__setitem__(0, False),
        )


asking_others = pytest.mark.parametrize("played", ["rasa", "llm"], indirect=True)
"""The embedded engine asks nobody."""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hola! quiero reservar una doble del 11 al 13 de diciembre para dos", "make_reservation"),
        ("¿qué precio tiene la doble del 11 al 13 de diciembre para dos?", "get_prices"),
    ],
)
async def test_what_is_wanted_and_the_data_beside_it(played: Played, text: str, intent: str) -> None:
    heard = await played.mind.aread(text, NOTHING)
    said = heard.entities
    assert heard.intent == heard.intents[0] == intent
    assert (said.check_in, said.check_out, said.guests, said.room_type) == (
        date(2026, 12, 11), date(2026, 12, 13), 2, "doble",
    )  # fmt: skip
    assert 0.4 < heard.confidence <= 1
    chances = [heard.confidence, *(chance for _, chance in heard.alternatives)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


@pytest.mark.parametrize(
    ("text", "context", "intent"),
    [
        ("sí, dale", CONFIRMING, "afirmar"),
        ("no, gracias", CONFIRMING, "negar"),
        ("quiero hablar con una persona", NOTHING, "hablar_con_humano"),
        ("hola", NOTHING, "saludo"),
        ("del 3 al 5 de enero, somos dos", NOTHING, "check_availability"),
        ("Ana Pérez", ReadingContext(NOW, Expecting.GUEST_NAME, room_types=TYPES), "dar_datos"),
    ],
)
async def test_what_a_rule_is_sure_of_is_asked_of_nobody(
    played: Played, text: str, context: ReadingContext, intent: str
) -> None:
    played.say("cancel_reservation", 1.0)
    heard = await played.mind.aread(text, context)
    assert (heard.intent, heard.confidence, heard.ruled) == (intent, CERTAIN, True)
    assert played.asked() == 0


@pytest.mark.parametrize("text", ["", "   ", "\n", "?", "👍👍", "/", "//", "x" * 5_000, "a\x00b"])
async def test_strange_messages_are_read_too(played: Played, text: str) -> None:
    heard = await played.mind.aread(text, NOTHING)
    assert heard.intent
    assert len(heard.text) <= 2_000


@asking_others
async def test_reading_never_holds_up_the_loop(played: Played) -> None:
    played.fail()
    beats, done = 0, asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        while not done.is_set():
            beats += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(beat())
        await played.mind.aread(ODD, NOTHING)
        done.set()
    assert beats > 5


async def test_read_asks_nobody(played: Played, engine: Embedded) -> None:
    assert played.mind.read(ODD, NOTHING) == engine.read(ODD, NOTHING)
    assert played.asked() == 0


async def test_one_that_asks_nobody_is_neither_well_nor_ill(engine: Embedded) -> None:
    assert await engine.check() == OFF
    await engine.close()


@asking_others
async def test_another_engine_knows_better(played: Played, engine: Embedded) -> None:
    played.say("consultar_paquetes", 0.88)
    heard = await played.mind.aread(ODD, NOTHING)
    assert (heard.intent, heard.confidence) == ("consultar_paquetes", 0.88)
    assert not heard.ruled
    assert engine.read(ODD, NOTHING).intent != heard.intent
    assert await played.mind.check() == OK


@asking_others
@pytest.mark.parametrize("intent", ["afirmar", "negar", "dar_datos"])
async def test_nobody_else_says_yes_or_no_for_a_customer(played: Played, engine: Embedded, intent: str) -> None:
    played.say(intent, 1.0)
    text = "y el desayuno a qué hora es?"
    assert await played.mind.aread(text, CONFIRMING) == engine.read(text, CONFIRMING)


@asking_others
@pytest.mark.parametrize("sure", [0.0, 0.3, 0.5])
async def test_below_the_threshold_ours_counts(played: Played, engine: Embedded, sure: float) -> None:
    played.say("consultar_paquetes", sure)
    assert await played.mind.aread(ODD, NOTHING) == engine.read(ODD, NOTHING)
    assert await played.mind.check() == OK


@asking_others
async def test_an_intent_that_nobody_has_leaves_ours(played: Played, engine: Embedded) -> None:
    played.say("regalar_habitacion", 1.0)
    assert await played.mind.aread(ODD, NOTHING) == engine.read(ODD, NOTHING)


@asking_others
async def test_one_that_fails_is_said_once_left_alone_and_asked_again(played: Played, engine: Embedded) -> None:
    played.fail()
    with capture_logs() as logs:
        for _ in range(FAILURES + 3):
            assert await played.mind.aread(ODD, NOTHING) == engine.read(ODD, NOTHING)
    assert played.asked() == FAILURES
    assert [log["event"] for log in logs] == ["the embedded engine understands alone"]
    assert await played.mind.check() in ("understanding_slow", "rasa_slow", "llm_bad_answer")
    played.mend()
    played.clock.advance(REST)
    played.say("consultar_paquetes", 0.9)
    with capture_logs() as logs:
        assert (await played.mind.aread(ODD, NOTHING)).intent == "consultar_paquetes"
    assert [log["event"] for log in logs] == ["another engine has its say again"]
    assert await played.mind.check() == OK


@asking_others
async def test_one_failure_after_the_rest_is_enough_for_another(played: Played) -> None:
    played.fail()
    for _ in range(FAILURES):
        await played.mind.aread(ODD, NOTHING)
    played.clock.advance(REST)
    for _ in range(3):
        await played.mind.aread(ODD, NOTHING)
    assert played.asked() == FAILURES + 1


@asking_others
async def test_old_trouble_is_forgotten(played: Played) -> None:
    played.fail()
    await played.mind.aread(ODD, NOTHING)
    played.mend()
    assert await played.mind.check() != OK
    played.clock.advance(timedelta(minutes=6))
    assert await played.mind.check() == OK


@asking_others
async def test_many_at_once_are_all_answered(played: Played) -> None:
    played.say("consultar_paquetes", 0.9)
    heard = await asyncio.gather(*(played.mind.aread(f"{ODD} {n}", NOTHING) for n in range(8)))
    assert {each.intent for each in heard} == {"consultar_paquetes"}


async def test_a_model_is_never_as_sure_as_it_says(engine: Embedded, clock: FixedClock) -> None:
    said = json.dumps({"intent": "consultar_paquetes", "second": "ask_services", "confidence": 1})
    async with llm_server.served(lambda _model, _messages: said) as server:
        llm = openai_compatible.OpenAiCompatible(openai_compatible.Settings(url=f"{server.url}/v1", model="ok"))
        heard = await second(engine, LanguageModel(llm, engine.intents), clock, 2.0).aread(ODD, NOTHING)
        await llm.close()
    assert (heard.intent, heard.confidence) == ("consultar_paquetes", CAP)
    began = time.perf_counter()
    assert engine.read(ODD, NOTHING).intent != heard.intent
    assert time.perf_counter() - began < 1
