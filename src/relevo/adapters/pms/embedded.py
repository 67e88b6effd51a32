"""The embedded PMS: a business described in one JSON file, its reservations in two small tables of its own.

It serves the demo and houses without a PMS; it keeps to the same port and contract suite as the real ones.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from relevo.bookings.ports import Changes, Reservation
from relevo.bookings.rules import Booking, Business, Loyalty, RoomType, Season, nights_of
from relevo.kit.db import Base, Database
from relevo.kit.errors import Conflict, Misconfigured
from relevo.kit.money import Money

_HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"


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
    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=80)
    capacity: int = Field(ge=1)
    rooms: list[Annotated[str, Field(min_length=1, max_length=12)]] = Field(min_length=1)
    price_per_night: int = Field(ge=0)
    pms_id: int | None = Field(None, ge=1)
    """Which room type of another PMS this one is."""
    deposit_percent: int | None = Field(None, ge=0, le=100)


class _Season(BaseModel):
    """Either from day to day of every year, or Holy Week by its rule."""

    name: str
    multiplier_percent: int = Field(ge=1)
    first: str | None = Field(None, alias="from")
    last: str | None = Field(None, alias="to")
    rule: Literal["Thursday before Easter to Easter Sunday"] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.rule is None) != (self.first is not None and self.last is not None):
            raise ValueError("a season has a rule, or a first and a last day")
        return self


class _Loyalty(BaseModel):
    stays: int = Field(ge=1)
    percent: int = Field(ge=1, le=100)
    text: str = Field(min_length=1)


class _House(BaseModel):
    """The file's shape."""

    name: str
    city: str
    timezone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    locale: str
    phone: str
    email: str
    check_in: str = Field(pattern=_HOUR)
    check_out: str = Field(pattern=_HOUR)
    deposit_percent: int = Field(ge=0, le=100)
    hold_minutes: int = Field(ge=1)
    hold_extensions: int = Field(ge=0)
    code_prefix: str = Field("RL", pattern=r"^[A-Z]{2}$")
    bank: dict[str, str]
    room_types: list[_Type] = Field(min_length=1)
    seasons: list[_Season]
    policies: dict[str, str]
    services: dict[str, str]
    cancel_free_hours: int = Field(0, ge=0)
    area: dict[str, str] = Field(default_factory=dict)
    extras: list[str] = Field(default_factory=list)
    loyalty: _Loyalty | None = None

    @model_validator(mode="after")
    def _no_room_twice(self) -> Self:
        rooms = [room for each in self.room_types for room in each.rooms]
        codes = [each.code for each in self.room_types]
        if len(set(rooms)) < len(rooms) or len(set(codes)) < len(codes):
            raise ValueError("a room or a type is listed twice")
        if not set(self.extras) <= set(self.services):
            raise ValueError("an extra is no service")
        return self


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

    async def stays(self, check_in: date, check_out: date) -> tuple[Reservation, ...]:
        query = select(ReservationRow).where(ReservationRow.check_in < check_out, ReservationRow.check_out > check_in)
        async with self._db.read() as session:
            return tuple(_reservation(row) for row in (await session.execute(query)).scalars())

    async def book(self, booking: Booking) -> str:
        known = await self.find(booking.code)
        if known is not None:
            return known
        try:
            async with self._db.write() as tx:
                row = ReservationRow(
                    code=booking.code, room=booking.room_number, check_in=booking.check_in,
                    check_out=booking.check_out, guest_name=booking.guest_name,
                )  # fmt: skip
                tx.session.add(row)
                await tx.session.flush()
                for night in nights_of(booking.check_in, booking.check_out):
                    tx.session.add(ReservedNightRow(number=row.number, room=booking.room_number, night=night))
                await tx.session.flush()
                return str(row.number)
        except IntegrityError as error:
            # Either somebody has a night of it, or this very booking was made meanwhile.
            known = await self.find(booking.code)
            if known is None:
                raise Conflict("no_room", room_type=booking.type_name) from error
            return known

    async def prices(self, check_in: date, check_out: date) -> None:
        """It has no prices but those of the file."""

    async def modify(self, booking: Booking) -> str:
        try:
            async with self._db.write() as tx:
                moved = await tx.session.execute(
                    update(ReservationRow)
                    .where(ReservationRow.code == booking.code)
                    .values(room=booking.room_number, check_in=booking.check_in, check_out=booking.check_out)
                    .returning(ReservationRow.number)
                )
                number = moved.scalar_one_or_none()
                if number is not None:
                    await tx.session.execute(delete(ReservedNightRow).where(ReservedNightRow.number == number))
                    for night in nights_of(booking.check_in, booking.check_out):
                        tx.session.add(ReservedNightRow(number=number, room=booking.room_number, night=night))
                    await tx.session.flush()
        except IntegrityError as error:
            raise Conflict("no_room", room_type=booking.type_name) from error
        return await self.book(booking) if number is None else str(number)

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

    async def changes(self, since: datetime | None) -> Changes:  # noqa: ARG002 - it has no use for it
        """Everything, always: it costs one look at its own table."""
        now = datetime.now(UTC)
        query = select(ReservationRow).where(ReservationRow.check_out >= now.date() - timedelta(days=1))
        async with self._db.read() as session:
            rows = (await session.execute(query)).scalars().all()
        return Changes(tuple(map(_reservation, rows)), now, complete=True)

    async def health(self) -> None:
        async with self._db.read() as session:
            await session.execute(select(ReservationRow.number).limit(1))

    async def close(self) -> None:
        """Its database is everybody's."""


def _reservation(row: ReservationRow) -> Reservation:
    return Reservation(str(row.number), str(row.number), row.code, row.room, row.check_in, row.check_out, True)


def read_business(file: Path | None) -> Business:
    """The business in a file of the demo hotel's shape. Raises ``Misconfigured`` if it is not readable."""
    try:
        house = _read(file)
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
                    each.code,
                    each.name,
                    each.capacity,
                    tuple(each.rooms),
                    Money(each.price_per_night, house.currency),
                    each.deposit_percent,
                )
                for each in house.room_types
            ),
            seasons=tuple(
                Season(each.name, each.multiplier_percent, _day_of_year(each.first), _day_of_year(each.last))
                for each in house.seasons
            ),
            policies=house.policies,
            services=house.services,
            cancel_free_hours=house.cancel_free_hours,
            area=house.area,
            extras=tuple(house.extras),
            loyalty=Loyalty(house.loyalty.stays, house.loyalty.percent, house.loyalty.text) if house.loyalty else None,
        )
    except (OSError, ValueError, LookupError) as error:
        raise Misconfigured("hotel_file", file=str(file)) from error


def _read(file: Path | None) -> _House:
    demo = resources.files("relevo").joinpath("data/demo_hotel.json")
    text = file.read_text(encoding="utf-8") if file else demo.read_text(encoding="utf-8")
    return _House.model_validate(json.loads(text))


def read_types_of_pms(file: Path | None) -> dict[int, RoomType]:
    """The file's types by the id they have in another PMS, where it says so."""
    business = read_business(file)
    ids = {each.code: each.pms_id for each in _read(file).room_types}
    return {id_: kind for kind in business.room_types if (id_ := ids[kind.code]) is not None}


def _day_of_year(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    # Any leap year: the 29th of February is a day of the year too.
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day
