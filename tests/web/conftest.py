"""The whole product in one process, spoken to over ASGI, with everything real but the sound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role
from relevo.settings import Settings
from tests.ready import keep, kept, migrate

PASSWORD = "a long password"
STAFF = {
    "agent": ("marta@x.com", "Marta", Role.AGENT),
    "agent2": ("luz@x.com", "Luz", Role.AGENT),
    "supervisor": ("julian@x.com", "Julián", Role.SUPERVISOR),
    "executive": ("elena@x.com", "Elena", Role.EXECUTIVE),
    "admin": ("root@x.com", "Admin", Role.ADMIN),
    "auditor": ("ana@x.com", "Ana", Role.AUDITOR),
}


@dataclass
class Site:
    product: Product
    http: httpx.AsyncClient
    tokens: dict[str, str]

    async def staff(self, method: str, path: str, who: str = "agent", **kwargs: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        return await self.http.request(method, path, headers=headers, **kwargs)

    async def visitor(self) -> Visitor:
        started = (await self.http.post("/api/webchat/sessions", json={})).json()
        return Visitor(self, started["id"], started["token"], started["greeting"])


@dataclass
class Visitor:
    site: Site
    id: str
    token: str
    greeting: dict[str, Any]

    async def say(self, text: str, *, wait: bool = True, **body: Any) -> httpx.Response:
        return await self.site.http.post(
            f"/api/webchat/sessions/{self.id}/messages{'?wait=1' if wait else ''}",
            json={"text": text, **body},
            headers={"authorization": f"Bearer {self.token}"},
        )

    async def replies(self, text: str) -> str:
        answer = await self.say(text)
        assert answer.status_code == 200, answer.text
        return "\n".join(reply["text"] for reply in answer.json()["replies"])

    async def thread(self, after: str | None = None) -> list[dict[str, Any]]:
        answer = await self.site.http.get(
            f"/api/webchat/sessions/{self.id}/messages",
            params={"after": after} if after else {},
            headers={"authorization": f"Bearer {self.token}"},
        )
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@asynccontextmanager
async def running(product: Product) -> AsyncIterator[Product]:
    async with product.web.router.lifespan_context(product.web):
        yield product


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    given = "" if database_url.startswith("sqlite") else database_url
    return Settings(
        data_dir=tmp_path / "var",
        database_url=given,
        speech="fake",
        twilio_auth_token="twilio-secret",  # type: ignore[arg-type]
        appointments="embedded",
    )


_TOKENS: dict[str, str] = {}
"""Of those who are signed in where everybody is."""


async def everybody(settings: Settings, clock: FixedClock, engine: Embedded) -> dict[str, str]:
    """A database in which all of ``STAFF`` are signed in, made once per process where it is a file; their tokens."""
    if _TOKENS and kept("staffed.db", settings):
        return dict(_TOKENS)
    await migrate(settings)
    product, tokens = build(settings, clock=clock, understander=engine), {}
    for key, (email, name, role) in STAFF.items():
        await product.people.enrol(email=email, name=name, role=role, password=PASSWORD)
        tokens[key], _ = await product.people.sign_in(email, PASSWORD, address="test")
    await product.db.close()
    if settings.database.startswith("sqlite"):
        keep("staffed.db", settings)
        _TOKENS.update(tokens)
    return tokens


@pytest.fixture
async def site(settings: Settings, clock: FixedClock, engine: Embedded) -> AsyncIterator[Site]:
    tokens = await everybody(settings, clock, engine)
    product = build(settings, clock=clock, understander=engine)
    async with (
        running(product),
        httpx.AsyncClient(transport=httpx.ASGITransport(product.web), base_url="http://localhost:8000") as http,
    ):
        yield Site(product, http, tokens)
