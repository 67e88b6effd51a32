"""The house's own arguments and campaigns, from a TOML file that its owner writes. Nothing is argued, and no offer is
told of, that is not in the file.

The demo's arguments speak of the demo hotel: a house with facts of its own and no such file has none.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relevo.bot.rules.objections import Argument, Campaign, Objection
from relevo.bot.rules.reading import fold
from relevo.kit.errors import Misconfigured

_DEMO = resources.files("relevo.data").joinpath("demo_arguments.toml")


class _Argument(BaseModel):
    model_config = ConfigDict(extra="forbid")
    objection: Objection
    text: str = Field(min_length=1, max_length=600)
    about: list[str] = []


class _Campaign(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=600)
    since: date
    until: date
    words: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    arguments: list[_Argument] = Field(max_length=200)
    campaigns: list[_Campaign] = Field([], max_length=50)


def read_arguments(path: Path | None, *, demo: bool) -> tuple[Argument, ...]:
    """Those of ``path``; without one the demo's, where the house is the demo's. Raises ``Misconfigured``."""
    if path is None and not demo:
        return ()
    found = _read(path).arguments
    return tuple(Argument(each.objection, each.text, tuple(each.about)) for each in found)


def read_campaigns(path: Path | None, *, demo: bool) -> tuple[Campaign, ...]:
    """Likewise; those that are over are told of no more, whoever forgot to take them out."""
    if path is None and not demo:
        return ()
    return tuple(
        Campaign(each.name, each.text, each.since, each.until, tuple(fold(word) for word in each.words))
        for each in _read(path).campaigns
    )


def _read(path: Path | None) -> _File:
    try:
        content = path.read_text(encoding="utf-8") if path else _DEMO.read_text(encoding="utf-8")
        return _File.model_validate(tomllib.loads(content))
    except (OSError, ValueError, ValidationError):
        raise Misconfigured("arguments_file", path=path or "") from None
