"""What another engine thought of a message is remembered for an hour; that it failed is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relevo.adapters.understanding import second_opinion
from relevo.adapters.understanding.embedded import Embedded
from relevo.adapters.understanding.second_opinion import SecondOpinion
from relevo.bot.ports import Expecting, ReadingContext
from relevo.kit.clock import FixedClock
from relevo.kit.errors import NotReady

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXT = "tirame la posta del bulo"


class Thinks:
    name, patience, must_agree = "thinks", 1.0, frozenset[str]()

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False
        self.thought: list[tuple[str, float]] | None = [("queja", 0.9)]

    async def opinion(self, text: str, context: ReadingContext) -> list[tuple[str, float]] | None:
        self.asked.append(f"{context.expecting}:{text}")
        if self.fails:
            raise NotReady("rasa_down")
        return self.thought

    async def look(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def intent(opinions: SecondOpinion, text: str = TEXT, expecting: Expecting = Expecting.NOTHING) -> str:
    return (await opinions.aread(text, ReadingContext(NOW, expecting))).intent


async def test_the_same_message_is_asked_about_once_an_hour(engine: Embedded) -> None:
    clock, thinks = FixedClock(NOW), Thinks()
    opinions = SecondOpinion(engine, thinks, clock)
    assert {await intent(opinions) for _ in range(3)} == {"queja"}
    assert len(thinks.asked) == 1
    await intent(opinions, expecting=Expecting.MENU)
    await intent(opinions, f"{TEXT} de una vez")
    assert len(thinks.asked) == 3
    clock.advance(timedelta(minutes=59))
    await intent(opinions)
    assert len(thinks.asked) == 3
    thinks.thought = [("get_prices", 0.9)]
    clock.advance(timedelta(minutes=2))
    assert await intent(opinions) == "get_prices"
    assert len(thinks.asked) == 4
    assert TEXT not in str(vars(opinions))


async def test_no_opinion_is_remembered_and_a_failure_is_not(engine: Embedded) -> None:
    clock, thinks = FixedClock(NOW), Thinks()
    opinions = SecondOpinion(engine, thinks, clock)
    thinks.fails = True
    own = await intent(opinions)
    thinks.fails, thinks.thought = False, None
    assert await intent(opinions) == await intent(opinions) == own
    assert len(thinks.asked) == 2


async def test_the_oldest_go_when_there_are_many(engine: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "MOST_KEPT", 2)
    thinks = Thinks()
    opinions = SecondOpinion(engine, thinks, FixedClock(NOW))
    for text in (TEXT, f"{TEXT} de una vez", f"{TEXT} de siempre", TEXT):
        await intent(opinions, text)
    assert len(thinks.asked) == 4
