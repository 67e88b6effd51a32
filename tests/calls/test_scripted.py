"""The recorded guests: small clips, dates to come, and manners on the telephone."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.lines.scripted import SETTLED_MS, Guest, clip, scripts, spoken_ms
from relevo.conversations.rules import Author

from .virtual_time import virtual
from .world import tone, world


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 15), date(2026, 12, 31)])
def test_stays_are_always_to_come(today: date) -> None:
    for script in scripts(today).values():
        assert today < script.check_in < script.check_out


def test_clips_are_small_and_there() -> None:
    for script in scripts(date(2026, 1, 1)).values():
        for name in [name for name, _ in script.words] + ([script.noise] if script.noise else []):
            assert 4_000 < len(clip(name)) < 60_000
    folder = files("relevo").joinpath("data/demo_call")
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 400_000


def test_the_end_of_a_voice_is_found_under_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 300, 16_000)
    sound = noise.copy()
    sound[:8_000] += tone(440, 1_000)
    assert spoken_ms(sound.astype(np.int16)) == 1_000


@virtual
async def test_a_guest_lets_the_other_side_finish_and_measures_the_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Una doble.", 520: "Gracias."}
        began: list[int] = []
        guest = Guest([tone(440, 800), tone(520, 800)], spoke=began.append)
        call = await w.call(guest)
        await w.settle()
        assert began == [0, 1]
        assert call.ended_by == "caller"
        assert not guest.gave_up
        assert len(guest.delays_ms) == 2
        assert all(300 < delay < 900 for delay in guest.delays_ms)
        messages = await w.messages()
        assert [message.text for message in messages if message.author is Author.CUSTOMER] == ["Una doble.", "Gracias."]
        assert all(message.meta["heard"] for message in messages if message.author is Author.BOT)
        timing = [message.meta["timing"] for message in messages if "timing" in message.meta]
        assert len(timing) == 2
        for parts in timing:
            assert 0 < parts["words"] <= parts["turn"] <= parts["answer"] <= parts["sound"] < 900
        assert SETTLED_MS > 500


@virtual
async def test_a_guest_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([tone(440, 800)])
        guest._answered = False
        w.voice.ms_per_character = 0
        await w.call(guest)
        await w.settle()
        assert guest.gave_up
