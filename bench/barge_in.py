"""Does the bot fall silent in time, and is it fooled? Measured on sound, at the customer's ear, with the real parts.

A bot explains something with the product's voice. Into it go, over a telephone line with noise and some echo of the
bot: nods (``ajá``, ``claro``), noises (coughs, knocks, a television, hiss), real interruptions, and answers at the end
of a question. The detector, the turn rules, the playout and (unless ``--words labels``) the recogniser are the
product's; time is counted in samples, so the machine's load changes nothing. A stop is false when the bot's sentence
is not finished although nobody interrupted it. The last line is JSON.
"""

from __future__ import annotations

import argparse
import ctypes
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import soxr
from numpy.typing import NDArray

from relevo.adapters.lines.scripted import clip, scripts
from relevo.adapters.speech import pico
from relevo.adapters.speech.silero import Silero
from relevo.adapters.speech.whisper import Engine, Settings
from relevo.calls.media import mulaw
from relevo.calls.media.ears import Ears
from relevo.calls.media.listened import Listened, Utterance
from relevo.calls.media.playout import Playout, Speech
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, SPEECH_RATE, Transcript
from relevo.calls.rules import Signal, clauses
from relevo.calls.rules.interruptions import Manners
from relevo.calls.yielding import Yielding
from relevo.texts import Texts

Sound = NDArray[np.float64]

EXPLAINS = (
    "Tenemos habitaciones dobles y triples. Todas incluyen desayuno, pileta climatizada y estacionamiento techado. "
    "El ingreso es a partir de las tres de la tarde, y la salida hasta las once de la mañana."
)
ASKS = "La doble superior cuesta ciento veinte mil pesos por noche. ¿Quiere que se la reserve?"
NODS = ("ajá", "mhm", "sí", "sí sí", "claro", "dale", "ok", "bueno", "ah", "perfecto", "entiendo", "ajá claro")
WORDS = (
    "no", "pará", "espere", "disculpe", "una pregunta", "¿cuánto sale?", "no, quiero otra fecha", "¿y la triple?",
    "somos cuatro personas", "quiero hablar con una persona", "espere un momento por favor", "no me sirve",
)  # fmt: skip
ANSWERS = ("sí", "dale", "claro", "no", "sí, por favor", "bueno")
FIRST = "Hola, ¿qué habitaciones tienen?"
TODAY = date(2026, 1, 1)
LEVEL_DB = -20.0
RECOGNITION_MS = 450
"""What a turn costs the packaged recogniser on one core; used with labels."""
AFTER_MS = 8_000
ECHO_MS = 180
ONSET = 0.1
"""A voice begins where 10 ms of it reach this share of its loudest 10 ms (-20 dB)."""


@dataclass(frozen=True)
class Case:
    kind: str
    """nod, noise, words or answer."""
    label: str
    sound: Sound
    text: str = ""
    onset_ms: float = 0.0


@dataclass
class Outcome:
    case: Case
    silent_ms: float | None = None
    """From the onset to the last sound of the bot at the customer's ear."""
    away_ms: int = 0
    """For how long the bot's sound was held back."""
    finished: bool = False
    gave_way: bool = False
    answered: bool = False
    """What they said is theirs to be answered, whether or not the bot had finished by then."""
    relapsed: bool = False
    """It went on before it gave way."""
    heard: list[str] = field(default_factory=list)


class Line:
    """The customer's ear: plays one frame per tick of what was written and not cleared."""

    name = "bench"
    lead_frames = 20

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()

    def write(self, frame: bytes) -> None:
        self.waiting.append(frame)

    def mark(self, name: str) -> None: ...

    def clear(self) -> None:
        self.waiting.clear()

    def caption(self, author: str, text: str) -> None: ...

    def hang_up(self) -> None: ...


class Steps:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.steps: list[Callable[[], None]] = []

    def after(self, run: Callable[[], None]) -> None:
        self.steps.append(run)


