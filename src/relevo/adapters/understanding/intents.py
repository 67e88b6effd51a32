"""Guesses what a message wants, from a linear model trained on the packaged corpus the first time it is needed.

It gives calibrated probabilities for every intent and no more: it reads no data out of the message, keeps no state
and never decides what the bot does with a doubtful guess.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import sklearn
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from relevo.adapters.understanding import concepts, folding, spelling
from relevo.adapters.understanding.folding import fold, mask, phonetic
from relevo.adapters.understanding.spelling import Speller
from relevo.bot.ports import Expecting
from relevo.kit import log

MODEL_VERSION = "1"
OUT_OF_SCOPE = "fuera_de_alcance"

_log = log.get("understanding")

_SEED = 20240
_INVERSE_PENALTY = 4.0
_HELD_SHARE = 4
_EXPECTING_WEIGHT = 0.45
_DATA_ASKED = (
    Expecting.DATES,
    Expecting.NIGHTS,
    Expecting.GUESTS,
    Expecting.ROOM_TYPE,
    Expecting.GUEST_NAME,
    Expecting.CONTACT,
    Expecting.BOOKING_CODE,
    Expecting.MENU,
)
_LIKELY: dict[str, tuple[Expecting, ...]] = {
    "afirmar": (Expecting.CONFIRMATION, Expecting.CONFIRMATION),
    "negar": (Expecting.CONFIRMATION, Expecting.CONFIRMATION),
    "dar_datos": (*_DATA_ASKED,),
}
_ELSEWHERE_SHARE = 0.2
_SLIP_RATE = 0.07
_WORTH_SLIPPING = 12

Floats = npt.NDArray[np.float32]


def _words(masked: str) -> list[str]:
    words = masked.split()
    edged = ["<", *words, ">"]
    return words + [f"{a} {b}" for a, b in zip(edged, edged[1:], strict=False)]


_CHAR_MARK = {
    "__fecha__": "F",
    "__num__": "N",
    "__hora__": "H",
    "__tipo__": "T",
    "__nombre__": "P",
    "__codigo__": "K",
    "__monto__": "M",
    "__contacto__": "C",
    "__enlace__": "L",
}


def _chars(masked: str) -> list[str]:
    grams: list[str] = []
    for word in masked.split():
        padded = f" {_CHAR_MARK.get(word, word)} "
        size = len(padded)
        grams.extend(padded[i : i + n] for n in range(2, 6) for i in range(size - n + 1))
    return grams


def _sounds(masked: str) -> list[str]:
    keys = [word if word.startswith("__") else phonetic(word) for word in masked.split()]
    stems = [key if key.startswith("__") else key[:5] for key in keys]
    return keys + [f"{a} {b}" for a, b in zip(stems, stems[1:], strict=False)]


@dataclass(frozen=True, slots=True)
class _Group:
    """One family of features with its own vocabulary; every family's vector has length ``weight``."""

    grams: Callable[[str], list[str]]
    weight: float
    rarest: int


_GROUPS = (
    _Group(_words, 1.0, 2),
    _Group(_chars, 1.0, 3),
    _Group(_sounds, 0.8, 2),
    _Group(concepts.concepts, 0.8, 2),
)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Everything ``predict`` needs, as plain values, so that a cached file survives refactors of the code around it."""

    labels: tuple[str, ...]
    vocabularies: tuple[dict[str, int], ...]
    idf: Floats
    weights: Floats
    bias: Floats
    temperature: float
    speller: Speller


def load_corpus() -> list[tuple[str, str]]:
    """The packaged examples as (text, intent), one file per intent, in a stable order."""
    folder = resources.files("relevo.adapters.understanding") / "corpus"
    examples: list[tuple[str, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".txt"):
            continue
        intent = entry.name.removesuffix(".txt")
        lines = (line.strip() for line in entry.read_text(encoding="utf-8").splitlines())
        examples.extend((line, intent) for line in lines if line and not line.startswith("#"))
    return examples


class IntentModel:
    """A multinomial logistic regression over words, characters and sounds of the folded, masked message."""

    def __init__(self) -> None:
        self._fitted: _Fitted | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents it can answer, sorted."""
        return self._known().labels

    def fit(self, examples: Sequence[tuple[str, str]]) -> IntentModel:
        """Learn from (text, intent) pairs; the same pairs in the same order give the same model."""
        if len({intent for _, intent in examples}) < 2:
            raise ValueError("at least two intents are needed to learn to tell them apart")
        self._fitted = _fit(examples)
        return self

    def predict(self, text: str, expecting: str = "nothing") -> list[tuple[str, float]]:
        """All intents with their probability, likeliest first. ``expecting`` is what the bot's last sentence asked."""
        fitted = self._known()
        index, values = _vector(mask(fitted.speller.repair(fold(text))), expecting, fitted.vocabularies, fitted.idf)
        scores = (values @ fitted.weights[index] + fitted.bias) / fitted.temperature
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        return [(fitted.labels[i], float(chances[i])) for i in order]

    @classmethod
    def cached(cls, cache_dir: Path | None, examples: Sequence[tuple[str, str]] | None = None) -> IntentModel:
        """The model of the packaged corpus, or of these ``examples``, from ``cache_dir`` when a sound copy is there,
        else fitted and kept."""
        examples = load_corpus() if examples is None else examples
        model = cls.kept(cache_dir, examples)
        if model is not None:
            return model
        model = cls().fit(examples)
        if cache_dir is not None:
            try:
                _write_cache(cache_dir / f"intents-{_fingerprint(examples)}.joblib", model._known())
            except OSError as error:
                # A read-only disk costs a fit at every start, no more.
                _log.warning("intent_model_not_kept", error=type(error).__name__)
        return model

    @classmethod
    def kept(cls, cache_dir: Path | None, examples: Sequence[tuple[str, str]]) -> IntentModel | None:
        """The model of these examples as somebody left it in ``cache_dir``; None where nobody did."""
        fitted = _read_cache(cache_dir / f"intents-{_fingerprint(examples)}.joblib") if cache_dir is not None else None
        if fitted is None:
            return None
        model = cls()
        model._fitted = fitted
        return model

    def _known(self) -> _Fitted:
        if self._fitted is None:
            raise RuntimeError("the intent model is used before fit")
        return self._fitted


