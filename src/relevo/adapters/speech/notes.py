"""Voice notes: what somebody recorded becomes words, and the bot's words become a note that plays on any telephone.

Notes have processes of their own that take what processor live calls leave, and end when none has come for a while. A
note that cannot be read or understood is a transcript without words, never an error; only an engine that fails is one.
"""

from __future__ import annotations

import asyncio
import hashlib
import resource
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

import numpy as np
import soxr

from relevo.adapters.speech import cutting, note_files
from relevo.adapters.speech.fillers import cleaned
from relevo.adapters.speech.wire import Frame
from relevo.adapters.speech.workers import NICE, REST_SECONDS, Pool
from relevo.calls.ports import SPEECH_RATE, Pcm, Recognizer, Voice
from relevo.conversations.ports import NoteTranscript
from relevo.conversations.rules import MAX_TEXT
from relevo.kit import log
from relevo.kit.errors import Misconfigured, NotReady
from relevo.texts.spoken import spoken

_log = log.get("speech.notes")

MAX_BYTES = 16_000_000
MAX_SECONDS = 600.0
LONG_BYTES = 250_000
"""Of a telephone's note of about two minutes."""
MOST_AT_ONCE = {False: 3, True: 1}
"""Short and long notes that are heard at the same time. Who waits for them has a worker of the house's jobs in hand:
the rest come again, so that nobody's messages wait for a stranger's speeches."""
COME_AGAIN = {False: timedelta(seconds=3), True: timedelta(seconds=20)}
BITRATE = 24_000
MOST_SPOKEN_SECONDS = 120.0
"""Nobody listens to more; at 24 kbit/s it stays below the 512 kB up to which WhatsApp shows a play button."""
MOST_SPOKEN_BYTES = 512_000
_MEMORY = 768 << 20
"""What decoding may take on top of what the worker needs for itself: no file of 16 MB needs more."""
_LOUDNESS, _PEAK = 3_300.0, 29_000.0
_KEPT_BYTES = 8 << 20
_GAP = "[…]"


class Worker(Protocol):
    """What does the work on files, in a process of its own."""

    async def hear(self, content: bytes) -> tuple[float, list[Pcm]]:
        """The seconds of a file and the pieces of it in which there is something. Nothing: it cannot be read."""
        ...

    async def pack(self, pcm: Pcm, rate: int) -> bytes: ...


