"""All queries about customers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from relevo.kit.db import upsert
from relevo.people.models import (
    IdentityRow,
    LegalHoldRow,
    PersonHintRow,
    PersonMergeRow,
    PersonRow,
)
from relevo.people.rules import Identity, IdentityKind, LegalHold, Merge, Person, Why, name_key

Narrowing = Callable[[InstrumentedAttribute[Any]], ColumnElement[bool]]
FEWEST_DIGITS = 4
"""So many digits are looked for among the numbers."""
_SEARCHED = (IdentityKind.PHONE.value, IdentityKind.EMAIL.value)


_SHOWN = (
    PersonRow.id, PersonRow.name, PersonRow.locale, PersonRow.profile_name, PersonRow.username, PersonRow.merged_into,
    PersonRow.created_at,
)  # fmt: skip
# Made once: every message asks who its customer is.
_GROUP = select(*_SHOWN).where(
    or_(
        PersonRow.id.in_(bindparam("above", expanding=True)),
        PersonRow.merged_into.in_(bindparam("below", expanding=True)),
    )
)
_IDENTITIES = (
    select(IdentityRow.person_id, IdentityRow.kind, IdentityRow.value)
    .where(IdentityRow.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(IdentityRow.id.desc())
)


async def person(session: AsyncSession, person_id: str) -> Person | None:
    found = await people(session, [person_id])
    return found.get(person_id)


async def people(session: AsyncSession, ids: Collection[str]) -> dict[str, Person]:
    """By the ids that were asked for; two that are known to be one answer the same person. Whose number changed has
    the new one first."""
    rows = await _with_others(session, set(ids))
    roots = {row_id: _root(rows, row_id) for row_id in rows}
    identities: dict[str, list[tuple[bool, Identity]]] = {}
    for owner, kind, value in await session.execute(_IDENTITIES, {"ids": list(rows)}) if rows else ():
        identity = Identity(IdentityKind(kind), value)
        identities.setdefault(roots[owner], []).append((owner != roots[owner], identity))
    found: dict[str, Person] = {}
    for asked in ids:
        root = roots.get(asked)
        if root is None:
            continue
        if root not in found:
            group = [row for row in rows.values() if roots[row.id] == root]
            own = sorted(identities.get(root, ()), key=lambda each: each[0])
            found[root] = _person(rows[root], group, tuple(identity for _, identity in own))
        found[asked] = found[root]
    return {asked: found[asked] for asked in ids if asked in found}


async def _with_others(session: AsyncSession, ids: set[str]) -> dict[str, Row[Any]]:
    """Their rows, and those of everybody they are one with. One query unless somebody is."""
    rows: dict[str, Row[Any]] = {}
    above, below = set(ids), set(ids)
    while above or below:
        wanted = {"above": list(above), "below": list(below)}
        new = {row.id: row for row in await session.execute(_GROUP, wanted) if row.id not in rows}
        rows |= new
        above = {row.merged_into for row in new.values() if row.merged_into} - rows.keys()
        below = new.keys() - below
    return rows


def _root(rows: Mapping[str, Row[Any]], row_id: str) -> str:
    while (above := rows[row_id].merged_into) is not None and above in rows:
        row_id = above
    return row_id


def _person(root: Row[Any], group: Sequence[Row[Any]], identities: tuple[Identity, ...]) -> Person:
    others = sorted((row for row in group if row.id != root.id), key=lambda row: (row.created_at, row.id))
    rows = (root, *others)

    def first(field: str) -> str | None:
        return next((value for row in rows if (value := getattr(row, field))), None)

    return Person(
        root.id, first("name"), first("locale"), identities, first("profile_name"), first("username"),
        tuple(row.id for row in others),
    )  # fmt: skip


async def owners(session: AsyncSession, identities: Collection[Identity]) -> dict[Identity, str]:
    """Whose row each of ``identities`` is; without those that nobody has."""
    if not identities:
        return {}
    wanted = or_(*(and_(IdentityRow.kind == each.kind.value, IdentityRow.value == each.value) for each in identities))
    query = select(IdentityRow.kind, IdentityRow.value, IdentityRow.person_id).where(wanted)
    return {Identity(IdentityKind(kind), value): owner for kind, value, owner in await session.execute(query)}


async def add_person(
    session: AsyncSession,
    person_id: str,
    *,
    name: str | None,
    locale: str | None,
    at: datetime,
    profile_name: str | None = None,
    username: str | None = None,
) -> None:
    await session.execute(
        insert(PersonRow).values(
            id=person_id, name=name, name_key=name_key(name or profile_name), profile_name=profile_name,
            username=username, locale=locale, created_at=at,
        )
    )  # fmt: skip


async def drop_person(session: AsyncSession, person_id: str) -> None:
    await session.execute(delete(PersonRow).where(PersonRow.id == person_id))


async def add_identities(session: AsyncSession, person_id: str, identities: Collection[Identity]) -> int:
    """Give the person those identities that nobody has yet; answers how many that were. Always in one order: two who
    give the same ones wait for each other, and not in a circle."""
    added = 0
    for each in sorted(identities, key=lambda identity: (identity.kind.value, identity.value)):
        row = upsert(session, IdentityRow).values(person_id=person_id, kind=each.kind.value, value=each.value)
        kept = await session.execute(row.on_conflict_do_nothing().returning(IdentityRow.id))
        added += kept.first() is not None
    return added


async def rename(session: AsyncSession, person_id: str, **values: str | None) -> None:
    """``values``: any of name, profile_name and username."""
    await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(**values))
    named = await session.execute(select(PersonRow.name, PersonRow.profile_name).where(PersonRow.id == person_id))
    for name, profile_name in named:
        key = name_key(name or profile_name)
        await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(name_key=key))


async def point(session: AsyncSession, person_id: str, into: str | None) -> None:
    await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(merged_into=into))


async def merged_into(session: AsyncSession, person_id: str) -> str | None:
    return (await session.execute(select(PersonRow.merged_into).where(PersonRow.id == person_id))).scalar_one_or_none()


async def add_merge(session: AsyncSession, merge: Merge) -> None:
    await session.execute(insert(PersonMergeRow).values(kept=merge.kept, other=merge.other, by=merge.by, at=merge.at))


async def undo_merge(session: AsyncSession, kept: str, other: str, *, by: str, at: datetime) -> None:
    await session.execute(
        update(PersonMergeRow)
        .where(PersonMergeRow.kept == kept, PersonMergeRow.other == other, PersonMergeRow.undone_at.is_(None))
        .values(undone_by=by, undone_at=at)
    )


async def merges(session: AsyncSession, ids: Collection[str]) -> list[Merge]:
    """Of these people, also those that were undone; the oldest first."""
    touched = or_(PersonMergeRow.kept.in_(ids), PersonMergeRow.other.in_(ids))
    rows = (await session.execute(select(PersonMergeRow).where(touched).order_by(PersonMergeRow.id))).scalars()
    return [Merge(row.kept, row.other, row.by, row.at, row.undone_by, row.undone_at) for row in rows]


async def add_hint(session: AsyncSession, one: str, other: str, why: Why, at: datetime) -> None:
    first, second = sorted((one, other))
    row = upsert(session, PersonHintRow).values(one=first, other=second, why=why.value, at=at)
    await session.execute(row.on_conflict_do_nothing(index_elements=["one", "other"]))


async def dismiss(session: AsyncSession, one: str, other: str, *, by: str, at: datetime) -> None:
    """They are not the same, whatever it looks like."""
    first, second = sorted((one, other))
    row = upsert(session, PersonHintRow).values(one=first, other=second, why=Why.NAME.value, at=at, dismissed_by=by)
    await session.execute(row.on_conflict_do_update(index_elements=["one", "other"], set_={"dismissed_by": by}))


async def hints(session: AsyncSession, ids: Collection[str]) -> list[tuple[str, Why, bool]]:
    """(the other one, why, whether it was dismissed)"""
    touched = or_(PersonHintRow.one.in_(ids), PersonHintRow.other.in_(ids))
    rows = (await session.execute(select(PersonHintRow).where(touched).order_by(PersonHintRow.at))).scalars()
    return [
        (row.other if row.one in ids else row.one, Why(row.why), row.dismissed_by is not None)
        for row in rows
    ]  # fmt: skip


async def namesakes(session: AsyncSession, name: str, limit: int) -> list[str]:
    query = select(PersonRow.id).where(PersonRow.name_key == name).order_by(PersonRow.created_at.desc())
    return list((await session.execute(query.limit(limit))).scalars())


async def search(session: AsyncSession, text: str, limit: int, only: Narrowing | None = None) -> list[str]:
    """Ids whose name, number, address or username has ``text`` in it, those met last first."""
    digits = "".join(char for char in text if char.isdigit())
    wanted = [IdentityRow.value.contains(text.lower(), autoescape=True)]
    if len(digits) >= FEWEST_DIGITS:
        number = and_(IdentityRow.kind == IdentityKind.PHONE.value, IdentityRow.value.contains(digits))
        wanted.append(number)
    held = select(IdentityRow.person_id).where(IdentityRow.kind.in_(_SEARCHED), or_(*wanted))
    conditions = [PersonRow.id.in_(held), PersonRow.username.icontains(text, autoescape=True)]
    if key := name_key(text):
        conditions.append(PersonRow.name_key.contains(key))
    query = select(PersonRow.id).where(or_(*conditions)) if text else select(PersonRow.id)
    query = query.where(only(PersonRow.id)) if only is not None else query
    return list(
        (await session.execute(query.order_by(PersonRow.created_at.desc(), PersonRow.id).limit(limit))).scalars()
    )


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


async def end_hold(session: AsyncSession, ids: Collection[str], *, by: str, at: datetime) -> bool:
    ended = await session.execute(
        update(LegalHoldRow)
        .where(LegalHoldRow.person_id.in_(ids), LegalHoldRow.ended_at.is_(None))
        .values(ended_by=by, ended_at=at)
        .returning(LegalHoldRow.id)
    )
    return ended.first() is not None
