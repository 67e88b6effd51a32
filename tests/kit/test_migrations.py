"""The migrations make exactly the tables that the models describe, and may be run again."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

import relevo.adapters.pms.embedded  # noqa: F401 - its tables belong to the schema
import relevo.kit.nodes  # noqa: F401 - likewise
from relevo.app import migrate
from relevo.kit.db import Base
from relevo.settings import Settings


async def test_models_and_migrations_agree(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    await migrate(settings)
    await migrate(settings)
    engine = create_engine(f"sqlite:///{tmp_path / 'relevo.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
        nights = connection.execute(text("select sql from sqlite_master where name = 'room_night'")).scalar_one()
        assert "WITHOUT ROWID" in nights
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
