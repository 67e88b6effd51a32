"""All queries of teaching and setting the assistant. They decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bot.models import AssistantChangeRow as ChangeRow
from relevo.bot.models import InteractionRow, TrainingExampleRow, UnderstandingVersionRow
from relevo.kit.db import take_turns

TAUGHT, SKIPPED, WITHDRAWN = "taught", "skipped", "withdrawn"
VERSION, SETTINGS, TOPIC = "version", "settings", "topic"
_I, _E, _V = InteractionRow, TrainingExampleRow, UnderstandingVersionRow
UNDERSTOOD_LATE = ("not_understood", "no_progress")
TEACHING = "assistant.teaching"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A turn of which the assistant was not sure, or that it got wrong."""

    id: str
    conversation_id: str
    person_id: str
    channel: str
    message: str
    intent: str | None
    confidence: float
    action: str
    handoff: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    text: str
    key: str
    intent: str | None
    before_intent: str | None
    interaction_id: str | None
    state: str
    by: str
    at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    id: str
    number: int
    state: str
    step: str | None
    examples: tuple[str, ...]
    figures: dict[str, Any] | None
    error: str | None
    by: str
    at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    what: str
    subject: str
    details: dict[str, Any]
    by: str
    at: datetime


async def alone(session: AsyncSession) -> None:
    """Nobody else teaches or sets anything until the end of the transaction."""
    await take_turns(session, TEACHING)


async def doubtful(
    session: AsyncSession, *, since: datetime, below: float, before: tuple[datetime, str] | None, limit: int
) -> list[Doubtful]:
    """The latest first, those left out that somebody has judged."""
    unsure = or_(_I.confidence < below, _I.action.like("%unclear%"), _I.handoff.in_(UNDERSTOOD_LATE))
    judged = select(_E.id).where(_E.interaction_id == _I.id, _E.state != WITHDRAWN)
    query = (
        select(_I)
        .where(_I.at >= since, _I.message.is_not(None), _I.error.is_(None), _I.meant.is_(None), _I.intent.is_not(None))
        .where(unsure, ~judged.exists())
    )
    if before is not None:
        query = query.where(or_(_I.at < before[0], and_(_I.at == before[0], _I.id < before[1])))
    rows = await session.execute(query.order_by(_I.at.desc(), _I.id.desc()).limit(limit))
    return [_doubtful(row) for row in rows.scalars()]


def _doubtful(row: InteractionRow) -> Doubtful:
    return Doubtful(
        row.id, row.conversation_id, row.person_id, row.channel, row.message or "", row.intent, row.confidence,
        row.action, row.handoff, row.at,
    )  # fmt: skip


async def turn(session: AsyncSession, interaction_id: str) -> Doubtful | None:
    row = await session.get(InteractionRow, interaction_id)
    return _doubtful(row) if row is not None else None


async def meant_after(session: AsyncSession, turns: Sequence[Doubtful]) -> dict[str, str]:
    """What customers said that they had meant, by the id of the turn that it was asked about."""
    if not turns:
        return {}
    oldest = min(turn.at for turn in turns)
    found = await session.execute(
        select(_I.conversation_id, _I.at, _I.meant)
        .where(_I.conversation_id.in_({turn.conversation_id for turn in turns}), _I.meant.is_not(None), _I.at >= oldest)
        .order_by(_I.at)
    )
    picked = [(row.conversation_id, row.at, row.meant) for row in found]
    told: dict[str, str] = {}
    for conversation_id, at, meant in picked:
        asked = [turn for turn in turns if turn.conversation_id == conversation_id and turn.at < at]
        if asked:
            told[max(asked, key=lambda each: each.at).id] = meant
    return told


async def sureness(session: AsyncSession, since: datetime, most: int) -> list[float]:
    """How sure the assistant was of each of its latest turns."""
    query = (
        select(_I.confidence)
        .where(_I.at >= since, _I.intent.is_not(None), _I.meant.is_(None), _I.error.is_(None))
        .order_by(_I.at.desc())
        .limit(most)
    )
    return list((await session.execute(query)).scalars())


async def judged(session: AsyncSession, since: datetime) -> tuple[int, int]:
    """Turns that staff have looked at, and those of them that had been taken for something else."""
    looked = await session.execute(
        select(_E.intent, _E.before_intent).where(_E.state == TAUGHT, _E.interaction_id.is_not(None), _E.at >= since)
    )
    rows = list(looked)
    return len(rows), sum(row.intent != row.before_intent for row in rows)


async def add_example(session: AsyncSession, example: Example) -> None:
    await session.execute(
        insert(_E).values(
            id=example.id, text=example.text, key=example.key, intent=example.intent,
            before_intent=example.before_intent, interaction_id=example.interaction_id, state=example.state,
            by=example.by, at=example.at,
        )
    )  # fmt: skip


async def example(session: AsyncSession, example_id: str) -> Example | None:
    row = await session.get(TrainingExampleRow, example_id, populate_existing=True)
    return _example(row) if row is not None else None


