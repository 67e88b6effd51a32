"""What whoever runs the house looks at, wired: how everything is, backups, what is kept how long, who may do what.

Everything here is read from what is known already; no carrier and no engine is asked.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from sqlalchemy.engine import make_url

from relevo import __version__
from relevo.app.backup import listing
from relevo.app.nightly import NIGHTLY, Nightly
from relevo.appointments.forgetting import count_customers
from relevo.conversations.rules import iso
from relevo.desk.keeping import Keeping, Period
from relevo.kit import work_store
from relevo.kit.work_store import Ran
from relevo.people.legal import LegalHolds
from relevo.settings import Settings
from relevo.tours.forgetting import count_travellers
from relevo.web import health as health_http
from relevo.web import retention as retention_http
from relevo.web import roles as roles_http
from relevo.web.auth import Gate

if TYPE_CHECKING:
    from relevo.app.compose import Product

MEMORY, OURS = Path("/proc/meminfo"), Path("/proc/self/status")
_SHOWN_BACKUPS = 30


def given_periods(settings: Settings) -> dict[Period, int]:
    """As the environment says."""
    return {period: int(getattr(settings, period.value)) for period in Period}


def tell_beforehand(product: Product, holds: LegalHolds) -> None:
    """Of what else it can be told how much a shorter period would delete."""
    counting, held = product.nightly.counting, holds.held
    counting["shifts"] = (Period.SHIFTS, product.shifts.timesheets.count_old)
    counting["customers"] = (Period.CANCELLED, partial(count_customers, product.db, held=held))
    counting["travellers"] = (Period.CANCELLED, partial(count_travellers, product.db, held=held))


def routers(product: Product, keeping: Keeping, holds: LegalHolds, gate: Gate) -> list[APIRouter]:
    tell_beforehand(product, holds)
    nightly: Nightly = product.nightly

    async def backups() -> dict[str, Any]:
        async with product.db.read() as session:
            last = await work_store.last(session, NIGHTLY)
        made = await asyncio.to_thread(_archives, product.settings.backup_folder)
        return backups_json(product.settings, made, last, nightly.next_at)

    return [
        retention_http.router(
            product.db, product.people, holds, keeping, nightly.would_forget, lambda: nightly.next_at, backups, gate
        ),
        health_http.router(partial(state_of, product), gate),
        roles_http.router(gate),
    ]


def backups_json(settings: Settings, made: list[dict[str, Any]], last: Ran | None, next_at: datetime) -> dict[str, Any]:
    """``state``: off, none (none was made yet), ok, failed (the last night did not end well)."""
    failed = last is not None and (last.state == "parked" or last.error is not None and last.state != "done")
    state = "off" if not settings.backups else "failed" if failed else "ok" if made else "none"
    return {
        "state": state,
        "keep": settings.backups,
        "recordings": settings.backup_recordings,
        "own_folder": settings.backup_dir is not None,
        "next_at": iso(next_at) if settings.backups else None,
        "error": last.error if failed and last is not None else None,
        "items": made,
    }


def _archives(folder: Path) -> list[dict[str, Any]]:
    """Newest first. One that goes meanwhile is not there."""
    found = []
    for path in listing(folder)[:_SHOWN_BACKUPS]:
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found.append({"name": path.name, "at": iso(_moment(stat.st_mtime)), "size": stat.st_size})
    return found


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


async def state_of(product: Product) -> dict[str, Any]:
    """All that is known of how the product runs."""
    now = product.nightly.now
    async with product.db.read() as session:
        mode = await product.house.watch.house_json(session)
        history = await product.house.watch.history(session, health_http.HISTORY)
        queues = await work_store.queues(session, now)
        parked = await work_store.parked(session)
        last = await work_store.last(session, NIGHTLY)
    made = await asyncio.to_thread(_archives, product.settings.backup_folder)
    late = await product.work.late_since()
    return {
        "version": __version__,
        "as_of": iso(now),
        "house": mode,
        "history": history,
        "nodes": await product.nodes.listing(),
        "machine": await asyncio.to_thread(machine, product.settings),
        "work": {
            "late_since": iso(late),
            "queues": [
                {
                    "kind": each.kind,
                    "due": each.due,
                    "later": each.later,
                    "running": each.running,
                    "parked": each.parked,
                    "retried": each.retried,
                }
                for each in queues
            ],
            "parked": [
                {"kind": each.kind, "error": each.error, "attempts": each.attempts, "at": iso(each.at)}
                for each in parked
            ],
        },
        "backup": {**backups_json(product.settings, made, last, product.nightly.next_at), "items": made[:1]},
    }


def machine(settings: Settings) -> dict[str, Any]:
    """Disk and memory of this process's machine, in bytes; what cannot be known is null."""
    disk = shutil.disk_usage(settings.data_dir)
    memory, own = _kilobytes(MEMORY), _kilobytes(OURS)
    url = make_url(settings.database)
    on_sqlite = url.get_backend_name() == "sqlite"
    return {
        "disk": {"free": disk.free, "total": disk.total},
        "memory": {"free": memory.get("MemAvailable"), "total": memory.get("MemTotal"), "own": own.get("VmRSS")},
        "cores": os.cpu_count(),
        "database": {
            "engine": "sqlite" if on_sqlite else "postgresql",
            "size": _size(Path(str(url.database))) if on_sqlite else None,
        },
    }


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _kilobytes(file: Path) -> Mapping[str, int]:
    """``Name:  123 kB``, as Linux writes it, in bytes."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        name, _, value = line.partition(":")
        number, _, unit = value.strip().partition(" ")
        if unit == "kB" and number.isdigit():
            found[name] = int(number) * 1_024
    return found
