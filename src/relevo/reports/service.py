"""Use cases of the reports: what a period came to, beside the one before it, and what each figure is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.kit.audit import noted
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid
from relevo.kit.work import Job, Work
from relevo.people.rules import Staff
from relevo.people.service import People
from relevo.reports import costs, facts_store, price_store, rules
from relevo.reports.costs import METERS, MOST, Price, Use
from relevo.reports.rolling import Rolling
from relevo.reports.rules import FIGURES, LONGEST, DaySum, Fact, Figure, Unit
from relevo.texts import Texts

ROLL = "reports.roll"
"""Job: add up the days that are over. One per hour."""
STANDING = ("deposits_pending", "deposits_money")
"""What stands now, of no period."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, as it was found."""

    by_day: Sequence[DaySum]
    by_channel: Sequence[DaySum]
    use: Sequence[costs.Priced]


class Reports:
    def __init__(
        self, db: Database, work: Work, people: People, clock: Clock, texts: Texts, rolling: Rolling, currency: str
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._clock = clock
        self._texts = texts
        self._rolling = rolling
        self._currency = currency

    def today(self) -> date:
        return self._rolling.today()

    async def promise(self, *, soon: bool = False) -> None:
        """The next hour's adding up, unless it is promised already; ``soon``: there is more to do at once."""
        now = self._clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        due, key = (now, f"{ROLL}:{now.isoformat()}") if soon else (hour, f"{ROLL}:{hour.isoformat()}")
        async with self._db.write() as tx:
            await self._work.promise(tx, ROLL, key=key, run_at=due)

    async def roll_job(self, _job: Job) -> None:
        await self.promise()
        if await self._rolling.roll():
            await self.promise(soon=True)

    async def report(
        self,
        since: date,
        until: date,
        *,
        channel: str | None = None,
        staff_id: str | None = None,
        compare: bool = True,
    ) -> dict[str, Any]:
        """Every figure of the period, by day, with the period before it and the same days a year ago. Raises
        ``Invalid("bad_period")``."""
        check(since, until)
        earlier, last_year = rules.before(since, until), rules.year_before(since, until)
        async with self._db.read() as session:
            prices = await price_store.every(session)
            found = await self._asked(session, since, until, channel, staff_id, prices, apart=True)
            past = [
                await self._asked(session, *each, channel, staff_id, prices)
                for each in ((earlier, last_year) if compare else ())
            ]
            pending = await facts_store.deposits(session)
        days = rules.days_of(since, until)
        by_day = rules.grouped(found.by_day, lambda each: each.day)
        sums = rules.added(found.by_day)
        before, year = ([rules.added(each.by_day) for each in past]) if compare else ({}, {})
        return {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "before": [each.isoformat() for each in earlier] if compare else None,
            "last_year": [each.isoformat() for each in last_year] if compare else None,
            "as_of": iso(self._clock.now()),
            "currency": self._currency,
            "days": [day.isoformat() for day in days],
            "figures": [
                self.described(figure)
                | {
                    "value": rules.value(figure, sums),
                    "before": rules.value(figure, before) if compare and before else None,
                    "last_year": rules.value(figure, year) if compare and year else None,
                    "series": [rules.value(figure, by_day.get(day, {})) for day in days],
                }
                for figure in FIGURES
            ],
            "standing": [
                self.named(key, unit) | {"value": value}
                for key, unit, value in zip(STANDING, (Unit.COUNT, Unit.MONEY), pending, strict=True)
            ],
            "channels": _split(found.by_channel, lambda each: each.channel),
            "costs": self._parts(costs.parts(found.use)),
        }

    async def _asked(
        self, session: AsyncSession, since: date, until: date, channel: str | None, staff_id: str | None,
        prices: Sequence[Price], *, apart: bool = False,
    ) -> Asked:  # fmt: skip
        fresh = await self._rolling.fresh(session, since, until)

        async def by(*names: str, facts: Collection[Fact] | None = None) -> list[DaySum]:
            found = await self._rolling.sums(
                session, since, until, fresh, by=names, channel=channel, staff_id=staff_id, facts=facts
            )  # fmt: skip
            # Whoever asks for a channel or somebody's own has no share of the house's rooms.
            return found if channel is None and staff_id is None else [e for e in found if e.fact is not Fact.ROOMS]

        use = costs.priced(await by("day", "channel", facts=costs.FACTS), prices)
        cost = costs.as_sums(use)
        days = await by("day") if apart else await by()
        return Asked([*days, *cost], [*await by("channel"), *cost] if apart else [], use)

    async def of_staff(self, since: date, until: date) -> dict[str, Any]:
        """What each member of staff did in the period."""
        check(since, until)
        async with self._db.read() as session:
            fresh = await self._rolling.fresh(session, since, until)
            found = await self._rolling.sums(
                session, since, until, fresh, by=("staff_id",), channel=None, staff_id=None
            )  # fmt: skip
            names = await self._people.staff_names(session)
        mine = _split([each for each in found if each.staff_id], lambda each: each.staff_id)
        return {"items": [each | {"name": names.get(each["key"], each["key"])} for each in mine]}

    def _parts(self, parts: Sequence[costs.Part]) -> list[dict[str, Any]]:
        return [
            {
                "key": part.use.value,
                "name": self._texts.here.say(f"reports.use.{part.use.value}"),
                "unit": self._texts.here.say(f"reports.unit.{part.use.value}"),
                "amount": round(part.amount, 2),
                "cost": part.cost,
                "missing": part.missing,
                "list": METERS[part.use].list,
            }
            for part in parts
        ]

    async def prices(self) -> dict[str, Any]:
        """What each use costs now, and what it cost before, latest first."""
        today = self.today()
        async with self._db.read() as session:
            said = await price_store.every(session)
            names = await self._people.staff_names(session)
        return {
            "currency": self._currency,
            "scale": 10_000,
            "items": [
                {
                    "key": use.value,
                    "name": self._texts.here.say(f"reports.use.{use.value}"),
                    "unit": self._texts.here.say(f"reports.unit.{use.value}"),
                    "amount": costs.in_force(said, use, today),
                    "history": [
                        {
                            "amount": each.amount,
                            "since": each.since.isoformat(),
                            "by": names.get(each.by, each.by),
                            "at": iso(each.at),
                        }
                        for each in reversed(said)
                        if each.use is use
                    ],
                }
                for use in Use
            ],
        }

    async def set_price(self, use: Use, amount: int | None, since: date | None, *, by: Staff) -> dict[str, Any]:
        """From ``since`` (today) on; None: it is not known any more. Raises ``Invalid("bad_price")``."""
        since, now = since or self.today(), self._clock.now()
        if amount is not None and not 0 <= amount <= MOST or not rules.is_period(since, since):
            raise Invalid("bad_price")
        async with self._db.write() as tx:
            await price_store.add(tx.session, use, amount, since, by=by.id, at=now)
            details = {"amount": amount, "since": since.isoformat()}
            await noted(tx, "price_set", use.value, by=by.id, at=now, details=details)
        return await self.prices()

    def described(self, figure: Figure) -> dict[str, Any]:
        return self.named(figure.key, figure.unit, figure.good)

    def named(self, key: str, unit: Unit, good: int = 0) -> dict[str, Any]:
        """Name and definition, as they are shown beside the number."""
        return {
            "key": key,
            "name": self._texts.here.say(f"reports.{key}.name"),
            "definition": self._texts.here.say(f"reports.{key}.definition"),
            "unit": unit.value,
            "currency": self._currency if unit is Unit.MONEY else None,
            "good": good,
        }


def _split(found: Iterable[DaySum], by: Callable[[DaySum], str]) -> list[dict[str, Any]]:
    return [
        {"key": key, "values": {figure.key: rules.value(figure, sums) for figure in FIGURES}}
        for key, sums in sorted(rules.grouped(list(found), by).items())
        if key
    ]


def check(since: date, until: date) -> None:
    if not rules.is_period(since, until):
        raise Invalid("bad_period", days=LONGEST)
