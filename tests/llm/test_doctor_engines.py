"""``relevo doctor`` asks the engines of understanding and language that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from relevo.adapters.llm import loopback
from relevo.adapters.understanding import loopback_rasa
from relevo.adapters.understanding.embedded import Embedded
from relevo.app.health import engines
from relevo.settings import Settings


@pytest.fixture(autouse=True)
def _the_engine_of_all_tests(monkeypatch: pytest.MonkeyPatch, engine: Embedded) -> None:
    monkeypatch.setattr("relevo.adapters.understanding.embedded.Embedded", lambda **_given: engine)


async def test_every_language_model_is_asked_one_word(tmp_path: Path) -> None:
    async with loopback.served() as server:
        settings = Settings(
            data_dir=tmp_path, llm="ollama:ok,ollama:unknown,openai:no-key", ollama_url=server.url,
            openai_url=f"{server.url}/v1", openai_key=SecretStr("sk-x"), understanding="llm",
        )  # fmt: skip
        assert await engines(settings) == [
            ("ollama:ok", "ok"),
            ("ollama:unknown", "llm_model"),
            ("openai:no-key", "llm_key"),
            ("understanding llm", "ok"),
        ]


async def test_an_engine_that_cannot_be_says_why(tmp_path: Path) -> None:
    assert await engines(Settings(data_dir=tmp_path)) == [("understanding embedded", "ok")]
    assert await engines(Settings(data_dir=tmp_path, llm="nonsense")) == [("llm", "llm_settings")]
    assert await engines(Settings(data_dir=tmp_path, understanding="llm")) == [
        ("understanding llm", "understanding_llm")
    ]


async def test_rasa_is_asked_how_it_is(tmp_path: Path) -> None:
    async with loopback_rasa.served(lambda _text: [], token="t") as server:
        good = Settings(data_dir=tmp_path, understanding="rasa", rasa_url=server.url, rasa_token=SecretStr("t"))
        assert await engines(good) == [("understanding rasa", "ok")]
        bad = good.model_copy(update={"rasa_token": SecretStr("other")})
        ((name, state),) = await engines(bad)
        assert (name, state != "ok") == ("understanding rasa", True)
    ((_, gone),) = await engines(good)
    assert gone not in ("ok", "off")
