"""What other products' users complain about, as tests on this one (docs/pain-points.md is the list)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np

from relevo.calls.ports import Pcm
from tests.calls.virtual_time import virtual
from tests.calls.world import BOT_HZ, Guest, ToneVoice, loudest_hz, tone, until, world

ASK = "¿Qué hay?"
LONG = "Tenemos dobles y triples. También una suite con vista al río. Todas con desayuno incluido y pileta climatizada."
OTHER_HZ = 1_300


def holes(guest: Guest, since: int, until_: int) -> list[int]:
    """Lengths (ms) of the silences inside what was heard between two moments."""
    quiet, found = 0, []
    for frame in guest.heard[since // 20 : until_ // 20]:
        if np.abs(frame).max() < 300:
            quiet += 20
        elif quiet:
            found.append(quiet)
            quiet = 0
    return found


@virtual
async def test_a_sentence_reaches_the_customer_without_holes(tmp_path: Path) -> None:
    """Frames are paced by one clock and sent ahead of need, however unevenly the voice makes them."""
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        w.bot.answers = {ASK: LONG}
        say = w.voice.say

        async def uneven(text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
            async for number, pcm in _numbered(say(text, locale=locale)):
                await asyncio.sleep(0.2 if number % 3 == 2 else 0.0)
                yield pcm

        w.voice.say = uneven  # type: ignore[method-assign]
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await w.settle()
        begins, ends = next(stretch for stretch in guest.loud() if stretch[0] > 4_800)
        assert ends - begins > 4_000
        assert max(holes(guest, begins, ends), default=0) <= 40


async def _numbered(pieces: AsyncIterator[Pcm]) -> AsyncIterator[tuple[int, Pcm]]:
    number = 0
    async for piece in pieces:
        yield number, piece
        number += 1


@virtual
async def test_after_an_interruption_nothing_of_the_old_sentence_is_ever_heard(tmp_path: Path) -> None:
    """No burst after the stop, and no old words in the next turn."""
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "No, gracias."}
        w.bot.answers = {ASK: LONG, "No, gracias.": "De acuerdo, hasta luego."}
        w.voice.hz = {"De acuerdo": OTHER_HZ}
        guest = Guest([(4_000, tone(440, 800)), (6_500, tone(520, 800))], hangs_up_at=12_000)
        await w.call(guest)
        await w.settle()
        after = [stretch for stretch in guest.loud() if stretch[0] > 6_700]
        assert len(after) == 1
        sound = guest.all_heard()[after[0][0] * 8 : after[0][1] * 8]
        for start in range(0, len(sound) - 800, 800):
            assert abs(loudest_hz(sound[start : start + 800], 8_000) - OTHER_HZ) < 20


@virtual
async def test_a_number_dictated_in_groups_is_one_turn(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Mi teléfono es tres cuatro uno"}
        groups = np.concatenate([np.concatenate((tone(440, 700), np.zeros(1_100 * 8, np.int16))) for _ in range(3)])
        guest = Guest([(4_000, groups)], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        assert len(w.bot.turns) == 1


@virtual
async def test_a_short_answer_does_not_wait_as_a_dictated_number_does(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Para dos."}
        guest = Guest([(4_000, tone(440, 600))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        answered = next(start for start, _ in guest.loud() if start > 4_600)
        assert answered - 4_600 < 800


@virtual
async def test_the_figures_of_a_turn_are_those_of_the_turn(tmp_path: Path) -> None:
    """However long the silence before it."""
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        guest = Guest([(11_000, tone(440, 800))], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        answer = next(message for message in await w.messages() if message.text.startswith("Eco"))
        assert set(answer.meta["timing"]) >= {"words", "turn", "answer", "sound"}
        assert all(0 <= ms <= 1_500 for ms in answer.meta["timing"].values())


@virtual
async def test_a_call_that_is_over_costs_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(2_000, tone(440, 800))], hangs_up_at=5_000)
        await w.call(guest)
        await w.settle()
        await asyncio.sleep(1)
        beats = w.calls.media.beats
        await asyncio.sleep(5)
        assert w.calls.media.beats <= beats + 1
        assert w.calls.carried == 0
        assert not [task for task in asyncio.all_tasks() if task.get_name() in ("call", "voice", "recognise")]


@virtual
async def test_a_voice_that_breaks_in_the_middle_does_not_leave_the_bot_mute(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK, 520: "¿Y entonces?"}
        w.bot.answers = {ASK: LONG, "¿Y entonces?": "Sigo acá."}
        say = w.voice.say

        async def breaking(text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
            async for piece in say(text, locale=locale):
                yield piece
                if "suite" in text:
                    raise RuntimeError("the voice is gone")

        w.voice.say = breaking  # type: ignore[method-assign]
        guest = Guest([(4_000, tone(440, 800)), (9_000, tone(520, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == [ASK, "¿Y entonces?"]
        assert (await w.messages())[-1].meta["heard"] is True


@virtual
async def test_the_bot_speaks_to_its_end_without_being_spoken_to(tmp_path: Path) -> None:
    """It falls silent for a noise and goes on by itself."""
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: ASK}
        w.bot.answers = {ASK: LONG}
        guest = Guest([(4_000, tone(440, 800)), (7_000, tone(1_900, 260))], hangs_up_at=16_000)
        await w.call(guest)
        await w.settle()
        said = [message for message in await w.messages() if message.author == "bot"][1]
        assert (said.text, said.meta["heard"]) == (LONG, True)
        stretches = [stretch for stretch in guest.loud() if stretch[0] > 4_800]
        assert len(stretches) == 2
        assert stretches[1][0] - stretches[0][1] < 1_200


@virtual
async def test_the_goodbye_is_heard_to_its_last_sound_before_the_line_is_cut(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=90_000)
        await w.call(guest)
        await w.settle()
        goodbye = (await w.messages())[-1]
        assert goodbye.meta["heard"] is True
        begins, ends = guest.loud()[-1]
        assert ends - begins >= 50 * len(goodbye.text) - 250
        assert abs(loudest_hz(guest.all_heard()[(ends - 200) * 8 : ends * 8], 8_000) - BOT_HZ) < 20


@virtual
async def test_after_a_hand_back_nobody_is_greeted_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Gracias."}
        guest = Guest([(9_000, tone(440, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        await until(lambda: guest.ms >= 6_000)
        await w.hand_back("Ya tiene su reserva.")
        await w.settle()
        assert w.bot.greetings == 1
        assert [turn.text for turn in w.bot.turns] == ["Gracias."]


@virtual
async def test_the_voice_is_told_the_language_of_the_call(tmp_path: Path) -> None:
    spoken: list[str] = []

    class Polyglot(ToneVoice):
        async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
            spoken.append(locale)
            async for piece in super().say(text, locale=locale):
                yield piece

    async with world(tmp_path) as w:
        w.voice.say = Polyglot().say  # type: ignore[method-assign]
        w.recognizer.sentences = {440: "In English, please."}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        assert set(spoken) == {"es_AR", "en"}
        assert spoken.index("en") == spoken.count("es_AR")
