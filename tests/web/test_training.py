"""Staff shape the assistant over HTTP: doubtful phrases, examples, trainings, settings and topics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text as sql

from relevo.adapters import catalog
from relevo.adapters.understanding.embedded import Embedded
from relevo.adapters.understanding.retraining import Retraining
from relevo.bot.ports import Exam, Learned
from relevo.kit.errors import NotReady
from tests.conftest import ENGINES
from tests.web.conftest import Site

pytestmark = pytest.mark.parametrize("database_url", ENGINES, indirect=True)
AT = "/api/assistant"
Taught = Sequence[tuple[str, str]]


class Pupil(Retraining):
    """Reads like the real engine and learns nothing: its marks are the test's."""

    after, fails = 95, False

    async def study(self, taught: Taught, before: Taught, told: Callable[[str], Awaitable[None]]) -> Learned:
        await told("before")
        if self.fails:
            raise NotReady("training_stopped")
        self.studied = (list(taught), list(before))
        marks = Exam(100, 90, {"queja": (100, 90)}), Exam(100, self.after, {"queja": (100, self.after)})
        return Learned(*marks, len(taught), 0, (("frase rara", "queja", "saludo"),), 1.5)

    async def use(self, taught: Taught) -> None:
        self.used = list(taught)


@pytest.fixture(autouse=True)
def pupil(monkeypatch: pytest.MonkeyPatch, engine: Embedded, tmp_path: Any) -> Pupil:
    made = Pupil(engine, tmp_path)
    monkeypatch.setattr(catalog, "make_pupil", lambda _settings, _understander: made)
    return made


async def ask(site: Site, method: str, path: str, who: str = "supervisor", **kwargs: Any) -> Any:
    answer = await site.staff(method, AT + path, who, **kwargs)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def refused(site: Site, method: str, path: str, **kwargs: Any) -> str:
    answer = await site.staff(method, AT + path, "supervisor", **kwargs)
    assert answer.status_code in (404, 409, 422), answer.text
    return str(answer.json()["error"]["code"])


async def doubt(site: Site, guest_id: str) -> None:
    """However sure the engine of today is: of what this guest said it was not."""
    async with site.product.db.write() as tx:
        await tx.session.execute(
            sql(
                "update interaction set confidence = case conversation_id when :id then 0.3 else 0.9 end, action = 'x'"
            ),
            {"id": guest_id},
        )


