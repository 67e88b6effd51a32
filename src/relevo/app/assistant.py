"""The assistant as staff shape it, wired: what teaches it, what sets it, and the look at what others have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from relevo.adapters import catalog
from relevo.bookings.rules import Business
from relevo.bot.ports import Understander
from relevo.bot.rules.feeling import felt
from relevo.bot.service import Bot
from relevo.bot.training import STUDY, Training
from relevo.bot.tuning import Tuning
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import ProviderError
from relevo.kit.ids import Ids
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts, locales
from relevo.web.auth import Gate
from relevo.web.training import settings_router, teaching_router

_log = log.get("app")

LOOK_SECONDS = 5
"""So soon every process has taken up what was changed in another one."""


@dataclass(slots=True)
class Assistant:
    db: Database
    people: People
    texts: Texts
    tuning: Tuning
    training: Training | None
    """None where what understands cannot be taught."""

    def routers(self, gate: Gate) -> Sequence[APIRouter]:
        found = [settings_router(self.tuning, gate)]
        if self.training is not None:
            found.append(teaching_router(self.db, self.training, self.tuning, self.people, self.texts, gate))
        return found

    def handle(self, work: Work) -> None:
        if self.training is not None:
            work.handle(STUDY, self.training.study_job)

    async def follow(self) -> None:
        await self.tuning.follow()
        if self.training is not None:
            await self.training.follow()

    async def keep_following(self) -> None:
        while True:
            try:
                await self.follow()
            except ProviderError as error:
                _log.warning("what the assistant was taught cannot be taken up now", code=error.code)
            except Exception:
                _log.exception("changes of the assistant could not be looked at; it is tried again")
            await asyncio.sleep(LOOK_SECONDS)


def wire(
    settings: Settings,
    db: Database,
    work: Work,
    people: People,
    conversations: Conversations,
    bot: Bot,
    business: Business,
    understander: Understander,
    texts: Texts,
    clock: Clock,
    ids: Ids,
) -> Assistant:
    conversations.felt = felt
    language = settings.locale.replace("-", "_").split("_")[0]
    registers = [each for each in locales() if each.split("_")[0] == language]
    tuning = Tuning(db, people, business, clock, bot.behave, locales=registers)
    pupil = catalog.make_pupil(settings, understander)
    training = Training(db, work, people, pupil, clock, ids) if pupil is not None else None
    return Assistant(db, people, texts, tuning, training)