def _fingerprint(examples: Sequence[tuple[str, str]]) -> str:
    digest = hashlib.sha256(f"{MODEL_VERSION}|{sklearn.__version__}|{np.__version__}".encode())
    digest.update(concepts.LISTING.encode())
    for module in (__file__, concepts.__file__, folding.__file__, spelling.__file__):
        digest.update(Path(module).read_bytes())
    for text, intent in examples:
        digest.update(f"{intent}\t{text}\n".encode())
    return digest.hexdigest()


def _read_cache(path: Path) -> _Fitted | None:
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    # The digest goes first so that a torn or altered file is never unpickled.
    if hashlib.sha256(stored[32:]).digest() != stored[:32]:
        return None
    fitted = joblib.load(io.BytesIO(stored[32:]))
    return fitted if isinstance(fitted, _Fitted) else None


def _write_cache(path: Path, fitted: _Fitted) -> None:
    buffer = io.BytesIO()
    joblib.dump(fitted, buffer, compress=1)
    body = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".intents-")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(hashlib.sha256(body).digest() + body)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _vector(
    masked: str, expecting: str, vocabularies: Sequence[dict[str, int]], idf: Floats
) -> tuple[npt.NDArray[np.intp], Floats]:
    index: list[int] = []
    parts: list[Floats] = []
    for group, vocabulary in zip(_GROUPS, vocabularies, strict=False):
        known = Counter(column for gram in group.grams(masked) if (column := vocabulary.get(gram)) is not None)
        if not known:
            continue
        columns = list(known)
        values = (1.0 + np.log(np.fromiter(known.values(), np.float32, len(known)))) * idf[columns]
        index.extend(columns)
        parts.append((values * (group.weight / np.linalg.norm(values))).astype(np.float32))
    state = vocabularies[-1].get(expecting)
    if state is not None:
        index.append(state)
        parts.append(np.full(1, _EXPECTING_WEIGHT, np.float32))
    joined: Floats = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return np.asarray(index, np.intp), joined


def _learn_vocabularies(masked: Sequence[str]) -> tuple[tuple[dict[str, int], ...], Floats]:
    vocabularies: list[dict[str, int]] = []
    idf: list[float] = []
    for group in _GROUPS:
        seen: Counter[str] = Counter()
        for text in masked:
            seen.update(set(group.grams(text)))
        kept = sorted(gram for gram, times in seen.items() if times >= group.rarest)
        vocabularies.append({gram: len(idf) + i for i, gram in enumerate(kept)})
        idf.extend(1.0 + np.log((1 + len(masked)) / (1 + seen[gram])) for gram in kept)
    states = sorted(state.value for state in Expecting if state is not Expecting.NOTHING)
    vocabularies.append({state: len(idf) + i for i, state in enumerate(states)})
    idf.extend(1.0 for _ in states)
    return tuple(vocabularies), np.asarray(idf, np.float32)


