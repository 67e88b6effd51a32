"""What works and what is missing, for the health page and for ``relevo doctor``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import text

from relevo.adapters import catalog
from relevo.adapters.pms.embedded import read_business
from relevo.app.database import condition
from relevo.kit import log
from relevo.kit.clock import SystemClock
from relevo.kit.errors import RelevoError
from relevo.kit.health import OFF, OK
from relevo.settings import Settings
from relevo.web import assistant

if TYPE_CHECKING:
    from relevo.app.compose import Product

_log = log.get("app.health")

WATCHED = ("pms", "channels", "understanding", "understanding_engine", "disk")


def checks(product: Product) -> dict[str, assistant.Check]:
    async def database() -> str:
        try:
            async with product.db.read() as session:
                await session.execute(text("select 1"))
        except Exception:
            _log.exception("the database does not answer")
            return "unreachable"
        return "ok"

    async def work() -> str:
        return "parked_jobs" if await product.work.any_parked() else "ok"

    async def speech() -> str:
        if product.voice is None:
            return "off"
        return await product.voice.speech.check()

    def watched(name: str) -> assistant.Check:
        """As it was seen last: a page that anybody may ask for sets nothing in motion."""

        async def check() -> str:
            async with product.db.read() as session:
                part = (await product.house.watch.house(session)).part(name)
            return (part.reason or "failed") if part is not None and part.is_down else "ok"

        return check

    return {"database": database, "work": work, "speech": speech} | {name: watched(name) for name in WATCHED}


async def diagnose(settings: Settings) -> list[tuple[str, str]]:
    """Each part with ``ok`` or what is wrong with it, for ``relevo doctor``."""
    found: list[tuple[str, str]] = []
    found.append(("database", await condition(settings)))
    console = resources.files("relevo.web").joinpath("console_dist/index.html")
    found.append(("console", "ok" if console.is_file() else "make console"))
    found.append(("twilio", "ok" if settings.twilio_auth_token.get_secret_value() else "TWILIO_AUTH_TOKEN"))
    if settings.staff_addresses:
        found.append(("staff_email", "ok" if settings.smtp_url.get_secret_value().strip() else "RELEVO_SMTP_URL"))
    probes: dict[str, Callable[[], object]] = {
        "secret": settings.signing_secret,
        "speech": lambda: catalog.make_speech(settings),
        "pms": lambda: catalog.check_pms(settings),
        "mail": lambda: catalog.make_mailer(settings, read_business(settings.hotel_file), SystemClock()),
    }
    for name, probe in probes.items():
        try:
            probe()
            found.append((name, "ok"))
        except RelevoError as error:
            found.append((name, error.code))
    return [*found, *await engines(settings)]


async def engines(settings: Settings) -> list[tuple[str, str]]:
    """The engines of understanding and the language models that the settings name, each asked now."""
    clock = SystemClock()
    try:
        llm = catalog.make_llm(settings, clock)
    except RelevoError as error:
        return [("llm", error.code)]
    found = list((await llm.look()).items()) if llm is not None else []
    try:
        understander = await asyncio.to_thread(catalog.make_understander, settings, clock, llm)
        state = await understander.check()
        found.append((f"understanding {understander.name}", OK if state == OFF else state))
        await understander.close()
    except RelevoError as error:
        found.append((f"understanding {settings.understanding}", error.code))
    if llm is not None:
        await llm.close()
    return found
