"""The agenda of the house, read from a JSON file: services, who serves, hours, packages."""

from __future__ import annotations

from datetime import date, time, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relevo.appointments.rules import Agenda, Package, Resource, Service
from relevo.bookings.rules import Business
from relevo.kit.errors import Misconfigured
from relevo.kit.money import Money

_DEMO = resources.files("relevo.data").joinpath("demo_appointments.json")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Service(_Model):
    code: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    minutes: int = Field(ge=5, le=720)
    pause: int = Field(0, ge=0, le=240)
    price: int = Field(ge=0)
    """Minor units, taxes included."""
    words: list[str] = []


class _Resource(_Model):
    code: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str
    services: list[str]
    capacity: int = Field(1, ge=1, le=200)


class _Package(_Model):
    code: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str
    services: list[str]
    sessions: int = Field(ge=1, le=100)
    price: int = Field(ge=0)
    words: list[str] = []


class _File(_Model):
    services: list[_Service] = Field(min_length=1)
    resources: list[_Resource] = Field(min_length=1)
    hours: dict[str, list[tuple[time, time]]]
    packages: list[_Package] = []
    closed: list[date] = []
    lead_minutes: int = Field(60, ge=0)
    days_ahead: int = Field(60, ge=1, le=400)
    cancel_free_hours: int = Field(24, ge=0)


def read_agenda(file: Path | None, business: Business) -> Agenda:
    """The demo's without a ``file``. Raises ``Misconfigured`` with what is wrong in it."""
    try:
        raw = (
            file.read_bytes()
            if file
            else resources.files("relevo.data").joinpath("demo_appointments.json").read_bytes()
        )
        given = _File.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured("appointments_file", reason=f"{where}: {first['msg']}") from None
    except OSError as error:
        raise Misconfigured("appointments_file", reason=type(error).__name__) from None
    known = {service.code for service in given.services}
    wanted = {code for one in given.resources for code in one.services}
    wanted |= {code for one in given.packages for code in one.services}
    wrong = sorted(wanted - known) + sorted(set(given.hours) - set(DAYS))
    if wrong:
        raise Misconfigured("appointments_file", reason=wrong[0])
    return agenda_of(given, business.timezone, business.currency)


def agenda_of(given: _File, zone: ZoneInfo, currency: str) -> Agenda:
    return Agenda(
        zone,
        tuple(
            Service(each.code, each.name, each.minutes, Money(each.price, currency), each.pause, tuple(each.words))
            for each in given.services
        ),
        tuple(Resource(each.code, each.name, frozenset(each.services), each.capacity) for each in given.resources),
        {DAYS.index(day): tuple(hours) for day, hours in given.hours.items()},
        tuple(
            Package(
                each.code, each.name, tuple(each.services), each.sessions, Money(each.price, currency),
                tuple(each.words),
            )
            for each in given.packages
        ),
        frozenset(given.closed),
        timedelta(minutes=given.lead_minutes),
        timedelta(days=given.days_ahead),
        timedelta(hours=given.cancel_free_hours),
    )  # fmt: skip
