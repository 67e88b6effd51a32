"""The network that we compute ourselves against the graph it comes from, and the gate in front of it, on speech."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from relevo.adapters.speech import silero, weights
from relevo.adapters.speech.silero_network import CONTEXT, STATE, Network
from relevo.adapters.speech.tensors import constants
from relevo.calls.media import mulaw
from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE
from relevo.kit.errors import Misconfigured

pytestmark = pytest.mark.speech

Windows = NDArray[np.float32]
PHRASES = ("florencia_1", "martin_2", "florencia_3", "martin_4")


def windows(sound: NDArray[np.float64]) -> Windows:
    whole = sound[: len(sound) // DETECTOR_WINDOW * DETECTOR_WINDOW]
    pcm = np.clip(np.round(whole * 32_768), -32_768, 32_767).astype(np.int16)
    return mulaw.TO_FLOAT[np.frombuffer(mulaw.encode(pcm), np.uint8)].reshape(-1, DETECTOR_WINDOW)


def talk(level: float, noise: float, pause_seconds: float = 2.0) -> Windows:
    """Phrases of a guest at a level, with pauses and the noise of a line (decibels below full scale)."""
    rng = np.random.default_rng(7)
    pieces = []
    for name in PHRASES:
        phrase = mulaw.decode(files("relevo").joinpath(f"data/demo_call/{name}.ulaw").read_bytes()) / 32_768
        loud = np.sqrt(np.mean(phrase[np.abs(phrase) > 0.01] ** 2))
        pieces += [np.zeros(int(pause_seconds * LINE_RATE)), phrase / loud * 10 ** (level / 20)]
    sound = np.concatenate(pieces)
    return windows(sound + rng.normal(0, 10 ** (noise / 20), len(sound)))


def heard(detector: silero.Silero, sound: Windows) -> Windows:
    row = detector.open()
    return np.array([detector.probabilities([row], window[None])[0] for window in sound])


def starts(probabilities: Windows) -> list[int]:
    """The windows in which somebody begins to speak after a pause."""
    found, quiet = [], 10
    for index, probability in enumerate(probabilities):
        if probability >= 0.5:
            found += [index] if quiet >= 10 else []
            quiet = 0
        elif probability < 0.35:
            quiet += 1
    return found


@pytest.fixture(scope="module")
def graph() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights.silero()), options)


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_products_are_the_graph(graph: Any, count: int) -> None:
    network = Network(constants(weights.silero()))
    sound = talk(-20, -50, pause_seconds=0.3)[:240]
    shifted = np.stack([np.roll(sound, 5 * stream, axis=0) for stream in range(count)], axis=1)
    context = np.zeros((count, CONTEXT), np.float32)
    hidden = cell = np.zeros((count, STATE), np.float32)
    state, loudest = np.zeros((2, count, STATE), np.float32), 0.0
    for window in shifted:
        both = np.concatenate([context, window], axis=1)
        found, hidden, cell = network(both, hidden, cell)
        expected, state = graph.run(None, {"input": both, "state": state, "sr": np.array(LINE_RATE, np.int64)})
        assert np.abs(found - expected[:, 0]).max() < 1e-4
        context, loudest = window[:, -CONTEXT:], max(loudest, float(found.max()))
    assert loudest > 0.9
    assert np.abs(np.stack([hidden, cell]) - state).max() < 1e-2


@pytest.mark.parametrize("noise", [-90, -70, -60])
@pytest.mark.parametrize("level", [-20, -35])
def test_the_gate_misses_no_start_and_delays_none(level: float, noise: float, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = talk(level, noise)
    detector = silero.Silero()
    gated = starts(heard(detector, sound))
    assert detector.judged < 0.7 * detector.asked
    monkeypatch.setattr(silero, "HOLD", len(sound))
    open_ = starts(heard(detector, sound))
    assert len(gated) == len(open_) >= len(PHRASES)
    assert all(-6 <= late - early <= 1 for early, late in zip(open_, gated, strict=True))


def test_a_line_at_rest_costs_nothing() -> None:
    detector = silero.Silero()
    assert heard(detector, np.zeros((200, DETECTOR_WINDOW), np.float32))[silero.HOLD :].max() == 0
    assert (detector.asked, detector.judged) == (200, silero.HOLD)


def test_a_model_without_this_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "silero", weights.smart_turn)
    with pytest.raises(Misconfigured):
        silero.Silero()
