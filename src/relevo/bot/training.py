"""Teaching the assistant: staff say what a message meant, and a training that made nothing worse goes live.

Texts are kept without anything that says whose they were. Learning happens outside this process and outside any
transaction; every process takes up what is live by looking at the latest row that says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bot import training_store as store
from relevo.bot.ports import Pupil
from relevo.bot.rules.masking import masked
from relevo.bot.rules.teaching import example_key, learned_json, refusal, says_something, told_of
from relevo.bot.training_store import SKIPPED, TAUGHT, VERSION, Change, Doubtful, Example, Version
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound, ProviderError
from relevo.kit.ids import Ids
from relevo.kit.work import Job, Work
from relevo.people.rules import Staff
from relevo.people.service import People

_log = log.get("bot.training")

STUDY = "assistant.study"
"""Job: one training. Payload: ``version_id``."""
LOOK_BACK = timedelta(days=60)
MOST_TRAINING = timedelta(minutes=30)
"""A training that is not done by then is not under way any more."""
PACKAGED = "packaged"
"""The subject of a change back to what came with the product."""
TRAINING, READY, REFUSED, FAILED = "training", "ready", "refused", "failed"
PAGE = 40
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Phrase:
    """A turn to look at, without what says whose it was. ``meant``: what the customer picked when asked."""

    turn: Doubtful
    text: str
    likely: tuple[tuple[str, float], ...]
    """What it is taken for now."""
    meant: str | None
    others: int
    """Further turns on the page that say the same."""


class Training:
    def __init__(self, db: Database, work: Work, people: People, pupil: Pupil, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._pupil = pupil
        self._clock = clock
        self._ids = ids
        self._following = asyncio.Lock()

    @property
    def intents(self) -> tuple[str, ...]:
        return self._pupil.intents

    async def doubtful(
        self, *, below: float, before: tuple[datetime, str] | None = None, limit: int = PAGE
    ) -> tuple[list[Phrase], tuple[datetime, str] | None]:
        """Turns that nobody has judged, the latest first and the same only once; and where the next page begins."""
        async with self._db.read() as session:
            since = self._clock.now() - LOOK_BACK
            turns = await store.doubtful(session, since=since, below=below, before=before, limit=limit)
            meant = await store.meant_after(session, turns)
            people = await self._people.get_many(session, [turn.person_id for turn in turns])
        names = {id_: [name for name in (person.name, person.profile_name) if name] for id_, person in people.items()}
        phrases = await asyncio.to_thread(self._phrases, turns, meant, names)
        more = (turns[-1].at, turns[-1].id) if len(turns) == limit else None
        return phrases, more

    def _phrases(
        self, turns: Sequence[Doubtful], meant: Mapping[str, str], names: Mapping[str, list[str]]
    ) -> list[Phrase]:
        found: dict[str, Phrase] = {}
        for turn in turns:
            text = masked(turn.message, self._pupil.is_name, names.get(turn.person_id, ()))
            key = example_key(text)
            if not says_something(text):
                continue
            if key in found:
                first = found[key]
                found[key] = Phrase(first.turn, first.text, first.likely, first.meant, first.others + 1)
                continue
            likely = tuple(self._pupil.ranked(turn.message))
            found[key] = Phrase(turn, text, likely, meant.get(turn.id), 0)
        return list(found.values())

    async def teach(
        self,
        staff: Staff,
        *,
        intent: str | None,
        text: str | None = None,
        interaction_id: str | None = None,
        replace: bool = False,
    ) -> tuple[Example, Mapping[str, str] | None]:
        """A text of theirs, or the message of a turn; without an intent the turn is only put aside. Answers what is
        kept, and what the packaged examples say of it. Raises ``Conflict`` (``taught_already``; ``taught_otherwise``
        unless ``replace``), ``Invalid``, ``NotFound``."""
        if intent is not None and intent not in self._pupil.intents:
            raise Invalid("no_intent")
        turn, names = await self._turn(interaction_id)
        words = turn.message if turn is not None else text or ""
        kept = await asyncio.to_thread(masked, words, self._pupil.is_name, names)
        if not says_something(kept):
            raise Invalid("nothing_to_teach")
        now, key = self._clock.now(), example_key(kept)
        example = Example(
            self._ids.new("exa"), kept if intent else "", key, intent, turn.intent if turn is not None else None,
            interaction_id, TAUGHT if intent else SKIPPED, staff.id, now,
        )  # fmt: skip
        try:
            async with self._db.write() as tx:
                await self._make_room(tx, example, staff, now, replace=replace)
                await store.add_example(tx.session, example)
        except IntegrityError:
            raise Conflict("taught_already") from None
        return example, told_of(await asyncio.to_thread(self._pupil.known, kept), intent)

    async def _turn(self, interaction_id: str | None) -> tuple[Doubtful | None, list[str]]:
        if interaction_id is None:
            return None, []
        async with self._db.read() as session:
            turn = await store.turn(session, interaction_id)
            if turn is None:
                raise NotFound("no_interaction")
            if not turn.message:
                # Its time was over, or the customer wanted it forgotten.
                raise NotFound("interaction_forgotten")
            person = await self._people.get(session, turn.person_id)
        known = (person.name, person.profile_name) if person is not None else ()
        return turn, [name for name in known if name]

    async def _make_room(self, tx: Tx, example: Example, staff: Staff, now: datetime, *, replace: bool) -> None:
        await store.alone(tx.session)
        if example.interaction_id is not None:
            # A second look at the same turn corrects the first one.
            earlier = await store.of_turn(tx.session, example.interaction_id)
            if earlier is not None:
                await store.withdraw(tx.session, earlier.id, by=staff.id, at=now)
        same = await store.standing(tx.session, example.key) if example.intent is not None else None
        if same is None:
            return
        if same.intent == example.intent:
            raise Conflict("taught_already")
        if not replace:
            raise Conflict("taught_otherwise", intent=same.intent or "")
        await store.withdraw(tx.session, same.id, by=staff.id, at=now)

    async def withdraw(self, example_id: str, staff: Staff) -> None:
        """Taken back, also by whoever did not teach it. Raises ``NotFound``."""
        async with self._db.write() as tx:
            if not await store.withdraw(tx.session, example_id, by=staff.id, at=self._clock.now()):
                raise NotFound("no_example")

    async def examples(self, limit: int = MOST_LISTED) -> list[Example]:
        async with self._db.read() as session:
            return await store.latest_examples(session, limit)

    async def begin(self, staff: Staff) -> Version:
        """Promise a training of all that is taught now. Raises ``Conflict``: one is under way, or nothing is new."""
        now = self._clock.now()
        async with self._db.write() as tx:
            await store.alone(tx.session)
            last = await store.versions(tx.session, 1)
            if last and is_running(last[0], now):
                raise Conflict("training_running")
            ids = [example.id for example in await store.taught(tx.session)]
            live = await self._live(tx)
            if set(ids) == set(live.examples if live else ()):
                raise Conflict("nothing_new_to_learn")
            version_id = self._ids.new("ver")
            await store.add_version(tx.session, version_id, ids, by=staff.id, at=now)
            version = await store.version(tx.session, version_id)
            await self._work.promise(tx, STUDY, key=f"study:{version_id}", payload={"version_id": version_id})
        assert version is not None
        return version

    async def study_job(self, job: Job) -> None:
        version_id = str(job.payload["version_id"])
        async with self._db.read() as session:
            version = await store.version(session, version_id)
            if version is None or version.state != TRAINING:
                return
            taught = _pairs(await store.examples(session, version.examples))
            live = await self._live_in(session)
            before = _pairs(await store.examples(session, live.examples)) if live else []

        async def told(step: str) -> None:
            async with self._db.write() as tx:
                await store.set_version(tx.session, version_id, step=step)

        try:
            learned = await self._pupil.study(taught, before, told)
        except ProviderError as error:
            await self._ended(version, FAILED, error=error.code)
            return
        why = refusal(learned)
        _log.info("trained", version=version.number, examples=len(taught), refused=why)
        state = REFUSED if why else READY
        await self._ended(version, state, error=why, figures=learned_json(learned), was_live=live)
        await self.follow()

    async def _ended(
        self,
        version: Version,
        state: str,
        *,
        error: str | None = None,
        figures: dict[str, Any] | None = None,
        was_live: Version | None = None,
    ) -> None:
        now, before = self._clock.now(), was_live.id if was_live else PACKAGED
        async with self._db.write() as tx:
            await store.alone(tx.session)
            live = await self._live(tx)
            if state == READY and (live.id if live else PACKAGED) != before:
                # Somebody went back to another version meanwhile: it waits until they want it.
                error = "overtaken"
            await store.set_version(
                tx.session, version.id, state=state, step=None, error=error, figures=figures, done_at=now
            )
            if state == READY and error is None:
                details = {"before": before, "why": "trained", "number": version.number}
                await store.add_change(tx.session, VERSION, version.id, details, by=version.by, at=now)

    async def put_live(self, version_id: str, staff: Staff) -> None:
        """Go to an earlier version, or to a later one again; ``packaged`` is the one that came with the product. Raises
        ``NotFound``, ``Conflict``."""
        async with self._db.write() as tx:
            await store.alone(tx.session)
            version = await store.version(tx.session, version_id) if version_id != PACKAGED else None
            if version_id != PACKAGED and (version is None or version.state != READY):
                raise NotFound("no_version")
            live = await self._live(tx)
            before = live.id if live else PACKAGED
            if before == version_id:
                raise Conflict("version_is_live")
            details = {"before": before, "why": "chosen", "number": version.number if version else 0}
            await store.add_change(tx.session, VERSION, version_id, details, by=staff.id, at=self._clock.now())
        await self.follow()

    async def state(self) -> dict[str, Any]:
        """All that the console shows of trainings."""
        now = self._clock.now()
        async with self._db.read() as session:
            versions = await store.versions(session, 20)
            live = await self._live_in(session)
            taught = await store.taught(session)
            names = await self._people.staff_names(session)
            history = await store.changes(session, 20, what=VERSION)
        known, standing = set(live.examples if live else ()), {example.id for example in taught}
        running = bool(versions) and is_running(versions[0], now)
        return {
            "live": live.id if live else PACKAGED,
            "taught": len(taught),
            "new": len(standing - known),
            "gone": len(known - standing),
            "running": running,
            "versions": [_version_json(each, names, now) for each in versions],
            "history": [_change_json(each, names) for each in history],
        }

    async def follow(self) -> None:
        """Take up what is live, whoever put it there. Raises ``NotReady`` where it cannot be had now."""
        async with self._following:
            async with self._db.read() as session:
                live = await self._live_in(session)
                taught = _pairs(await store.examples(session, live.examples)) if live else []
            await self._pupil.use(taught)

    async def _live(self, tx: Tx) -> Version | None:
        return await self._live_in(tx.session)

    async def _live_in(self, session: AsyncSession) -> Version | None:
        latest = await store.latest(session, VERSION)
        return await store.version(session, latest.subject) if latest and latest.subject != PACKAGED else None


def is_running(version: Version, now: datetime) -> bool:
    return version.state == TRAINING and now - version.at < MOST_TRAINING


def _pairs(examples: Sequence[Example]) -> list[tuple[str, str]]:
    return [(example.text, example.intent) for example in examples if example.intent is not None]


def _version_json(version: Version, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    lost = version.state == TRAINING and not is_running(version, now)
    return {
        "id": version.id, "number": version.number, "state": FAILED if lost else version.state, "step": version.step,
        "examples": len(version.examples), "figures": version.figures,
        "error": "training_stopped" if lost else version.error, "by": names.get(version.by),
        "at": version.at.isoformat(), "done_at": version.done_at.isoformat() if version.done_at else None,
    }  # fmt: skip


def _change_json(change: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": change.id, "subject": change.subject, "details": change.details, "by": names.get(change.by),
        "at": change.at.isoformat(),
    }  # fmt: skip
