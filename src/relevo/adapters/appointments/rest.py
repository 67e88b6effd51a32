"""Appointments in somebody else's system, over the paths of the orchestrator that businesses have already (seed 004):
``/schedule-slots``, ``/booking``, ``/client/bookings``, ``/admin/bookings``, ``/packages``, ``/client/purchase``,
``/client/purchase-history`` and ``/client/me``.

Our key goes along with every write (``Idempotency-Key``) and a write whose outcome is not known is looked up by it
before it is repeated. Nothing of a customer's gets into an error or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from relevo.appointments.rules import (
    Agenda,
    Appointment,
    Package,
    Part,
    Profile,
    Purchase,
    Resource,
    Service,
    Slot,
    Status,
)
from relevo.kit.clock import Clock
from relevo.kit.errors import BadCredentials, Conflict, Invalid, NotFound, NotReady, ProviderError
from relevo.kit.money import Money

TIMEOUT = 8.0
T = TypeVar("T")


class Settings(BaseModel):
    """Where it is and how to get in."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(pattern=r"^https?://[^/@\s]+[^@\s]*$")
    key: SecretStr = SecretStr("")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Service(_Answer):
    code: str
    name: str
    minutes: int
    price: int
    """Minor units."""
    words: list[str] = []


class _Package(_Answer):
    code: str
    name: str
    services: list[str] = []
    sessions: int
    price: int


class _Catalogue(_Answer):
    currency: str
    services: list[_Service]
    packages: list[_Package] = []


class _Slot(_Answer):
    start: datetime
    resource: str


class _Booking(_Answer):
    id: str
    code: str
    key: str | None = None
    client: str
    service: str
    resource: str
    start: datetime
    end: datetime
    status: Status
    price: int
    name: str | None = None
    phone: str | None = None
    created_at: datetime


class _Purchase(_Answer):
    id: str
    code: str
    package: str
    name: str
    sessions: int
    price: int
    paid: bool
    at: datetime


class _Me(_Answer):
    name: str | None = None
    phone: str | None = None
    email: str | None = None


