"""How conversations end and begin again, and the one change of control that everything else goes through.

Control moves by compare-and-set only; whoever comes second is told, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relevo.conversations import rules, store
from relevo.conversations.delivering import Deliveries
from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Change, Control, Conversation
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict
from relevo.people.rules import Action, Staff, may


class Endings(Deliveries):
    async def resolve(self, tx: Tx, conversation_id: str, *, staff: Staff) -> Conversation:
        conversation = await self.now(tx, conversation_id)
        change = rules.decide_close(conversation)
        if change is None:
            return conversation
        held_by_other = conversation.agent_id not in (None, staff.id)
        if held_by_other and not may(staff, Action.TAKE_FROM_COLLEAGUE):
            names = await self._people.staff_names(tx.session)
            raise Conflict("control_taken", name=names.get(conversation.agent_id or ""))
        was = {"control": conversation.control.value, "agent": conversation.agent_id, "reason": conversation.reason}
        return await self._change(tx, conversation, change, event="resolved", staff=staff, meta={"was": was})

    async def _nobody_else_answered(self, tx: Tx, conversation: Conversation, seen: int, staff: Staff) -> None:
        found = await store.answered_after(tx.session, conversation.id, seen, staff.id)
        if found is not None:
            names = await self._people.staff_names(tx.session)
            raise Conflict("answered_meanwhile", name=names.get(found) or self._texts.say("conversations.somebody"))

    async def undo_resolve(self, tx: Tx, conversation_id: str, *, staff: Staff, version: int | None) -> Conversation:
        """As it was before somebody of the staff resolved it. Raises ``Conflict`` where it goes on already with
        somebody else, or what is over cannot begin again (a call)."""
        conversation = await self.now(tx, conversation_id)
        if conversation.control is not Control.CLOSED:
            if version is not None and conversation.control_version > version + 1:
                raise Conflict("control_changed")
            return conversation
        if version is not None and conversation.control_version != version:
            raise Conflict("control_changed")
        if not self.carries(conversation.channel):
            raise Conflict("cannot_reopen")
        was = await store.last_resolved(tx.session, conversation_id)
        if was is None:
            raise Conflict("cannot_reopen")
        holder = was.get("agent")
        if holder not in (None, staff.id) and not may(staff, Action.TAKE_FROM_COLLEAGUE):
            names = await self._people.staff_names(tx.session)
            raise Conflict("control_taken", name=names.get(holder or ""))
        change = Change(Control(was["control"]), holder, was.get("reason"), conversation.priority)
        return await self._change(tx, conversation, change, event="resolve_undone", staff=staff)

    async def reopen(self, tx: Tx, conversation_id: str) -> None:
        """A closed conversation begins again with the bot: the call is tried once more."""
        conversation = await self.now(tx, conversation_id)
        if conversation.control is Control.CLOSED:
            await self._change(tx, conversation, Change(Control.BOT, None), event="called_again")

    async def close(
        self, tx: Tx, conversation_id: str, *, event: str, reason: str | None = None, **params: str
    ) -> Conversation:
        """Close by the system: the call ended, the node died."""
        conversation = await self.now(tx, conversation_id)
        change = rules.decide_close(conversation)
        if change is None:
            return conversation
        return await self._change(
            tx, conversation, change, event=event, staff=None, note=None, reason=reason, meta=None, **params
        )

    async def _change(
        self,
        tx: Tx,
        before: Conversation,
        change: Change,
        *,
        event: str,
        staff: Staff | None = None,
        note: str | None = None,
        reason: str | None = None,
        meta: Mapping[str, Any] | None = None,
        **params: str,
    ) -> Conversation:
        closed_at = self._clock.now() if change.control is Control.CLOSED else None
        after = await store.change_control(tx.session, before, change, closed_at=closed_at)
        if after is None:
            raise Conflict("control_changed")
        self._write(tx, after)
        if change.control is Control.AGENT:
            await self._overtake(tx, after)
        meta = {**(meta or {}), **{key: value for key, value in {"note": note, "reason": reason}.items() if value}}
        who = staff.name if staff else ""
        await self._event(tx, after, event, staff=staff, meta=meta, attachments=(), name=who, note=note or "", **params)
        await tx.publish(
            ControlChanged(
                after.id,
                after.channel,
                after.control,
                after.control_version,
                after.agent_id,
                note,
                after.reason,
                after.priority,
            )
        )
        return await self.now(tx, after.id)
