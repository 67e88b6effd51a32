"""Setting the desk up: teams, hours, queues with their results, what agents can, canned replies.

Whoever calls has been asked whether they may. Every change looks at everything that waits once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.desk import hours as hours_rules
from relevo.desk import queue_rules, queue_store
from relevo.desk.floor import Floors
from relevo.desk.hours import is_open, opens_at
from relevo.desk.queue_rules import CAPACITY, CHANNELS, Profile, Queue, Result, Team
from relevo.desk.queue_store import Canned, Hours
from relevo.desk.queues import Queues
from relevo.desk.results import result_json
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.people.events import StandingChanged
from relevo.people.rules import WHOLE, Action, Staff, may
from relevo.people.service import People
from relevo.texts import Texts

MAX_CANNED = 2_000
MAX_CLOSED = 500
MOST_RESULTS = 50


@dataclass(slots=True)
class Administration:
    db: Database
    people: People
    floors: Floors
    queues: Queues
    clock: Clock
    ids: Ids
    texts: Texts

    async def json(self, session: AsyncSession, viewer: Staff | None = None) -> dict[str, Any]:
        """Everything that is set up, for those who set it up and those who look at it, as far as it is theirs."""
        scope = viewer.scope if viewer is not None else WHOLE
        setup = await self.floors.setup(session)
        results = await queue_store.results(session)
        profiles = await queue_store.profiles(session)
        now = self.clock.now()
        staff = [each for each in await self.people.all_staff(session) if may(each, Action.ANSWER)]
        return {
            "teams": [_team_json(each) for each in await queue_store.teams(session) if scope.allows([each.id])],
            "hours": [self._hours_json(each, now) for each in await queue_store.all_hours(session)],
            "queues": [
                {
                    **queue_json(each),
                    "open": setup.is_open(each.id, now),
                    "results": [result_json(result) for result in results.get(each.id, [])],
                }
                for each in setup.queues.values()
                if scope.whole or each.id in scope.queues
            ],
            "agents": [
                {
                    "id": each.id,
                    "name": each.name,
                    "role": each.role.value,
                    **profile_json(profiles.get(each.id, Profile(each.id))),
                }
                for each in staff
                if scope.whole or each.id in scope.colleagues
            ],
            "channels": list(CHANNELS),
            "reasons": self._reasons(),
            "capacity": dict(CAPACITY),
            "zone": str(self.floors.zone),
        }

    async def put_team(self, team_id: str | None, name: str, members: Mapping[str, bool]) -> str:
        async with self.db.write() as tx:
            if team_id is not None and team_id not in {each.id for each in await queue_store.teams(tx.session)}:
                raise NotFound("no_team")
            known = {each.id for each in await self.people.all_staff(tx.session)}
            if not members.keys() <= known:
                raise NotFound("no_colleague")
            team = Team(team_id or self.ids.new("tem"), queue_rules.clean_name(name), dict(members))
            with _one_name():
                await queue_store.put_team(tx.session, team, self.clock.now())
            await tx.publish(StandingChanged(None))
            await self.queues.give_out(tx)
            return team.id

    async def drop_team(self, team_id: str) -> None:
        """Queues that had only this one are everybody's then, so it must be taken from them first."""
        async with self.db.write() as tx:
            serves = [each.name for each in await queue_store.queues(tx.session) if team_id in each.teams]
            if serves:
                raise Conflict("team_in_use", queues=", ".join(serves))
            if not await queue_store.drop_team(tx.session, team_id):
                raise NotFound("no_team")
            await tx.publish(StandingChanged(None))

    async def put_hours(self, hours: Hours) -> str:
        """``id`` empty: new ones."""
        hours_rules.check_windows(hours.windows)
        if hours.country is not None:
            hours_rules.check_country(hours.country, hours.region)
        async with self.db.write() as tx:
            if hours.id and hours.id not in {each.id for each in await queue_store.all_hours(tx.session)}:
                raise NotFound("no_hours")
            kept = replace(hours, id=hours.id or self.ids.new("hrs"), name=queue_rules.clean_name(hours.name))
            with _one_name():
                await queue_store.put_hours(tx.session, kept, self.clock.now())
            await self.queues.give_out(tx)
            return kept.id

    async def drop_hours(self, hours_id: str) -> None:
        async with self.db.write() as tx:
            keeps = [each.name for each in await queue_store.queues(tx.session) if each.hours_id == hours_id]
            if keeps:
                raise Conflict("hours_in_use", queues=", ".join(keeps))
            if not await queue_store.drop_hours(tx.session, hours_id):
                raise NotFound("no_hours")

    async def put_queue(self, queue: Queue) -> str:
        """``id`` empty: a new one. A queue is switched off, never deleted: its figures stay."""
        queue_rules.check_queue(queue)
        targets = queue.targets
        clean = replace(
            queue,
            name=queue_rules.clean_name(queue.name),
            channels=queue_rules.clean_codes(queue.channels, of=CHANNELS),
            languages=queue_rules.clean_languages(queue.languages),
            reasons=queue_rules.clean_codes(queue.reasons),
            skills=queue_rules.clean_skills(queue.skills),
            capacity=queue_rules.clean_capacity(queue.capacity),
            targets=replace(
                targets,
                first=queue_rules.clean_seconds(targets.first),
                next=queue_rules.clean_seconds(targets.next),
                resolution=queue_rules.clean_seconds(targets.resolution),
            ),
            closed_answer=_clean_text(queue.closed_answer, MAX_CLOSED),
        )
        async with self.db.write() as tx:
            if clean.id and await queue_store.queue(tx.session, clean.id) is None:
                raise NotFound("no_queue")
            if not set(clean.teams) <= {each.id for each in await queue_store.teams(tx.session)}:
                raise NotFound("no_team")
            if clean.hours_id and clean.hours_id not in {each.id for each in await queue_store.all_hours(tx.session)}:
                raise NotFound("no_hours")
            kept = replace(clean, id=clean.id or self.ids.new("que"), hours_id=clean.hours_id or None)
            with _one_name():
                await queue_store.put_queue(tx.session, kept, self.clock.now())
            await tx.publish(StandingChanged(None))
            await self.queues.give_out(tx)
            return kept.id

    async def put_results(self, queue_id: str, items: Sequence[Result]) -> None:
        codes = queue_rules.clean_codes(each.code for each in items)
        if len(codes) != len(items) or len(items) > MOST_RESULTS:
            raise Invalid("bad_code")
        kept = [
            replace(each, code=code, name=queue_rules.clean_name(each.name))
            for each, code in zip(items, codes, strict=True)
        ]
        async with self.db.write() as tx:
            if await queue_store.queue(tx.session, queue_id) is None:
                raise NotFound("no_queue")
            await queue_store.put_results(tx.session, queue_id, kept)

    async def put_profile(self, profile: Profile) -> None:
        clean = Profile(
            profile.staff_id,
            queue_rules.clean_languages(profile.languages),
            queue_rules.clean_skills(profile.skills),
            queue_rules.clean_capacity(profile.capacity),
        )
        async with self.db.write() as tx:
            if profile.staff_id not in {each.id for each in await self.people.all_staff(tx.session)}:
                raise NotFound("no_colleague")
            await queue_store.put_profile(tx.session, clean, self.clock.now())
            await self.queues.give_out(tx)

    async def canned(self, session: AsyncSession) -> list[dict[str, Any]]:
        names = await self.people.staff_names(session)
        return [
            {
                "id": each.id,
                "shortcut": each.shortcut,
                "title": each.title,
                "text": each.text,
                "changed_by": names.get(each.changed_by),
                "changed_at": iso(each.changed_at),
            }
            for each in await queue_store.canned(session)
        ]

    async def put_canned(self, reply_id: str | None, shortcut: str, title: str, text: str, *, staff: Staff) -> str:
        kept = _clean_text(text, MAX_CANNED)
        if kept is None:
            raise Invalid("empty_text")
        async with self.db.write() as tx:
            if reply_id is not None and reply_id not in {each.id for each in await queue_store.canned(tx.session)}:
                raise NotFound("no_canned")
            reply = Canned(
                reply_id or self.ids.new("can"), queue_rules.clean_shortcut(shortcut), queue_rules.clean_name(title),
                kept, staff.id, self.clock.now(),
            )  # fmt: skip
            with _one_name():
                await queue_store.put_canned(tx.session, reply)
            return reply.id

    async def drop_canned(self, reply_id: str) -> None:
        async with self.db.write() as tx:
            if not await queue_store.drop_canned(tx.session, reply_id):
                raise NotFound("no_canned")

    def _reasons(self) -> list[dict[str, str]]:
        """Why a person may be needed, as a queue can name it."""
        begins = "conversations.reason."
        codes = sorted(key[len(begins) :] for key in self.texts.every_key() if key.startswith(begins))
        return [{"code": code, "name": self.texts.here.say(f"{begins}{code}")} for code in codes]

    def _hours_json(self, hours: Hours, now: datetime) -> dict[str, Any]:
        schedule = hours.schedule(self.floors.zone)
        return {
            "id": hours.id,
            "name": hours.name,
            "windows": [
                {"weekday": each.weekday, "opens": each.opens, "closes": each.closes} for each in hours.windows
            ],
            "country": hours.country,
            "region": hours.region,
            "closures": sorted(day.isoformat() for day in hours.closures),
            "open": is_open(schedule, now),
            "opens_at": iso(opens_at(schedule, now)),
        }


