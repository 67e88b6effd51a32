"""HTTP of accounts: one's own password, second factor and sessions; for administrators, who may sign in; the audit."""

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.kit.audit import deeds
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.accounts import Accounts
from relevo.people.rules import MAX_NAME, Action, Breadth, Role, Session, Staff
from relevo.people.second_factor import SecondFactors
from relevo.people.service import People
from relevo.web.auth import COOKIE, Gate, bearer

Before = Annotated[int | None, Query(ge=1, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=500)]
OWN = {"x-open": "the caller's own account"}
Secret = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=20)]


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")
    old: Secret
    new: Secret


class GivenPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")
    password: Secret


class GivenCode(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Code


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: str = Field(max_length=254)
    name: str = Field(max_length=MAX_NAME)
    role: Role
    password: Secret
    scope: Breadth = Breadth.HOUSE


class Alteration(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(None, max_length=MAX_NAME)
    role: Role | None = None
    active: bool | None = None
    scope: Breadth | None = None


def session_json(each: Session, current: Session | None) -> dict[str, Any]:
    return {
        "id": each.id,
        "device": each.device,
        "address": each.address,
        "since": iso(each.created_at),
        "seen_at": iso(each.seen_at),
        "until": iso(each.expires_at),
        "current": current is not None and each == current,
    }


def own_router(accounts: Accounts, factors: SecondFactors, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/me", tags=["auth"])
    Me = Annotated[Staff, Depends(gate.signed_in)]

    def token_of(request: Request) -> str:
        return bearer(request) or request.cookies.get(COOKIE) or ""

    @routes.post("/password", status_code=204, openapi_extra=OWN)
    async def change_password(body: NewPassword, staff: Me, response: Response) -> None:
        await accounts.change_password(staff, old=body.old, new=body.new)
        response.delete_cookie(COOKIE)

    @routes.get("/sessions", openapi_extra=OWN)
    async def sessions(staff: Me, request: Request) -> dict[str, Any]:
        current = await accounts.current(token_of(request))
        return {"items": [session_json(each, current) for each in await accounts.sessions(staff)]}

    @routes.delete("/sessions/{session_id}", status_code=204, openapi_extra=OWN)
    async def end_session(session_id: str, staff: Me) -> None:
        await accounts.end_session(staff, session_id)

    @routes.delete("/sessions", openapi_extra=OWN)
    async def end_others(staff: Me, request: Request) -> dict[str, int]:
        """All but the one that asks."""
        return {"ended": await accounts.end_others(staff, token_of(request))}

    @routes.get("/second_factor", openapi_extra=OWN)
    async def factor(staff: Me) -> dict[str, object]:
        return await factors.state(staff)

    @routes.post("/second_factor", openapi_extra=OWN)
    async def begin(staff: Me, response: Response) -> dict[str, str]:
        """A secret to scan; it counts once a code of it was given."""
        begun = await factors.begin(staff)
        response.headers["cache-control"] = "no-store"
        picture = segno.make(begun.uri, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
        return {"secret": begun.secret, "uri": begun.uri, "svg": picture}

    @routes.post("/second_factor/confirm", openapi_extra=OWN)
    async def confirm(body: GivenCode, staff: Me, response: Response) -> dict[str, list[str]]:
        response.headers["cache-control"] = "no-store"
        return {"recovery_codes": list(await factors.confirm(staff, body.code))}

    @routes.post("/second_factor/codes", openapi_extra=OWN)
    async def renew(body: GivenCode, staff: Me, response: Response) -> dict[str, list[str]]:
        response.headers["cache-control"] = "no-store"
        return {"recovery_codes": list(await factors.renew_codes(staff, body.code))}

    @routes.post("/second_factor/off", status_code=204, openapi_extra=OWN)
    async def switch_off(body: GivenCode, staff: Me) -> None:
        await factors.switch_off(staff, body.code)

    return routes


def staff_router(accounts: Accounts, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/staff", tags=["auth"])
    Admin = Annotated[Staff, Depends(gate.require(Action.MANAGE_STAFF))]

    def shown(member: Staff) -> dict[str, Any]:
        return {
            "id": member.id,
            "email": member.email,
            "name": member.name,
            "role": member.role.value,
            "active": member.active,
            "scope": member.breadth.value,
        }

    @routes.get("")
    async def listing(_: Admin) -> dict[str, Any]:
        return {"items": await accounts.listing()}

    @routes.post("", status_code=201)
    async def add(body: NewAccount, staff: Admin) -> dict[str, Any]:
        made = await accounts.add(
            email=body.email, name=body.name, role=body.role, password=body.password, by=staff, breadth=body.scope
        )
        return shown(made)

    @routes.patch("/{staff_id}")
    async def alter(staff_id: str, body: Alteration, staff: Admin) -> dict[str, Any]:
        altered = await accounts.alter(
            staff_id, name=body.name, role=body.role, active=body.active, breadth=body.scope, by=staff
        )
        return shown(altered)

    @routes.post("/{staff_id}/password", status_code=204)
    async def set_password(staff_id: str, body: GivenPassword, staff: Admin) -> None:
        await accounts.set_password(staff_id, body.password, by=staff)

    @routes.delete("/{staff_id}/sessions", status_code=204)
    async def end_all(staff_id: str, staff: Admin) -> None:
        await accounts.end_all(staff_id, by=staff)

    @routes.delete("/{staff_id}/second_factor", status_code=204)
    async def reset_factor(staff_id: str, staff: Admin) -> None:
        await accounts.reset_factor(staff_id, by=staff)

    return routes


SubjectsOf = Callable[[AsyncSession, Collection[str]], Awaitable[set[str]]]
"""Everything that looking at is looking at somebody: by the ids they are known under."""


def audit_router(db: Database, people: People, gate: Gate, subjects_of: SubjectsOf) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["auth"])
    Auditor = Annotated[Staff, Depends(gate.require(Action.SEE_AUDIT))]

    async def page(found: list[dict[str, Any]], limit: int) -> dict[str, Any]:
        async with db.read() as session:
            names = await people.staff_names(session)
        items = [each | {"by": {"id": each["by"], "name": names.get(each["by"])} if each["by"] else None}
                 for each in found]  # fmt: skip
        return {"items": items, "next": found[-1]["id"] if len(found) == limit else None}

    @routes.get("/people/{person_id}/reads")
    async def looked_at(person_id: str, _: Auditor, before: Before = None, limit: Limit = 100) -> dict[str, Any]:
        """Who looked at a person: at their page, what was said and booked with them, their recordings and files."""
        await gate.written()
        async with db.read() as session:
            person = await people.get(session, person_id)
            if person is None:
                raise NotFound("no_person")
            subjects = await subjects_of(session, person.ids)
        return await page(await deeds(db, subjects=subjects, before=before, limit=limit), limit)

    @routes.get("/audit")
    async def audit(
        _: Auditor,
        what: Annotated[str | None, Query(max_length=40)] = None,
        by: Annotated[str | None, Query(max_length=20)] = None,
        subject: Annotated[str | None, Query(max_length=40)] = None,
        before: Before = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Who did and looked at what, latest first; ``next`` asks for the page after."""
        await gate.written()
        found = await deeds(db, what=what, by=by, subject=subject, before=before, limit=limit)
        return await page(found, limit)

    return routes
