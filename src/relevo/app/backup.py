"""Backups: the database and the customers' files in one archive that is checked when it is made and when it is used.

The database is copied while the product runs and is whole: what was committed before the copy began is in it. Files are
copied after it, so that none that the copy names is missing. An archive appears under its name only when it is complete
and has been read back; older ones go only then. Restoring never writes over anything. Secrets are not in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.engine import make_url

from relevo.app.database import migrate, newest_revision, revision_of
from relevo.kit import log
from relevo.kit.errors import Conflict, Invalid, Misconfigured, NotReady
from relevo.settings import Settings

_log = log.get("app.backup")

FORMAT = 1
PREFIX, SUFFIX = "relevo-", ".tar"
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "database.sqlite", "database.pgdump"
FOLDERS = ("files", "mail")
"""Below the data folder; what is in them never changes once it is there. Mails that could not be taken yet are tried
again from theirs."""
RECORDINGS = "recordings"
SPARE = 64 * 2**20
"""Bytes that stay free on the disk."""
_MOST_MANIFEST = 256 * 2**20
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    at: datetime
    size: int
    files: int


async def back_up(settings: Settings, *, now: datetime, into: Path | None = None, keep: int | None = None) -> Backup:
    """Make an archive in ``into`` (``data_dir/backups``) and let all but the newest ``keep`` of that folder go.

    Raises ``NotReady("backup_disk_full")`` or ``Misconfigured("backup_tool_missing")`` and leaves everything as it was.
    """
    revision = await revision_of(settings)
    return await asyncio.to_thread(_make, settings, now, into or settings.data_dir / "backups", keep, revision)


async def restore(settings: Settings, archive: Path) -> int:
    """Unpack ``archive`` into the data folder and the database of ``settings``, which must both be empty, and bring the
    database to this version's shape. Answers the number of files. Raises ``Invalid("backup_damaged")``,
    ``Invalid("backup_newer")`` or ``Conflict("restore_not_empty")`` before anything is written."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" and await revision_of(settings) is not None:
        raise Conflict("restore_not_empty", folder=url.database or "")
    count = await asyncio.to_thread(_unpack, settings, archive)
    await migrate(settings)
    return count


