"""All queries about members of staff: their accounts, their sessions and how they prove who they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import upsert
from relevo.people.models import (
    LoginFailureRow,
    RecoveryCodeRow,
    SecondFactorRow,
    StaffRow,
    StaffSessionRow,
)
from relevo.people.rules import NOTHING, WHOLE, Breadth, Factor, Role, Session, Staff, narrowed


async def staff(session: AsyncSession, staff_id: str) -> Staff | None:
    row = await session.get(StaffRow, staff_id)
    return _staff(row) if row else None


async def staff_by_email(session: AsyncSession, email: str) -> Staff | None:
    row = (await session.execute(select(StaffRow).where(StaffRow.email == email))).scalar_one_or_none()
    return _staff(row) if row else None


async def staff_names(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(StaffRow.id, StaffRow.name))
    return {row.id: row.name for row in rows}


async def all_staff(session: AsyncSession) -> list[Staff]:
    return [_staff(row) for row in (await session.execute(select(StaffRow).order_by(StaffRow.name))).scalars()]


async def put_staff(session: AsyncSession, member: Staff, at: datetime) -> None:
    row = await session.get(StaffRow, member.id)
    if row is None:
        row = StaffRow(id=member.id, created_at=at)
        session.add(row)
    row.email, row.name, row.role, row.active = member.email, member.name, member.role.value, member.active
    row.session_version, row.password_hash = member.session_version, member.password_hash
    row.scope = member.breadth.value
    await session.flush()


async def add_session(session: AsyncSession, token_hash: str, made: Session) -> None:
    session.add(
        StaffSessionRow(
            token_hash=token_hash,
            id=made.id,
            staff_id=made.staff_id,
            version=made.version,
            created_at=made.created_at,
            expires_at=made.expires_at,
            address=made.address,
            device=made.device,
            seen_at=made.seen_at,
        )
    )
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at < made.created_at))


async def session_of(session: AsyncSession, token_hash: str) -> Session | None:
    row = await session.get(StaffSessionRow, token_hash)
    return _session(row) if row else None


async def sessions(session: AsyncSession, member: Staff, now: datetime) -> list[Session]:
    """Those that are still good, used last first."""
    rows = await session.execute(
        select(StaffSessionRow)
        .where(
            StaffSessionRow.staff_id == member.id,
            StaffSessionRow.version == member.session_version,
            StaffSessionRow.expires_at > now,
        )
        .order_by(func.coalesce(StaffSessionRow.seen_at, StaffSessionRow.created_at).desc())
    )
    return [_session(row) for row in rows.scalars()]


async def seen(session: AsyncSession, token_hash: str, at: datetime) -> None:
    await session.execute(update(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash).values(seen_at=at))


async def end_own(session: AsyncSession, staff_id: str, session_id: str) -> bool:
    ended = await session.execute(
        delete(StaffSessionRow)
        .where(StaffSessionRow.staff_id == staff_id, StaffSessionRow.id == session_id)
        .returning(StaffSessionRow.token_hash)
    )
    return ended.first() is not None


async def end_others(session: AsyncSession, staff_id: str, token_hash: str) -> int:
    """All of theirs but one."""
    ended = await session.execute(
        delete(StaffSessionRow)
        .where(StaffSessionRow.staff_id == staff_id, StaffSessionRow.token_hash != token_hash)
        .returning(StaffSessionRow.token_hash)
    )
    return len(ended.all())


async def has_session(session: AsyncSession, staff_id: str, version: int, now: datetime) -> bool:
    query = select(StaffSessionRow.token_hash).where(
        StaffSessionRow.staff_id == staff_id, StaffSessionRow.version == version, StaffSessionRow.expires_at > now
    )
    return (await session.execute(query.limit(1))).first() is not None


async def end_session(session: AsyncSession, token_hash: str) -> None:
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash))


async def failures(session: AsyncSession, who: str, since: datetime) -> int:
    query = (
        select(func.count()).select_from(LoginFailureRow).where(LoginFailureRow.who == who, LoginFailureRow.at > since)
    )
    return (await session.execute(query)).scalar_one()


async def add_failures(
    session: AsyncSession, whos: Sequence[str], at: datetime, forget_before: datetime
) -> dict[str, int]:
    """Count one more try for each of ``whos``; answers their row ids."""
    rows = {who: LoginFailureRow(who=who, at=at) for who in whos}
    session.add_all(rows.values())
    await session.execute(delete(LoginFailureRow).where(LoginFailureRow.at < forget_before))
    await session.flush()
    return {who: row.id for who, row in rows.items()}


async def forget_failure(session: AsyncSession, row_id: int) -> None:
    await session.execute(delete(LoginFailureRow).where(LoginFailureRow.id == row_id))


async def clear_failures(session: AsyncSession, who: str) -> None:
    await session.execute(delete(LoginFailureRow).where(LoginFailureRow.who == who))


def _staff(row: StaffRow) -> Staff:
    role, breadth = Role(row.role), Breadth(row.scope)
    return Staff(
        row.id, row.email, row.name, role, row.active, row.session_version, row.password_hash, breadth,
        NOTHING if narrowed(role, breadth) else WHOLE,
    )  # fmt: skip


def _session(row: StaffSessionRow) -> Session:
    return Session(
        row.id, row.staff_id, row.version, row.created_at, row.expires_at, row.address, row.device, row.seen_at
    )


async def factor(session: AsyncSession, staff_id: str) -> Factor | None:
    row = await session.get(SecondFactorRow, staff_id, populate_existing=True)
    return Factor(row.sealed, row.confirmed_at, row.last_step) if row else None


async def with_factor(session: AsyncSession) -> set[str]:
    """Who is asked for a second factor."""
    found = await session.execute(select(SecondFactorRow.staff_id).where(SecondFactorRow.confirmed_at.is_not(None)))
    return set(found.scalars())


async def put_factor(session: AsyncSession, staff_id: str, sealed: str, at: datetime) -> bool:
    """A new secret, to be confirmed; False where one is confirmed already."""
    row = upsert(session, SecondFactorRow).values(staff_id=staff_id, sealed=sealed, created_at=at, last_step=0)
    put = await session.execute(
        row.on_conflict_do_update(
            index_elements=["staff_id"],
            set_={"sealed": sealed, "created_at": at, "last_step": 0},
            where=SecondFactorRow.confirmed_at.is_(None),
        ).returning(SecondFactorRow.staff_id)
    )
    return put.first() is not None


async def use_step(session: AsyncSession, staff_id: str, step: int, *, confirmed_at: datetime | None = None) -> bool:
    """Whether the step was still unused; whoever comes second is refused."""
    values: dict[str, object] = {"last_step": step}
    if confirmed_at is not None:
        values["confirmed_at"] = confirmed_at
    used = await session.execute(
        update(SecondFactorRow)
        .where(SecondFactorRow.staff_id == staff_id, SecondFactorRow.last_step < step)
        .values(values)
        .returning(SecondFactorRow.staff_id)
    )
    return used.first() is not None


async def put_recovery(session: AsyncSession, staff_id: str, hashes: Sequence[str]) -> None:
    """In place of those before."""
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff_id))
    if hashes:
        rows = [{"staff_id": staff_id, "code_hash": each} for each in hashes]
        await session.execute(insert(RecoveryCodeRow).values(rows))


async def use_recovery(session: AsyncSession, staff_id: str, code_hash: str, at: datetime) -> bool:
    used = await session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.staff_id == staff_id,
            RecoveryCodeRow.code_hash == code_hash,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCodeRow.code_hash)
    )
    return used.first() is not None


async def recovery_left(session: AsyncSession, staff_id: str) -> int:
    query = select(func.count()).select_from(RecoveryCodeRow)
    query = query.where(RecoveryCodeRow.staff_id == staff_id, RecoveryCodeRow.used_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def drop_factor(session: AsyncSession, staff_id: str) -> bool:
    await put_recovery(session, staff_id, ())
    gone = await session.execute(
        delete(SecondFactorRow).where(SecondFactorRow.staff_id == staff_id).returning(SecondFactorRow.staff_id)
    )
    return gone.first() is not None
