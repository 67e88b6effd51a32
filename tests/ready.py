"""Databases in files that are ready: made once per process by the migrations, or from the models, and then copied."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from relevo import app
from relevo.kit.db import Base, Database
from relevo.kit.events import Events
from relevo.kit.tasks import Tasks
from relevo.settings import Settings

_SQLITE = "sqlite+aiosqlite:///"


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="relevo-ready-")


def keep(name: str, settings: Settings) -> None:
    """The SQLite database of ``settings``, which nobody has open, for ``kept`` to give to others of this process."""
    shutil.copyfile(settings.database.removeprefix(_SQLITE), Path(_folder().name, name))


def kept(name: str, settings: Settings) -> bool:
    """Whether ``settings`` have a copy of it now."""
    return settings.database.startswith(_SQLITE) and _copied(name, Path(settings.database.removeprefix(_SQLITE)))


async def migrate(settings: Settings) -> None:
    """What ``relevo.app.migrate`` does to a database that is not there yet."""
    path = Path(settings.database.removeprefix(_SQLITE))
    if not settings.database.startswith(_SQLITE):
        await app.migrate(settings)
    elif not _copied("migrated.db", path):
        await app.migrate(
            Settings(data_dir=Path(_folder().name), database_url=f"{_SQLITE}{_folder().name}/migrated.db")
        )
        _copied("migrated.db", path)


async def create_all(path: Path) -> None:
    """An SQLite file with the tables of the models."""
    if not _copied("models.db", path):
        database = Database(f"{_SQLITE}{_folder().name}/models.db", Events(Tasks()))
        async with database.connection() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await database.close()
        _copied("models.db", path)


def _copied(name: str, path: Path) -> bool:
    """Whether ``name`` was made before; it is at ``path`` then."""
    made = Path(_folder().name, name)
    if not made.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, path)
    return True