def _slipped(text: str, dice: random.Random) -> str:
    """The text as a hurried thumb leaves it: letters dropped, doubled or hit beside."""
    letters: list[str] = []
    for letter in text:
        if letter.isalpha() and dice.random() < _SLIP_RATE:
            letter = dice.choice(("", letter * 2, dice.choice(ascii_lowercase)))
        letters.append(letter)
    return "".join(letters)


def _in_context(examples: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, int]]:
    """Each example asked for by nobody, plus copies as answers to what the bot asks: (masked, expecting, intent, n).

    ``n`` is the number of the example, so that copies never straddle two folds.
    """
    dice = random.Random(_SEED)  # noqa: S311
    rows: list[tuple[str, str, str, int]] = []
    for number, (text, intent) in enumerate(examples):
        masked = mask(fold(text))
        rows.append((masked, Expecting.NOTHING.value, intent, number))
        if len(text) >= _WORTH_SLIPPING:
            rows.append((mask(fold(_slipped(text, dice))), Expecting.NOTHING.value, intent, number))
        likely = _LIKELY.get(intent, ())
        if likely:
            rows.append((masked, dice.choice(likely).value, intent, number))
        elif dice.random() < _ELSEWHERE_SHARE:
            rows.append((masked, dice.choice((*_DATA_ASKED, Expecting.CONFIRMATION)).value, intent, number))
    return rows


def _matrix(rows: Sequence[tuple[str, str, str, int]], vocabularies: Sequence[dict[str, int]], idf: Floats) -> Any:
    starts, columns, values = [0], [], []
    for masked, expecting, _, _ in rows:
        index, row = _vector(masked, expecting, vocabularies, idf)
        columns.append(index)
        values.append(row)
        starts.append(starts[-1] + len(index))
    shape = (len(rows), len(idf))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), np.asarray(starts)), shape=shape)


def _train(matrix: Any, targets: npt.NDArray[np.intp]) -> LogisticRegression:
    counts = np.bincount(targets)
    # The reject class is several times larger than the rest; the square root keeps half of that advantage.
    weights = {i: float(np.sqrt(counts.mean() / count)) for i, count in enumerate(counts) if count}
    # Stopped any earlier it reads unseen messages up to four points worse.
    model = LogisticRegression(C=_INVERSE_PENALTY, solver="lbfgs", max_iter=300, tol=1e-4, class_weight=weights)
    return model.fit(matrix, targets)


def _fit(examples: Sequence[tuple[str, str]]) -> _Fitted:
    labels = tuple(sorted({intent for _, intent in examples}))
    position = {label: i for i, label in enumerate(labels)}
    rows = _in_context(examples)
    vocabularies, idf = _learn_vocabularies([mask(fold(text)) for text, _ in examples])
    matrix = _matrix(rows, vocabularies, idf)
    targets = np.asarray([position[intent] for _, _, intent, _ in rows], np.intp)
    model = _train(matrix, targets)
    if len(labels) == 2:
        weights, bias = np.vstack([-model.coef_, model.coef_]) / 2, np.hstack([-model.intercept_, model.intercept_]) / 2
    else:
        weights, bias = model.coef_, model.intercept_
    return _Fitted(
        labels=labels,
        vocabularies=vocabularies,
        idf=idf,
        weights=np.ascontiguousarray(weights.T, np.float32),
        bias=bias.astype(np.float32),
        speller=Speller((word for text, _ in examples for word in fold(text).split()), concepts.WHOLE_WORDS),
        temperature=_temperature(matrix, targets, np.asarray([row[3] for row in rows]), len(labels)),
    )


def _temperature(matrix: Any, targets: npt.NDArray[np.intp], numbers: npt.NDArray[np.intp], classes: int) -> float:
    """The divisor of the scores that makes probabilities honest on examples the model has not seen."""
    first = np.unique(numbers, return_index=True)[1]
    if classes < 3 or np.bincount(targets[first]).min() < _HELD_SHARE:
        return 1.0
    # One fold of the four is enough: a single number is fitted, from over a thousand unseen examples.
    folds = StratifiedKFold(_HELD_SHARE, shuffle=True, random_state=_SEED)
    _, unseen = next(folds.split(first, targets[first]))
    seen = ~np.isin(numbers, numbers[first][unseen])
    scores = _train(matrix[seen], targets[seen]).decision_function(matrix[first[unseen]])
    truth = targets[first[unseen]]

    def surprise(divisor: float) -> float:
        scaled = scores / divisor
        peak = scaled.max(axis=1, keepdims=True)
        total = np.log(np.exp(scaled - peak).sum(axis=1)) + peak[:, 0]
        return float((total - scaled[np.arange(len(truth)), truth]).mean())

    return min((float(divisor) for divisor in np.geomspace(0.3, 3.0, 47)), key=surprise)
