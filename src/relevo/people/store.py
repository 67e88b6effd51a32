"""All queries of the people room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.people.models import IdentityRow, LegalHoldRow, LoginFailureRow, PersonRow, StaffRow, StaffSessionRow
from relevo.people.rules import Identity, IdentityKind, LegalHold, Person, Role, Staff


async def person(session: AsyncSession, person_id: str) -> Person | None:
    found = await people(session, [person_id])
    return found.get(person_id)


async def people(session: AsyncSession, ids: Sequence[str]) -> dict[str, Person]:
    rows = (await session.execute(select(PersonRow).where(PersonRow.id.in_(ids)))).scalars().all()
    identities: dict[str, list[Identity]] = {}
    known = select(IdentityRow).where(IdentityRow.person_id.in_(ids)).order_by(IdentityRow.id)
    for row in (await session.execute(known)).scalars():
        identities.setdefault(row.person_id, []).append(Identity(IdentityKind(row.kind), row.value))
    return {row.id: Person(row.id, row.name, row.locale, tuple(identities.get(row.id, ()))) for row in rows}


async def person_by_identity(session: AsyncSession, identities: Sequence[Identity]) -> str | None:
    """The person who has the first of ``identities`` that anybody has."""
    for identity in identities:
        query = select(IdentityRow.person_id).where(
            IdentityRow.kind == identity.kind.value, IdentityRow.value == identity.value
        )
        if (found := (await session.execute(query)).scalar_one_or_none()) is not None:
            return found
    return None


async def add_person(
    session: AsyncSession, person_id: str, *, name: str | None, locale: str | None, at: datetime
) -> None:
    session.add(PersonRow(id=person_id, name=name, locale=locale, created_at=at))
    await session.flush()


async def add_identities(session: AsyncSession, person_id: str, identities: Sequence[Identity]) -> None:
    """Give the person those identities that nobody has yet."""
    for identity in identities:
        if await person_by_identity(session, [identity]) is None:
            session.add(IdentityRow(person_id=person_id, kind=identity.kind.value, value=identity.value))
            await session.flush()


async def name_person(session: AsyncSession, person_id: str, name: str) -> None:
    await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(name=name))


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
    await session.flush()


async def add_session(
    session: AsyncSession, *, token_hash: str, staff_id: str, version: int, at: datetime, expires_at: datetime
) -> None:
    session.add(
        StaffSessionRow(token_hash=token_hash, staff_id=staff_id, version=version, created_at=at, expires_at=expires_at)
    )
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at < at))


async def session_of(session: AsyncSession, token_hash: str) -> tuple[str, int, datetime] | None:
    row = await session.get(StaffSessionRow, token_hash)
    return (row.staff_id, row.version, row.expires_at) if row else None


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
    return Staff(row.id, row.email, row.name, Role(row.role), row.active, row.session_version, row.password_hash)


async def holds(session: AsyncSession, people: Collection[str] | None = None) -> list[LegalHold]:
    """Legal holds that stand, the oldest first."""
    query = select(LegalHoldRow).where(LegalHoldRow.ended_at.is_(None)).order_by(LegalHoldRow.at, LegalHoldRow.id)
    if people is not None:
        query = query.where(LegalHoldRow.person_id.in_(list(people)))
    rows = (await session.execute(query)).scalars()
    return [LegalHold(row.id, row.person_id, row.reason, row.by, row.at, row.ended_at) for row in rows]


async def add_hold(session: AsyncSession, hold: LegalHold) -> None:
    session.add(LegalHoldRow(id=hold.id, person_id=hold.person_id, reason=hold.reason, by=hold.by, at=hold.at))
    await session.flush()


async def end_hold(session: AsyncSession, person_id: str, *, by: str, at: datetime) -> bool:
    ended = await session.execute(
        update(LegalHoldRow)
        .where(LegalHoldRow.person_id == person_id, LegalHoldRow.ended_at.is_(None))
        .values(ended_by=by, ended_at=at)
        .returning(LegalHoldRow.id)
    )
    return ended.first() is not None