class RestCalendar:
    """``Calendar`` over HTTP. The agenda has no hours of its own: what is free is asked every time."""

    name = "rest"

    def __init__(
        self, settings: Settings, zone: ZoneInfo, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        key = settings.key.get_secret_value()
        self._zone = zone
        self._clock = clock
        self._http = httpx.AsyncClient(
            base_url=settings.url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else None,
            timeout=TIMEOUT,
            transport=transport,
        )
        self._known: tuple[datetime, Agenda] | None = None

    def __repr__(self) -> str:
        return f"RestCalendar({self._http.base_url.host})"

    async def close(self) -> None:
        await self._http.aclose()

    async def agenda(self) -> Agenda:
        now = self._clock.now()
        if self._known is None or (now - self._known[0]).total_seconds() > 300:
            given = self._read(_Catalogue, await self._ask("GET", "packages"))
            services = tuple(
                Service(each.code, each.name, each.minutes, Money(each.price, given.currency), words=tuple(each.words))
                for each in given.services
            )
            everybody = Resource("any", "", frozenset(service.code for service in services))
            packages = tuple(
                Package(each.code, each.name, tuple(each.services), each.sessions, Money(each.price, given.currency))
                for each in given.packages
            )
            self._known = now, Agenda(self._zone, services, (everybody,), {}, packages, profiles=True)
        return self._known[1]

    async def free(self, service: str, day: date, *, part: Part | None = None) -> tuple[Slot, ...]:
        (await self.agenda()).service(service)
        params = {"service": service, "date": day.isoformat()} | ({"part": part.value} if part else {})
        found = self._read(list[_Slot], await self._ask("GET", "schedule-slots", params=params))
        return tuple(sorted(Slot(each.start.astimezone(UTC), each.resource) for each in found))

    async def book(
        self,
        service: str,
        start: datetime,
        *,
        person_id: str,
        conversation_id: str | None,
        name: str | None,
        phone: str | None,
        key: str,
    ) -> Appointment:
        body = {"client": person_id, "service": service, "start": start.isoformat(), "name": name, "phone": phone}
        try:
            answer = await self._ask("POST", "booking", json=body, key=key)
        except NotReady:
            # It may have been written all the same.
            mine = self._read(list[_Booking], await self._ask("GET", "client/bookings", params={"client": person_id}))
            made = next((each for each in mine if each.key == key), None)
            if made is None:
                raise
        else:
            made = self._read(_Booking, answer)
        return await self._appointment(made, conversation_id)

    async def find(self, code: str) -> Appointment | None:
        found = self._read(list[_Booking], await self._ask("GET", "admin/bookings", params={"code": code.upper()}))
        return await self._appointment(found[0]) if found else None

    async def of(self, person_id: str) -> tuple[Appointment, ...]:
        found = self._read(list[_Booking], await self._ask("GET", "client/bookings", params={"client": person_id}))
        made = [await self._appointment(each) for each in found]
        return tuple(sorted(made, key=lambda each: each.start, reverse=True))

    async def cancel(self, code: str, *, by: str, by_staff: bool = False) -> Appointment:  # noqa: ARG002
        answer = await self._ask("DELETE", f"client/bookings/{code.upper()}", params={"staff": str(by_staff).lower()})
        return await self._appointment(self._read(_Booking, answer))

    async def buy(self, package: str, *, person_id: str, key: str) -> Purchase:
        answer = await self._ask("POST", "client/purchase", json={"client": person_id, "package": package}, key=key)
        return await self._purchase(self._read(_Purchase, answer), person_id)

    async def bought(self, person_id: str) -> tuple[Purchase, ...]:
        answer = await self._ask("GET", "client/purchase-history", params={"client": person_id})
        return tuple([await self._purchase(each, person_id) for each in self._read(list[_Purchase], answer)])

    async def profile(self, person_id: str) -> Profile | None:
        try:
            found = self._read(_Me, await self._ask("GET", "client/me", params={"client": person_id}))
        except NotFound:
            return None
        return Profile(found.name, found.phone, found.email)

    async def save_profile(self, person_id: str, new: Profile) -> Profile:
        given = {"name": new.name, "phone": new.phone, "email": new.email}
        body = {"client": person_id} | {name: value for name, value in given.items() if value is not None}
        kept = self._read(_Me, await self._ask("PUT", "client/me", json=body))
        return Profile(kept.name, kept.phone, kept.email)

    async def _appointment(self, made: _Booking, conversation_id: str | None = None) -> Appointment:
        currency = (await self.agenda()).services[0].price.currency
        return Appointment(
            made.id, made.code, made.client, conversation_id, made.service, made.resource, 0,
            made.start.astimezone(UTC), made.end.astimezone(UTC), made.status, Money(made.price, currency), made.name,
            made.phone, made.created_at,
        )  # fmt: skip

    async def _purchase(self, made: _Purchase, person_id: str) -> Purchase:
        currency = (await self.agenda()).services[0].price.currency
        return Purchase(
            made.id, made.code, person_id, made.package, made.name, made.sessions, Money(made.price, currency),
            made.paid, made.at,
        )  # fmt: skip

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Any:
        headers = {"Idempotency-Key": key} if key else None
        try:
            response = await self._http.request(method, path, params=params, json=json, headers=headers)
        except httpx.HTTPError:
            raise NotReady("appointments_unreachable") from None
        if response.status_code >= 500 or response.status_code == 429:
            raise NotReady("appointments_unreachable")
        try:
            answer = response.json()
        except ValueError:
            raise ProviderError("appointments_refused") from None
        if response.is_success:
            return answer
        code = answer.get("error") if isinstance(answer, dict) else None
        if response.status_code in (401, 403):
            raise BadCredentials("appointments_key")
        if response.status_code == 404:
            raise NotFound("no_appointment")
        if response.status_code == 409:
            raise Conflict(code if code in ("appointment_over", "appointment_late") else "slot_taken", hours="24")
        if response.status_code in (400, 422):
            raise Invalid(code if code in ("no_service", "no_package", "slot_too_soon") else "slot_closed")
        raise ProviderError("appointments_refused")

    @staticmethod
    def _read(shape: type[T], answer: Any) -> T:
        try:
            return TypeAdapter(shape).validate_python(answer)
        except ValidationError:
            raise ProviderError("appointments_refused") from None
