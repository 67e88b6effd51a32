"""The road of a call in virtual time: nods, answers into questions, keys, languages, objections, melody."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Question
from relevo.calls.ports import Pcm
from relevo.conversations.rules import Reply
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, ScriptedAnswer, tone, until, world

LONG = "Tenemos dobles y triples. También una suite con vista al río. Todas con desayuno incluido y pileta climatizada."
ASK = "¿Qué hay?"
QUESTION = "La doble sale cien. ¿Querés reservar?"


async def said_by_bot(w: object) -> list[str]:
    return [message.text for message in await w.messages() if message.author == "bot"]  # type: ignore[attr-defined]


@virtual
async def test_yes_while_the_bot_explains_is_a_nod_and_the_rest_is_not_made_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "Sí, claro."}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (6_500, tone(520, 400))], hangs_up_at=20_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1
        said = [message for message in await w.messages() if message.author == "bot"][1]
        assert (said.text, said.meta["heard"]) == (LONG, True)
        assert w.voice.said.count("También una suite con vista al río.") == 1
        silent = [start for start, end in guest.loud() if 6_500 < start < 9_000]
        assert silent, "the bot fell silent and went on"


@virtual
async def test_yes_into_the_end_of_a_question_is_an_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "Sí."}
        w.bot.answers = {ASK: QUESTION}
        ends = 4_800 + 450 + 50 * len(QUESTION)
        guest = Guest([(4_000, tone(440, 800)), (ends - 300, tone(520, 300))], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == [ASK, "Sí."]


@virtual
async def test_yes_long_before_the_end_of_a_question_answers_nothing_yet(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "Sí."}
        w.bot.answers = {ASK: QUESTION}
        guest = Guest([(4_000, tone(440, 800)), (5_600, tone(520, 300))], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == [ASK]
        assert (await w.messages())[-1].meta["heard"] is True


@virtual
async def test_a_nod_that_becomes_a_sentence_gets_the_word(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "Sí.", 620: "Sí, pero para tres."}
        w.bot.answers = {ASK: LONG}
        nod = np.concatenate((tone(520, 300), np.zeros(500 * 8, np.int16), tone(620, 900)))
        guest = Guest([(4_000, tone(440, 800)), (6_500, nod)], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == [ASK, "Sí, pero para tres."]


@virtual
async def test_the_bots_own_voice_come_back_is_not_the_customer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "una suite con vista al río"}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (8_000, tone(520, 900))], hangs_up_at=22_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1
        assert (await w.messages())[-1].meta["heard"] is True


@virtual
async def test_somebody_far_away_is_not_the_customer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "mañana lloverá en todo el país"}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (6_500, tone(520, 2_000, level=0.04))], hangs_up_at=20_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1
        held = [message for message in await w.messages() if message.author == "bot"][1]
        assert held.meta["heard"] is True
        assert len([1 for start, end in guest.loud() if 6_000 < start < 9_000]) <= 1


@virtual
async def test_the_goodbye_is_finished_over_a_cough(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=90_000)
        await w.call(guest)
        await until(lambda: any("cortar" in text for text in w.voice.said), seconds=60)
        guest.say(tone(1_900, 150))
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == "silence"
        assert (await w.messages())[-1].meta["heard"] is True


@virtual
async def test_a_number_typed_is_one_turn(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=14_000)
        call = await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        for key in "4807#":
            call.press(key)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == ["4807"]


@virtual
async def test_a_date_typed_is_a_date_where_one_was_asked_for(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        asks = Dialogue(question=Question("bot.ask_dates", Expecting.DATES))
        w.bot.answers = {ASK: ScriptedAnswer([Reply("¿Para qué fechas?")], dialogue=asks)}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=14_000)
        call = await w.call(guest)
        await until(lambda: guest.ms >= 7_000)
        for key in "15031703#":
            call.press(key)
        await w.settle()
        assert w.bot.turns[-1].text == "15/03 - 17/03"


@virtual
async def test_after_two_turns_that_led_nowhere_the_menu_and_its_keys(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Brrr.", 520: "Grrr."}
        lost = ScriptedAnswer([Reply("No te entendí.")], dialogue=Dialogue(failures=1))
        w.bot.answers = {"Brrr.": lost, "Grrr.": lost}
        guest = Guest([(4_000, tone(440, 800)), (8_000, tone(520, 800))], hangs_up_at=40_000)
        call = await w.call(guest)
        await until(lambda: any("marcá 1" in text for text in w.voice.said), seconds=20)
        call.press("1")
        await until(lambda: len(w.bot.turns) == 3, seconds=5)
        assert w.bot.turns[-1].text == "Quiero consultar disponibilidad y precios."


@virtual
async def test_who_objects_is_recorded_no_more(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "No quiero que me graben."}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=10_000)
        await w.call(guest)
        await w.settle()
        assert w.bot.turns == []
        assert len(await said_by_bot(w)) == 2


@virtual
async def test_who_asks_for_english_gets_it_and_may_go_back(tmp_path: Path) -> None:
    languages: list[str] = []
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Do you speak English?", 520: "A double room.", 620: "En español, por favor."}
        transcribe = w.recognizer.transcribe

        async def listening(pcm: Pcm, *, language: str = "es", names: tuple[str, ...] = ()) -> object:
            languages.append(language)
            return await transcribe(pcm, language=language, names=names)

        w.recognizer.transcribe = listening  # type: ignore[method-assign, assignment]
        guest = Guest([(4_000, tone(440, 800)), (9_000, tone(520, 800)), (14_000, tone(620, 800))], hangs_up_at=22_000)
        await w.call(guest)
        await w.settle()
        assert languages == ["es", "en", "en"]
        assert [(turn.text, turn.locale) for turn in w.bot.turns] == [("A double room.", "en")]
        said = await said_by_bot(w)
        assert said[1].startswith("Of course")
        assert said[-1].startswith("De acuerdo, seguimos en español")


class Melody:
    """A turn-end model that answers ``done`` after ``seconds``."""

    def __init__(self, done: float, seconds: float = 0.1) -> None:
        self.done, self.seconds = done, seconds
        self.asked = self.answered = 0

    async def finished(self, pcm: Pcm) -> float:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        self.answered += 1
        return self.done


def part(folder: Path, name: str) -> Path:
    """A house of its own for one of several calls."""
    (folder / name).mkdir()
    return folder / name


async def answered_after(folder: Path, melody: Melody | None, text: str) -> int:
    async with world(folder, turn_end=melody) as w:
        w.recognizer.sentences = {440: text}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        return next(start for start, _ in guest.loud() if start > 4_800) - 4_800


@virtual
async def test_a_melody_that_goes_on_gets_more_time(tmp_path: Path) -> None:
    without = await answered_after(part(tmp_path, "1"), None, "Quiero una doble.")
    going_on = await answered_after(part(tmp_path, "2"), Melody(0.05), "Quiero una doble.")
    over = await answered_after(part(tmp_path, "3"), Melody(0.95), "Quiero una doble.")
    assert without == over
    assert 150 <= going_on - without <= 500


@virtual
async def test_words_that_lead_on_are_believed_more_than_a_melody(tmp_path: Path) -> None:
    assert await answered_after(tmp_path, Melody(0.99), "Quiero una doble para el") >= 950


@virtual
async def test_a_slow_model_holds_up_nobody_and_is_given_up_when_speech_goes_on(tmp_path: Path) -> None:
    melody = Melody(0.05, seconds=5)
    assert await answered_after(part(tmp_path, "1"), melody, "Quiero una doble.") < 800
    assert (melody.asked, melody.answered) == (1, 0)
    async with world(part(tmp_path, "2"), turn_end=melody) as w:
        w.recognizer.sentences = {440: "Quiero una doble."}
        two = np.concatenate((tone(440, 800), np.zeros(300 * 8, np.int16), tone(440, 800)))
        guest = Guest([(4_000, two)], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1
    assert melody.answered == 0


@virtual
async def test_nobody_is_asked_whether_they_are_there_while_a_person_has_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=60_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        await until(lambda: guest.ms >= 40_000, seconds=60)
        assert w.calls.carried == 1
        assert not any("ahí" in text for text in w.voice.said)
        await w.hand_back("")
        at = guest.ms
        await until(lambda: any("ahí" in text for text in w.voice.said), seconds=30)
        assert guest.ms - at >= 7_500


@virtual
async def test_a_recogniser_that_fails_while_the_bot_speaks_costs_the_bot_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (6_500, tone(520, 500))], hangs_up_at=20_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 6_400)
        w.recognizer.failing = True
        await w.settle()
        said = [message for message in await w.messages() if message.author == "bot"][1]
        assert (said.text, said.meta["heard"]) == (LONG, True)


@virtual
async def test_who_surely_said_something_into_our_speech_is_asked_what(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (6_500, tone(1_900, 1_000))], hangs_up_at=14_000)
        await w.call(guest)
        await w.settle()
        assert (await said_by_bot(w))[2:] == ["Perdón, no te escuché bien. ¿Me lo repetís?"]