@contextmanager
def _one_name() -> Iterator[None]:
    """Two of a kind are not called the same."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict("name_taken") from error


def _clean_text(text: str | None, most: int) -> str | None:
    kept = "".join(char for char in text or "" if char == "\n" or char.isprintable()).strip()
    if len(kept) > most:
        raise Invalid("text_too_long", maximum=most)
    return kept or None


def _team_json(team: Team) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "members": [{"id": who, "lead": lead} for who, lead in team.members.items()],
    }


def profile_json(profile: Profile) -> dict[str, Any]:
    return {
        "languages": list(profile.languages),
        "skills": dict(profile.skills),
        "capacity": {**CAPACITY, **profile.capacity},
    }


def queue_json(queue: Queue) -> dict[str, Any]:
    return {
        "id": queue.id,
        "name": queue.name,
        "active": queue.active,
        "channels": list(queue.channels),
        "languages": list(queue.languages),
        "reasons": list(queue.reasons),
        "skills": dict(queue.skills),
        "priority": queue.priority,
        "mode": queue.mode.value,
        "offer_seconds": queue.offer_seconds,
        "capacity": dict(queue.capacity),
        "hours_id": queue.hours_id,
        "wrap_up_seconds": queue.wrap_up_seconds,
        "first_reply_seconds": queue.targets.first,
        "next_reply_seconds": queue.targets.next,
        "resolution_seconds": queue.targets.resolution,
        "closed_answer": queue.closed_answer,
        "closed_callback": queue.closed_callback,
        "result_required": queue.result_required,
        "teams": list(queue.teams),
    }
