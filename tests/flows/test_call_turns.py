"""Turns on a call: barge-in, nods, silence, keys, thoughts that go on, things that break."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from relevo.calls.session import TROUBLES
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, loudest_hz, tone, until, world

LONG = "Tenemos dobles y triples. También una suite con vista al río. Todas con desayuno incluido y pileta climatizada."
ASK = "¿Qué hay?"


@pytest.mark.parametrize("offset", range(0, 32, 5))
def test_the_customer_speaks_and_the_bot_stops_within_200_ms(tmp_path: Path, offset: int) -> None:
    @virtual
    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.recognizer.sentences = {440: ASK, 520: "No, gracias."}
            w.bot.answers = {ASK: LONG}
            shifted = np.concatenate((np.zeros(offset * 8, np.int16), tone(520, 800)))
            guest = Guest([(4_000, tone(440, 800)), (7_000, shifted)], hangs_up_at=12_000)
            await w.call(guest)
            await w.settle()
            talking = next(stretch for stretch in guest.loud() if stretch[0] > 4_800)
            assert talking[0] < 5_700
            assert talking[1] - (7_000 + offset) <= 200
            cut = [message for message in await w.messages() if message.author == "bot"][1]
            assert cut.meta["heard"] is False
            assert LONG.startswith(cut.text)
            assert cut.text.startswith("Tenemos dobles y triples.")
            assert [turn.text for turn in w.bot.turns] == [ASK, "No, gracias."]

    scenario()


@virtual
async def test_a_nod_does_not_cost_the_rest_of_the_sentence(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "Ajá."}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (7_000, tone(520, 300))], hangs_up_at=20_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1
        said = [message for message in await w.messages() if message.author == "bot"][1]
        assert said.text == LONG
        assert said.meta["heard"] is True
        assert "Ajá." not in [message.text for message in await w.messages()]


@virtual
async def test_noise_that_is_no_words_does_not_either(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (7_000, tone(1_900, 400))], hangs_up_at=20_000)
        await w.call(guest)
        await w.settle()
        said = [message for message in await w.messages() if message.author == "bot"][1]
        assert (said.text, said.meta["heard"]) == (LONG, True)


@virtual
async def test_a_cut_notice_is_given_again_with_the_next_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        guest = Guest([(600, tone(440, 800))], hangs_up_at=12_000)
        await w.call(guest)
        await w.settle()
        said = [message.text for message in await w.messages() if message.author == "bot"]
        assert said[1:] == ["Te recuerdo que soy un asistente virtual y que la llamada se graba.", f"Eco: {ASK}."]


@virtual
async def test_recognition_begins_in_the_pause_and_is_dropped_if_speech_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero una doble."}
        two = np.concatenate((tone(440, 800), np.zeros(250 * 8, np.int16), tone(440, 800)))
        guest = Guest([(4_000, two)], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        assert len(w.recognizer.asked) == 2
        assert [turn.text for turn in w.bot.turns] == ["Quiero una doble."]
        spoken_until = 4_000 + 1_850
        answered = next(start for start, _ in guest.loud() if start > spoken_until)
        assert answered - spoken_until < 800
        hints = w.recognizer.asked[0][1]
        assert hints == ("a nombre de", "reservala", "dale", "confirmá", "Etcheverry", "La llamada se graba.")


@virtual
async def test_a_sentence_that_hangs_in_the_air_gets_time(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quería una doble para el."}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        answered = next(start for start, _ in guest.loud() if start > 4_800)
        assert 950 <= answered - 4_800 <= 1_300


@virtual
async def test_who_goes_on_while_the_bot_thinks_is_answered_once_for_all(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero una doble.", 520: "Para dos personas."}
        w.bot.seconds = 1.0
        guest = Guest([(4_000, tone(440, 800)), (5_700, tone(520, 800))], hangs_up_at=12_000)
        await w.call(guest)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == ["Quiero una doble.", "Quiero una doble. Para dos personas."]
        said = [message.text for message in await w.messages() if message.author == "bot"][1:]
        assert said == ["Eco: Quiero una doble. Para dos personas.."]
        assert len(w.bot.committed) == 1


@virtual
async def test_silence_is_asked_about_and_then_ends_the_call_after_the_goodbye(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=90_000)
        call = await w.call(guest)
        await w.settle()
        said = [message for message in await w.messages() if message.author == "bot"]
        assert [message.text for message in said][1:] == [
            "¿Seguís ahí?",
            "Como no te escucho, voy a cortar. Podés llamar de nuevo cuando quieras. ¡Hasta luego!",
        ]
        assert all(message.meta["heard"] for message in said)
        row = (await w.rows())[0]
        assert row["end_reason"] == "silence"
        assert call.ended_by == "server"
        assert 20_000 < guest.ms < 35_000


@virtual
async def test_whoever_comes_back_is_not_cut_off(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Acá estoy."}
        guest = Guest(hangs_up_at=60_000)
        await w.call(guest)
        await until(lambda: any("cortar" in text for text in w.voice.said), seconds=60)
        guest.say(tone(440, 800))
        await asyncio.sleep(6)
        assert w.calls.carried == 1
        assert w.bot.turns[-1].text == "Acá estoy."


@virtual
async def test_zero_asks_for_a_person_and_other_keys_choose(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=15_000)
        call = await w.call(guest)
        await until(lambda: guest.ms >= 1_000)
        call.press("2")
        await until(lambda: guest.ms >= 5_000)
        assert [turn.text for turn in w.bot.turns] == ["2"]
        call.press("#")
        call.press("0")
        await w.settle()
        assert len(w.bot.turns) == 1
        said = [message.text for message in await w.messages()]
        assert said[-1] == "Te comunico con una persona. Un momento, por favor."
        events = [message.meta["event"] for message in await w.messages(["event"])]
        assert "asked_for_person" in events


@virtual
async def test_trouble_is_said_and_after_the_second_a_person_is_asked_for(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Uno.", 520: "Dos."}
        w.bot.answers = {"Uno.": RuntimeError("boom"), "Uno. Dos.": RuntimeError("boom")}
        guest = Guest([(4_000, tone(440, 800)), (10_000, tone(520, 800))], hangs_up_at=18_000)
        await w.call(guest)
        await w.settle()
        said = [message.text for message in await w.messages() if message.author == "bot"][1:]
        assert said == [
            "Perdón, tuve un problema. ¿Me lo repetís?",
            "Perdón, no puedo resolverlo yo. Te comunico con una persona.",
        ]
        assert TROUBLES == 2


@virtual
async def test_a_broken_recogniser_does_not_break_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.failing = True
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        said = [message.text for message in await w.messages() if message.author == "bot"][1:]
        assert said == ["Perdón, tuve un problema. ¿Me lo repetís?"]
        assert (await w.rows())[0]["end_reason"] == "customer_hung_up"


@virtual
async def test_the_longest_call_ends_with_a_goodbye(tmp_path: Path) -> None:
    async with world(tmp_path, max_seconds=10) as w:
        guest = Guest([(5_000, tone(1_900, 20_000))], hangs_up_at=60_000)
        await w.call(guest)
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == "max_duration"
        assert "tiempo máximo" in (await w.messages())[-1].text
        assert guest.ms < 20_000


@virtual
async def test_two_calls_hear_only_themselves(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Soy A.", 520: "Soy B."}
        w.bot.answers = {"Soy A.": "Te escucho, A", "Soy B.": "Te escucho, B"}
        w.voice.hz = {"escucho, A": 900, "escucho, B": 1_300}
        guests = {
            "+5493415550101": (Guest([(4_000, tone(440, 800))], hangs_up_at=9_000), 900),
            "+5493415550102": (Guest([(4_000, tone(520, 800))], hangs_up_at=9_000), 1_300),
        }
        for number, (guest, _) in guests.items():
            await w.call(guest, from_=number)
        await w.settle()
        for guest, hz in guests.values():
            begins, _ = next(stretch for stretch in guest.loud() if stretch[0] > 4_800)
            heard = guest.all_heard()[begins * 8 : begins * 8 + 3_200]
            assert abs(loudest_hz(heard, 8_000) - hz) < 15
        assert max(w.detector.batches) == 2
        for row in await w.rows():
            async with w.db.read() as session:
                said = {m["text"] for m in await w.calls.transcript(session, await w.calls.get(session, row["id"]))}
            assert len(said & {"Soy A.", "Soy B."}) == 1


@virtual
async def test_the_recording_has_both_sides_in_their_place(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=8_000)
        await w.call(guest)
        await w.settle()
        sound = await w.recording()
        left, right = sound[:, 0], sound[:, 1]
        assert abs(loudest_hz(left[4_200 * 8 : 4_700 * 8], 8_000) - 440) < 5
        assert not left[: 3_900 * 8].any()
        heard = guest.loud()
        for start, end in heard:
            middle = (start + end) * 4
            assert np.abs(right[middle - 200 : middle + 200]).max() > 5_000
        assert 7.5 < len(sound) / 8_000 < 8.5
        sidecar = next((tmp_path / "recordings").rglob("*.json")).read_text()
        assert '"customer_hung_up"' in sidecar
        assert '"said"' in sidecar
        assert '"author": "customer"' in sidecar


@virtual
async def test_words_that_were_not_caught_are_asked_for_again_but_not_for_ever(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        says = [(4_000 + 5_000 * turn, tone(1_900, 800)) for turn in range(4)]
        guest = Guest(says, hangs_up_at=24_000)
        await w.call(guest)
        await w.settle()
        said = [message.text for message in await w.messages() if message.author == "bot"][1:]
        assert said[0] == "Perdón, no te escuché bien. ¿Me lo repetís?"
        assert said[1].startswith("Si preferís, usá el teclado: marcá 1")
        assert len(said) == 2
        assert w.bot.turns == []


@virtual
async def test_a_short_noise_is_nothing_to_ask_about(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(4_000, tone(1_900, 250))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        assert len(await w.messages()) == 1