async def test_a_doubtful_phrase_is_shown_without_whose_it_was_and_corrected(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("soy Martín Gómez, tirame el bulto del bondi 11 4567 8901")
    await (await site.visitor()).say("¿Tienen una doble del 11 al 13 de diciembre para dos?")
    await doubt(site, guest.id)
    (phrase,) = (await ask(site, "GET", "/phrases"))["items"]
    assert "Gómez" not in phrase["text"]
    assert "4567" not in phrase["text"]
    assert len(phrase["likely"]) == 4
    lesson = {"interaction_id": phrase["interaction_id"], "intent": "fuera_de_alcance"}
    taught = (await ask(site, "POST", "/examples", json=lesson))["example"]
    assert taught["text"] == phrase["text"]
    assert (taught["intent"], taught["by"], taught["from_conversation"]) == ("fuera_de_alcance", "Julián", True)
    assert (await ask(site, "GET", "/phrases"))["items"] == []
    await ask(site, "DELETE", f"/examples/{taught['id']}", "admin")
    assert len((await ask(site, "GET", "/phrases"))["items"]) == 1
    assert await refused(site, "DELETE", f"/examples/{taught['id']}") == "no_example"
    aside = await ask(site, "POST", "/examples", json={"interaction_id": phrase["interaction_id"]})
    assert (aside["example"]["intent"], aside["example"]["text"]) == (None, "")
    assert (await ask(site, "GET", "/phrases"))["items"] == []


async def test_what_a_customer_picked_is_shown_beside_the_phrase(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("blablabla trululu coso")
    await guest.say("y ahora otra cosa")
    async with site.product.db.write() as tx:
        first, second = (
            await tx.session.execute(sql("select id from interaction order by at, id"))
        ).scalars().all()  # fmt: skip
        await tx.session.execute(sql("update interaction set meant='get_prices' where id=:id"), {"id": second})
        await tx.session.execute(
            sql("update interaction set action='unclear', at=:at where id=:id"),
            {
                "id": first,
                "at": "2026-11-21 11:00:00+00:00" if not site.product.db.is_sqlite else "2026-11-21 11:00:00.000000",
            },
        )
    (phrase,) = (await ask(site, "GET", "/phrases"))["items"]
    assert (phrase["interaction_id"], phrase["meant"], phrase["unclear"]) == (first, "get_prices", True)


async def test_forgotten_words_are_not_taught(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("tirame el bulto del bondi")
    await doubt(site, guest.id)
    (phrase,) = (await ask(site, "GET", "/phrases"))["items"]
    async with site.product.db.write() as tx:
        await tx.session.execute(sql("update interaction set message = null"))
    lesson = {"interaction_id": phrase["interaction_id"], "intent": "queja"}
    assert await refused(site, "POST", "/examples", json=lesson) == "interaction_forgotten"
    assert (await ask(site, "GET", "/phrases"))["items"] == []


async def test_doubles_and_contradictions_are_told(site: Site) -> None:
    mine = {"text": "¿Me pasás la clave del guaifai?", "intent": "ask_services"}
    first = (await ask(site, "POST", "/examples", json=mine))["example"]
    assert await refused(site, "POST", "/examples", json={**mine, "text": "me pasas la clave del guaifai"}) == (
        "taught_already"
    )
    other = {**mine, "intent": "queja"}
    assert await refused(site, "POST", "/examples", json=other) == "taught_otherwise"
    again = (await ask(site, "POST", "/examples", json={**other, "replace": True}))["example"]
    listed = (await ask(site, "GET", "/examples"))["items"]
    assert [each["id"] for each in listed] == [again["id"]] != [first["id"]]
    known = await ask(site, "POST", "/examples", json={"text": "hola", "intent": "queja"})
    assert known["told"] == {"kind": "otherwise", "intent": "saludo"}
    for body, code in (
        ({"text": "hola", "intent": "volar"}, "no_intent"),
        ({"text": "!!", "intent": "queja"}, "nothing_to_teach"),
        ({"intent": "queja"}, "nothing_to_teach"),
        ({"interaction_id": "int_x", "intent": "queja"}, "no_interaction"),
    ):
        assert await refused(site, "POST", "/examples", json=body) == code


async def test_a_training_goes_live_and_is_taken_back(site: Site, pupil: Pupil) -> None:
    assert await refused(site, "POST", "/training") == "nothing_new_to_learn"
    taught = await ask(site, "POST", "/examples", json={"text": "tirame la posta del precio", "intent": "get_prices"})
    before = await ask(site, "GET", "/training")
    assert (before["live"], before["taught"], before["new"]) == ("packaged", 1, 1)
    await ask(site, "POST", "/training")
    await site.product.work.idle()
    state = await ask(site, "GET", "/training")
    (version,) = state["versions"]
    assert (version["state"], version["by"], state["live"], state["new"]) == ("ready", "Julián", version["id"], 0)
    assert (version["figures"]["before"], version["figures"]["after"]) == (0.9, 0.95)
    assert version["figures"]["missed"] == [{"text": "frase rara", "intent": "queja", "answered": "saludo"}]
    assert pupil.used == [("tirame la posta del precio", "get_prices")]
    assert await refused(site, "POST", "/training/live", json={"version_id": version["id"]}) == "version_is_live"
    assert await refused(site, "POST", "/training/live", json={"version_id": "ver_x"}) == "no_version"
    await ask(site, "POST", "/training/live", "admin", json={"version_id": "packaged"})
    assert pupil.used == []
    await ask(site, "POST", "/training/live", json={"version_id": version["id"]})
    history = (await ask(site, "GET", "/training"))["history"]
    assert [(each["by"], each["details"]["why"]) for each in history] == [
        ("Julián", "chosen"),
        ("Admin", "chosen"),
        ("Julián", "trained"),
    ]
    await ask(site, "DELETE", f"/examples/{taught['example']['id']}")
    assert (await ask(site, "GET", "/training"))["gone"] == 1


async def test_a_training_that_got_worse_or_broke_keeps_the_old(site: Site, pupil: Pupil) -> None:
    await ask(site, "POST", "/examples", json={"text": "frase rara de verdad", "intent": "queja"})
    for after, fails, state, error in ((80, False, "refused", "worse"), (95, True, "failed", "training_stopped")):
        pupil.after, pupil.fails = after, fails
        await ask(site, "POST", "/training")
        await site.product.work.idle()
        shown = await ask(site, "GET", "/training")
        assert (shown["versions"][0]["state"], shown["versions"][0]["error"]) == (state, error)
        assert (shown["live"], shown["running"]) == ("packaged", False)
        assert pupil.used == []


async def test_thresholds_and_register_are_taken_at_once_and_restored(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("¿tienen pileta?")
    shown = await ask(site, "GET", "/settings")
    assert shown["settings"] == {"act": 0.4, "guess": 0.2, "locale": None, "vip_words": None}
    assert (shown["turns"], len(shown["curve"])) == (1, 13)
    good = {"act": 0.6, "guess": 0.3, "locale": "es", "vip_words": ["Embajada de Marte"]}
    await ask(site, "PUT", "/settings", json=good)
    assert "dilo" in (await site.visitor()).greeting["text"]
    await ask(site, "PUT", "/settings", "admin", json={**good, "locale": "es_AR"})
    assert "decilo" in (await site.visitor()).greeting["text"]
    assert "una persona" in await (await site.visitor()).replies("vengo de la embajada de marte, ¿tienen pileta?")
    for bad, code in (
        ({"act": 0.9}, "bad_act"), ({"act": 0.1}, "bad_act"), ({"guess": 0.7}, "bad_guess"),
        ({"locale": "en"}, "bad_register"), ({"vip_words": ["x"]}, "bad_vip_words"),
    ):  # fmt: skip
        assert await refused(site, "PUT", "/settings", json={**good, **bad}) == code
    history = (await ask(site, "GET", "/settings"))["history"]
    assert [each["by"] for each in history] == ["Admin", "Julián"]
    await ask(site, "POST", f"/changes/{history[1]['id']}/restore")
    assert (await ask(site, "GET", "/settings"))["settings"]["locale"] == "es"
    assert await refused(site, "POST", "/changes/999/restore") == "no_change"


async def test_a_topic_is_written_previewed_switched_off_and_restored(site: Site) -> None:
    async def pool() -> dict[str, Any]:
        return next(each for each in (await ask(site, "GET", "/topics"))["items"] if each["key"] == "pileta")

    as_it_came = (await pool())["said"]
    mine = {"text": "La pileta de {name} abre de 8 a 20.", "words": ["pileta", "piscina"]}
    preview = await ask(site, "POST", "/topics/pileta/preview", json=mine)
    hotel = site.product.bookings.business.name
    assert preview == {"said": f"La pileta de {hotel} abre de 8 a 20."}
    assert (await pool())["said"] == as_it_came
    await ask(site, "PUT", "/topics/pileta", json=mine)
    said = await (await site.visitor()).replies("¿tienen pileta?")
    assert "abre de 8 a 20" in said
    await ask(site, "PUT", "/topics/pileta", json={**mine, "on": False})
    assert (await pool())["said"] is None
    assert "abre de 8 a 20" not in await (await site.visitor()).replies("¿tienen pileta?")
    first = (await ask(site, "GET", "/topics/pileta/history"))["items"][-1]
    await ask(site, "POST", f"/changes/{first['id']}/restore")
    assert (await pool())["said"] == preview["said"]
    await ask(site, "PUT", "/topics/pileta", json={})
    assert (await pool())["said"] == as_it_came
    for body, code in (
        ({"text": "Cuesta {precio}"}, "unknown_placeholder"), ({"text": " "}, "bad_topic_text"),
        ({"text": "uno {", "words": ["uno"]}, "unknown_placeholder"), ({"words": ["x"]}, "bad_topic_words"),
    ):  # fmt: skip
        assert await refused(site, "PUT", "/topics/pileta", json=body) == code
    assert await refused(site, "PUT", "/topics/luna_llena", json={"text": "Se ve."}) == "topic_incomplete"
    await ask(site, "PUT", "/topics/luna_llena", json={"text": "Se ve desde la terraza.", "words": ["luna llena"]})
    assert "terraza" in await (await site.visitor()).replies("¿se ve la luna llena desde ahí?")


async def test_an_answer_says_from_which_topic_it_comes(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("¿tienen pileta?")
    seen = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()["messages"][-1]
    assert [each["key"] for each in seen["meta"]["topics"]] == ["pileta"]
    tried = (await site.staff("POST", "/api/orchestrator/test", json={"message": "¿tienen pileta?"})).json()
    assert tried["specialists"] == ["services"]
    assert [each["key"] for each in tried["topics"]] == ["pileta"]


async def test_another_process_takes_up_what_was_changed(site: Site) -> None:
    await ask(site, "PUT", "/settings", json={"act": 0.7, "guess": 0.2, "locale": None, "vip_words": None})
    async with site.product.db.write() as tx:
        await tx.session.execute(
            sql("insert into assistant_change (what, subject, details, by, at) select what, subject, :new, by, at"
                " from assistant_change"),
            {"new": '{"act": 0.55, "guess": 0.2, "locale": null, "vip_words": null}'},
        )  # fmt: skip
    assert site.product.assistant.tuning.manner.bands.act == 0.7
    await site.product.assistant.follow()
    assert site.product.assistant.tuning.manner.bands.act == 0.55


async def test_only_those_who_may_teach_do(site: Site) -> None:
    for path in ("/phrases", "/examples", "/intents", "/training", "/settings", "/topics"):
        for who in ("agent", "executive", "auditor"):
            assert (await site.staff("GET", AT + path, who)).status_code == 403
        assert (await site.staff("GET", AT + path, "supervisor")).status_code == 200
    names = {each["intent"]: each["name"] for each in (await ask(site, "GET", "/intents"))["items"]}
    assert names["queja"] == "Quejarse"
    assert [intent for intent, name in names.items() if intent == name] == []
    assert await refused(site, "GET", "/phrases?before=nada") == "bad_mark"
