"""All queries of the desk. They decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.models import (
    HOUSE,
    AlertChoiceRow,
    AlertRow,
    AlertToldRow,
    HouseAuditRow,
    HouseModeRow,
    HousePartRow,
)
from relevo.desk.rules import Alert, Choice, House, Mode, News, Quiet, Road, Severity, Verdict
from relevo.kit.db import upsert
from relevo.kit.health import Part, State

OPEN, DONE = "open", "done"


async def house(session: AsyncSession, now: datetime) -> House:
    """How it works now. Before anybody has looked it is normal."""
    query = select(HouseModeRow).where(HouseModeRow.id == HOUSE).execution_options(populate_existing=True)
    row = (await session.execute(query)).scalar_one_or_none()
    parts = (await session.execute(select(HousePartRow).order_by(HousePartRow.name))).scalars().all()
    if row is None:
        return House(Mode.NORMAL, True, now)
    known = tuple(_part(part) for part in parts)
    return House(Mode(row.mode), row.selling, row.since, row.reason, row.by, known)


async def is_selling(session: AsyncSession) -> bool:
    selling = await session.execute(select(HouseModeRow.selling).where(HouseModeRow.id == HOUSE))
    return selling.scalar_one_or_none() is not False


async def lock(session: AsyncSession, now: datetime) -> bool:
    """Hold the house's row until the end of the transaction; answers whether the switch is on manual."""
    await _begin(session, now)
    query = select(HouseModeRow.manual).where(HouseModeRow.id == HOUSE).with_for_update()
    return bool((await session.execute(query)).scalar_one())


async def take_turn(session: AsyncSession, now: datetime, pause: timedelta) -> datetime | None:
    """When the parts were looked at last, if it is ours to look now: of all processes one in each ``pause``."""
    await _begin(session, now)
    query = select(HouseModeRow.looked_at).where(HouseModeRow.id == HOUSE).with_for_update()
    before: datetime = (await session.execute(query)).scalar_one()
    if now - before < pause:
        return None
    await session.execute(update(HouseModeRow).where(HouseModeRow.id == HOUSE).values(looked_at=now))
    return before


async def _begin(session: AsyncSession, now: datetime) -> None:
    """The house has a row, made once, that nobody has looked at since long ago."""
    first = upsert(session, HouseModeRow).values(
        id=HOUSE, mode=Mode.NORMAL.value, selling=True, since=now, manual=False, looked_at=now - timedelta(days=1)
    )
    await session.execute(first.on_conflict_do_nothing(index_elements=["id"]))


async def set_house(session: AsyncSession, verdict: Verdict, *, since: datetime | None) -> None:
    values: dict[str, Any] = {"mode": verdict.mode.value, "selling": verdict.selling}
    if since is not None:
        values["since"] = since
    await session.execute(update(HouseModeRow).where(HouseModeRow.id == HOUSE).values(**values))


async def set_switch(session: AsyncSession, *, manual: bool, reason: str | None, by: str | None) -> None:
    await session.execute(
        update(HouseModeRow).where(HouseModeRow.id == HOUSE).values(manual=manual, reason=reason, by=by)
    )


async def set_parts(session: AsyncSession, parts: Iterable[Part]) -> None:
    for part in parts:
        values = {
            "state": part.state.value, "since": part.since, "reason": part.reason and part.reason[:60],
            "readings": list(part.readings), "good_since": part.good_since,
        }  # fmt: skip
        row = upsert(session, HousePartRow).values(name=part.name, **values)
        await session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


async def audit(
    session: AsyncSession, at: datetime, verdict: Verdict, parts: Iterable[Part], *, reason: str | None, by: str | None
) -> None:
    down = {part.name: part.reason for part in parts if part.is_down}
    await session.execute(
        insert(HouseAuditRow).values(
            at=at, mode=verdict.mode.value, selling=verdict.selling, down=down, reason=reason, by=by
        )
    )


async def audits(session: AsyncSession, limit: int) -> Sequence[HouseAuditRow]:
    query = select(HouseAuditRow).order_by(HouseAuditRow.id.desc()).limit(limit)
    return (await session.execute(query)).scalars().all()


async def raise_alert(session: AsyncSession, alert_id: str, news: News, now: datetime) -> Alert:
    """A new one, or the open one once more with what is known now."""
    row = upsert(session, AlertRow).values(
        id=alert_id, kind=news.kind, subject=news.subject, severity=news.severity.value, params=dict(news.params),
        link=news.link, state=OPEN, count=1, created_at=now, last_at=now,
    )  # fmt: skip
    written = await session.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "subject"],
            index_where=text("state = 'open'"),
            set_={
                "count": AlertRow.count + 1, "last_at": now, "severity": row.excluded.severity,
                "params": row.excluded.params, "link": row.excluded.link,
            },
        )
        .returning(AlertRow)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return _alert(written.scalar_one())


async def settle(session: AsyncSession, alert_id: str, *, by: str | None, now: datetime) -> Alert | None:
    """None if it is not open (any more)."""
    done = await session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id, AlertRow.state == OPEN)
        .values(state=DONE, done_at=now, done_by=by)
        .returning(AlertRow)
        .execution_options(populate_existing=True)
    )
    row = done.scalar_one_or_none()
    return _alert(row) if row else None


async def open_again(session: AsyncSession, alert_id: str) -> Alert | None:
    """None if it is not settled. The caller has seen that there is no open one about the same."""
    opened = await session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id, AlertRow.state == DONE)
        .values(state=OPEN, done_at=None, done_by=None)
        .returning(AlertRow)
        .execution_options(populate_existing=True)
    )
    row = opened.scalar_one_or_none()
    return _alert(row) if row else None


