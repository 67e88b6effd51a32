"""Loads and saves the state of dialogues. A state that an older release wrote and cannot be read begins anew."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bot.models import DialogueRow
from relevo.bot.rules.dialogue import Dialogue
from relevo.kit import log
from relevo.kit.db import upsert

_log = log.get("bot")
_STATE: TypeAdapter[Dialogue] = TypeAdapter(Dialogue)
_SAVED = select(DialogueRow.state).where(DialogueRow.conversation_id == bindparam("of"))


async def dialogue(session: AsyncSession, conversation_id: str) -> Dialogue:
    row = (await session.execute(_SAVED, {"of": conversation_id})).first()
    if row is None:
        return Dialogue()
    try:
        return _STATE.validate_python(row.state)
    except ValidationError:
        _log.warning("dialogue state unreadable, starting anew", conversation=conversation_id)
        return Dialogue()


async def save(session: AsyncSession, conversation_id: str, state: Dialogue, at: datetime) -> None:
    values = {"state": _STATE.dump_python(state, mode="json"), "updated_at": at}
    row = upsert(session, DialogueRow).values(conversation_id=conversation_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["conversation_id"], set_=values))


async def forget(session: AsyncSession, conversation_id: str) -> None:
    await session.execute(delete(DialogueRow).where(DialogueRow.conversation_id == conversation_id))
