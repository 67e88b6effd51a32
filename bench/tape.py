"""What customers say in the benches: the recorded guests of the demo with pauses and line noise, as mu-law frames.

The same call number gives the same sound, so that a recording can be compared with what was sent, sample by sample.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from relevo.adapters.lines.scripted import clip
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

SAID = {
    "florencia": ("florencia_1", "florencia_5", "florencia_2", "florencia_3", "florencia_4"),
    "martin": ("martin_1", "martin_2", "martin_6", "martin_3", "martin_4"),
}
PAUSES = (5.0, 11.0)
"""Seconds between sentences, in which our side has its say."""
NOISES_DB = (-62.0, -46.0)
TAPES = 8


@cache
def tape(number: int) -> bytes:
    """One round of about a minute; it is played again and again."""
    draw = np.random.default_rng(number)
    who = list(SAID)[number % len(SAID)]
    parts: list[Pcm] = []
    for name in draw.permutation(SAID[who]):
        parts += [np.zeros(int(draw.uniform(*PAUSES) * LINE_RATE), np.int16), clip(str(name))]
    sound = np.concatenate(parts)
    hiss = np.resize(clip("noise"), len(sound)).astype(np.float64)
    wanted = NOISES_DB[number // len(SAID) % len(NOISES_DB)]
    hiss *= 32_768 * 10 ** (wanted / 20) / np.sqrt(np.mean(hiss**2))
    mixed = np.clip(sound + hiss, -32_768, 32_767).astype(np.int16)
    return mulaw.encode(mixed[: len(mixed) // FRAME_SAMPLES * FRAME_SAMPLES])


@cache
def frames(number: int) -> tuple[bytes, ...]:
    whole = tape(number)
    return tuple(whole[at : at + FRAME_SAMPLES] for at in range(0, len(whole), FRAME_SAMPLES))


def start_of(call: int) -> tuple[int, int]:
    """(tape, first frame) of a call."""
    number = call % TAPES
    return number, call * 977 % len(frames(number))


def sent_by(call: int, count: int) -> Pcm:
    """All that ``call`` has said in its first ``count`` frames, decoded."""
    number, first = start_of(call)
    whole = np.frombuffer(tape(number), np.uint8)
    turned = np.roll(whole, -first * FRAME_SAMPLES)
    return mulaw.decode(np.resize(turned, count * FRAME_SAMPLES).tobytes())
