"""Learning from the house's own outcomes who does best with what, and saying whether that is better than the rules.

The model lives in memory and is made again once a day from what is stored; nothing of it is kept in a file.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import timing_store
from relevo.desk import entry_store, prediction, queue_store
from relevo.desk.prediction import Model, Outcome, skill_of
from relevo.desk.queue_rules import Ended, Profile
from relevo.desk.routing import Advisor
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database

_log = log.get("desk.learning")

LOOKS_BACK = timedelta(days=365)
FRESH = timedelta(days=1)


@dataclass(slots=True)
class Learning:
    db: Database
    clock: Clock
    _model: Model | None = None
    _learnt_at: datetime | None = None
    _learning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def advisor(self) -> Advisor | None:
        """Who knows better than the rules; None while too little is known."""
        async with self._learning:
            now = self.clock.now()
            if self._learnt_at is None or now - self._learnt_at >= FRESH:
                self._learnt_at = now
                outcomes = await self.outcomes()
                if len(outcomes) >= prediction.FEWEST:
                    self._model = await asyncio.to_thread(prediction.learn, outcomes)
                    _log.info("learnt who does best with what", outcomes=len(outcomes))
        return self._model.advise if self._model is not None else None

    async def measured(self) -> dict[str, Any]:
        """Rules and model next to each other on outcomes that the model did not see."""
        outcomes = await self.outcomes()
        found = await asyncio.to_thread(prediction.measure, outcomes)
        return {
            "outcomes": len(outcomes),
            "fewest": prediction.FEWEST,
            "features": list(prediction.FEATURES),
            "measured": asdict(found) if found is not None else None,
        }

    async def outcomes(self) -> list[Outcome]:
        async with self.db.read() as session:
            return await self._outcomes(session, self.clock.now() - LOOKS_BACK)

    async def _outcomes(self, session: AsyncSession, since: datetime) -> list[Outcome]:
        results = await entry_store.results_since(session, since)
        among = {each.entry_id: tuple(each.among) for each in await entry_store.offers_since(session, since)}
        profiles = await queue_store.profiles(session)
        ended = await entry_store.ended_since(session, since)
        scores = await timing_store.ratings(session, [each.conversation_id for each in ended if each.taken_by])
        found = []
        for entry in ended:
            if entry.taken_by is None or entry.taken_at is None or entry.queue_id is None or entry.ended_at is None:
                continue
            chosen = results.get(entry.id)
            has = profiles.get(entry.taken_by, Profile(entry.taken_by)).skills
            found.append(
                Outcome(
                    entry.ended_at, entry.taken_by, entry.queue_id, entry.channel, entry.reason,
                    solved=entry.ended_why == Ended.RESOLVED.value and entry.requeues == 0,
                    good=chosen.good if chosen else None, score=scores.get(entry.conversation_id),
                    seconds=(entry.ended_at - entry.taken_at).total_seconds(),
                    skill=skill_of(entry.skills, has), among=among.get(entry.id, ()),
                )
            )  # fmt: skip
        return found
