"""The product with one site besides its own, as visitors' pages meet it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.settings import Settings
from tests.web.conftest import Site, running, site

__all__ = ["Site", "running", "site"]

HOTEL = "https://www.hotel.example"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    given = "" if database_url.startswith("sqlite") else database_url
    return Settings(data_dir=tmp_path / "var", database_url=given, speech="off", webchat_origins=HOTEL)
