"""Sound from networks that lose, delay, double and reorder it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relevo.calls.media.jitter import MOST_FRAMES, Feed, JitterBuffer
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Pcm

from .voices import frames, level, steepest, talk
from .world import loudest_hz, tone

Delay = Callable[[int], int | None]
"""Packet number -> milliseconds under way; None: lost."""


@dataclass
class Heard:
    frames: list[Pcm | None] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)

    def pcm(self) -> Pcm:
        return np.concatenate([np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame for frame in self.frames])


def send(
    buffer: JitterBuffer,
    sound: Pcm,
    delay: Delay,
    *,
    doubled: Sequence[int] = (),
    sequence: int = 65_400,
    extra: int = 20,
) -> Heard:
    """``sound`` over a network, from a sender whose numbers and times are about to wrap."""
    packets, heard = frames(sound), Heard()
    arriving: dict[int, list[int]] = defaultdict(list)
    for number in range(len(packets)):
        late = delay(number)
        if late is not None:
            arriving[(number * FRAME_MS + late) // FRAME_MS].append(number)
            if number in doubled:
                arriving[(number * FRAME_MS + late) // FRAME_MS + 1].append(number)
    for tick in range(len(packets) + extra):
        for number in arriving[tick]:
            stamp = (2**32 - 3_000 + number * FRAME_SAMPLES) % 2**32
            buffer.push((sequence + number) % 65_536, stamp, packets[number])
            heard.queued.append(buffer.queued)
        heard.frames.append(buffer.pull())
    return heard


def test_a_calm_network_waits_for_two_frames_at_most_and_changes_nothing() -> None:
    buffer, sound = JitterBuffer(), talk(4)
    heard = send(buffer, sound, lambda _: 30)
    assert max(heard.queued) <= 2
    out = heard.pcm()
    begin = next(at for at, frame in enumerate(heard.frames) if frame is not None) * FRAME_SAMPLES
    assert begin <= 3 * FRAME_SAMPLES
    assert (out[begin + 64 : begin + len(sound)] == sound[64:]).all()
    assert (buffer.lost, buffer.late, buffer.duplicate, buffer.skipped) == (0, 0, 0, 0)
    assert buffer.delay_ms <= 20


def test_arrival_on_the_edge_of_a_tick_is_calm_too() -> None:
    buffer = JitterBuffer()
    heard = send(buffer, talk(6), lambda number: 19 + number % 3)
    assert max(heard.queued) <= 2
    assert buffer.concealed <= 12


@pytest.mark.parametrize("seed", range(4))
def test_a_fifth_lost_and_200_ms_of_jitter_and_the_voice_goes_on(seed: int) -> None:
    draw = np.random.default_rng(seed)
    away, delays = draw.random(1_000) < 0.2, draw.integers(0, 200, 1_000)
    buffer, sound = JitterBuffer(), talk(20, seed=seed)
    heard = send(buffer, sound, lambda n: None if away[n] else int(delays[n]))
    assert max(heard.queued) <= MOST_FRAMES
    settled = heard.frames[100:-40]
    assert all(frame is not None for frame in settled)
    came = np.flatnonzero(~away)
    assert buffer.lost == away[came[0] : came[-1]].sum()
    assert buffer.late < 0.05 * 1_000
    assert buffer.concealed < 0.29 * 1_000
    assert level(heard.pcm()[LINE_RATE:-LINE_RATE]) == pytest.approx(level(sound[LINE_RATE:-LINE_RATE]), abs=2)


def test_delay_grows_with_the_jitter_and_comes_back_when_it_is_over() -> None:
    draw = np.random.default_rng(1)
    rough = draw.integers(0, 150, 2_000)
    buffer, sound = JitterBuffer(), talk(24)
    delays: list[int] = []

    def delay(number: int) -> int:
        delays.append(buffer.delay_ms)
        return 10 + (int(rough[number]) if 200 <= number < 600 else 0)

    packets = frames(sound)
    arriving: dict[int, list[int]] = defaultdict(list)
    for number in range(len(packets)):
        arriving[number + delay(number) // FRAME_MS].append(number)
    trace = []
    for tick in range(len(packets)):
        for number in arriving[tick]:
            buffer.push(number, number * FRAME_SAMPLES, packets[number])
        buffer.pull()
        trace.append(buffer.delay_ms)
    assert max(trace[:200]) <= 20
    assert 80 <= max(trace[300:600]) <= 200
    assert max(trace[-100:]) <= 40


def test_reordered_and_doubled_packets_are_put_right() -> None:
    buffer, sound = JitterBuffer(), talk(6)
    heard = send(buffer, sound, lambda n: 50 if n % 5 == 2 else 10, doubled=range(0, 300, 3))
    assert buffer.duplicate == 100
    assert buffer.lost == 0
    out = heard.pcm()
    late = sound[LINE_RATE * 2 : LINE_RATE * 2 + FRAME_SAMPLES * 50]
    places = np.flatnonzero(
        np.convolve(out.astype(float), late[::-1].astype(float), "valid")
        > 0.999 * float(np.dot(late.astype(float), late))
    )
    assert len(places)


@pytest.mark.parametrize("burst", [False, True])
def test_after_a_gap_of_three_seconds_it_is_now_and_not_then(burst: bool) -> None:
    buffer = JitterBuffer()
    sound = np.concatenate((tone(500, 4_000), tone(1_300, 3_000), tone(700, 3_000)))
    gap = range(200, 350)

    def delay(number: int) -> int | None:
        return (350 - number) * FRAME_MS + 10 if number in gap and burst else None if number in gap else 10

    heard = send(buffer, sound, delay)
    assert max(heard.queued) <= MOST_FRAMES
    silent = heard.frames[200 + 12 : 348]
    assert all(frame is None for frame in silent)
    after = np.concatenate([frame for frame in heard.frames[352:] if frame is not None])
    assert loudest_hz(after[: LINE_RATE // 2], LINE_RATE) == pytest.approx(700, abs=10)
    old = sum(loudest_hz(frame, LINE_RATE) > 1_000 for frame in heard.frames[349:] if frame is not None)
    assert old <= 3
    assert buffer.delay_ms <= 40


def test_a_missing_frame_goes_on_at_full_level_then_fades_by_6_db_per_frame_to_the_lines_background() -> None:
    buffer = JitterBuffer()
    heard = send(buffer, tone(200, 1_000), lambda _: 0, extra=14)
    ending = heard.frames[51:]
    levels = [level(frame) for frame in ending if frame is not None]
    assert levels[0] == pytest.approx(level(tone(200, 1_000)), abs=1)
    assert np.diff(levels[1:6]) == pytest.approx(-6, abs=2.5)
    assert levels[-1] < -50
    assert ending[-1] is None
    assert buffer.concealed == 10


def test_a_sender_that_begins_anew_is_followed() -> None:
    buffer = JitterBuffer()
    send(buffer, tone(400, 1_000), lambda _: 0, extra=0)
    fresh = frames(tone(900, 2_000))
    heard = []
    for number, packet in enumerate(fresh):
        buffer.push(20_000 + number, 77 + number * FRAME_SAMPLES, packet)
        heard.append(buffer.pull())
    assert loudest_hz(np.concatenate([frame for frame in heard[30:] if frame is not None]), LINE_RATE) == pytest.approx(
        900, abs=5
    )


def test_times_that_run_backwards_are_followed_in_the_end() -> None:
    buffer = JitterBuffer()
    packets = frames(tone(900, 4_000))
    heard = []
    for number, packet in enumerate(packets):
        stamp = 800_000 + number * FRAME_SAMPLES - (500_000 if number > 60 else 0)
        buffer.push(number, stamp, packet)
        heard.append(buffer.pull())
    assert all(frame is not None for frame in heard[-60:])


@pytest.mark.parametrize("drift", [-300, 300])
def test_a_sender_whose_clock_is_off_is_followed_without_holes(drift: int) -> None:
    buffer, sound = JitterBuffer(), talk(60)
    heard = send(buffer, sound, lambda n: 100 + n * FRAME_MS * drift // 1_000_000 + n % 7)
    assert buffer.concealed <= 25
    assert max(heard.queued) <= 4


def test_opus_counts_in_48_khz_and_sends_60_ms_at_a_time() -> None:
    buffer, sound = JitterBuffer(clock_rate=48_000), talk(3)
    packets = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    out = []
    for tick in range(len(packets) * 3):
        if tick % 3 == 0:
            buffer.push(tick // 3, 2**32 - 50_000 + tick * 960 & 0xFFFFFFFF, packets[tick // 3])
        out.append(buffer.pull())
    heard = [frame for frame in out if frame is not None]
    assert len(heard) > len(out) - 8
    assert buffer.concealed <= 6


def test_a_pause_in_sending_is_no_loss() -> None:
    buffer, sound = JitterBuffer(), frames(talk(2))
    number = 0
    for tick, packet in enumerate(sound):
        if not 40 <= tick < 60:
            buffer.push(number, tick * FRAME_SAMPLES, packet)
            number += 1
        buffer.pull()
    assert buffer.lost == 0
    assert buffer.late == 0


def test_flush_drops_what_waits() -> None:
    buffer = JitterBuffer()
    send(buffer, talk(1), lambda _: 0, extra=0)
    buffer.flush()
    assert buffer.queued == 0
    rest = [buffer.pull() for _ in range(12)]
    assert rest[-1] is None


packets_on_the_way = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 90)), min_size=1, max_size=120)


@settings(max_examples=80, deadline=None)
@given(packets_on_the_way, st.integers(0, 65_535), st.integers(0, 2**32 - 1))
def test_whatever_the_network_does(sent: list[tuple[int, int]], sequence: int, stamp: int) -> None:
    """Packets are named by (number, arrival). Bound, no repetition, no clicks."""
    buffer = JitterBuffer()
    at = np.arange(80 * FRAME_SAMPLES + 1_000)
    voice = (8_000 * np.sin(2 * np.pi * 217 * at / LINE_RATE) + 2_000 * np.sin(2 * np.pi * 61 * at / LINE_RATE)).astype(
        np.int16
    )
    arriving: dict[int, list[int]] = defaultdict(list)
    for number, tick in sent:
        arriving[tick].append(number)
    out: list[Pcm] = []
    for tick in range(110):
        for number in arriving[tick]:
            piece = voice[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
            buffer.push((sequence + number) % 65_536, (stamp + number * FRAME_SAMPLES) % 2**32, piece)
            assert buffer.queued <= MOST_FRAMES
        frame = buffer.pull()
        if frame is not None:
            assert frame.shape == (FRAME_SAMPLES,)
            assert frame.dtype == np.int16
        out.append(np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame)
    heard = np.concatenate(out)
    assert steepest(heard) <= 1.6 * steepest(voice)
    assert len({number for number, _ in sent}) + buffer.duplicate >= len(sent) - 40
    pieces = {piece.tobytes() for piece in frames(voice)}
    exact = [piece.tobytes() for piece in out if piece.tobytes() in pieces]
    assert len(set(exact)) == len(exact)


def stream(feed: Feed, sound: Pcm, came: Callable[[int], int], *, ticks: int) -> list[Pcm | None]:
    """``came(tick)``: how many samples have come in all by then."""
    given, heard = 0, []
    for tick in range(ticks):
        until = min(len(sound), came(tick))
        if until > given:
            feed.push(sound[given:until])
            given = until
        heard.append(feed.pull())
    return heard


def test_a_steady_stream_passes_unchanged_two_frames_late() -> None:
    feed, sound = Feed(), talk(2)
    heard = [
        frame for frame in stream(feed, sound, lambda tick: (tick + 1) * FRAME_SAMPLES, ticks=100) if frame is not None
    ]
    assert len(heard) == 99
    assert (np.concatenate(heard)[64:] == sound[64 : 99 * FRAME_SAMPLES]).all()
    assert (feed.concealed, feed.skipped, feed.stalls) == (0, 0, 0)


def test_a_stream_in_odd_pieces_is_the_same_stream() -> None:
    feed, sound = Feed(), talk(2)
    heard = [
        frame for frame in stream(feed, sound, lambda tick: (tick + 2) // 3 * 480 + 37, ticks=100) if frame is not None
    ]
    joined = np.concatenate(heard)
    assert feed.stalls <= 1
    assert len(joined) >= 90 * FRAME_SAMPLES


def test_a_stall_is_one_faded_frame_and_then_nothing_until_it_goes_on() -> None:
    feed, sound = Feed(), tone(300, 4_000)
    heard = stream(feed, sound, lambda tick: (tick + 1 if tick < 50 or tick >= 59 else 50) * FRAME_SAMPLES, ticks=150)
    assert (feed.stalls, feed.concealed) == (1, 1)
    assert sum(frame is None for frame in heard[5:]) in (6, 7)
    out = np.concatenate([np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame for frame in heard])
    assert steepest(out) <= 1.5 * steepest(sound)
    assert feed.queued >= 7


def test_what_a_stall_left_behind_is_squeezed_away_in_time() -> None:
    feed, sound = Feed(), talk(30)
    stream(feed, sound, lambda tick: (tick + 1 if tick < 50 or tick >= 59 else 50) * FRAME_SAMPLES, ticks=1_000)
    assert feed.queued <= 3
    assert feed.stalls == 1


def test_too_much_at_once_is_dropped_and_joined() -> None:
    feed, sound = Feed(), tone(300, 6_000)
    heard = stream(feed, sound, lambda tick: (tick + 1 if tick < 50 or tick >= 100 else 50) * FRAME_SAMPLES, ticks=200)
    assert feed.queued <= 3
    assert feed.skipped > 40 * FRAME_SAMPLES
    out = np.concatenate([np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame for frame in heard])
    assert steepest(out) <= 1.5 * steepest(sound)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1_500), min_size=1, max_size=150))
def test_whatever_a_socket_does(pieces: list[int]) -> None:
    feed, at = Feed(), 0
    sound = (9_000 * np.sin(2 * np.pi * 150 * np.arange(sum(pieces) + 1) / LINE_RATE)).astype(np.int16)
    out = []
    for size in pieces:
        feed.push(sound[at : at + size])
        at += size
        assert feed.queued <= 20
        frame = feed.pull()
        out.append(np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame)
        assert out[-1].shape == (FRAME_SAMPLES,)
    feed.flush()
    assert feed.queued == 0
    heard = np.concatenate(out)
    assert steepest(heard) <= 1.6 * 9_000 * 2 * np.pi * 150 / LINE_RATE + 1_400
