"""Silero VAD's 8 kHz network as matrix products over all streams at once: a third of what an ONNX runtime needs for it.

A window becomes four overlapping spectra, four small convolutions make one vector of them, an LSTM remembers, and one
neuron judges. The numbers are those of the graph; only what is multiplied by padding is left out. No threads, no state.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import DETECTOR_WINDOW

CONTEXT = 32
"""Samples of the last window that the network wants in front of the next one."""
STATE = 128
_FFT, _HOP, _BINS = 128, 64, 65
_FRAMES = 4
_BASIS = "stft.forward_basis_buffer"

Floats = NDArray[np.float32]


class Network:
    def __init__(self, constants: Mapping[str, Floats]) -> None:
        """Raises ``ValueError`` if this is not a Silero (v5 or v6) with a branch for 8 kHz."""
        branch = _branch(constants)
        basis = constants[branch + _BASIS][:, 0].T
        self._basis = np.ascontiguousarray(basis)
        self._last_basis = _mirrored(basis)
        self._layers = [_layer(constants, f"{branch}encoder.{index}.reparam_conv.") for index in range(4)]
        # A sigmoid is half a hyperbolic tangent of half its argument; the halving is done here, once.
        half = np.full(4 * STATE, 0.5, np.float32)
        half[2 * STATE : 3 * STATE] = 1
        rnn = f"{branch}decoder.rnn."
        both = np.concatenate([constants[f"{rnn}weight_ih"], constants[f"{rnn}weight_hh"]], axis=1)
        self._gates = np.ascontiguousarray(both.T * half)
        self._gates_bias = (constants[f"{rnn}bias_ih"] + constants[f"{rnn}bias_hh"]) * half
        self._judge = np.ascontiguousarray(constants[f"{branch}decoder.decoder.2.weight"].reshape(STATE))
        self._judge_bias = constants[f"{branch}decoder.decoder.2.bias"]

    def __call__(self, sound: Floats, hidden: Floats, cell: Floats) -> tuple[Floats, Floats, Floats]:
        """Probabilities and new memory, for sound [n, CONTEXT + DETECTOR_WINDOW] and the memory, twice [n, STATE]."""
        seen = self._encoded(self._spectra(sound))
        gates = np.concatenate([seen, hidden], axis=1) @ self._gates
        gates += self._gates_bias
        np.tanh(gates, out=gates)
        for sigmoid in (gates[:, : 2 * STATE], gates[:, 3 * STATE :]):
            sigmoid *= 0.5
            sigmoid += 0.5
        take, keep, new, show = (gates[:, at : at + STATE] for at in range(0, 4 * STATE, STATE))
        cell = keep * cell + take * new
        hidden = show * np.tanh(cell)
        judged = np.maximum(hidden, 0) @ self._judge + self._judge_bias
        probabilities: Floats = 0.5 * np.tanh(0.5 * judged) + 0.5
        return probabilities, hidden, cell

    def _spectra(self, sound: Floats) -> Floats:
        """Magnitudes [n, _FRAMES * _BINS]."""
        waves = np.empty((_FRAMES, len(sound), 2 * _BINS), np.float32)
        for frame in range(_FRAMES - 1):
            np.matmul(sound[:, frame * _HOP : frame * _HOP + _FFT], self._basis, out=waves[frame])
        np.matmul(sound[:, (_FRAMES - 1) * _HOP :], self._last_basis, out=waves[-1])
        np.multiply(waves, waves, out=waves)
        spectra = np.empty((len(sound), _FRAMES, _BINS), np.float32)
        np.add(waves[:, :, :_BINS], waves[:, :, _BINS:], out=spectra.transpose(1, 0, 2))
        np.sqrt(spectra, out=spectra)
        return spectra.reshape(len(sound), _FRAMES * _BINS)

    def _encoded(self, spectra: Floats) -> Floats:
        """The convolutions, each as products of neighbouring frames; the taps that fall on padding are left out."""
        count = len(spectra)
        (first, first_bias), (second, second_bias), (third, third_bias), (fourth, fourth_bias) = self._layers
        four = np.empty((count, 4, first.shape[1]), np.float32)
        np.matmul(spectra[:, : 2 * _BINS], first[_BINS:], out=four[:, 0])
        np.matmul(spectra[:, : 3 * _BINS], first, out=four[:, 1])
        np.matmul(spectra[:, _BINS:], first, out=four[:, 2])
        np.matmul(spectra[:, 2 * _BINS :], first[: 2 * _BINS], out=four[:, 3])
        wide = _rectified(four, first_bias).reshape(count, -1)
        size = first.shape[1]
        two = np.empty((count, 2, second.shape[1]), np.float32)
        np.matmul(wide[:, : 2 * size], second[size:], out=two[:, 0])
        np.matmul(wide[:, size:], second, out=two[:, 1])
        pair = _rectified(two, second_bias).reshape(count, -1)
        one = _rectified(pair @ third[second.shape[1] :], third_bias)
        size = third.shape[1]
        return _rectified(one @ fourth[size : 2 * size], fourth_bias)


def _branch(constants: Mapping[str, Floats]) -> str:
    for name, tensor in constants.items():
        if name.endswith(_BASIS) and tensor.shape == (2 * _BINS, 1, _FFT):
            return name.removesuffix(_BASIS)
    raise ValueError("no branch for 8 kHz")


def _mirrored(basis: Floats) -> Floats:
    """The basis of the last frame: the sound ends before it does, and the graph goes on with its reflection."""
    real = CONTEXT + DETECTOR_WINDOW - (_FRAMES - 1) * _HOP
    folded = basis[:real].copy()
    folded[2 * real - _FFT - 1 : real - 1] += basis[real:][::-1]
    return folded


def _layer(constants: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    """A convolution over three frames as a matrix [3 * channels in, channels out], and its bias."""
    kernel = constants[f"{name}weight"]
    return np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, len(kernel))), constants[f"{name}bias"]


def _rectified(values: Floats, bias: Floats) -> Floats:
    values += bias
    return np.maximum(values, 0, out=values)
