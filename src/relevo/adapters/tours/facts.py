"""The excursions of the house and the agencies it opens with, read from a JSON file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from relevo.adapters.appointments.facts import DAYS
from relevo.bookings.rules import Business
from relevo.kit.errors import Misconfigured
from relevo.kit.money import Money
from relevo.tours.rules import HIGHEST_RATE, Catalogue, Excursion

_DEMO = resources.files("relevo.data").joinpath("demo_tours.json")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Excursion(_Model):
    code: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    description: str = Field(min_length=1, max_length=300)
    hour: time
    minutes: int = Field(ge=15, le=2_880)
    adult: int = Field(ge=0)
    """Minor units, taxes included."""
    child: int = Field(ge=0)
    capacity: int = Field(ge=1, le=500)
    meeting: str = Field(min_length=1, max_length=120)
    weekdays: list[str] = []
    dates: list[date] = []
    words: list[str] = []

    @model_validator(mode="after")
    def _leaves(self) -> _Excursion:
        if not (self.weekdays or self.dates) or set(self.weekdays) - set(DAYS):
            raise ValueError("weekdays or dates")
        return self


class _Partner(_Model):
    code: str = Field(pattern=r"^[A-Za-z0-9-]{1,20}$")
    name: str = Field(min_length=1, max_length=120)
    email: str | None = None
    phone: str | None = None
    percent: Decimal = Field(ge=0, le=HIGHEST_RATE // 100)


class _File(_Model):
    excursions: list[_Excursion] = Field(min_length=1)
    partners: list[_Partner] = []
    lead_hours: int = Field(2, ge=0)
    days_ahead: int = Field(90, ge=1, le=400)
    cancel_free_hours: int = Field(24, ge=0)
    closed: list[date] = []


@dataclass(frozen=True, slots=True)
class Given:
    catalogue: Catalogue
    partners: tuple[dict[str, Any], ...]
    """As ``Partners.add`` takes them."""


def read_tours(file: Path | None, business: Business) -> Given:
    """The demo's without a ``file``. Raises ``Misconfigured`` with what is wrong in it."""
    try:
        given = _File.model_validate_json(file.read_bytes() if file else _DEMO.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured("tours_file", reason=f"{where}: {first['msg']}") from None
    except OSError as error:
        raise Misconfigured("tours_file", reason=type(error).__name__) from None
    return Given(_catalogue(given, business), tuple(each.model_dump() for each in given.partners))


def _catalogue(given: _File, business: Business) -> Catalogue:
    def money(amount: int) -> Money:
        return Money(amount, business.currency)

    return Catalogue(
        business.timezone,
        tuple(
            Excursion(
                each.code, each.name, each.description, each.hour, each.minutes, money(each.adult), money(each.child),
                each.capacity, each.meeting, frozenset(DAYS.index(day) for day in each.weekdays),
                frozenset(each.dates), tuple(each.words),
            )
            for each in given.excursions
        ),
        timedelta(hours=given.lead_hours),
        timedelta(days=given.days_ahead),
        timedelta(hours=given.cancel_free_hours),
        frozenset(given.closed),
    )  # fmt: skip
