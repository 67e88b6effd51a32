"""A real mail server of each kind, and the product between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from relevo.adapters.understanding.embedded import Embedded
from tests import dovecot
from tests.email.world import World, world


@pytest.fixture(scope="session")
def mail_server() -> Iterator[dovecot.Server]:
    with dovecot.running() as server:
        yield server


@pytest.fixture(scope="session")
def plain_server() -> Iterator[dovecot.Server]:
    """One that announces nothing."""
    with dovecot.running(idle=False) as server:
        yield server


@pytest.fixture
async def hotel(
    tmp_path: Path, database_url: str, engine: Embedded, mail_server: dovecot.Server
) -> AsyncIterator[World]:
    async with world(tmp_path, database_url, engine, mail_server.user()) as made:
        yield made
