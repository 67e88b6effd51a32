from __future__ import annotations

import httpx
import pytest

from relevo.texts import Texts
from relevo.texts.reader import preferred, reading
from tests.web.conftest import Site


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("es-AR,es;q=0.9,en;q=0.8", "es"),
        ("fr, en-GB;q=0.4, es;q=0.6", "es"),
        ("en;q=0, es;q=0.1", "es"),
        ("en;q=0", None),
        ("fr, de;q=0.5, *", None),
        ("", None),
        ("en;q=nonsense", None),
        ("x" * 5000, None),
    ],
)
def test_the_best_wish_that_there_is_counts(header: str, language: str | None) -> None:
    assert preferred(header) == language


def test_texts_are_the_readers_only_while_they_read() -> None:
    house = Texts("es_AR")
    with reading("en"):
        assert house.here.locale == "en"
        assert house.say("presence.state.available") == "Disponible"
        assert house.here.say("presence.state.available") == "Available"
    assert house.here is house


def test_a_reader_of_the_houses_language_reads_the_houses_way_of_it() -> None:
    house = Texts("es_AR")
    with reading("es"):
        assert house.here is house
    with reading("es"):
        assert Texts("en").here.locale == "es"


def _errors(locale: str) -> set[str]:
    texts = Texts(locale)
    return {texts.raw(key) for key in texts.every_key() if key.startswith("error.")}


async def _ask(site: Site, path: str, who: str, headers: dict[str, str]) -> httpx.Response:
    return await site.http.get(path, headers={"authorization": f"Bearer {site.tokens[who]}", **headers})


async def test_staff_are_answered_in_their_language_and_customers_in_the_houses(site: Site) -> None:
    english = {"accept-language": "en"}
    for header, reason in ((english, "Meal"), ({}, "Comida"), ({"accept-language": "es-MX"}, "Comida")):
        mine = (await _ask(site, "/api/presence/me", "agent", header)).json()
        assert reason in [each["name"] for each in mine["reasons"]]
    refused = await site.http.post("/api/auth/login", json={"email": "a@b.c", "password": "x"}, headers=english)
    assert refused.json()["error"]["message"] == Texts("en").say("error.wrong_credentials")
    unknown = await site.http.get("/api/nowhere", headers=english)
    assert unknown.json()["error"]["message"] == Texts("en").say("error.not_found")
    gone = await site.http.get("/api/webchat/sessions/cnv_nobody/messages", headers=english)
    assert gone.json()["error"]["message"] in _errors("es_AR")
    assert gone.json()["error"]["message"] not in _errors("en")


async def test_an_export_keeps_the_houses_language(site: Site) -> None:
    await site.visitor()
    path = "/api/exports/conversations?format=csv&since=2026-11-01&until=2026-11-30"
    answers = [await _ask(site, path, "admin", header) for header in ({"accept-language": "en"}, {})]
    assert answers[0].text.splitlines()[0] == answers[1].text.splitlines()[0]
