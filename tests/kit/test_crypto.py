"""Secrets that are made up once: whole or not there, never empty, never two."""

from __future__ import annotations

import os
import stat
from itertools import count
from pathlib import Path

import pytest

from relevo.kit.crypto import fingerprint, kept
from relevo.kit.errors import Misconfigured
from relevo.settings import Settings


def test_a_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    numbers = count(1)
    path = tmp_path / "var" / "secret"
    assert [kept(path, lambda: f"secret {next(numbers)}") for _ in range(2)] == ["secret 1", "secret 1"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_a_full_disk_leaves_no_secret_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            Settings(data_dir=tmp_path).signing_secret()
    assert list(tmp_path.iterdir()) == []
    assert Settings(data_dir=tmp_path).signing_secret()


def test_of_two_that_start_at_once_both_use_the_first_ones(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    def slowly() -> str:
        assert kept(path, lambda: "the other's") == "the other's"
        return "ours"

    assert kept(path, slowly) == "the other's"


def test_nothing_is_signed_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(Misconfigured) as refused:
        Settings(data_dir=tmp_path).signing_secret()
    assert refused.value.code == "secret_empty"


def test_any_text_has_a_fingerprint() -> None:
    assert len(fingerprint("\ud800ñ")) == 64
