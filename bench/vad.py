"""What listening costs: Silero's windows by batch, as our matrix products and as onnxruntime; what the gate saves; and
whether the two agree on speech. CPU time of one thread. Prints tables; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relevo.adapters.speech import silero, weights
from relevo.adapters.speech.silero_network import CONTEXT, STATE, Network
from relevo.adapters.speech.tensors import constants
from relevo.calls.media import mulaw
from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE

Floats = NDArray[np.float32]
BATCHES = (1, 10, 50, 100, 250)
WINDOWS_PER_SECOND = LINE_RATE / DETECTOR_WINDOW
GUESTS = (tuple(f"florencia_{number}" for number in range(1, 5)), tuple(f"martin_{number}" for number in range(1, 6)))
LEVELS = (-20, -28, -35)
NOISES = (-75, -66, -60, -50)
ANSWER_SECONDS = (4.0, 8.0)
"""How long the other side speaks before the guest does."""


def cpu_us(work: Callable[[], object], seconds: float) -> float:
    """Microseconds of CPU, the median of as many runs as fit."""
    work()
    times: list[int] = []
    while not times or (sum(times) < seconds * 1e9 and len(times) < 1_000):
        began = time.thread_time_ns()
        work()
        times.append(time.thread_time_ns() - began)
    return float(np.median(times)) / 1_000


def graph() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights.silero()), options, providers=["CPUExecutionProvider"])


def cost(session: Any, seconds: float) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(0)
    network = Network(constants(weights.silero()))
    detector = silero.Silero()
    print(f"{'batch':>6} {'onnxruntime':>12} {'products':>9} {'detector':>9}   µs of CPU per window")
    found: dict[str, dict[str, float]] = {}
    for batch in BATCHES:
        sound = rng.normal(0, 0.1, (batch, CONTEXT + DETECTOR_WINDOW)).astype(np.float32)
        hidden = np.zeros((batch, STATE), np.float32)
        given = {"input": sound, "state": np.stack([hidden, hidden]), "sr": np.array(LINE_RATE, np.int64)}
        rows, windows = [detector.open() for _ in range(batch)], np.ascontiguousarray(sound[:, CONTEXT:])
        each = {
            "onnxruntime": cpu_us(partial(session.run, None, given), seconds) / batch,
            "products": cpu_us(partial(network, sound, hidden, hidden), seconds) / batch,
            "detector": cpu_us(partial(detector.probabilities, rows, windows), seconds) / batch,
        }
        print(f"{batch:>6} {each['onnxruntime']:>12.1f} {each['products']:>9.1f} {each['detector']:>9.1f}")
        found[str(batch)] = {name: round(value, 2) for name, value in each.items()}
        for row in rows:
            detector.close(row)
    return found


def call(names: tuple[str, ...], level: float, noise: float, seed: int) -> Floats:
    """The guest's side of a talk, at a level of speech and of the line's noise (decibels of full scale)."""
    rng = np.random.default_rng(seed)
    pieces = []
    for name in names:
        phrase = mulaw.decode(files("relevo").joinpath(f"data/demo_call/{name}.ulaw").read_bytes()) / 32_768
        loud = np.sqrt(np.mean(phrase[np.abs(phrase) > 0.01] ** 2))
        pieces += [np.zeros(int(rng.uniform(*ANSWER_SECONDS) * LINE_RATE)), phrase / loud * 10 ** (level / 20)]
    sound = np.concatenate(pieces)
    sound = sound[: len(sound) // DETECTOR_WINDOW * DETECTOR_WINDOW]
    sound = sound + rng.normal(0, 10 ** (noise / 20), len(sound))
    pcm = np.clip(np.round(sound * 32_768), -32_768, 32_767).astype(np.int16)
    return mulaw.TO_FLOAT[np.frombuffer(mulaw.encode(pcm), np.uint8)].reshape(-1, DETECTOR_WINDOW)


def judged_by_graph(session: Any, sound: Floats) -> Floats:
    state, context, found = np.zeros((2, 1, STATE), np.float32), np.zeros((1, CONTEXT), np.float32), []
    for window in sound[:, None]:
        given = {"input": np.concatenate([context, window], axis=1), "state": state, "sr": np.array(LINE_RATE)}
        probability, state = session.run(None, given)
        context = window[:, -CONTEXT:]
        found.append(probability[0, 0])
    return np.array(found, np.float32)


def starts(probabilities: Floats) -> list[int]:
    """Windows in which somebody begins to speak after a pause."""
    found, quiet = [], 10
    for index, probability in enumerate(probabilities):
        if probability >= 0.5:
            found += [index] if quiet >= 10 else []
            quiet = 0
        elif probability < 0.35:
            quiet += 1
    return found


def gated(session: Any) -> dict[str, Any]:
    """Every call through the detector with its gate and through the graph without one."""
    print(
        f"{'speech':>7} {'noise':>6} {'skipped':>8} {'starts':>7} {'found':>6} {'latest':>7}   dB, dB, share, windows"
    )
    shares: list[float] = []
    missed, added, latest, largest = 0, 0, 0, 0.0
    for level in LEVELS:
        for noise in NOISES:
            skipped, expected, got, late = [], 0, 0, 0
            for seed, names in enumerate(GUESTS):
                sound = call(names, level, noise, seed)
                detector = silero.Silero()
                row = detector.open()
                found = np.array([detector.probabilities([row], window)[0] for window in sound[:, None]])
                whole = judged_by_graph(session, sound)
                skipped.append(1 - detector.judged / detector.asked)
                if detector.judged == detector.asked:
                    largest = max(largest, float(np.abs(found - whole).max()))
                for start in starts(whole):
                    heard = np.flatnonzero(found[start : start + 10] >= 0.5)
                    expected, got = expected + 1, got + bool(len(heard))
                    late = max(late, int(heard[0])) if len(heard) else late
                added += sum(whole[max(0, start - 10) : start + 10].max() < 0.35 for start in starts(found))
            print(f"{level:>7} {noise:>6} {np.mean(skipped):>8.2f} {expected:>7} {got:>6} {late:>7}")
            missed, latest = missed + expected - got, max(latest, late)
            shares.append(float(np.mean(skipped)))
    audible = float(np.mean([share for share in shares if share]))
    return {
        "skipped_on_a_quiet_line": round(audible, 3),
        "starts_missed": missed,
        "starts_added": int(added),
        "latest_start_windows": latest,
        "agreement_max_difference": largest,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.5, help="CPU seconds for each figure")
    seconds = parser.parse_args().seconds
    session = graph()
    found = cost(session, seconds)
    gate = gated(session)
    per_call = found["250"]["detector"] * WINDOWS_PER_SECOND / 1_000
    result = {
        "cpu_us_per_window": found,
        "cpu_ms_per_call_second": {
            "all_windows": round(per_call, 3),
            "behind_the_gate": round(per_call * (1 - gate["skipped_on_a_quiet_line"]), 3),
        },
        "batch_250_ms": round(found["250"]["detector"] * 250 / 1_000, 2),
        **gate,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