class Engine:
    """Lives in the worker."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        if not note_files.installed():
            raise Misconfigured("speech_not_installed")
        import av

        av.logging.set_level(av.logging.PANIC)
        if options.get("limited", True):
            most = _address_space() + _MEMORY
            resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]:
        if job.head["do"] == "pack":
            pcm = np.frombuffer(job.body, np.int16)
            yield Frame({}, note_files.encoded(pcm, job.head["rate"], job.head["bitrate"]))
            return
        try:
            pcm, cut_off = note_files.decoded(job.body, MAX_SECONDS)
        except note_files.Unreadable as error:
            yield Frame({"unreadable": str(error)})
            return
        yield Frame({"seconds": len(pcm) / SPEECH_RATE, "cut_off": cut_off})
        for piece in cutting.cut(pcm):
            if cancelled():
                return
            yield Frame({}, piece.tobytes())


def _address_space() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


class Files:
    """The worker, seen from the event loop."""

    def __init__(self) -> None:
        """Raises ``Misconfigured`` if PyAV is missing."""
        if not note_files.installed():
            raise Misconfigured("speech_not_installed")
        self.pool = Pool("notes", "relevo.adapters.speech.notes:Engine", {}, nice=NICE, rest=REST_SECONDS)

    async def close(self) -> None:
        await self.pool.close()

    async def hear(self, content: bytes) -> tuple[float, list[Pcm]]:
        seconds, pieces = 0.0, []
        async for frame in self.pool.stream({"do": "hear"}, content):
            if "unreadable" in frame.head:
                _log.info("a voice note cannot be read", reason=frame.head["unreadable"], bytes=len(content))
            elif frame.body:
                pieces.append(np.frombuffer(frame.body, np.int16))
            else:
                seconds = float(frame.head["seconds"])
        return seconds, pieces

    async def pack(self, pcm: Pcm, rate: int) -> bytes:
        async for frame in self.pool.stream({"do": "pack", "rate": rate, "bitrate": BITRATE}, pcm.tobytes()):
            return frame.body
        raise NotReady("speech_not_ready", engine="notes")


class Notes:
    """``conversations.ports.Transcriber``: pieces of one note are heard one after the other, notes take turns."""

    def __init__(self, files: Worker, recognizer: Recognizer) -> None:
        self._files = files
        self._recognizer = recognizer
        self._names: tuple[str, ...] = ()
        self._under_way = {False: 0, True: 0}

    def expect(self, names: Iterable[str]) -> None:
        """Words worth expecting in any note: what the house calls its rooms."""
        self._names = tuple(names)

    async def start(self) -> None:
        """Nothing is loaded before the first note."""

    async def close(self) -> None:
        for part in (self._files, self._recognizer):
            if (close := getattr(part, "close", None)) is not None:
                await close()

    async def transcribe(self, content: bytes, *, language: str | None = None) -> NoteTranscript:
        """Raises ``NotReady`` with a time to come again where too many are being heard."""
        if len(content) > MAX_BYTES:
            return NoteTranscript("", 0.0, 0.0)
        long = len(content) > LONG_BYTES
        if self._under_way[long] >= MOST_AT_ONCE[long]:
            raise NotReady("notes_busy", retry_after=COME_AGAIN[long])
        self._under_way[long] += 1
        try:
            return await self._hear(content, language)
        finally:
            self._under_way[long] -= 1

    async def _hear(self, content: bytes, language: str | None) -> NoteTranscript:
        # The recogniser may have to be started, which takes as long as everything else together.
        (seconds, pieces), _ = await asyncio.gather(self._files.hear(content), self._wake())
        heard: list[tuple[str, float, float]] = []
        for piece in pieces:
            found = await self._recognizer.transcribe(piece, language=language or "es", names=self._names)
            heard.append((found.text, found.confidence, len(piece) / SPEECH_RATE))
        return NoteTranscript(*together(heard), seconds)

    async def _wake(self) -> None:
        if (wake := getattr(self._recognizer, "wake", None)) is not None:
            await wake()


def together(heard: Sequence[tuple[str, float, float]]) -> tuple[str, float]:
    """One text and one confidence out of (text, confidence, seconds) of pieces. Where nothing was understood there is
    a mark; when that is most of the note, nobody should rely on the rest."""
    understood = sum(seconds for text, _, seconds in heard if text)
    lost = sum(seconds for text, _, seconds in heard if not text)
    if not understood:
        return "", 0.0
    texts = [cleaned(text) or _GAP for text, _, _ in heard]
    while texts and texts[-1] == _GAP:
        texts.pop()
    sure = sum(confidence * seconds for text, confidence, seconds in heard if text) / understood
    return _fitting(" ".join(texts)), sure * min(1.0, understood / lost if lost else 1.0)


def _fitting(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return text[: MAX_TEXT - len(_GAP) - 1].rpartition(" ")[0] + f" {_GAP}"


class SpokenNotes:
    """Text to a voice note. The same words give the same bytes, and are not made twice while they are remembered."""

    def __init__(self, files: Worker, voice: Voice, prepared: Callable[[str, str], str] = spoken) -> None:
        """``prepared`` turns written text, given a locale, into words that a voice can say."""
        self._files = files
        self._voice = voice
        self._prepared = prepared
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0

    async def speak(self, text: str, *, locale: str) -> tuple[bytes, float] | None:
        """An OGG/Opus file and its seconds; None where there is nothing to say, or more than anybody listens to."""
        words = self._prepared(text, locale)
        key = hashlib.sha256(f"{locale}\0{words}".encode()).hexdigest()
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        rate, samples, most = self._voice.sample_rate, 0, MOST_SPOKEN_SECONDS * self._voice.sample_rate
        pieces: list[Pcm] = []
        async for piece in self._voice.say(words, locale=locale):
            pieces.append(piece)
            samples += len(piece)
            if samples > most:
                return None
        if not samples:
            return None
        pcm, rate = await asyncio.to_thread(_levelled, np.concatenate(pieces), rate)
        content = await self._files.pack(pcm, rate)
        if len(content) > MOST_SPOKEN_BYTES:
            return None
        return self._keep(key, (content, len(pcm) / rate))

    def _keep(self, key: str, made: tuple[bytes, float]) -> tuple[bytes, float]:
        if key not in self._kept:
            self._bytes += len(made[0])
        self._kept[key] = made
        while self._bytes > _KEPT_BYTES:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
        return made


def _levelled(pcm: Pcm, rate: int) -> tuple[Pcm, int]:
    """As loud as people's own notes, never clipped, at a rate that Opus takes."""
    sound = pcm.astype(np.float32)
    if rate not in note_files.OPUS_RATES:
        sound, rate = soxr.resample(sound, rate, SPEECH_RATE), SPEECH_RATE
    loud = np.abs(sound) > np.abs(sound).max() * 0.05
    level = float(np.sqrt(np.mean(sound[loud] ** 2))) if loud.any() else 0.0
    if level:
        sound *= min(_LOUDNESS / level, _PEAK / float(np.abs(sound).max()))
    return sound.round().astype(np.int16), rate