def listing(folder: Path) -> list[Path]:
    """Complete archives, newest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)


def _make(settings: Settings, now: datetime, into: Path, keep: int | None, revision: str | None) -> Backup:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = into / f"{PREFIX}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    part, copy = path.with_suffix(".part"), path.with_suffix(".copy")
    try:
        name = _copy_database(settings, copy)
        found = [(name, copy), *_files(settings)]
        _check_room(into, found)
        files = {name: _facts(file) for name, file in found}
        manifest = {"format": FORMAT, "revision": revision, "at": now.astimezone(UTC).isoformat(), "files": files}
        _write(part, manifest, found)
        for _ in _checked(part):
            pass
        os.replace(part, path)
        _settle(into)
    finally:
        part.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    for old in listing(into)[keep:] if keep else []:
        old.unlink()
        _log.info("an old backup is gone", backup=old.name)
    return Backup(path, now, path.stat().st_size, len(files))


def _copy_database(settings: Settings, copy: Path) -> str:
    url = make_url(settings.database)
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if url.get_backend_name() == "sqlite":
        with (
            closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        return SQLITE
    _postgresql(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={copy}")
    return POSTGRESQL


def _postgresql(settings: Settings, tool: str, *options: str) -> None:
    """PostgreSQL's own tools; the password goes through the environment, not the command line."""
    program = shutil.which(tool)
    if program is None:
        raise Misconfigured("backup_tool_missing", tool=tool)
    url = make_url(settings.database)
    given = {
        "PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username,
        "PGPASSWORD": url.password, "PGDATABASE": url.database,
    }  # fmt: skip
    env = os.environ | {key: str(value) for key, value in given.items() if value}
    done = subprocess.run([program, *options], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        _log.error("the database's own tool failed", tool=tool, said=done.stderr[-500:])
        raise NotReady("backup_tool_failed", tool=tool)


def _files(settings: Settings) -> list[tuple[str, Path]]:
    root = settings.data_dir
    folders = (*FOLDERS, RECORDINGS) if settings.backup_recordings else FOLDERS
    found = [path for folder in folders for path in (root / folder).rglob("*")]
    return [(path.relative_to(root).as_posix(), path) for path in sorted(found) if _is_whole(path)]


def _is_whole(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.name[0] != "." and path.suffix not in (".part", ".new")


def _check_room(into: Path, found: Iterable[tuple[str, Path]]) -> None:
    wanted = sum(path.stat().st_size + 2_048 for _, path in found)
    if shutil.disk_usage(into).free < wanted + SPARE:
        raise NotReady("backup_disk_full")


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}


def _write(part: Path, manifest: dict[str, Any], found: Iterable[tuple[str, Path]]) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            head = json.dumps(manifest).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size, info.mode = len(head), 0o600
            tar.addfile(info, io.BytesIO(head))
            for name, path in found:
                tar.add(path, name, recursive=False, filter=_nobody)
        file.flush()
        os.fsync(file.fileno())


def _nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _checked(archive: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file with its pieces, compared with the manifest as it is read; whatever does not agree is an error."""
    try:
        with tarfile.open(archive) as tar:
            manifest = _manifest(tar)
            missing = dict(manifest["files"])
            while (info := tar.next()) is not None:
                facts = missing.pop(info.name, None)
                if facts is None or not info.isfile() or info.size != facts["size"]:
                    raise Invalid("backup_damaged")
                source = tar.extractfile(info)
                digest = hashlib.sha256()
                pieces = [] if source is None else _read(source, digest)
                yield info.name, iter(pieces)
                for _ in pieces:
                    pass
                if digest.hexdigest() != facts["sha256"]:
                    raise Invalid("backup_damaged")
            if missing:
                raise Invalid("backup_damaged")
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise Invalid("backup_damaged") from error


def _read(source: Any, digest: Any) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        digest.update(piece)
        yield piece


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > _MOST_MANIFEST:
        raise Invalid("backup_damaged")
    head = tar.extractfile(first)
    manifest = json.loads(head.read() if head else b"")
    if manifest["format"] != FORMAT or not all(_is_ours(name) for name in manifest["files"]):
        raise Invalid("backup_damaged")
    known = {str(revision).zfill(4) for revision in range(int(newest_revision()) + 1)}
    if manifest["revision"] is not None and manifest["revision"] not in known:
        raise Invalid("backup_newer")
    return dict(manifest)


def _is_ours(name: str) -> bool:
    """A name that an archive may have: no way out of the data folder."""
    path = PurePosixPath(name)
    if name in (SQLITE, POSTGRESQL):
        return True
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] in (*FOLDERS, RECORDINGS)


def _unpack(settings: Settings, archive: Path) -> int:
    for _ in _checked(archive):
        pass
    root, url = settings.data_dir, make_url(settings.database)
    on_sqlite = url.get_backend_name() == "sqlite"
    file = Path(str(url.database)) if on_sqlite else root / POSTGRESQL
    if file.exists() or any((root / folder).is_dir() for folder in (*FOLDERS, RECORDINGS)):
        raise Conflict("restore_not_empty", folder=str(root))
    count = 0
    for name, pieces in _checked(archive):
        if name in (SQLITE, POSTGRESQL) and (name == SQLITE) is not on_sqlite:
            raise Invalid("backup_other_database")
        target = file if name in (SQLITE, POSTGRESQL) else root / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        count += 1
    if not on_sqlite:
        try:
            _postgresql(
                settings, "pg_restore", "--no-owner", "--single-transaction", f"--dbname={url.database}", str(file)
            )
        finally:
            file.unlink()
    return count


def _settle(folder: Path) -> None:
    """The new name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
