"""Sound that is held goes on from a good place, or is dropped after all."""

from __future__ import annotations

import numpy as np
import pytest

from relevo.calls.media import mulaw
from relevo.calls.media.playout import Playout, Speech
from relevo.calls.media.resuming import resume_at

from .world import tone


class Telephone:
    name = "test"
    lead_frames = 10

    def __init__(self) -> None:
        self.cleared = 0

    def write(self, frame: bytes) -> None: ...

    def mark(self, name: str) -> None: ...

    def clear(self) -> None:
        self.cleared += 1

    def caption(self, author: str, text: str) -> None: ...

    def hang_up(self) -> None: ...


def speech(*clauses: tuple[str, int]) -> Speech:
    made = Speech(1)
    for text, ms in clauses:
        clause = made.clause(text)
        made.add(clause, mulaw.encode(tone(500, ms)))
        clause.complete = True
    made.complete = True
    return made


def play(playout: Playout, ticks: int) -> list[bytes]:
    return [playout.tick() for _ in range(ticks)]


def test_what_is_held_goes_on_from_its_clause_and_is_told_once() -> None:
    line, done = Telephone(), list[Speech]()
    playout = Playout(line, done.append)
    said = speech(("Uno.", 400), ("Dos.", 1_000))
    playout.say(said)
    play(playout, 40)
    assert playout.left() == ("Dos.", 600)
    playout.hold()
    assert line.cleared == 1
    heard = play(playout, 20)
    assert not any(np.abs(mulaw.decode(frame)).max() > 100 for frame in heard[1:])
    assert playout.busy
    assert said.heard() == ("Uno.", "Dos.")
    playout.go_on()
    play(playout, 48)
    assert done == []
    play(playout, 40)
    assert done == [said]
    assert said.heard() == ("Uno. Dos.", "")


def test_what_is_held_may_be_dropped_after_all() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    said = speech(("Uno.", 400), ("Dos tres cuatro cinco.", 1_000))
    playout.say(said)
    play(playout, 45)
    playout.hold()
    assert playout.flush() == [said]
    assert said.dropped
    assert not playout.held
    assert said.heard() == ("Uno. Dos tres", "cuatro cinco.")
    playout.go_on()
    assert not playout.busy


def test_a_long_clause_goes_on_at_a_gap_between_words() -> None:
    word, gap = tone(500, 300), np.zeros(50 * 8, np.int16)
    sound = mulaw.encode(np.concatenate([word, gap] * 10))
    at = resume_at(sound, 2_400 * 8, [0])
    assert at / 8 == pytest.approx(2_100 - 10, abs=15)
    assert resume_at(sound, 1_400 * 8, [0]) == 0
    assert resume_at(sound, 2_900 * 8, [0, 2_100 * 8]) == 2_100 * 8
    assert resume_at(mulaw.encode(tone(500, 3_000)), 2_400 * 8, [0]) == (2_400 - 1_200) * 8
