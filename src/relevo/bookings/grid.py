"""The grid of availability: rooms by nights, who is there, what a night costs, and how fresh all that is.

The PMS is asked twice at most for the whole picture (who is where, what it costs), never inside a transaction, and not
again within seconds, however many screens look. Where it does not answer in time, what was known of it last is shown
with its hour and nothing may be sold from it. It never changes anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from relevo.bookings import grid_store, rules
from relevo.bookings.ports import Pms, Reservation
from relevo.bookings.rules import Business, RoomType
from relevo.bookings.rules import grid as drawing
from relevo.bookings.rules.grid import Stay, Total, What
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import ProviderError
from relevo.kit.money import Money

_log = log.get("bookings.grid")

KEPT = timedelta(seconds=5)
"""How long an answer of the PMS serves for the same window."""
REST = timedelta(seconds=10)
"""How long a PMS that did not answer is left in peace."""
PATIENCE = 4.0


@dataclass(frozen=True, slots=True)
class _Answer:
    at: datetime
    stays: tuple[Reservation, ...]
    prices: Mapping[str, Money] | None


class Grid:
    def __init__(
        self,
        db: Database,
        pms: Pms,
        business: Business,
        clock: Clock,
        is_holiday: Callable[[date], bool],
        selling: Callable[[], Awaitable[bool]],
        *,
        patience: float = PATIENCE,
    ) -> None:
        """``patience``: seconds that a PMS may take to answer."""
        self._db = db
        self._pms = pms
        self.business = business
        self._clock = clock
        self._is_holiday = is_holiday
        self._selling = selling
        self._patience = patience
        self._answers: dict[tuple[date, date], _Answer] = {}
        self._failed_at: datetime | None = None
        self._asking = asyncio.Lock()
        self._closed: set[tuple[str, date]] = set()
        """Nights out of service, as they were told last: the mirror does not keep them."""

    async def look(self, first: date, nights: int) -> dict[str, Any]:
        """The ``Grid`` of docs/api.md. Raises ``Invalid``."""
        today = self.business.today(self._clock.now())
        drawing.check_window(first, nights, today)
        last = first + timedelta(days=nights)
        answer = await self._ask(first, last)
        async with self._db.read() as session:
            now = self._clock.now()
            written = await grid_store.written(session, first, last, now)
        if answer is not None:
            self._remember(first, last, answer)
            beside = answer.stays
        else:
            closed = {each for each in self._closed if first <= each[1] < last}
            beside = tuple(drawing.mirrored(written.nights, written.bookings.keys(), closed))
        stays = drawing.picture(first, last, written.nights, written.bookings, beside)
        as_of = answer.at if answer is not None else written.asked_until
        state = "ok" if answer is not None else "away" if as_of is not None else "never"
        return {
            "from": first.isoformat(),
            "nights": nights,
            "today": today.isoformat(),
            "as_of": _moment(as_of) if as_of is not None else None,
            "pms": state,
            "read_only": answer is None or not await self._selling(),
            "holidays": [night.isoformat() for night in rules.nights_of(first, last) if self._is_holiday(night)],
            "types": [self._type(kind, first, last, stays, answer) for kind in self.business.room_types],
            "totals": _totals(drawing.totals(self._rooms(), first, last, stays)),
        }

    async def _ask(self, first: date, last: date) -> _Answer | None:
        """None where the PMS does not answer."""
        async with self._asking:
            now = self._clock.now()
            known = self._answers.get((first, last))
            if known is not None and now - known.at < KEPT:
                return known
            if self._failed_at is not None and now - self._failed_at < REST:
                return None
            try:
                async with asyncio.timeout(self._patience):
                    stays, prices = await asyncio.gather(self._pms.stays(first, last), self._pms.prices(first, last))
            except (ProviderError, TimeoutError) as error:
                _log.warning("the PMS did not answer the grid", why=getattr(error, "code", "timeout"))
                self._failed_at = now
                return None
            self._failed_at = None
            answer = _Answer(now, stays, prices)
            self._answers = {key: each for key, each in self._answers.items() if now - each.at < KEPT}
            self._answers[first, last] = answer
            return answer

    def _remember(self, first: date, last: date, answer: _Answer) -> None:
        today = self.business.today(answer.at)
        kept = {each for each in self._closed if each[1] >= today and not first <= each[1] < last}
        self._closed = kept | {
            (each.room, night)
            for each in answer.stays
            if not each.number
            for night in rules.nights_of(max(each.check_in, first), min(each.check_out, last))
        }

    def _rooms(self) -> list[str]:
        return [room for kind in self.business.room_types for room in kind.rooms]

    def _type(
        self, kind: RoomType, first: date, last: date, stays: list[Stay], answer: _Answer | None
    ) -> dict[str, Any]:
        nights = rules.nights_of(first, last)
        told = answer.prices if answer is not None else None
        average = drawing.averages([kind], told, len(nights)).get(kind.code) if told is not None else None
        prices = [average or rules.night_price(self.business, kind, night) for night in nights]
        shown: dict[str, list[dict[str, Any]]] = {room: [] for room in kind.rooms}
        for stay in stays:
            if stay.room in shown:
                shown[stay.room].append(self._stay(stay))
        return {
            "code": kind.code,
            "name": kind.name,
            "capacity": kind.capacity,
            "currency": self.business.currency,
            "prices": [price.amount for price in prices],
            "price_is": "average" if average is not None else "night",
            "totals": _totals(drawing.totals(kind.rooms, first, last, stays)),
            "rooms": [{"number": room, "stays": bars} for room, bars in shown.items()],
        }

    def _stay(self, stay: Stay) -> dict[str, Any]:
        booking = stay.booking
        bar: dict[str, Any] = {
            "first": stay.first.isoformat(),
            "nights": (stay.last - stay.first).days,
            "what": stay.what.value,
            "check_in": stay.check_in.isoformat(),
            "check_out": stay.check_out.isoformat(),
            "code": stay.code,
            "pms_number": stay.number if stay.number != "?" else None,
            "contested": stay.contested,
        }
        if booking is None:
            return bar
        held = stay.what is What.HOLD or booking.status is rules.BookingStatus.HOLD
        return {
            **bar,
            "guest_name": booking.guest_name,
            "guests": booking.guests,
            "status": booking.status.value,
            "deposit_status": booking.deposit_status.value,
            "deposit": {"amount": booking.deposit.amount, "currency": booking.deposit.currency},
            "hold_expires_at": _moment(booking.hold_expires_at) if held else None,
            "conversation_id": booking.conversation_id,
        }


def _totals(found: list[Total]) -> list[dict[str, Any]]:
    return [
        {
            "night": each.night.isoformat(), "rooms": each.rooms, "sold": each.sold, "held": each.held,
            "closed": each.closed, "free": each.free, "percent": each.percent,
        }
        for each in found
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
