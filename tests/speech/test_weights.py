from __future__ import annotations

from pathlib import Path

import pytest

from relevo.adapters.speech import weights
from relevo.adapters.speech.whisper import Settings, Whisper
from relevo.kit.errors import Misconfigured


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages of a small model instead of the real ones."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for name in ("model.bin.part1", "model.bin.part2", "config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_bytes(name.encode())
    monkeypatch.setattr(weights, "packaged", lambda _package, name: folder / name)
    monkeypatch.setattr(weights, "WHISPER_SHA256", "4f9ca11f2bce0ed1d6c0a0f6ccc6b2e5d3b1ccf8a1ecb8ad3ac5ccbe5b3cc0ac")
    return folder


def join(parts: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Path:
    whole = cache / "whole"
    cache.mkdir(exist_ok=True)
    whole.write_bytes(b"model.bin.part1model.bin.part2")
    monkeypatch.setattr(weights, "WHISPER_SHA256", weights.sha256(whole))
    whole.unlink()
    return weights.whisper(cache)


def test_parts_are_joined_once(parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = join(parts, monkeypatch, tmp_path / "cache")
    assert (folder / "model.bin").read_bytes() == b"model.bin.part1model.bin.part2"
    assert {path.name for path in folder.iterdir()} == {
        "model.bin",
        "config.json",
        "tokenizer.json",
        "vocabulary.json",
    }
    (parts / "model.bin.part1").unlink()
    assert weights.whisper(tmp_path / "cache") == folder
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]


def test_a_changed_file_is_refused_and_leaves_nothing_behind(parts: Path, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        weights.whisper(tmp_path / "cache")
    assert caught.value.text_key == "error.weights_changed"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(Misconfigured) as caught:
        weights.packaged("no-such-package-of-weights", "model.bin")
    assert caught.value.params == {"package": "no-such-package-of-weights"}


def test_a_folder_of_the_owner_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    weights.check_whisper(str(tmp_path))
    assert weights.whisper(tmp_path / "cache", str(tmp_path)) == tmp_path


def test_a_folder_without_a_model_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Whisper(Settings(model=str(tmp_path / "nothing")))


@pytest.mark.speech
@pytest.mark.parametrize("find", [weights.silero, weights.smart_turn])
def test_packaged_models_are_the_known_ones(find: object) -> None:
    assert callable(find)
    assert find().stat().st_size > 1_000_000
