"""What is somebody's own in a mail."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from relevo.adapters.channels.email.quoting import without_quotes

MAILS = tomllib.loads((Path(__file__).parent / "quoted.toml").read_text())["mail"]


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: str(mail["name"]))
@pytest.mark.parametrize("spaces", [" ", "\u202f", "\xa0"], ids=["plain", "narrow", "fixed"])
def test_only_what_the_sender_wrote_is_left(mail: dict[str, Any], spaces: str) -> None:
    said = without_quotes(mail["text"].strip("\n").replace(" a las ", f" a las{spaces}"))
    assert said.text == mail["said"]
    assert said.forwarded is mail.get("forwarded", False)


def test_what_is_taken_off_can_still_be_shown() -> None:
    assert without_quotes("Sí\n\nEl 1/1, Hotel <a@b.example> escribió:\n> ¿Vienen?").rest.endswith("> ¿Vienen?")


@pytest.mark.parametrize(
    "text",
    [
        "El " * 100_000,
        "On a wrote\n" * 50_000,
        "De: a\n" * 50_000,
        "_" * 500_000,
        ("El " + "x" * 900 + "\n") * 2_000,
        ("a <" + "@" * 990 + "\n") * 1_000,
    ],
    ids=["one line", "nearly attributed", "heads", "rule", "long lines", "nearly an address"],
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    begun = time.process_time()
    without_quotes(text)
    assert time.process_time() - begun < 2
