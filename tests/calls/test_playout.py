"""What was heard, what was not, and silence at once."""

from __future__ import annotations

import numpy as np
import pytest

from relevo.calls.media import mulaw
from relevo.calls.media.playout import Playout, Speech
from relevo.calls.ports import FRAME_SAMPLES, Pcm

from .world import tone


class Telephone:
    """A line that remembers. ``echo`` answers marks when the mirror says they are due."""

    name = "test"
    lead_frames = 10

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.marks: list[tuple[str, int]] = []
        self.cleared = 0

    def write(self, frame: bytes) -> None:
        assert len(frame) == FRAME_SAMPLES
        self.frames.append(frame)

    def mark(self, name: str) -> None:
        self.marks.append((name, len(self.frames)))

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


def play(playout: Playout, line: Telephone, ticks: int) -> list[Pcm]:
    heard = []
    for _ in range(ticks):
        heard.append(mulaw.decode(playout.tick()))
        played = playout.now_ms // 20
        for name, position in [mark for mark in line.marks if mark[1] <= played]:
            line.marks.remove((name, position))
            playout.marked(name)
    return heard


def test_everything_is_played_in_order_and_told_once() -> None:
    line, done = Telephone(), []
    playout = Playout(line, done.append)
    first, second = speech(("Uno.", 300)), speech(("Dos.", 210))
    playout.say(first)
    playout.say(second)
    heard = np.concatenate(play(playout, line, 40))
    expected = mulaw.decode(mulaw.encode(np.concatenate((tone(500, 300), tone(500, 210)))))
    assert np.array_equal(heard[: len(expected)], expected)
    assert not heard[len(expected) :].any()
    assert done == [first, second]
    assert first.heard() == ("Uno.", "")
    assert (first.began_ms, first.ended_ms) == (20, 300)


def test_never_more_than_the_lead_waits_at_the_carrier() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    playout.say(speech(("Largo.", 4_000)))
    for tick in range(1, 100):
        playout.tick()
        assert len(line.frames) - tick < line.lead_frames


def test_silence_at_once_with_a_fade_and_the_words_that_were_heard() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    saying = speech(("Hola, buenas tardes.", 1_000), ("Soy un asistente virtual del hotel.", 1_000))
    playout.say(saying)
    play(playout, line, 75)
    sent = len(line.frames)
    assert playout.flush() == [saying]
    assert line.cleared == 1
    assert len(line.frames) == sent + 1
    last = mulaw.decode(line.frames[-1])
    assert last[:80].any()
    assert not last[80:].any()
    assert np.abs(last[60:80]).max() < 2_500
    assert saying.heard()[0] == "Hola, buenas tardes. Soy un asistente"
    quiet = play(playout, line, 10)
    assert not np.concatenate(quiet[1:]).any()
    assert not playout.busy
    assert playout.flush() == []


def test_a_carrier_that_lags_is_believed_by_its_marks() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    saying = speech(("uno dos tres cuatro cinco seis siete ocho nueve diez", 2_000))
    playout.say(saying)
    play(playout, line, 21)
    for _ in range(60):
        playout.tick()
    playout.flush()
    assert saying.played == 30 * FRAME_SAMPLES
    assert saying.heard()[0] == "uno dos tres"


def test_a_speech_that_is_still_being_made_waits_without_noise() -> None:
    line, done = Telephone(), []
    playout = Playout(line, done.append)
    saying = Speech(1)
    clause = saying.clause("Uno dos.")
    saying.add(clause, mulaw.encode(tone(500, 50)))
    playout.say(saying)
    play(playout, line, 20)
    assert len(line.frames) == 2
    saying.add(clause, mulaw.encode(tone(500, 50)))
    clause.complete = saying.complete = True
    play(playout, line, 20)
    assert len(line.frames) == 5
    assert done == [saying]


def test_the_end_waits_for_the_last_mark_but_not_for_ever() -> None:
    line, done = Telephone(), []
    playout = Playout(line, done.append)
    playout.say(speech(("Chau.", 100)))
    for _ in range(20):
        playout.tick()
    assert done == []
    for _ in range(30):
        playout.tick()
    assert len(done) == 1


@pytest.mark.parametrize("ms", [0, 10])
def test_a_speech_without_sound_ends(ms: int) -> None:
    line, done = Telephone(), []
    playout = Playout(line, done.append)
    playout.say(speech(("Hola.", ms)))
    play(playout, line, 5)
    assert len(done) == 1


def test_people_are_sent_at_once_and_at_most_two_frames_ahead() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    voice = tone(900, 20)
    for tick in range(1, 50):
        playout.tick(voice)
        assert 0 <= len(line.frames) - tick < 2
    assert not playout.busy


def test_after_the_bot_was_ahead_people_are_at_most_two_frames_behind() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    playout.say(speech(("Largo.", 4_000)))
    play(playout, line, 20)
    ahead = len(line.frames) - 20
    for _ in range(ahead):
        playout.tick(tone(900, 20))
    assert len(line.frames) - 20 - ahead <= 2
    assert playout.busy


def test_a_takeover_is_a_fade_and_then_the_person() -> None:
    line = Telephone()
    playout = Playout(line, lambda _: None)
    playout.say(speech(("Largo.", 4_000)))
    play(playout, line, 20)
    playout.flush()
    heard = np.concatenate([mulaw.decode(playout.tick(tone(900, 20))) for _ in range(10)])
    silent = np.abs(heard.reshape(-1, 80)).max(axis=1) < 500
    assert list(silent) == [False, True, *[False] * 18]
