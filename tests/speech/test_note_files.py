from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from relevo.adapters.lines.scripted import clip
from relevo.adapters.speech.note_files import Unreadable, container, decoded, encoded
from relevo.calls.ports import SPEECH_RATE, Pcm

KINDS = [
    ("ogg", "libopus", "ogg"),
    ("webm", "libopus", "matroska"),
    ("mp4", "aac", "mov"),
    ("adts", "aac", "aac"),
    ("mp3", "libmp3lame", "mp3"),
    ("amr", "libopencore_amrnb", "amr"),
    ("3gp", "libopencore_amrnb", "mov"),
    ("wav", "pcm_s16le", "wav"),
]


def file_of(pcm: Pcm, container_format: str, codec: str, *, rate: int = 8_000, layout: str = "mono") -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container_format) as made:
        stream = made.add_stream(codec, rate=rate, layout=layout)
        samples = np.tile(pcm.reshape(-1, 1), (1, stream.codec_context.layout.nb_channels)).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        resampler = av.AudioResampler(
            stream.codec_context.format, layout, rate, stream.codec_context.frame_size or None
        )
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            made.mux(stream.encode(each))
        made.mux(stream.encode(None))
    return out.getvalue()


def alike(heard: Pcm, said: Pcm) -> float:
    """How well the loudness over time of one fits the other, -1 to 1. Coders may add up to 0.2 s in front."""

    def shape(pcm: Pcm, step: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.sqrt(np.mean(pcm[: len(pcm) // step * step].reshape(-1, step).astype(np.float64) ** 2, axis=1))

    one, two = shape(heard, SPEECH_RATE // 20), shape(said, 400)
    count = min(len(one), len(two)) - 4
    return max(float(np.corrcoef(one[late : late + count], two[:count])[0, 1]) for late in range(5))


@pytest.mark.parametrize(("container_format", "codec", "demuxer"), KINDS)
def test_what_people_send_is_heard(container_format: str, codec: str, demuxer: str) -> None:
    said = clip("florencia_1")
    content = file_of(said, container_format, codec)
    heard, cut_off = decoded(content, 60)
    assert container(content) == demuxer
    assert not cut_off
    assert len(heard) / SPEECH_RATE == pytest.approx(len(said) / 8_000, abs=0.2)
    assert alike(heard, said) > 0.8


def test_stereo_at_a_high_rate_is_heard() -> None:
    said = clip("florencia_1")
    heard, _ = decoded(file_of(np.repeat(said, 6), "ogg", "libopus", rate=48_000, layout="stereo"), 60)
    assert alike(heard, said) > 0.9


def test_our_own_note_is_heard_and_the_same_sound_is_the_same_file() -> None:
    said = clip("martin_1")
    content = encoded(said, 8_000, 24_000)
    assert content == encoded(said, 8_000, 24_000)
    assert content.startswith(b"OggS")
    assert content[28:36] == b"OpusHead"
    assert content[37] == 1
    heard, _ = decoded(content, 60)
    assert len(heard) == 2 * len(said)
    assert alike(heard, said) > 0.9
    assert len(content) * 8 / (len(said) / 8_000) < 28_000


def test_no_more_is_decoded_than_was_asked_for() -> None:
    content = encoded(np.zeros(60 * SPEECH_RATE, np.int16), SPEECH_RATE, 16_000)
    heard, cut_off = decoded(content, 5)
    assert len(heard) == 5 * SPEECH_RATE
    assert cut_off


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"O",
        b"OggS" + bytes(1_000),
        b"\x1aE\xdf\xa3" + bytes(range(256)) * 8,
        b"\xff\xfb" + bytes(500),
        b"\xff\xf1" + bytes(500),
        b"\0\0\0\x1cftypisom" + bytes(500),
        b"ID3" + b"\xff" * 400,
        b"#!AMR",
        b"RIFF\0\0\0\0WAVE",
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        decoded(content, 60)


def test_a_file_with_a_hole_is_heard_around_it() -> None:
    said = np.concatenate([clip("florencia_1"), clip("martin_1")])
    content = bytearray(encoded(said, 8_000, 24_000))
    middle = len(content) // 2
    content[middle : middle + 400] = bytes(400)
    heard, _ = decoded(bytes(content), 60)
    assert len(heard) / SPEECH_RATE > 0.6 * len(said) / 8_000


def test_a_rate_that_nobody_uses_is_refused() -> None:
    content = bytearray(file_of(clip("florencia_2"), "wav", "pcm_s16le"))
    content[24:28] = (1).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        decoded(bytes(content), 600)


def test_random_damage_never_does_anything_but_refuse() -> None:
    draw = np.random.default_rng(5)
    for container_format, codec, _ in KINDS:
        whole = np.frombuffer(file_of(clip("florencia_2"), container_format, codec), np.uint8)
        for _ in range(12):
            hurt = whole.copy()
            at = draw.integers(4, len(hurt), 12)
            hurt[at] = draw.integers(0, 256, 12)
            try:
                heard, _ = decoded(hurt[: int(draw.integers(20, len(hurt)))].tobytes(), 20)
            except Unreadable:
                continue
            assert len(heard) <= 20 * SPEECH_RATE
