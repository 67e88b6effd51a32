"""The database's file and shape, and the people who may sign in: what runs before anything is served."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from relevo.kit import log
from relevo.kit.clock import SystemClock
from relevo.kit.db import Database
from relevo.kit.errors import RelevoError
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.tasks import Tasks
from relevo.people.rules import Role
from relevo.people.service import People
from relevo.settings import Settings

_log = log.get("app.database")

MIGRATIONS = Path(__file__).parents[1] / "migrations"


async def open_database(settings: Settings, tasks: Tasks) -> Database:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database, Events(tasks))


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's shape. Fine to run again, and from several processes in turn."""
    db = await open_database(settings, Tasks())
    try:
        async with db.connection() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await db.close()


def migrations_folder() -> Path:
    """In the wheel the migrations lie inside the package; in a checkout beside ``src``."""
    return MIGRATIONS if MIGRATIONS.is_dir() else Path(__file__).parents[3] / "migrations"


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Several processes may start at the same moment; the second finds everything done.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('relevo migrate', 0))"))
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def revision_of(settings: Settings) -> str | None:
    """The shape that the database has."""
    db = await open_database(settings, Tasks())
    try:
        async with db.read() as session:
            connection = await session.connection()
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await db.close()


def newest_revision() -> str:
    """The shape that this version wants."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return str(ScriptDirectory.from_config(config).get_current_head())


async def is_current(settings: Settings) -> bool:
    return await revision_of(settings) == newest_revision()


async def condition(settings: Settings) -> str:
    """``ok``, or what keeps the product from using its database."""
    try:
        return "ok" if await is_current(settings) else "relevo migrate"
    except RelevoError as error:
        return error.code
    except (SQLAlchemyError, OSError):
        _log.exception("the database does not answer")
        return "unreachable"


async def enrol(settings: Settings, staff: Iterable[tuple[str, str, Role]], password: str, *, again: bool) -> None:
    """Create members of staff (email, name, role). ``again``: those who exist get the password too."""
    await migrate(settings)
    db = await open_database(settings, Tasks())
    try:
        people = People(db, SystemClock(), RandomIds())
        for email, name, role in staff:
            if again or not await people.has_staff(email):
                await people.enrol(email=email, name=name, role=role, password=password)
    finally:
        await db.close()
