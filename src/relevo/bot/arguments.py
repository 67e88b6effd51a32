"""The house's own arguments, from a TOML file that its owner writes. Nothing is argued that is not in the file.

The demo's arguments speak of the demo hotel: a house with facts of its own and no such file has none.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relevo.bot.rules.objections import Argument, Objection
from relevo.kit.errors import Misconfigured

_DEMO = resources.files("relevo.data").joinpath("demo_arguments.toml")


class _Argument(BaseModel):
    model_config = ConfigDict(extra="forbid")
    objection: Objection
    text: str = Field(min_length=1, max_length=600)
    about: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    arguments: list[_Argument] = Field(max_length=200)


def read_arguments(path: Path | None, *, demo: bool) -> tuple[Argument, ...]:
    """Those of ``path``; without one the demo's, where the house is the demo's. Raises ``Misconfigured``."""
    if path is None and not demo:
        return ()
    try:
        content = path.read_text(encoding="utf-8") if path else _DEMO.read_text(encoding="utf-8")
        found = _File.model_validate(tomllib.loads(content))
    except (OSError, ValueError, ValidationError):
        raise Misconfigured("arguments_file", path=path or "") from None
    return tuple(Argument(each.objection, each.text, tuple(each.about)) for each in found.arguments)
