"""The migrations make exactly the tables that the models describe, and may be run again and back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import relevo.adapters.pms.embedded  # noqa: F401 - its tables belong to the schema
import relevo.kit.nodes  # noqa: F401 - likewise
from relevo.app import migrate
from relevo.app.database import condition, migrations_folder
from relevo.kit.db import Base, Database
from relevo.kit.events import Events
from relevo.settings import Settings
from tests import postgres


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if getattr(request, "param", os.environ.get("RELEVO_TEST_DATABASE")) == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'relevo.db'}"
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    with server.database(empty=True) as url:
        yield url


def ours(_thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Procrastinate's tables are its own."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


async def test_models_and_migrations_agree(tmp_path: Path, database_url: str, events: Events) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    await migrate(settings)
    await migrate(settings)

    def compare(connection: Connection) -> None:
        options = {"compare_type": True, "render_as_batch": True, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
        tables = {name for name in inspect(connection).get_table_names() if not name.startswith("procrastinate_")}
        assert tables == {*Base.metadata.tables, "alembic_version"}
        if connection.dialect.name == "sqlite":
            nights = connection.execute(text("select sql from sqlite_master where name = 'room_night'")).scalar_one()
            assert "WITHOUT ROWID" in nights

    db = Database(database_url, events)
    async with db.connection() as connection:
        await connection.run_sync(compare)
    await db.close()


async def test_the_doctor_says_what_keeps_the_product_from_its_database(tmp_path: Path, database_url: str) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    assert await condition(settings) == "relevo migrate"
    starting = 1 if database_url.startswith("sqlite") else 2
    await asyncio.gather(*(migrate(settings) for _ in range(starting)))
    assert await condition(settings) == "ok"
    nowhere = Settings(data_dir=tmp_path, database_url=f"postgresql://nobody@/relevo?host={tmp_path}")
    assert await condition(nowhere) == "unreachable"


async def test_the_migrations_go_back_and_forth(tmp_path: Path, database_url: str, events: Events) -> None:
    await migrate(Settings(data_dir=tmp_path, database_url=database_url))

    def back_and_forth(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()))
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert not [name for name in inspect(connection).get_table_names() if name.startswith("procrastinate_")]
        command.upgrade(config, "head")

    db = Database(database_url, events)
    async with db.connection() as connection:
        await connection.run_sync(back_and_forth)
    await db.close()


async def test_people_of_before_are_found_by_name_and_by_their_number(
    tmp_path: Path, database_url: str, events: Events
) -> None:
    await migrate(Settings(data_dir=tmp_path, database_url=database_url))
    numbers = {"per_1": "+551187654321", "per_2": "+551137654321", "per_3": "+5511987650000", "per_4": "+551187650000"}

    def over(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()))
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")
        for person_id, number in numbers.items():
            made = {"id": person_id, "name": "José Núñez", "at": "2026-11-21 12:00:00"}
            connection.execute(text("insert into person (id, name, created_at) values (:id, :name, :at)"), made)
            known = text("insert into person_identity (person_id, kind, value) values (:id, 'phone', :number)")
            connection.execute(known, {"id": person_id, "number": number})
        command.upgrade(config, "0016")
        keys = connection.execute(text("select distinct name_key, merged_into from person")).all()
        assert keys == [("jose nunez", None)]
        found = connection.execute(text("select person_id, value from person_identity order by person_id")).all()
        assert dict(found) == numbers | {"per_1": "+5511987654321"}
        command.upgrade(config, "head")

    db = Database(database_url, events)
    async with db.connection() as connection:
        await connection.run_sync(over)
    await db.close()
