"""Who is asking: session cookie for browsers, bearer token for programs, one dependency per permission.

A cookie alone never authorises a write: browsers also send ``X-Requested-With: relevo``, which another site cannot.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection

from relevo.kit.errors import Forbidden, Unauthorized
from relevo.kit.reads import Reads
from relevo.people.rules import SESSION_LENGTH, Action, Staff, may, permissions
from relevo.people.service import People
from relevo.web.reach import Reach

COOKIE = "relevo_session"
READING = {"GET", "HEAD", "OPTIONS"}


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: str = Field(max_length=254)
    password: str = Field(max_length=200)
    code: str | None = Field(None, max_length=20)
    """Of the second factor, where there is one."""


def bearer(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def same_origin(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a browser's ``Origin`` is ours: the public address, or the very host that was asked."""
    origin = connection.headers.get("origin")
    if origin is None:
        return False
    asked = connection.headers.get("host", "")
    return origin == public_url or (bool(asked) and origin.partition("://")[2] == asked)


class Gate:
    """Turns a request into a member of staff, or refuses."""

    def __init__(self, people: People, reach: Reach | None = None, reads: Reads | None = None) -> None:
        self._people = people
        self.reach = reach or Reach()
        self.reads = reads
        """Who notes what was looked at."""
        self.acted: Callable[[str], None] = lambda _: None
        """Told whenever a member of staff does something, and is not only shown it."""

    def saw(self, staff: Staff, what: str, subject: str, **more: Any) -> None:
        """They were shown it: on record, once within a while."""
        if self.reads is not None:
            self.reads.saw(what, subject, by=staff.id, **more)

    async def written(self) -> None:
        """Whatever was seen so far is on record."""
        if self.reads is not None:
            await self.reads.flush()

    async def who(self, connection: HTTPConnection) -> Staff | None:
        token = bearer(connection) or connection.cookies.get(COOKIE)
        return await self._people.by_token(token) if token else None

    async def signed_in(self, request: Request) -> Staff:
        if (
            request.method not in READING
            and bearer(request) is None
            and request.headers.get("x-requested-with") != "relevo"
        ):
            raise Forbidden("missing_header")
        staff = await self.who(request)
        if staff is None:
            raise Unauthorized("not_signed_in")
        if request.method not in READING:
            self.acted(staff.id)
        return staff

    def require(self, action: Action) -> Callable[[Request], Awaitable[Staff]]:
        """A dependency that lets only those through who may do ``action``."""

        async def check(request: Request) -> Staff:
            staff = await self.signed_in(request)
            if not may(staff, action):
                raise Forbidden("not_allowed")
            await self.reach.check(staff, request.url.path, request.path_params)
            return staff

        check.action = action  # type: ignore[attr-defined]  # read by the house test of routes
        return check


def user_json(staff: Staff) -> dict[str, Any]:
    return {
        "id": staff.id,
        "email": staff.email,
        "name": staff.name,
        "role": staff.role.value,
        "scope": "house" if staff.scope.whole else "teams",
        "permissions": permissions(staff),
    }


def router(people: People, gate: Gate, *, secure_cookie: bool, country: str) -> APIRouter:
    routes = APIRouter(prefix="/api/auth", tags=["auth"])
    house = {"country": country}

    @routes.post("/login", openapi_extra={"x-open": "anybody may try to sign in; throttled"})
    async def login(body: Login, request: Request, response: Response) -> dict[str, Any]:
        address = request.client.host if request.client else "unknown"
        token, staff = await people.sign_in(
            body.email, body.password, address=address, code=body.code, device=request.headers.get("user-agent")
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_LENGTH.total_seconds()),
            httponly=True,
            secure=secure_cookie,
            samesite="lax",
        )
        return {"token": token, "user": {**user_json(staff), "house": house}}

    @routes.post("/logout", status_code=204, openapi_extra={"x-open": "ends the caller's own session"})
    async def logout(request: Request, response: Response) -> None:
        token = bearer(request) or request.cookies.get(COOKIE)
        if token:
            await people.sign_out(token)
        response.delete_cookie(COOKIE)

    @routes.get("/me", openapi_extra={"x-open": "says who the caller is"})
    async def me(staff: Annotated[Staff, Depends(gate.signed_in)]) -> dict[str, Any]:
        return {**user_json(staff), "house": house}

    return routes