async def standing(session: AsyncSession, key: str) -> Example | None:
    """The one with this text that is taught."""
    row = (await session.execute(select(_E).where(_E.key == key, _E.state == TAUGHT))).scalar_one_or_none()
    return _example(row) if row is not None else None


async def of_turn(session: AsyncSession, interaction_id: str) -> Example | None:
    query = select(_E).where(_E.interaction_id == interaction_id, _E.state != WITHDRAWN)
    row = (await session.execute(query)).scalar_one_or_none()
    return _example(row) if row is not None else None


async def withdraw(session: AsyncSession, example_id: str, *, by: str, at: datetime) -> bool:
    done = await session.execute(
        update(_E).where(_E.id == example_id, _E.state != WITHDRAWN).values(state=WITHDRAWN, ended_by=by, ended_at=at)
    )
    return bool(getattr(done, "rowcount", 0))


async def taught(session: AsyncSession) -> list[Example]:
    """In the order in which they were, which makes the same model."""
    query = select(_E).where(_E.state == TAUGHT, _E.intent.is_not(None)).order_by(_E.at, _E.id)
    return [_example(row) for row in (await session.execute(query)).scalars()]


async def examples(session: AsyncSession, ids: Collection[str]) -> list[Example]:
    query = select(_E).where(_E.id.in_(list(ids))).order_by(_E.at, _E.id)
    return [_example(row) for row in (await session.execute(query)).scalars()]


async def latest_examples(session: AsyncSession, limit: int) -> list[Example]:
    query = select(_E).where(_E.state != WITHDRAWN).order_by(_E.at.desc(), _E.id.desc()).limit(limit)
    return [_example(row) for row in (await session.execute(query)).scalars()]


def _example(row: TrainingExampleRow) -> Example:
    return Example(
        row.id, row.text, row.key, row.intent, row.before_intent, row.interaction_id, row.state, row.by, row.at,
        row.ended_by, row.ended_at,
    )  # fmt: skip


async def add_version(session: AsyncSession, version_id: str, ids: Sequence[str], *, by: str, at: datetime) -> int:
    last = (await session.execute(select(func.coalesce(func.max(_V.number), 0)))).scalar_one()
    await session.execute(
        insert(_V).values(id=version_id, number=last + 1, state="training", examples=list(ids), by=by, at=at)
    )
    return int(last) + 1


async def version(session: AsyncSession, version_id: str) -> Version | None:
    row = await session.get(UnderstandingVersionRow, version_id, populate_existing=True)
    return _version(row) if row is not None else None


async def versions(session: AsyncSession, limit: int) -> list[Version]:
    """The latest first."""
    rows = await session.execute(select(_V).order_by(_V.number.desc()).limit(limit))
    return [_version(row) for row in rows.scalars()]


async def set_version(session: AsyncSession, version_id: str, **values: Any) -> None:
    await session.execute(update(_V).where(_V.id == version_id).values(**values))


def _version(row: UnderstandingVersionRow) -> Version:
    return Version(
        row.id, row.number, row.state, row.step, tuple(row.examples), row.figures, row.error, row.by, row.at,
        row.done_at,
    )  # fmt: skip


async def add_change(
    session: AsyncSession, what: str, subject: str, details: dict[str, Any], *, by: str, at: datetime
) -> None:
    await session.execute(insert(ChangeRow).values(what=what, subject=subject, details=details, by=by, at=at))


async def latest(session: AsyncSession, what: str, subject: str | None = None) -> Change | None:
    query = select(ChangeRow).where(ChangeRow.what == what)
    if subject is not None:
        query = query.where(ChangeRow.subject == subject)
    row = (await session.execute(query.order_by(ChangeRow.id.desc()).limit(1))).scalar_one_or_none()
    return _change(row) if row is not None else None


async def latest_topics(session: AsyncSession) -> list[Change]:
    newest = select(func.max(ChangeRow.id)).where(ChangeRow.what == TOPIC).group_by(ChangeRow.subject)
    rows = await session.execute(select(ChangeRow).where(ChangeRow.id.in_(newest)).order_by(ChangeRow.subject))
    return [_change(row) for row in rows.scalars()]


async def change(session: AsyncSession, change_id: int) -> Change | None:
    row = await session.get(ChangeRow, change_id)
    return _change(row) if row is not None else None


async def changes(
    session: AsyncSession, limit: int, *, what: str | None = None, subject: str | None = None
) -> list[Change]:
    """The latest first."""
    query = select(ChangeRow)
    if what is not None:
        query = query.where(ChangeRow.what == what)
    if subject is not None:
        query = query.where(ChangeRow.subject == subject)
    return [_change(row) for row in (await session.execute(query.order_by(ChangeRow.id.desc()).limit(limit))).scalars()]


async def revision(session: AsyncSession) -> int:
    """Grows with everything that every process has to take up."""
    query = select(func.coalesce(func.max(ChangeRow.id), 0)).where(ChangeRow.what.in_((VERSION, SETTINGS, TOPIC)))
    return int((await session.execute(query)).scalar_one())


def _change(row: ChangeRow) -> Change:
    return Change(row.id, row.what, row.subject, row.details, row.by, row.at)
