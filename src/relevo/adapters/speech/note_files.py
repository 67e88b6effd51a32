"""Sound files that people send and get: a stranger's file to samples, and samples to a voice note. PyAV, blocking.

Runs in a worker that may take little memory and may die. The container is told by the first bytes and forced, so that
no file names another one to open (playlists do); only sound is decoded, and no more of it than asked for, whatever the
file says of itself. What is broken in the middle is skipped.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np

from relevo.calls.ports import SPEECH_RATE, Pcm

CODECS = frozenset(
    {"opus", "libopus", "vorbis", "aac", "mp3", "mp3float", "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb",
     "pcm_s16le"}
)  # fmt: skip
RATES = range(8_000, 96_001)
CHANNELS = 8
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_BROKEN = 200
"""Packets that may be unreadable before the rest is given up."""


class Unreadable(Exception):
    """Not a sound file of a kind that people send, or nothing could be decoded of it."""


def installed() -> bool:
    return find_spec("av") is not None


def container(content: bytes) -> str | None:
    """The demuxer for what the first bytes say it is."""
    for start, name in ((b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "matroska"), (b"ID3", "mp3"), (b"#!AMR", "amr")):
        if content.startswith(start):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "wav"
    if content[4:8] == b"ftyp":
        return "mov"
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0 else None


def decoded(content: bytes, most_seconds: float) -> tuple[Pcm, bool]:
    """16 kHz mono, and whether it went on longer than that. Raises ``Unreadable``."""
    import av

    kind = container(content)
    if kind is None:
        raise Unreadable("unknown container")
    most = int(most_seconds * SPEECH_RATE)
    pieces: list[Pcm] = []
    have = 0
    try:
        with av.open(io.BytesIO(content), format=kind, options={"protocol_whitelist": ""}) as opened:
            for piece in _samples(opened):
                pieces.append(piece)
                have += len(piece)
                if have > most:
                    break
    except Unreadable:
        raise
    except Exception as error:
        # Over a stranger's bytes the library raises whatever it comes to; what was heard before counts.
        if not pieces:
            raise Unreadable(type(error).__name__) from error
    if not pieces:
        raise Unreadable("no sound")
    return np.concatenate(pieces)[:most], have > most


def _samples(opened: Any) -> Iterator[Pcm]:
    import av

    if not opened.streams.audio:
        raise Unreadable("no sound")
    stream = opened.streams.audio[0]
    codec = stream.codec_context.name if stream.codec_context is not None else "unknown codec"
    if codec not in CODECS:
        raise Unreadable(codec)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SPEECH_RATE)
    broken = 0
    for packet in opened.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            broken += 1
            if broken > _BROKEN:
                return
            continue
        for frame in frames:
            if frame.sample_rate not in RATES or not 0 < frame.layout.nb_channels <= CHANNELS:
                raise Unreadable("unlikely sound")
            for made in resampler.resample(frame):
                yield made.to_ndarray()[0]
    for made in resampler.resample(None):
        yield made.to_ndarray()[0]


def encoded(pcm: Pcm, rate: int, bitrate: int) -> bytes:
    """A mono OGG/Opus file; the same samples give the same bytes. ``rate`` is one of ``OPUS_RATES``."""
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="ogg", container_options={"fflags": "+bitexact"}) as made:
        stream = made.add_stream("libopus", rate=rate, layout="mono", options={"application": "voip"})
        stream.codec_context.bit_rate = bitrate
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()
