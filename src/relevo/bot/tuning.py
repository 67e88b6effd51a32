"""Setting the assistant while it works: thresholds, register, words, and what it says of the house's topics.

Every change is a row that stays, with who made it; going back is another one. Every process takes up the latest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.rules import Business
from relevo.bot import training_store as store
from relevo.bot.rules.knowledge import Topic, TopicEdit, complete, facts_of, knowledge_of
from relevo.bot.rules.teaching import curve
from relevo.bot.rules.tuning import Manner, checked_settings, checked_topic, manner_of
from relevo.bot.training import LOOK_BACK
from relevo.bot.training_store import SETTINGS, TOPIC, Change
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.rules import Staff
from relevo.people.service import People

MAIN = "main"
MOST_TURNS = 5_000
HISTORY = 30


class Tuning:
    """``behave``: who is told how to be, at the start and after every change."""

    def __init__(
        self,
        db: Database,
        people: People,
        business: Business,
        clock: Clock,
        behave: Callable[[Manner], None],
        *,
        locales: Sequence[str],
    ) -> None:
        self._db = db
        self._people = people
        self._business = business
        self._clock = clock
        self._behave = behave
        self._locales = tuple(locales)
        self._packaged = knowledge_of(business)
        self._following = asyncio.Lock()
        self.manner = Manner()

    @property
    def facts(self) -> dict[str, str]:
        """What texts may be filled with, as it is now."""
        return {name: str(value or "") for name, value in facts_of(self._business).items()}

    async def follow(self) -> None:
        """Take up what is in force, whoever said so."""
        async with self._following:
            async with self._db.read() as session:
                manner = await self._stored(session)
            if manner != self.manner:
                self.manner = manner
                self._behave(manner)

    async def settings(self) -> dict[str, Any]:
        """What is in force, what it may be, what was, and what other thresholds would mean."""
        async with self._db.read() as session:
            history = await store.changes(session, HISTORY, what=SETTINGS)
            names = await self._people.staff_names(session)
            since = self._clock.now() - LOOK_BACK
            sure = await store.sureness(session, since, MOST_TURNS)
            looked, wrong = await store.judged(session, since)
            manner = await self._stored(session)
        return {
            "settings": manner.json,
            "registers": list(self._locales),
            "history": [_change_json(each, names) for each in history],
            "turns": len(sure),
            "curve": [
                {"threshold": point.threshold, "acted": point.acted, "right": point.right} for point in curve(sure)
            ],
            "judged": looked,
            "judged_wrong": wrong,
        }

    async def set(
        self, staff: Staff, *, act: float, guess: float, locale: str | None, vip_words: Sequence[str] | None
    ) -> None:
        """Raises ``Invalid``."""
        values = checked_settings(act=act, guess=guess, locale=locale, vip_words=vip_words, locales=self._locales)
        await self._write(SETTINGS, MAIN, values, staff)

    async def restore(self, change_id: int, staff: Staff) -> None:
        """Settings or a topic as they were after an earlier change. Raises ``NotFound``."""
        async with self._db.read() as session:
            earlier = await store.change(session, change_id)
        if earlier is None or earlier.what not in (SETTINGS, TOPIC):
            raise NotFound("no_change")
        details = {name: value for name, value in earlier.details.items() if name != "restored"}
        await self._write(earlier.what, earlier.subject, {**details, "restored": change_id}, staff)

    async def topics(self) -> list[dict[str, Any]]:
        """All there are, by name: as they came, as they were written here, and as they are said."""
        async with self._db.read() as session:
            edits = {each.subject: each for each in await store.latest_topics(session)}
            names = await self._people.staff_names(session)
        said = knowledge_of(self._business, edits={key: edit_of(each.details) for key, each in edits.items()}).topics
        keys = sorted({*self._packaged.topics, *edits})
        return [self._topic_json(key, self._packaged.topics.get(key), edits.get(key), said, names) for key in keys]

    async def topic_history(self, key: str) -> list[dict[str, Any]]:
        async with self._db.read() as session:
            found = await store.changes(session, HISTORY, what=TOPIC, subject=key)
            names = await self._people.staff_names(session)
        return [_change_json(each, names) for each in found]

    def preview(self, key: str, edit: TopicEdit) -> str | None:
        """What would be said; None where the house lacks a fact that it names. Raises ``Invalid``."""
        edit = self._checked(key, edit)
        topic = self._packaged.topics.get(key)
        if edit.text is None:
            return topic.text if topic is not None else None
        facts = facts_of(self._business)
        return edit.text.format_map(facts) if complete(edit.text, facts) else None

    async def set_topic(self, key: str, edit: TopicEdit, staff: Staff) -> None:
        """Raises ``Invalid``."""
        edit = self._checked(key, edit)
        details = {"text": edit.text, "words": None if edit.words is None else list(edit.words), "on": edit.on}
        await self._write(TOPIC, key, details, staff)

    def _checked(self, key: str, edit: TopicEdit) -> TopicEdit:
        return checked_topic(key, edit, facts=facts_of(self._business), known=self._packaged.topics)

    async def _write(self, what: str, subject: str, details: dict[str, Any], staff: Staff) -> None:
        async with self._db.write() as tx:
            await store.alone(tx.session)
            await store.add_change(tx.session, what, subject, details, by=staff.id, at=self._clock.now())
        await self.follow()

    async def _stored(self, session: AsyncSession) -> Manner:
        latest = await store.latest(session, SETTINGS)
        topics = {each.subject: edit_of(each.details) for each in await store.latest_topics(session)}
        return manner_of(latest.details if latest is not None else {}, topics)

    def _topic_json(
        self,
        key: str,
        packaged: Topic | None,
        change: Change | None,
        said: Mapping[str, Topic],
        names: Mapping[str, str],
    ) -> dict[str, Any]:
        edit = edit_of(change.details) if change is not None else TopicEdit()
        words = edit.words if edit.words is not None else packaged.words if packaged is not None else ()
        return {
            "key": key,
            "on": edit.on,
            "said": said[key].text if key in said else None,
            "text": edit.text,
            "packaged": packaged.text if packaged is not None else None,
            "source": said[key].source if key in said else packaged.source if packaged is not None else "house",
            "words": list(words),
            "edited": change is not None and edit != TopicEdit(),
            "by": names.get(change.by) if change is not None else None,
            "at": change.at.isoformat() if change is not None else None,
        }


def edit_of(details: Mapping[str, Any]) -> TopicEdit:
    words = details.get("words")
    return TopicEdit(details.get("text"), None if words is None else tuple(words), bool(details.get("on", True)))


def _change_json(change: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": change.id, "subject": change.subject, "details": change.details, "by": names.get(change.by),
        "at": change.at.isoformat(),
    }  # fmt: skip