async def last_settled(session: AsyncSession, kind: str, subject: str) -> Alert | None:
    query = select(AlertRow).where(AlertRow.kind == kind, AlertRow.subject == subject, AlertRow.state == DONE)
    row = (await session.execute(query.order_by(AlertRow.done_at.desc(), AlertRow.id.desc()).limit(1))).scalar()
    return _alert(row) if row else None


async def alert(session: AsyncSession, alert_id: str) -> Alert | None:
    row = await session.get(AlertRow, alert_id, populate_existing=True)
    return _alert(row) if row else None


async def open_about(session: AsyncSession, kinds: Iterable[str], subject: str) -> list[str]:
    """The open alerts of some kinds about one subject."""
    return await _open(session, AlertRow.kind.in_(list(kinds)), AlertRow.subject == subject)


async def open_below(session: AsyncSession, kind: str, prefix: str) -> list[str]:
    return await _open(session, AlertRow.kind == kind, AlertRow.subject.startswith(prefix, autoescape=True))


async def _open(session: AsyncSession, *which: ColumnElement[bool]) -> list[str]:
    query = select(AlertRow.id).where(*which, AlertRow.state == OPEN).order_by(AlertRow.id)
    return list((await session.execute(query)).scalars().all())


async def alerts(session: AsyncSession, *, state: str | None, limit: int) -> list[Alert]:
    """Those raised last come first."""
    query = select(AlertRow).order_by(AlertRow.last_at.desc(), AlertRow.id.desc()).limit(limit)
    if state is not None:
        query = query.where(AlertRow.state == state)
    return [_alert(row) for row in (await session.execute(query)).scalars().all()]


async def count_open(session: AsyncSession) -> int:
    return (await session.execute(select(func.count()).where(AlertRow.state == OPEN))).scalar_one()


async def unmailed(session: AsyncSession, limit: int) -> list[Alert]:
    """Open ones that deserve a letter and had none yet, oldest first."""
    query = (
        select(AlertRow)
        .where(AlertRow.state == OPEN, AlertRow.mailed_at.is_(None), AlertRow.severity != Severity.INFO.value)
        .order_by(AlertRow.created_at, AlertRow.id)
        .limit(limit)
    )
    return [_alert(row) for row in (await session.execute(query)).scalars().all()]


async def these(session: AsyncSession, alert_ids: Iterable[str]) -> list[Alert]:
    query = select(AlertRow).where(AlertRow.id.in_(list(alert_ids))).order_by(AlertRow.created_at, AlertRow.id)
    return [_alert(row) for row in (await session.execute(query)).scalars().all()]


async def forget(session: AsyncSession, before: datetime) -> int:
    """Alerts settled before; the changes of the mode stay."""
    gone = await session.execute(
        delete(AlertRow).where(AlertRow.state == DONE, AlertRow.done_at < before).returning(AlertRow.id)
    )
    return len(gone.all())


async def mailed(session: AsyncSession, alert_ids: Iterable[str], now: datetime) -> None:
    await session.execute(update(AlertRow).where(AlertRow.id.in_(list(alert_ids))).values(mailed_at=now))


async def choices(session: AsyncSession, staff_id: str | None = None) -> list[Choice]:
    """Of those who chose, or of one of them."""
    query = select(AlertChoiceRow).order_by(AlertChoiceRow.staff_id).execution_options(populate_existing=True)
    if staff_id is not None:
        query = query.where(AlertChoiceRow.staff_id == staff_id)
    return [_choice(row) for row in (await session.execute(query)).scalars()]


async def put_choice(session: AsyncSession, choice: Choice, at: datetime) -> None:
    quiet = choice.quiet
    values = {
        "ways": sorted(choice.roads), "kinds": None if choice.kinds is None else sorted(choice.kinds),
        "number": choice.number, "quiet_from": _clock(quiet.since) if quiet else None,
        "quiet_until": _clock(quiet.until) if quiet else None, "wake_for_urgent": choice.wake_for_urgent,
        "changed_at": at,
    }  # fmt: skip
    row = upsert(session, AlertChoiceRow).values(staff_id=choice.staff_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["staff_id"], set_=values))


async def untold(session: AsyncSession, staff_id: str, limit: int) -> list[Alert]:
    """Open ones that were not sent to them yet, oldest first."""
    told = select(AlertToldRow.alert_id).where(AlertToldRow.staff_id == staff_id)
    query = select(AlertRow).where(AlertRow.state == OPEN, AlertRow.id.not_in(told))
    query = query.order_by(AlertRow.created_at, AlertRow.id).limit(limit)
    return [_alert(row) for row in (await session.execute(query)).scalars()]


async def told(session: AsyncSession, staff_id: str, alert_ids: Iterable[str], at: datetime) -> None:
    for alert_id in alert_ids:
        row = upsert(session, AlertToldRow).values(alert_id=alert_id, staff_id=staff_id, at=at)
        await session.execute(row.on_conflict_do_nothing())


def _choice(row: AlertChoiceRow) -> Choice:
    quiet = None
    if row.quiet_from and row.quiet_until:
        quiet = Quiet(time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_until))
    kinds = None if row.kinds is None else frozenset(row.kinds)
    roads = frozenset(Road(way) for way in row.ways)
    return Choice(row.staff_id, roads, kinds, row.number, quiet, row.wake_for_urgent)


def _clock(at: time) -> str:
    return at.strftime("%H:%M")


def _part(row: HousePartRow) -> Part:
    return Part(row.name, State(row.state), row.since, row.reason, tuple(row.readings), row.good_since)


def _alert(row: AlertRow) -> Alert:
    news = News(row.kind, row.subject, Severity(row.severity), row.params, row.link)
    return Alert(row.id, news, row.count, row.created_at, row.last_at, row.done_at, row.done_by)
