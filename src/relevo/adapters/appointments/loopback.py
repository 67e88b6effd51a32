"""A loopback appointments system: the paths that ``rest`` asks for, over any calendar of ours.

For tests and drills, and a working example of what a business has to offer. ``Faults`` makes it fail after it has
written, answer slowly in words only, or be down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from relevo.appointments.ports import Calendar
from relevo.appointments.rules import Appointment, Part, Purchase
from relevo.kit.errors import NotFound, RelevoError


@dataclass(slots=True)
class Faults:
    lose_answer: int = 0
    """So many writes are done and answered with 502."""
    down: bool = False
    garbage: bool = False


class Wanted(BaseModel):
    client: str
    service: str = ""
    start: datetime | None = None
    package: str = ""
    name: str | None = None
    phone: str | None = None


class Me(BaseModel):
    client: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None


def loopback(calendar: Calendar, key: str, faults: Faults) -> FastAPI:
    app = FastAPI(openapi_url=None)
    keys: dict[str, str] = {}
    people: dict[str, dict[str, str]] = {}

    @app.middleware("http")
    async def door(request: Request, run: Any) -> Response:
        if faults.down:
            return JSONResponse({"error": "down"}, 503)
        if faults.garbage:
            return Response("<html>Bienvenido</html>")
        if request.headers.get("authorization") != f"Bearer {key}":
            return JSONResponse({"error": "key"}, 401)
        answer: Response = await run(request)
        if request.method == "POST" and answer.status_code < 300 and faults.lose_answer:
            faults.lose_answer -= 1
            return JSONResponse({"error": "gateway"}, 502)
        return answer

    @app.exception_handler(RelevoError)
    async def refused(_request: Request, error: RelevoError) -> Response:
        return JSONResponse({"error": error.code}, error.status)

    @app.get("/packages")
    async def packages() -> dict[str, Any]:
        agenda = await calendar.agenda()
        return {
            "currency": agenda.services[0].price.currency,
            "services": [
                {"code": s.code, "name": s.name, "minutes": s.minutes, "price": s.price.amount, "words": list(s.words)}
                for s in agenda.services
            ],
            "packages": [
                {
                    "code": p.code, "name": p.name, "services": list(p.services), "sessions": p.sessions,
                    "price": p.price.amount,
                }
                for p in agenda.packages
            ],
        }  # fmt: skip

    @app.get("/schedule-slots")
    async def slots(
        service: str, day: Annotated[date, Query(alias="date")], part: Part | None = None
    ) -> list[dict[str, Any]]:
        found = await calendar.free(service, day, part=part)
        return [{"start": slot.start.isoformat(), "resource": slot.resource} for slot in found]

    @app.post("/booking")
    async def booking(body: Wanted, idempotency_key: Annotated[str, Header()]) -> dict[str, Any]:
        assert body.start is not None
        made = await calendar.book(
            body.service, body.start, person_id=body.client, conversation_id=None, name=body.name, phone=body.phone,
            key=idempotency_key,
        )  # fmt: skip
        keys[made.code] = idempotency_key
        return _booking(made, idempotency_key)

    @app.get("/client/bookings")
    async def mine(client: str) -> list[dict[str, Any]]:
        return [_booking(each, keys.get(each.code)) for each in await calendar.of(client)]

    @app.get("/admin/bookings")
    async def find(code: str) -> list[dict[str, Any]]:
        found = await calendar.find(code)
        return [_booking(found, keys.get(code))] if found else []

    @app.delete("/client/bookings/{code}")
    async def cancel(code: str, staff: bool = False) -> dict[str, Any]:
        return _booking(await calendar.cancel(code, by="rest", by_staff=staff), keys.get(code))

    @app.post("/client/purchase")
    async def purchase(body: Wanted, idempotency_key: Annotated[str, Header()]) -> dict[str, Any]:
        return _purchase(await calendar.buy(body.package, person_id=body.client, key=idempotency_key))

    @app.get("/client/purchase-history")
    async def history(client: str) -> list[dict[str, Any]]:
        return [_purchase(each) for each in await calendar.bought(client)]

    @app.get("/client/me")
    async def me(client: str) -> dict[str, str]:
        if client not in people:
            raise NotFound("no_person")
        return people[client]

    @app.put("/client/me")
    async def change_me(body: Me) -> dict[str, str]:
        people[body.client] = people.get(body.client, {}) | body.model_dump(exclude={"client"}, exclude_none=True)
        return people[body.client]

    return app


def _booking(made: Appointment, key: str | None) -> dict[str, Any]:
    return {
        "id": made.id, "code": made.code, "key": key, "client": made.person_id, "service": made.service,
        "resource": made.resource, "start": made.start.isoformat(), "end": made.end.isoformat(),
        "status": made.status.value, "price": made.price.amount, "name": made.name, "phone": made.phone,
        "created_at": made.created_at.isoformat(),
    }  # fmt: skip


def _purchase(made: Purchase) -> dict[str, Any]:
    return {
        "id": made.id, "code": made.code, "package": made.package, "name": made.name, "sessions": made.sessions,
        "price": made.price.amount, "paid": made.paid, "at": made.at.isoformat(),
    }  # fmt: skip
