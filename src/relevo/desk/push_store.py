"""All queries on browsers that are told of news, and on who has a console open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.push_models import OpenConsoleRow
from relevo.desk.push_models import PushSubscriptionRow as Row
from relevo.desk.push_rules import Device, Push
from relevo.kit.db import upsert


async def put(session: AsyncSession, device: Device, endpoint_hash: str, *, anew: bool) -> str:
    """A browser is one, whoever signs in at it: its id, which is the known one's where it was known as theirs.
    ``anew``: it is told of something else from now on."""
    known = (await session.execute(select(Row.id, Row.staff_id).where(Row.endpoint_hash == endpoint_hash))).first()
    if known is not None and known.staff_id != device.staff_id:
        await session.execute(delete(Row).where(Row.id == known.id))
    wants = sorted(device.wants)
    values = {
        "session_id": device.session_id, "sealed": device.sealed, "device": device.device,
        "seen_at": device.seen_at, "failures": 0, "last_error": None,
    }  # fmt: skip
    row = upsert(session, Row).values(
        id=device.id, staff_id=device.staff_id, endpoint_hash=endpoint_hash, created_at=device.created_at,
        wants=wants, **values,
    )  # fmt: skip
    kept = {**values, "wants": wants} if anew else values
    put = row.on_conflict_do_update(index_elements=["endpoint_hash"], set_=kept)
    return str((await session.execute(put.returning(Row.id))).scalar_one())


async def of_staff(session: AsyncSession, staff_id: str) -> list[Device]:
    """Seen last first."""
    query = select(Row).where(Row.staff_id == staff_id).order_by(Row.seen_at.desc(), Row.id)
    return [_device(row) for row in (await session.execute(query.execution_options(populate_existing=True))).scalars()]


async def whose(session: AsyncSession) -> set[str]:
    """Members of staff with a browser that is told."""
    return set((await session.execute(select(Row.staff_id).distinct())).scalars())


async def drop(session: AsyncSession, device_id: str, staff_id: str | None = None) -> bool:
    query = delete(Row).where(Row.id == device_id)
    if staff_id is not None:
        query = query.where(Row.staff_id == staff_id)
    return (await session.execute(query.returning(Row.id))).first() is not None


async def reached(session: AsyncSession, device_id: str, at: datetime) -> None:
    await session.execute(update(Row).where(Row.id == device_id).values(last_ok_at=at, failures=0, last_error=None))


async def failed(session: AsyncSession, device_id: str, error: str, most: int) -> bool:
    """One more failure in a row; with ``most`` of them it is forgotten. Answers whether it was."""
    counted = await session.execute(
        update(Row)
        .where(Row.id == device_id)
        .values(failures=Row.failures + 1, last_error=error[:40])
        .returning(Row.failures)
    )
    failures = counted.scalar_one_or_none()
    return failures is not None and failures >= most and await drop(session, device_id)


async def forget(session: AsyncSession, before: datetime) -> int:
    """Browsers that were not seen since."""
    return len((await session.execute(delete(Row).where(Row.seen_at < before).returning(Row.id))).all())


async def opened(session: AsyncSession, node_id: str, staff_id: str, at: datetime) -> None:
    row = upsert(session, OpenConsoleRow).values(node_id=node_id, staff_id=staff_id, since=at)
    await session.execute(row.on_conflict_do_nothing(index_elements=["node_id", "staff_id"]))


async def closed(session: AsyncSession, node_id: str, staff_id: str) -> None:
    await session.execute(
        delete(OpenConsoleRow).where(OpenConsoleRow.node_id == node_id, OpenConsoleRow.staff_id == staff_id)
    )


async def is_open(session: AsyncSession, staff_id: str, alive: Collection[str]) -> bool:
    query = select(OpenConsoleRow.node_id).where(
        OpenConsoleRow.staff_id == staff_id, OpenConsoleRow.node_id.in_(list(alive))
    )
    return (await session.execute(query.limit(1))).first() is not None


async def forget_nodes(session: AsyncSession, alive: Collection[str]) -> None:
    await session.execute(delete(OpenConsoleRow).where(OpenConsoleRow.node_id.not_in(list(alive))))


def _device(row: Row) -> Device:
    wants = frozenset(Push(kind) for kind in row.wants)
    return Device(
        row.id, row.staff_id, row.session_id, row.sealed, row.device, wants, row.created_at, row.seen_at,
        row.last_ok_at, row.failures, row.last_error,
    )  # fmt: skip
