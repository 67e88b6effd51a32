"""What of the house whoever asks may come near: the things that an address names, and the items of short lists.

The gate asks before any route runs, so that no route has to remember it. What is outside of somebody's teams answers
exactly as what does not exist. Long lists are narrowed where they are read (``conversations.reach_store``); who may do
what at all is ``people.rules.may``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import reach_store
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.rules import Staff, reaches

Item = dict[str, Any]
Of = Callable[[AsyncSession, str], Awaitable[str | None]]
"""The conversation that a thing came of; None where it came of none, or there is no such thing."""
OfEvent = Callable[[AsyncSession, Mapping[str, Any]], Awaitable[str | None]]
Sees = Callable[[AsyncSession, Staff, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How it is found whose a thing is, and what is said where it does not exist."""

    missing: str
    of: Of | None = None
    sees: Sees | None = None

    async def reached(self, session: AsyncSession, staff: Staff, thing_id: str) -> bool:
        if self.sees is not None:
            return await self.sees(session, staff, thing_id)
        conversation_id = await self.of(session, thing_id) if self.of is not None else None
        return conversation_id is None or bool(await reach_store.seen(session, staff, [conversation_id]))


NONE: Mapping[str, Kind] = {}


class Reach:
    """``kinds``: by the name of the parameter in the address, with the beginning of the address before it where the
    same name means several things."""

    def __init__(
        self, db: Database | None = None, of_event: OfEvent | None = None, kinds: Mapping[str, Kind] = NONE
    ) -> None:
        self._db = db
        self._of_event = of_event or _of_nothing
        self._kinds = kinds

    def kind_of(self, path: str, name: str) -> Kind | None:
        special = (key for key in self._kinds if key.endswith(f" {name}") and path.startswith(key.partition(" ")[0]))
        return self._kinds.get(next(special, name))

    async def check(self, staff: Staff, path: str, params: Mapping[str, Any]) -> None:
        """Raises ``NotFound`` for what is not of theirs."""
        if staff.scope.whole:
            return
        asked = [(kind, str(value)) for name, value in params.items() if (kind := self.kind_of(path, name))]
        if not asked or self._db is None:
            return
        async with self._db.read() as session:
            for kind, thing_id in asked:
                if not await kind.reached(session, staff, thing_id):
                    raise NotFound(kind.missing)

    async def named(self, staff: Staff, **things: str | None) -> None:
        """As ``check``, of what a body or a query names."""
        await self.check(staff, "", {name: value for name, value in things.items() if value})

    async def only(
        self, session: AsyncSession, staff: Staff, items: Sequence[Item], key: str = "conversation_id"
    ) -> list[Item]:
        """Those of ``items`` that are of theirs; those of no conversation are everybody's."""
        if staff.scope.whole:
            return list(items)
        asked = {str(item[key]) for item in items if item.get(key)}
        seen = await reach_store.seen(session, staff, asked)
        return [item for item in items if not item.get(key) or item[key] in seen]

    async def mine(self, session: AsyncSession, staff: Staff, items: Sequence[Item]) -> list[Item]:
        """As ``only``, of what a topic shows first: each is judged as its event would be."""
        of = [(item, await self._of_event(session, item)) for item in items if "holders" not in item]
        seen = await reach_store.seen(session, staff, {each for _, each in of if each})
        hidden = {id(item) for item, each in of if each and each not in seen}
        return [
            item for item in items
            if id(item) not in hidden
            and ("holders" not in item or reaches(staff, item["queue_id"], item["holders"]))
        ]  # fmt: skip

    async def having(self, staff: Staff, items: Sequence[Item], name: str, key: str) -> list[Item]:
        """Those of ``items`` whose ``key`` names a thing of kind ``name`` that is of theirs."""
        kind = self._kinds.get(name)
        if staff.scope.whole or kind is None or self._db is None:
            return list(items)
        async with self._db.read() as session:
            return [item for item in items if not item.get(key) or await kind.reached(session, staff, str(item[key]))]

    async def event(self, staff: Staff, data: Mapping[str, Any]) -> bool:
        """Whether a live event is for them: by what it says of its conversation, or else by what is known of it."""
        if staff.scope.whole:
            return True
        if "holders" in data and "queue_id" in data:
            return reaches(staff, data["queue_id"], data["holders"])
        if data.get("kind") == "summary" or self._db is None:
            return False
        async with self._db.read() as session:
            conversation_id = await self._of_event(session, data)
            return conversation_id is None or bool(await reach_store.seen(session, staff, [conversation_id]))

    async def among(self, staff: Staff, conversation_ids: Collection[str]) -> frozenset[str]:
        """Which of these conversations are theirs."""
        if staff.scope.whole or self._db is None:
            return frozenset(conversation_ids)
        async with self._db.read() as session:
            return await reach_store.seen(session, staff, conversation_ids)


async def _of_nothing(_session: AsyncSession, _data: Mapping[str, Any]) -> str | None:
    return None
