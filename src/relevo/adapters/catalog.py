"""Names to concrete adapters, imported only when asked for: heavy and vendor parts cost nothing until they are used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from relevo.bookings.ports import Pms
from relevo.bot.ports import Understander
from relevo.calls.ports import Recognizer, SpeechDetector, Voice
from relevo.kit.db import Database
from relevo.settings import Settings


@dataclass(frozen=True, slots=True)
class Speech:
    """The engines of live calls, and what has to be closed with them."""

    recognizer: Recognizer
    voice: Voice
    detector: SpeechDetector


def make_pms(settings: Settings, db: Database) -> Pms:
    from relevo.adapters.pms.embedded import Embedded
    from relevo.adapters.pms.embedded import Settings as EmbeddedSettings

    given = EmbeddedSettings(file=settings.hotel_file) if settings.hotel_file else EmbeddedSettings()
    return Embedded(given, db)


def make_understander(settings: Settings) -> Understander:
    from relevo.adapters.understanding.embedded import Embedded

    return Embedded(country=settings.country, cache_dir=settings.data_dir / "cache" / "understanding")


def has_pico() -> bool:
    return find_spec("ttspico") is not None


def cache_folder(settings: Settings, name: str) -> Path:
    return settings.data_dir / "cache" / name
