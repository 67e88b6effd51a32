"""Language models over real sockets: both wire formats, every way of failing, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from relevo.adapters.llm import loopback, ollama, openai_compatible, wire
from relevo.adapters.llm.router import AT_ONCE, MOST_WAITING, Engine, Router, Seats
from relevo.bot.ports import Purpose, Said
from relevo.kit.clock import FixedClock
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady, ProviderError

ASKED = [Said("system", "Sé breve."), Said("user", "La doble cuesta menos que la suite.")]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
Make = Callable[[str], Engine]


@pytest.fixture
async def server() -> AsyncIterator[loopback.Server]:
    async with loopback.served() as here:
        yield here


@pytest.fixture(params=["openai", "ollama"])
def make(request: pytest.FixtureRequest, server: loopback.Server) -> Make:
    def openai(model: str) -> Engine:
        given = openai_compatible.Settings(url=f"{server.url}/v1", key=SecretStr("sk-secret"), model=model)
        return openai_compatible.OpenAiCompatible(given)

    def native(model: str) -> Engine:
        return ollama.Ollama(ollama.Settings(url=server.url, model=model))

    return openai if request.param == "openai" else native


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PATIENCE", {purpose: wire.Patience(0.1, 0.1, 0.4) for purpose in Purpose})


async def test_an_answer_comes_whole_or_word_by_word(make: Make, server: loopback.Server) -> None:
    engine = make("ok")
    whole = await engine.complete(ASKED, purpose=Purpose.REPLY)
    assert whole.text == ASKED[-1].text
    assert (whole.model, whole.tokens_in, whole.tokens_out) == (engine.name, 7, 3)
    assert 0 < whole.first_ms <= whole.ms
    pieces = [piece async for piece in engine.stream(ASKED, purpose=Purpose.COPILOT)]
    assert "".join(pieces) == ASKED[-1].text
    assert len(pieces) > 1
    assert [each["role"] for each in server.asked[0]["messages"]] == ["system", "user"]
    assert "sk-secret" not in repr(engine)
    await engine.close()


async def test_a_schema_is_asked_for_in_the_servers_own_way(make: Make, server: loopback.Server) -> None:
    engine = make("ok")
    await engine.complete(ASKED, purpose=Purpose.UNDERSTAND, schema={"type": "object"})
    asked = server.asked[0]
    given = asked.get("format") or asked["response_format"]["json_schema"]["schema"]
    assert given == {"type": "object"}
    assert asked.get("options", asked)["temperature"] == 0
    await engine.close()


@pytest.mark.parametrize(
    ("model", "error", "code"),
    [
        ("no-credit", NotReady, "llm_busy"),
        ("busy", NotReady, "llm_busy"),
        ("down", NotReady, "llm_busy"),
        ("no-key", BadCredentials, "llm_key"),
        ("unknown", Misconfigured, "llm_model"),
        ("bad-request", ProviderError, "llm_refused"),
        ("fails", NotReady, "llm_broken_off"),
        ("cut", NotReady, "llm_broken_off"),
        ("garbage", ProviderError, "llm_bad_answer"),
        ("endless", ProviderError, "llm_bad_answer"),
        ("silent", NotReady, "llm_slow"),
        ("stuck", NotReady, "llm_slow"),
    ],
)
@pytest.mark.usefixtures("hasty")
async def test_every_way_of_failing_has_its_name(make: Make, model: str, error: type[ProviderError], code: str) -> None:
    engine = make(model)
    with pytest.raises(error) as failed:
        await engine.complete(ASKED, purpose=Purpose.REPLY)
    assert failed.value.code == code
    await engine.close()


async def test_nobody_there(make: Make) -> None:
    engine = openai_compatible.OpenAiCompatible(openai_compatible.Settings(url="http://127.0.0.1:9", model="x"))
    with pytest.raises(NotReady, match="llm_unreachable"):
        await engine.complete(ASKED, purpose=Purpose.REPLY)
    await engine.close()


async def test_a_slow_reader_is_not_a_slow_model(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PATIENCE", {Purpose.COPILOT: wire.Patience(0.2, 0.01, 5)})
    engine, heard = make("ok"), ""
    async for piece in engine.stream(ASKED, purpose=Purpose.COPILOT):
        heard += piece
        await asyncio.sleep(0.02)
    assert heard == ASKED[-1].text
    await engine.close()


async def test_who_stops_reading_stops_the_model(make: Make, server: loopback.Server) -> None:
    engine = make("stuck")
    stream = engine.stream(ASKED, purpose=Purpose.COPILOT)
    assert await anext(stream)
    assert not server.left.is_set()
    await stream.aclose()  # type: ignore[attr-defined]
    async with asyncio.timeout(5):
        await server.left.wait()
    await engine.close()


@pytest.mark.usefixtures("hasty")
async def test_the_next_model_answers_and_a_bad_one_rests(make: Make, server: loopback.Server) -> None:
    clock = FixedClock(NOW)
    router = Router([make("fails"), make("ok")], clock)
    for _ in range(4):
        answer = await router.complete(ASKED, purpose=Purpose.REPLY)
        assert answer.model.endswith(":ok")
    assert [each["model"] for each in server.asked].count("fails") == 3
    clock.advance(timedelta(seconds=31))
    await router.complete(ASKED, purpose=Purpose.REPLY)
    assert [each["model"] for each in server.asked].count("fails") == 4
    assert router.prefer(answer.model)
    assert not router.prefer("nobody")
    assert (await router.models())[0] == router.name == answer.model
    await router.close()


@pytest.mark.usefixtures("hasty")
async def test_a_stream_that_began_is_not_continued_by_another(make: Make, server: loopback.Server) -> None:
    router = Router([make("fails"), make("ok")], FixedClock(NOW))
    heard = list[str]()

    async def listen() -> None:
        async for piece in router.stream(ASKED, purpose=Purpose.COPILOT):
            heard.append(piece)

    with pytest.raises(NotReady, match="llm_broken_off"):
        await listen()
    assert heard == ["La"]
    lone = Router([make("no-key")], FixedClock(NOW))
    with pytest.raises(NotReady, match="llm_none"):
        await lone.complete(ASKED, purpose=Purpose.REPLY)
    await router.close()
    await lone.close()


async def test_customers_go_before_desks_and_nobody_waits_in_a_long_queue() -> None:
    seats, order = Seats(), list[str]()
    leave = asyncio.Event()

    async def take(name: str, purpose: Purpose) -> None:
        async with seats.seat(purpose):
            order.append(name)
            await leave.wait()

    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(take(f"first {n}", Purpose.COPILOT)) for n in range(AT_ONCE)]
        desks = [tasks.create_task(take(f"desk {n}", Purpose.COPILOT)) for n in range(MOST_WAITING - 1)]
        customer = tasks.create_task(take("customer", Purpose.REPLY))
        await asyncio.sleep(0)
        with pytest.raises(NotReady, match="llm_busy"):
            await take("too many", Purpose.REPLY)
        desks[0].cancel()
        leave.set()
        await asyncio.gather(*sitting, customer)
    assert order[AT_ONCE] == "customer"
    assert "desk 0" not in order
    assert len(order) == AT_ONCE + MOST_WAITING - 1


async def test_installed_models_are_listed(server: loopback.Server) -> None:
    engine = ollama.Ollama(ollama.Settings(url=server.url))
    assert await engine.models() == ("ollama:llama3", "ollama:mistral", "ollama:neural-chat:7b")
    await engine.close()