class Telephone:
    """One call: the bot speaks, the case is said into it, and what happens is noted."""

    def __init__(
        self,
        silero: Silero,
        recognise: Callable[[Utterance, Case], tuple[Transcript, int]],
        manners: Manners | None,
        echo_db: float,
    ) -> None:
        self._recognise = recognise
        self._echo = 10 ** (-echo_db / 20)
        self._line, clock = Line(), Steps()
        self._playout = Playout(self._line, self._said)
        self._customer = Listened(
            Ears(silero, clock),
            lambda: self._playout.now_ms,
            self._tell,
            None,
            self._weigh,  # type: ignore[arg-type]
        )
        self._clock = clock
        self._yielding = Yielding(lambda: True, self._give_way, manners)
        self._yielding.attach(self._playout)
        self._due: list[tuple[int, Utterance, Transcript]] = []
        self._ended: dict[int, int] = {}
        self._sure = 1.0
        self._went_on = False
        self._case: Case
        self.outcome: Outcome

    def close(self) -> None:
        self._customer.close()

    def run(self, case: Case, spoken: Speech, heard: Sound, onset_ms: float) -> Outcome:
        """``heard``: the customer's whole line; the bot begins to speak after their first sentence."""
        self._case, self.outcome = case, Outcome(case)
        echoed: deque[Sound] = deque([np.zeros(FRAME_SAMPLES)] * (ECHO_MS // FRAME_MS))
        begun, onset, last_ours, held = False, onset_ms, 0.0, 0
        for start in range(0, len(heard) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            now = self._playout.now_ms + FRAME_MS
            frame = heard[start : start + FRAME_SAMPLES] + echoed.popleft()
            self._customer.push(mulaw.encode(np.clip(frame * 32_767, -32_768, 32_767).astype(np.int16)))
            if not begun and now >= BOT_BEGINS_MS:
                begun = True
                self._playout.say(spoken)
            self._playout.tick()
            playing = self._line.waiting.popleft() if self._line.waiting else None
            back = mulaw.decode(playing) / 32_768 * self._echo if playing is not None else np.zeros(FRAME_SAMPLES)
            echoed.append(back)
            if playing is not None and not self._playout.held and not self.outcome.gave_way and not spoken.dropped:
                last_ours = now
            for step in self._clock.steps:
                step()
            for due in [due for due in self._due if due[0] <= now]:
                self._due.remove(due)
                self._known(*due[1:])
            if now >= onset and (self._playout.held or self.outcome.gave_way):
                if self.outcome.silent_ms is None:
                    self.outcome.silent_ms = last_ours + FRAME_MS / 2 - onset
                held += FRAME_MS if self._playout.held else 0
        self.outcome.away_ms = held
        self.outcome.relapsed = self.outcome.gave_way and self._went_on
        return self.outcome

    def _weigh(self, probability: float, window: bytes, speaking: bool) -> float:
        before = self._playout.held
        weighed = self._yielding.weigh(probability, window, speaking)
        self._went_on |= before and not self._playout.held and not self.outcome.gave_way
        return weighed

    def _tell(self, signal: Signal, utterance: Utterance) -> None:
        now = self._playout.now_ms
        if signal is Signal.STARTED:
            self._yielding.started(utterance)
        elif signal is Signal.PAUSED:
            transcript, ms = self._recognise(utterance, self._case)
            self._due = [due for due in self._due if due[1] is not utterance]
            self._due.append((now + ms, utterance, transcript))
        elif signal is Signal.RESUMED:
            self._due = [due for due in self._due if due[1] is not utterance]
        elif signal is Signal.ENDED:
            self._ended[utterance.number] = now
            if not any(due[1] is utterance for due in self._due) and not utterance.words_ms:
                transcript, ms = self._recognise(utterance, self._case)
                self._due.append((now + ms, utterance, transcript))
            elif utterance.words_ms:
                self._settle(utterance, Transcript(self.outcome.heard[-1], self._sure))

    def _known(self, utterance: Utterance, transcript: Transcript) -> None:
        self.outcome.heard.append(transcript.text)
        self._sure = transcript.confidence
        utterance.words_ms = self._playout.now_ms
        if utterance.number in self._ended:
            self._settle(utterance, transcript)
            return
        self._yielding.judge(utterance, transcript)
        self._customer.judge(utterance, transcript.text, None)

    def _settle(self, utterance: Utterance, transcript: Transcript) -> None:
        swallowed = self._yielding.settle(utterance, transcript)
        if abs(utterance.began_ms - self._case.onset_ms) < 500:
            self.outcome.answered = not swallowed

    def _give_way(self) -> None:
        if self._playout.busy:
            self.outcome.gave_way = True
            self._playout.flush()

    def _said(self, _speech: Speech) -> None:
        self.outcome.finished = True


BOT_BEGINS_MS = 4_400


class Voices:
    """Pico at several speeds and pitches, espeak-ng with several throats."""

    PICO = ((108, 100), (95, 75), (120, 125), (110, 85))
    ESPEAK = (("es-419", 160, 50), ("es+f3", 170, 60), ("es+m3", 150, 40))

    def __init__(self) -> None:
        import espeakng_loader
        import ttspico

        self._pico = ttspico.TtsEngine("es-ES")
        self._lib = ctypes.cdll.LoadLibrary(espeakng_loader.get_library_path())
        self._lib.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)
        self._pieces: list[bytes] = []
        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._callback = callback(self._take)
        self._lib.espeak_SetSynthCallback(self._callback)

    def _take(self, sound: object, samples: int, _events: object) -> int:
        if sound and samples > 0:
            self._pieces.append(ctypes.string_at(sound, samples * 2))  # type: ignore[arg-type]
        return 0

    def count(self) -> int:
        return len(self.PICO) + len(self.ESPEAK)

    def ours(self, text: str) -> Sound:
        """The product's own voice, as it is sent."""
        self._pico.rate, self._pico.pitch, self._pico.volume = 108, 100, 50
        return soxr.resample(np.frombuffer(self._pico.speak(text), np.int16) / 32_768, pico.RATE, LINE_RATE)

    def say(self, who: int, text: str, level_db: float = LEVEL_DB) -> Sound:
        if who < len(self.PICO):
            self._pico.rate, self._pico.pitch = self.PICO[who]
            self._pico.volume = 50
            sound, rate = np.frombuffer(self._pico.speak(text), np.int16) / 32_768, pico.RATE
        else:
            voice, speed, pitch = self.ESPEAK[who - len(self.PICO)]
            self._lib.espeak_SetVoiceByName(voice.encode())
            self._lib.espeak_SetParameter(1, speed, 0)
            self._lib.espeak_SetParameter(3, pitch, 0)
            self._pieces.clear()
            said = text.encode()
            self._lib.espeak_Synth(said, len(said) + 1, 0, 0, 0, 1, None, None)
            self._lib.espeak_Synchronize()
            sound, rate = np.frombuffer(b"".join(self._pieces), np.int16) / 32_768, 22_050
        return trimmed(telephone(soxr.resample(sound, rate, LINE_RATE)), level_db)


def telephone(sound: Sound) -> Sound:
    """What a telephone lets through."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / LINE_RATE)
    spectrum[(hz < 280) | (hz > 3_450)] = 0
    return np.fft.irfft(spectrum, len(sound))


def trimmed(sound: Sound, level_db: float) -> Sound:
    """From its first to its last audible moment, at this level while it sounds."""
    blocks = sound[: len(sound) // 80 * 80].reshape(-1, 80)
    levels = np.sqrt((blocks**2).mean(axis=1))
    audible = np.flatnonzero(levels > ONSET * levels.max())
    sound = sound[audible[0] * 80 : (audible[-1] + 1) * 80]
    return sound * 10 ** (level_db / 20) / np.sqrt((levels[levels > 0.1 * levels.max()] ** 2).mean())


def noises(rng: np.random.Generator, voices: Voices, count: int) -> Iterator[Case]:
    """Coughs, knocks, breath, hiss, keys of the telephone's neighbour, and a television in the room."""
    for index in range(count):
        level = float(rng.uniform(-26, -14))
        bursts = [rng.normal(0, 1, size) * np.exp(-np.linspace(0, 4, size)) for size in rng.integers(900, 2_000, 2)]
        cough = np.concatenate([bursts[0], np.zeros(800), bursts[1] * 0.7])
        yield Case("noise", "cough", trimmed(telephone(cough), level))
        knock = np.concatenate([rng.normal(0, 1, 400) * np.exp(-np.linspace(0, 8, 400)), np.zeros(1_200)] * 3)
        yield Case("noise", "knock", trimmed(telephone(knock), level))
        hiss = rng.normal(0, 1, 6_400) * np.hanning(6_400)
        yield Case("noise", "breath", trimmed(telephone(hiss), level - 6))
        hum = sum(np.sin(2 * np.pi * 100 * n * np.arange(8_000) / 8_000 + n) / n for n in range(1, 8))
        yield Case("noise", "hum", trimmed(telephone(hum * np.hanning(8_000)), level - 6))
        far = voices.say(index % voices.count(), EXPLAINS[:90], level_db=LEVEL_DB - float(rng.uniform(14, 24)))
        yield Case("noise", "television", far)
        yield Case("noise", "street", trimmed(clip("noise")[index * 2_000 :][:16_000] / 32_768, level - 10))


def cases(rng: np.random.Generator, voices: Voices, scale: float) -> Iterator[tuple[int, Case]]:
    for who in range(voices.count()):
        for kind, texts in (("nod", NODS), ("words", WORDS), ("answer", ANSWERS)):
            for text in texts:
                if rng.random() < scale:
                    yield who, Case(kind, text, voices.say(who, text), text)
    said = [(name, text) for script in scripts(TODAY).values() for name, text in script.words]
    for name, text in said:
        if rng.random() < scale:
            yield 0, Case("words", text, trimmed(clip(name) / 32_768, LEVEL_DB), text)
    for case in noises(rng, voices, max(1, round(10 * scale))):
        yield int(rng.integers(voices.count())), case


def speech_of(text: str, voices: Voices) -> tuple[Speech, Sound]:
    spoken, whole = Speech(1), []
    for part in clauses(text):
        sound = voices.ours(part)
        clause = spoken.clause(part)
        spoken.add(clause, mulaw.encode((sound * 32_767).astype(np.int16)))
        clause.complete = True
        whole.append(sound)
    spoken.complete = True
    return spoken, np.concatenate(whole)


def on_the_line(rng: np.random.Generator, first: Sound, ours: Sound, case: Case, onset_ms: float) -> Sound:
    """Their first sentence, then the case, over the line's noise."""
    line = rng.normal(0, 10 ** (-58 / 20), BOT_BEGINS_MS * 8 + len(ours) + AFTER_MS * 8)
    line[4_000 : 4_000 + len(first)] += first
    at = int(onset_ms * 8)
    line[at : at + len(case.sound)] += case.sound
    return line


def labelled(utterance: Utterance, case: Case) -> tuple[Transcript, int]:
    """What a perfect recogniser would have heard."""
    inside = utterance.began_ms + 32 * len(utterance.windows) > case.onset_ms + len(case.sound) / 16
    if not inside or utterance.began_ms > case.onset_ms + len(case.sound) / 8:
        return Transcript("", 0.0), RECOGNITION_MS
    return Transcript(case.text, 0.9), RECOGNITION_MS


def recogniser(words: str) -> Callable[[Utterance, Case], tuple[Transcript, int]]:
    if words == "labels":
        return labelled
    engine = Engine(Settings().model_dump(mode="json"))
    # What the product expects to be said into its own speech.
    hint = f"{', '.join(Texts('es_AR').words('calls.interjections'))}."

    def recognise(utterance: Utterance, _case: Case) -> tuple[Transcript, int]:
        sound = utterance.pcm().astype(np.float32) / np.float32(32_768)
        if len(sound) < SPEECH_RATE // 10:
            return Transcript("", 0.0), 20
        text, confidence = engine.hear(sound, "es", hint, lambda: False)
        return Transcript(text, confidence), RECOGNITION_MS

    return recognise


def percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")


def measure(words: str, scale: float, seed: int, manners: Manners | None = None) -> list[Outcome]:
    rng, voices, silero = np.random.default_rng(seed), Voices(), Silero()
    recognise, outcomes = recogniser(words), []
    for who, case in cases(rng, voices, scale):
        spoken, ours = speech_of(ASKS if case.kind == "answer" else EXPLAINS, voices)
        ends = BOT_BEGINS_MS + len(ours) / 8
        onset = (
            ends - float(rng.uniform(0, 500))
            if case.kind == "answer"
            else BOT_BEGINS_MS + float(rng.uniform(800, 6_000))
        )
        call = Telephone(silero, recognise, manners, float(rng.uniform(26, 40)))
        line = on_the_line(rng, voices.say(who, FIRST), ours, case, onset)
        outcomes.append(call.run(replace(case, onset_ms=onset), spoken, line, onset))
        call.close()
    return outcomes


TITLES = ("n", "paused", "false stops", "answered", "silent p50/p95 ms", "held p50/p95 ms")


def report(outcomes: list[Outcome], *, details: bool) -> dict[str, float | int]:
    print(f"{'':8}" + "{:>8}{:>9}{:>13}{:>10}{:>20}{:>18}".format(*TITLES))
    for kind in ("nod", "noise", "words", "answer"):
        mine = [outcome for outcome in outcomes if outcome.case.kind == kind]
        if not mine:
            continue
        silent = [outcome.silent_ms for outcome in mine if outcome.silent_ms is not None]
        held = [float(outcome.away_ms) for outcome in mine if outcome.away_ms]
        stops = sum(not outcome.finished for outcome in mine)
        print(
            f"{kind:8}{len(mine):>8}{len(silent) / len(mine):>9.0%}"
            f"{(f'{stops / len(mine):.1%}' if kind in ('nod', 'noise') else '-'):>13}"
            f"{sum(outcome.answered for outcome in mine) / len(mine):>10.1%}"
            f"{percentile(silent, 50):>12.0f} /{percentile(silent, 95):>6.0f}"
            f"{percentile(held, 50):>10.0f} /{percentile(held, 95):>6.0f}"
        )
    if details:
        for outcome in outcomes:
            wrong = outcome.gave_way if outcome.case.kind in ("nod", "noise") else not outcome.answered
            slow = outcome.case.kind == "words" and (outcome.silent_ms is None or outcome.silent_ms > 200)
            stuck = outcome.case.kind in ("nod", "noise") and outcome.away_ms > 1_500
            if wrong or slow or stuck or not (outcome.finished or outcome.gave_way):
                print(outcome.case.kind, outcome.case.label, outcome.silent_ms, outcome.away_ms, outcome.finished,
                      outcome.gave_way, outcome.heard)  # fmt: skip
    nothing = [outcome for outcome in outcomes if outcome.case.kind in ("nod", "noise")]
    words = [outcome for outcome in outcomes if outcome.case.kind == "words"]
    silent = [outcome.silent_ms if outcome.silent_ms is not None else 9_999.0 for outcome in words]
    return {
        "onset_to_silence_ms_p95": round(percentile(silent, 95), 1),
        "false_stop_share": round(sum(not outcome.finished for outcome in nothing) / len(nothing), 4),
        "n": len(outcomes),
        "missed_share": round(sum(not outcome.answered for outcome in words) / len(words), 4),
        "relapsed_share": round(sum(outcome.relapsed for outcome in words) / len(words), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", choices=("whisper", "labels"), default="whisper")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the material")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--curve", action="store_true", help="the trade-off over how much voice silences the bot")
    parser.add_argument("--details", action="store_true", help="every case that went wrong")
    given = parser.parse_args()
    if given.curve:
        for hold_ms in (64, 96, 128, 160, 192, 256):
            print(f"hold after {hold_ms} ms of voice")
            report(measure(given.words, given.scale, given.seed, Manners(hold_ms=hold_ms)), details=False)
    print(json.dumps(report(measure(given.words, given.scale, given.seed), details=given.details)))


if __name__ == "__main__":
    main()
