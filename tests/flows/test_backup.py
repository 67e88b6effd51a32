"""A backup is only as good as its restoring."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from relevo.app import backup, enrol, migrate
from relevo.app.backup import back_up, listing, restore
from relevo.cli import app
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Invalid, NotReady, RelevoError
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from relevo.people.rules import Role
from relevo.settings import Settings
from tests.postgres import Server

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.fixture
async def house(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "house")
    await migrate(settings)
    await enrol(settings, [("ana@example.com", "Ana", Role.AGENT)], "a-long-password", again=True)
    kept = settings.data_dir / "files" / "ab" / "abcdef"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"%PDF-1.7 receipt" * 5_000)
    (kept.parent / "half.part").write_bytes(b"not whole")
    call = settings.data_dir / "recordings" / "rec_1.opus"
    call.parent.mkdir()
    call.write_bytes(b"OggS")
    aside = settings.data_dir / "mail" / "cd" / "cdef01"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(b"From: somebody")
    (settings.data_dir / "secret").write_text("do not copy")
    return settings


def rows(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.data_dir / "relevo.db")) as db:
        return list(db.iterdump())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for kind in ("files", "mail")
        for path in (folder / kind).rglob("*")
        if path.is_file()
    }


async def test_what_comes_back_is_what_was_there(house: Settings, tmp_path: Path) -> None:
    made = await back_up(house, now=NOW)
    assert made.path.name == "relevo-20261121T063000Z.tar"
    assert made.path.stat().st_mode & 0o077 == 0
    other = Settings(data_dir=tmp_path / "other")
    assert await restore(other, made.path) == made.files == 3
    assert rows(other) == rows(house)
    assert contents(other.data_dir) == {
        "files/ab/abcdef": b"%PDF-1.7 receipt" * 5_000,
        "mail/cd/cdef01": b"From: somebody",
    }
    assert not (other.data_dir / "secret").exists()
    assert not (other.data_dir / "recordings").exists()


async def test_recordings_come_along_when_asked_for(house: Settings, tmp_path: Path) -> None:
    made = await back_up(house.model_copy(update={"backup_recordings": True}), now=NOW)
    await restore(Settings(data_dir=tmp_path / "other"), made.path)
    assert (tmp_path / "other" / "recordings" / "rec_1.opus").read_bytes() == b"OggS"


async def test_a_backup_while_somebody_writes_is_whole(house: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(house.data_dir / "relevo.db", isolation_level=None)) as writer:
        writer.execute("update staff set name = 'committed'")
        writer.execute("begin immediate")
        writer.execute("update staff set name = 'half-done'")
        made = await back_up(house, now=NOW)
        writer.execute("rollback")
    other = Settings(data_dir=tmp_path / "other")
    await restore(other, made.path)
    with closing(sqlite3.connect(other.data_dir / "relevo.db")) as db:
        assert db.execute("select name from staff").fetchall() == [("committed",)]
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


async def test_the_newest_are_kept_and_nothing_else_is_touched(house: Settings) -> None:
    folder = house.backup_folder
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for day in range(4):
        await back_up(house, now=NOW + timedelta(days=day), keep=2)
    assert [path.name[7:15] for path in listing(folder)] == ["20261124", "20261123"]
    assert sorted(path.suffix for path in folder.iterdir()) == [".tar", ".tar", ".txt"]


async def test_nothing_is_written_over(house: Settings) -> None:
    made = await back_up(house, now=NOW)
    before = rows(house)
    with pytest.raises(Conflict, match="restore_not_empty"):
        await restore(house, made.path)
    assert rows(house) == before


async def test_a_full_disk_makes_no_backup_and_keeps_the_old_ones(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await back_up(house, now=NOW)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(NotReady, match="backup_disk_full"):
        await back_up(house, now=NOW + timedelta(days=1), keep=1)
    assert [path.name for path in house.backup_folder.iterdir()] == ["relevo-20261121T063000Z.tar"]


def changed(archive: Path, change: str) -> Path:
    """The archive with one thing wrong with it."""
    target = archive.with_name(f"{change}.tar")
    if change == "short":
        target.write_bytes(archive.read_bytes()[:-60_000])
        return target
    if change == "flipped":
        whole = bytearray(archive.read_bytes())
        whole[whole.index(b"%PDF-1.7 receipt") + 40] ^= 1
        target.write_bytes(whole)
        return target
    if change == "noise":
        target.write_bytes(b"x" * 10_000)
        return target
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for info in old:
            source = old.extractfile(info)
            assert source is not None
            body = source.read()
            if info.name == backup.MANIFEST:
                manifest = json.loads(body)
                files = manifest["files"]
                if change == "missing":
                    files["files/gone"] = {"size": 1, "sha256": "0"}
                elif change == "newer":
                    manifest["revision"] = "9999"
                elif change == "other":
                    manifest["format"] = 99
                elif change in ("escape", "absolute"):
                    name = "files/../../evil" if change == "escape" else "/tmp/evil"  # noqa: S108 - hostile on purpose
                    files[name] = files["files/ab/abcdef"]
                body = json.dumps(manifest).encode()
            info.size = len(body)
            new.addfile(info, io.BytesIO(body))
        if change == "extra":
            new.addfile(tarfile.TarInfo("files/extra"), io.BytesIO())
        if change == "link":
            link = tarfile.TarInfo("files/link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            new.addfile(link)
    return target


@pytest.fixture
def _untouched(tmp_path: Path) -> Iterator[None]:
    yield
    assert not (tmp_path / "other").exists()


@pytest.mark.usefixtures("_untouched")
@pytest.mark.parametrize(
    "change", ["short", "flipped", "noise", "missing", "newer", "other", "escape", "absolute", "extra", "link", "none"]
)
async def test_a_damaged_or_hostile_archive_changes_nothing(house: Settings, tmp_path: Path, change: str) -> None:
    made = await back_up(house, now=NOW)
    archive = tmp_path / "nowhere.tar" if change == "none" else changed(made.path, change)
    with pytest.raises(RelevoError) as error:
        await restore(Settings(data_dir=tmp_path / "other"), archive)
    assert isinstance(error.value, Invalid)
    assert error.value.code == ("backup_newer" if change == "newer" else "backup_damaged")


async def test_postgresql_comes_back_too_queue_included(postgresql: Server, tmp_path: Path) -> None:
    with postgresql.database() as url, postgresql.database(empty=True) as bare:
        house = Settings(data_dir=tmp_path / "house", database_url=url)
        await enrol(house, [("ana@example.com", "Ana", Role.AGENT)], "a-long-password", again=True)
        db = Database(url, Events(Tasks()))
        clock = FixedClock(NOW)
        async with db.write() as tx:
            await make_work(db, clock, RandomIds()).promise(
                tx, "remind", key="remind:1", run_at=NOW + timedelta(days=9)
            )
        await db.close()
        made = await back_up(house, now=NOW)
        assert await restore(Settings(data_dir=tmp_path / "other", database_url=bare), made.path) == 1
        assert [path.name for path in (tmp_path / "other").iterdir()] == []
        other = Database(bare, Events(Tasks()))
        async with other.read() as session:
            assert (await session.execute(text("select name from staff"))).scalars().all() == ["Ana"]
            assert (await session.execute(text("select key from job"))).scalars().all() == ["remind:1"]
            assert (await session.execute(text("select count(*) from procrastinate_jobs"))).scalar_one() == 1
        await other.close()
        with pytest.raises(Conflict, match="restore_not_empty"):
            await restore(Settings(data_dir=tmp_path / "third", database_url=bare), made.path)
        assert not (tmp_path / "third" / "files").exists()


async def test_a_backup_of_another_kind_of_database_is_refused(
    house: Settings, postgresql: Server, tmp_path: Path
) -> None:
    made = await back_up(house, now=NOW)
    with postgresql.database(empty=True) as bare:
        other = Settings(data_dir=tmp_path / "other", database_url=bare)
        with pytest.raises(Invalid, match="backup_other_database"):
            await restore(other, made.path)


def test_the_commands_say_what_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke
    monkeypatch.setenv("RELEVO_DATA_DIR", str(tmp_path / "house"))
    assert run(app, ["migrate"]).exit_code == 0
    made = run(app, ["backup"])
    assert "Copia guardada en" in made.output
    archive = next((tmp_path / "house" / "backups").glob("*.tar"))
    monkeypatch.setenv("RELEVO_DATA_DIR", str(tmp_path / "other"))
    assert "Copia restaurada: 1 archivos." in run(app, ["restore", str(archive)]).output
    again = run(app, ["restore", str(archive)])
    assert again.exit_code == 2
    assert "ya hay datos" in again.output
