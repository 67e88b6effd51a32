"""The embedded PMS: a business described in one JSON file, its reservations in two small tables of its own.

It serves the demo and houses without a PMS; it keeps to the same port and contract suite as the real ones.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from relevo.bookings.rules import Booking, Business, RoomType, Season, nights_of
from relevo.kit.db import Base, Database
from relevo.kit.errors import Conflict, Misconfigured
from relevo.kit.money import Money


class Settings(BaseModel):
    """Where the business is described; empty for the demo hotel."""

    model_config = ConfigDict(extra="forbid")
    file: Path | None = None


class ReservationRow(Base):
    __tablename__ = "pms_reservation"

    number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    room: Mapped[str] = mapped_column(String(12))
    check_in: Mapped[date]
    check_out: Mapped[date]
    guest_name: Mapped[str | None] = mapped_column(String(120))


class ReservedNightRow(Base):
    """A sold night; unique, so that the embedded PMS itself cannot sell one twice."""

    __tablename__ = "pms_reserved_night"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("pms_reservation.number", ondelete="CASCADE"), index=True)
    room: Mapped[str] = mapped_column(String(12))
    night: Mapped[date]

    __table_args__ = (UniqueConstraint("room", "night"),)


class _Type(BaseModel):
    code: str
    name: str
    capacity: int
    rooms: list[str]
    price_per_night: int


class _House(BaseModel):
    """The file's shape."""

    name: str
    city: str
    timezone: str
    currency: str
    locale: str
    phone: str
    email: str
    check_in: str
    check_out: str
    deposit_percent: int
    hold_minutes: int
    hold_extensions: int
    code_prefix: str = "RL"
    bank: dict[str, str]
    room_types: list[_Type]
    seasons: list[dict[str, Any]]
    policies: dict[str, str]
    services: dict[str, str]


class Embedded:
    name = "embedded"

    def __init__(self, settings: Settings, db: Database) -> None:
        self._settings = settings
        self._db = db

    async def business(self) -> Business:
        return read_business(self._settings.file)

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        query = select(ReservedNightRow.room, ReservedNightRow.night).where(
            ReservedNightRow.night >= check_in, ReservedNightRow.night < check_out
        )
        nights: defaultdict[str, set[date]] = defaultdict(set)
        async with self._db.read() as session:
            for room, night in await session.execute(query):
                nights[room].add(night)
        return {room: frozenset(found) for room, found in nights.items()}

    async def book(self, booking: Booking) -> str:
        async with self._db.write() as tx:
            known = (
                await tx.session.execute(select(ReservationRow.number).where(ReservationRow.code == booking.code))
            ).scalar_one_or_none()
            if known is not None:
                return str(known)
            nights = nights_of(booking.check_in, booking.check_out)
            sold = select(ReservedNightRow.id).where(
                ReservedNightRow.room == booking.room_number, ReservedNightRow.night.in_(nights)
            )
            if (await tx.session.execute(sold)).first() is not None:
                raise Conflict("no_room", room_type=booking.type_name)
            row = ReservationRow(
                code=booking.code, room=booking.room_number, check_in=booking.check_in,
                check_out=booking.check_out, guest_name=booking.guest_name,
            )  # fmt: skip
            tx.session.add(row)
            await tx.session.flush()
            tx.session.add_all(
                [ReservedNightRow(number=row.number, room=booking.room_number, night=night) for night in nights]
            )
            return str(row.number)

    async def find(self, code: str) -> str | None:
        async with self._db.read() as session:
            query = select(ReservationRow.number).where(ReservationRow.code == code)
            number = (await session.execute(query)).scalar_one_or_none()
        return None if number is None else str(number)

    async def cancel(self, code: str) -> bool:
        async with self._db.write() as tx:
            gone = await tx.session.execute(
                delete(ReservationRow).where(ReservationRow.code == code).returning(ReservationRow.number)
            )
            return gone.first() is not None


def read_business(file: Path | None) -> Business:
    """The business in a file of the demo hotel's shape. Raises ``Misconfigured`` if it is not readable."""
    try:
        text = (
            file.read_text(encoding="utf-8")
            if file
            else resources.files("relevo").joinpath("data/demo_hotel.json").read_text(encoding="utf-8")
        )
        house = _House.model_validate(json.loads(text))
        return Business(
            name=house.name,
            city=house.city,
            timezone=ZoneInfo(house.timezone),
            currency=house.currency,
            locale=house.locale,
            phone=house.phone,
            email=house.email,
            check_in=house.check_in,
            check_out=house.check_out,
            deposit_percent=house.deposit_percent,
            hold_minutes=house.hold_minutes,
            hold_extensions=house.hold_extensions,
            code_prefix=house.code_prefix,
            bank=house.bank,
            room_types=tuple(
                RoomType(
                    each.code, each.name, each.capacity, tuple(each.rooms), Money(each.price_per_night, house.currency)
                )
                for each in house.room_types
            ),
            seasons=tuple(_season(each) for each in house.seasons),
            policies=house.policies,
            services=house.services,
        )
    except (OSError, ValueError, KeyError, ValidationError) as error:
        raise Misconfigured("hotel_file", file=str(file)) from error


def _season(facts: Mapping[str, Any]) -> Season:
    percent = int(facts["multiplier_percent"])
    if "from" not in facts:
        return Season(str(facts["name"]), percent)
    return Season(str(facts["name"]), percent, _month_day(facts["from"]), _month_day(facts["to"]))


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
