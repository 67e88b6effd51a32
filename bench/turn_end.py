"""When would we have answered? Finished sentences and ones that stop in the middle, judged by silence, by the words of
Whisper, by the melody (Smart Turn) and by all three with the rule of the product.

A false cut-off is a sentence that goes on after a pause and that we would have ended before. The sentences are the
demo's and, cut at their comma, some of Pico's; ``--clips`` adds recordings: WAV files in FOLDER/finished and
FOLDER/unfinished, the latter ending where somebody pauses. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import tomllib
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from relevo.adapters.speech import smart_turn, whisper
from relevo.adapters.speech.pico import Pico
from relevo.calls.media import mulaw
from relevo.calls.ports import LINE_RATE, SPEECH_RATE
from relevo.calls.rules import TurnPolicy, looks_finished
from relevo.calls.rules.turns import enough_quiet_ms

Sound = NDArray[np.float64]
Floats = NDArray[np.float32]
POLICY = TurnPolicy()
NOISE = 10 ** (-60 / 20)
PAUSES_MS = (400, 800, 1_300)
"""How long somebody thinks in the middle of a sentence."""
LONGER_THAN = ((200, 1.0), (300, 0.589), (600, 0.245), (1_000, 0.1), (1_200, 0.05), (2_000, 0.01))
"""Share of pauses inside Spanish turns that last longer (LiveKit's eot-bench, 682 pauses; the last one is a guess)."""
HALF = 0.5

FINISHED = (
    "Quería saber cuánto sale una habitación doble.", "¿Tienen lugar para este fin de semana?",
    "Somos dos adultos y una nena de cuatro años.", "Llegamos el viernes a la noche.", "Sí, está bien.",
    "No, por ahora nada más.", "¿A qué hora es el desayuno?", "Prefiero pagar con tarjeta.",
    "Me llamo Laura Benítez.", "Quisiera cancelar la reserva que hice ayer.", "¿Se puede ir con un perro chico?",
    "Perfecto, muchas gracias.", "Necesito factura a nombre de la empresa.", "Son tres noches en total.",
)  # fmt: skip
UNFINISHED = (
    ("Quería reservar una habitación para el", "fin de semana que viene."),
    ("Somos dos adultos y", "un bebé de seis meses."),
    ("Mi teléfono es tres cuatro uno", "cinco cinco cinco cero uno cuatro dos."),
    ("Llegamos el viernes", "y nos vamos el domingo a la tarde."),
    ("Necesito una doble", "con vista al río."),
    ("Me gustaría saber si", "aceptan perros."),
    ("El número de reserva es", "cuatro ocho dos siete."),
    ("Pero yo", "preferiría otra fecha."),
    ("A nombre de Martín", "Etcheverry."),
    ("Bueno mire", "le cuento lo que pasó."),
    ("Si llegamos después de las once", "¿hay alguien en la recepción?"),
    ("Quisiera cambiar la reserva del quince", "al veinte de marzo."),
    ("Mi correo es laura punto benítez", "arroba ejemplo punto com."),
    ("Cuando hice la reserva", "me dijeron que incluía el desayuno."),
    ("La habitación que quiero es", "la de la esquina."),
    ("Del cuatro", "al seis de mayo."),
)


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    group: str
    finished: bool
    sound: Sound
    """8 kHz, ending with its last voice."""


@dataclass(frozen=True, slots=True)
class Judged:
    item: Item
    text: str
    done: float


def voiced(sound: Sound) -> tuple[int, int]:
    """Where the voice begins and ends."""
    size = LINE_RATE // 100
    levels = np.sqrt(np.mean(sound[: len(sound) // size * size].reshape(-1, size) ** 2, axis=1))
    loud = np.flatnonzero(levels > max(levels.max() * 0.03, 1e-4))
    return int(loud[0]) * size, (int(loud[-1]) + 1) * size


def trimmed(sound: Sound) -> Sound:
    begin, end = voiced(sound)
    return sound[begin:end]


def longest_pause(sound: Sound) -> int:
    """Where the longest pause inside begins: the comma."""
    size = LINE_RATE // 100
    levels = np.sqrt(np.mean(sound[: len(sound) // size * size].reshape(-1, size) ** 2, axis=1))
    quiet = levels < levels.max() * 0.03
    best = begin = length = 0
    for index, silent in enumerate(quiet):
        length = length + 1 if silent else 0
        if length > best:
            best, begin = length, index - length + 1
    return begin * size


async def said(voice: Pico, text: str) -> Sound:
    pcm = np.concatenate([piece async for piece in voice.say(text)])
    return np.asarray(soxr.resample(pcm / 32_768, voice.sample_rate, LINE_RATE), np.float64)


def packaged() -> Iterator[Item]:
    scripts = tomllib.loads(files("relevo").joinpath("data/demo_call/scripts.toml").read_text(encoding="utf-8"))
    for script in scripts.values():
        for name, _text in script["words"]:
            data = files("relevo").joinpath(f"data/demo_call/{name}.ulaw").read_bytes()
            yield Item(name, "demo", True, trimmed(mulaw.decode(data) / 32_768))


async def spoken(voice: Pico) -> list[Item]:
    items = [Item(text, "pico", True, trimmed(await said(voice, text))) for text in FINISHED]
    for first, rest in UNFINISHED:
        sound = trimmed(await said(voice, f"{first}, {rest}"))
        items.append(Item(first, "pico", False, trimmed(sound[: longest_pause(sound)])))
    return items


def recorded(folder: Path) -> Iterator[Item]:
    for kind in ("finished", "unfinished"):
        for path in sorted((folder / kind).glob("*.wav")):
            with wave.open(str(path)) as file:
                pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)[:: file.getnchannels()]
                sound = soxr.resample(pcm / 32_768, file.getframerate(), LINE_RATE)
            yield Item(path.stem, "recorded", kind == "finished", trimmed(sound))


def by_telephone(sound: Sound, quiet_ms: int, seed: int) -> Floats:
    """What the models get: through the line's noise and mu-law, with so much quiet behind it, at 16 kHz."""
    whole = np.concatenate([np.zeros(LINE_RATE // 5), sound, np.zeros(LINE_RATE * quiet_ms // 1_000)])
    whole = whole + np.random.default_rng(seed).normal(0, NOISE, len(whole))
    coded = mulaw.encode(np.clip(np.round(whole * 32_768), -32_768, 32_767).astype(np.int16))
    pcm = np.asarray(soxr.resample(mulaw.decode(coded), LINE_RATE, SPEECH_RATE), np.float32)
    return np.asarray(pcm / np.float32(32_768), np.float32)


def judge(items: list[Item]) -> list[Judged]:
    words = whisper.Engine(whisper.Settings().model_dump(mode="json"))
    melody = smart_turn.Engine({})
    found = []
    for seed, item in enumerate(items):
        sound = by_telephone(item.sound, POLICY.pause_ms, seed)
        text, _confidence = words.hear(sound, "es", "", lambda: False)
        done = melody.judge(by_telephone(item.sound, POLICY.model_ms, seed))
        found.append(Judged(item, text, done))
    return found


def natural(wait_ms: int) -> float:
    """The share of natural pauses that so much patience does not bridge."""
    lengths, shares = zip(*LONGER_THAN, strict=True)
    return float(np.exp(np.interp(wait_ms, lengths, np.log(shares))))


def waits() -> dict[str, Callable[[Judged], int]]:
    """How long each way of judging waits after the last voice."""
    whole, cut = POLICY.finished_ms, POLICY.thinking_ms
    return {
        "silence 320 ms": lambda _: POLICY.finished_ms,
        "silence 640 ms": lambda _: POLICY.doubtful_ms,
        "silence 960 ms": lambda _: POLICY.unfinished_ms,
        "words": lambda it: whole if looks_finished(it.text) else cut,
        "melody": lambda it: whole if it.done >= HALF else cut,
        "silence and words (rule)": lambda it: enough_quiet_ms(it.text, None, POLICY),
        "all three (rule)": lambda it: enough_quiet_ms(it.text, it.done, POLICY),
    }


def table(judged: list[Judged]) -> dict[str, dict[str, float]]:
    ends, middles = [it for it in judged if it.item.finished], [it for it in judged if not it.item.finished]
    heads = "".join(f"{pause:>7}" for pause in PAUSES_MS)
    print(f"{'':<26} {'wait':>6}   false cut-offs in pauses of\n{'':<26} {'ms':>6}{heads} ms  natural")
    found = {}
    for name, wait in waits().items():
        after = [wait(it) for it in ends]
        inside = [wait(it) for it in middles]
        cuts = {pause: float(np.mean([ms < pause for ms in inside])) for pause in PAUSES_MS}
        usual = float(np.mean([natural(ms) for ms in inside]))
        shares = "".join(f"{100 * cut:>6.0f}%" for cut in cuts.values())
        print(f"{name:<26} {np.mean(after):>6.0f}{shares}     {100 * usual:>6.0f}%")
        found[name] = {"wait_ms": round(float(np.mean(after))), "cut_natural": round(usual, 3)}
        found[name] |= {f"cut_{pause}": round(cut, 3) for pause, cut in cuts.items()}
    return found


async def material(clips: Path | None) -> list[Item]:
    voice = Pico()
    await voice.start()
    try:
        items = [*packaged(), *await spoken(voice)]
    finally:
        await voice.close()
    return items + (list(recorded(clips)) if clips else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, help="folder with finished/*.wav and unfinished/*.wav")
    parser.add_argument("--words", action="store_true", help="print every judgement")
    given = parser.parse_args()
    judged = judge(asyncio.run(material(given.clips)))
    if given.words:
        for it in judged:
            kind = "finished" if it.item.finished else "unfinished"
            print(
                f"{it.item.group:<9} {kind:<11} {it.done:.2f} {enough_quiet_ms(it.text, it.done, POLICY):>5}  {it.text}"
            )
    result = {}
    for group in (("demo", "pico"), ("recorded",)):
        those = [it for it in judged if it.item.group in group]
        if not those:
            continue
        ends = [it for it in those if it.item.finished]
        middles = [it for it in those if not it.item.finished]
        print(f"\n{' and '.join(group)}: {len(ends)} finished, {len(middles)} unfinished")
        right = {
            "finished_judged_done": float(np.mean([it.done >= HALF for it in ends])),
            "unfinished_judged_done": float(np.mean([it.done >= HALF for it in middles])),
        }
        print(f"melody says done: {right['finished_judged_done']}, of others {right['unfinished_judged_done']}")
        result["+".join(group)] = {"ways": table(those), "finished": len(ends), "unfinished": len(middles), **right}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
