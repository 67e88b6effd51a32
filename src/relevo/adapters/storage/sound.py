"""Sound files of recordings: WAV to Ogg/Opus and back, to any rate, and how loud they are over time.

Plain blocking functions over paths, in constant memory, run in a process of their own (``converter.py``). Opus is made
with two streams that share nothing, so that neither side can be heard on the other's channel; its length is exact to
the sample. PyAV is needed for Opus only.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
import wave
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from relevo.calls.media.recorder import BLOCK, HEADER
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE

Sound = NDArray[np.float32]
"""[samples, 2] in -1..1."""

OPUS_RATE = 48_000
BITRATE = 32_000
STRETCH = 10 * LINE_RATE
TOLERANCE = FRAME_SAMPLES / LINE_RATE
_ENCODER = {"application": "voip", "mapping_family": "255", "compression_level": "1"}
_FAMILY = 18
"""Where OpusHead names its channel mapping. 255 (unrelated channels) is played by few; 1 says the same for two."""


def can_pack() -> bool:
    return find_spec("av") is not None


def pack(wav: str, opus: str) -> bool:
    """Compress, checked by decoding all of it: ``opus`` is whole and safe on the disk, or (False) not there."""
    source, target = Path(wav), Path(opus)
    aside = target.with_suffix(".opus.new")
    _encode(source, aside)
    expected, found = _samples(source) / LINE_RATE, sum(len(part) for part, _ in _opus(aside)) / OPUS_RATE
    if abs(expected - found) > TOLERANCE:
        aside.unlink()
        return False
    _settle(aside)
    aside.replace(target)
    _settle(target.parent)
    return True


def seconds(path: str) -> float:
    """By decoding, where it is compressed."""
    file = Path(path)
    if file.suffix == ".wav":
        return _samples(file) / LINE_RATE
    return sum(len(part) / rate for part, rate in _opus(file))


def peaks(path: str, points: int) -> tuple[list[float], list[float]]:
    """The loudest sample of each side in at most ``points`` even stretches, 0..1."""
    loudest = [np.zeros((0, 2), np.float32)]
    rest = np.zeros((0, 2), np.float32)
    for part, rate in _blocks(Path(path)):
        frame = rate * FRAME_SAMPLES // LINE_RATE
        rest = np.concatenate((rest, np.abs(part)))
        whole = len(rest) // frame * frame
        loudest.append(rest[:whole].reshape(-1, frame, 2).max(axis=1))
        rest = rest[whole:]
    if len(rest):
        loudest.append(rest.max(axis=0, keepdims=True))
    frames = np.concatenate(loudest)
    if len(frames) > points:
        frames = np.maximum.reduceat(frames, np.arange(points) * len(frames) // points, axis=0)
    customer, ours = np.minimum(frames, 1.0).round(3).T.astype(float)
    return customer.tolist(), ours.tolist()


def export(source: str, target: str, rate: int) -> None:
    """A 16 bit stereo WAV at ``rate``, as long as the recording to the sample."""
    left = None
    with wave.open(target, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        written, given = 0, 0
        stream: Any = None
        for part, from_rate in _blocks(Path(source)):
            given += len(part)
            left = from_rate
            if from_rate != rate:
                stream = stream or soxr.ResampleStream(from_rate, rate, 2, dtype="float32", quality="HQ")
                part = stream.resample_chunk(part)
            written += len(part)
            file.writeframesraw(_int16(part))
        length = round(given * rate / left) if left else 0
        if stream is not None:
            last = stream.resample_chunk(np.zeros((0, 2), np.float32), last=True)[: max(0, length - written)]
            written += len(last)
            file.writeframesraw(_int16(last))
        file.writeframesraw(b"\0" * (BLOCK * max(0, length - written)))


def _int16(part: Sound) -> bytes:
    return (np.clip(part, -1.0, 32_767 / 32_768) * 32_768).round().astype(np.int16).tobytes()


def _blocks(path: Path) -> Iterator[tuple[Sound, int]]:
    if path.suffix == ".wav":
        for part in _wav(path):
            yield part.astype(np.float32) * (1 / 32_768), LINE_RATE
    else:
        yield from _opus(path)


def _samples(wav: Path) -> int:
    return max(0, wav.stat().st_size - HEADER) // BLOCK


def _wav(path: Path) -> Iterator[NDArray[np.int16]]:
    """By the file's size and not its header, which lags behind in a recording under way."""
    left = _samples(path)
    with path.open("rb") as file:
        file.seek(HEADER)
        while left > 0:
            data = file.read(min(left, STRETCH) * BLOCK)
            if len(data) < BLOCK:
                return
            left -= len(data) // BLOCK
            yield np.frombuffer(data[: len(data) // BLOCK * BLOCK], np.int16).reshape(-1, 2)


def _opus(path: Path) -> Iterator[tuple[Sound, int]]:
    import av

    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.audio[0]):
            yield np.ascontiguousarray(frame.to_ndarray().T, np.float32), OPUS_RATE


def _encode(source: Path, target: Path) -> None:
    import av

    with av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=LINE_RATE, layout="stereo", options=dict(_ENCODER))
        codec = stream.codec_context
        codec.bit_rate = BITRATE
        codec.open()
        head = bytearray(codec.extradata or b"")
        head[_FAMILY] = 1
        codec.extradata = bytes(head)
        at = 0
        for part in _wav(source):
            frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = LINE_RATE, at, Fraction(1, LINE_RATE)
            container.mux(stream.encode(frame))
            at += len(part)
        container.mux(stream.encode(None))


def _settle(path: Path) -> None:
    """Survives a power cut from here on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def serve_modestly() -> None:
    """Calls come first: this process takes what they leave. It ends with the one that it serves."""
    with contextlib.suppress(OSError):
        os.nice(15)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True, name="parent").start()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(0)
