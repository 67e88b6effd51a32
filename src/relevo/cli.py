"""The command line: serve, demo, migrations, users, doctor. Everything it prints for people is in Spanish."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import SecretStr

from relevo.kit import log
from relevo.kit.crypto import kept
from relevo.kit.errors import RelevoError
from relevo.people.rules import Role
from relevo.settings import Settings
from relevo.texts import Texts

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Relevo: el centro de contacto que reserva solo.")

DEMO_STAFF = (
    ("recepcion@demo.relevo", "Marta Ríos", Role.AGENT),
    ("supervisor@demo.relevo", "Julián Sosa", Role.SUPERVISOR),
    ("direccion@demo.relevo", "Elena Prado", Role.EXECUTIVE),
    ("admin@demo.relevo", "Admin", Role.ADMIN),
)
LOOPBACK_ACCOUNT = "AC" + "0" * 32
DEMO_NUMBER = "+543414000000"
START_SECONDS = 180


def _say(line: str) -> None:
    print(line, flush=True)


def _texts() -> Texts:
    return Texts("es")


def _stop(error: RelevoError) -> typer.Exit:
    texts = _texts()
    known = texts.has(error.text_key)
    print(texts.say(error.text_key, **error.params) if known else error.code, file=sys.stderr)
    return typer.Exit(2)


@app.command()
def serve() -> None:
    """Serve everything on one port, with the settings of the environment."""
    _serve(Settings())


@app.command(name="demo-hotel")
def demo_hotel() -> None:
    """Serve the demo hotel: migrate, create the demo users, load the voices and say what to try first."""
    settings, password = _demo()
    try:
        asyncio.run(_enrol(settings, DEMO_STAFF, password, again=bool(settings.demo_password.get_secret_value())))
    except RelevoError as error:
        raise _stop(error) from None
    _serve(settings, welcome=password)


@app.command()
def demo() -> None:
    """Recorded guests call the demo hotel by telephone and book; the transcript appears as it happens."""
    settings, password = _demo()
    log.configure(level="WARNING")
    raise typer.Exit(0 if asyncio.run(_call_the_hotel(settings, password)) else 1)


@app.command()
def migrate() -> None:
    """Bring the database to this version's shape."""
    from relevo.app import migrate as run

    asyncio.run(run(Settings()))
    _say(_texts().say("cli.migrated"))


@app.command()
def user(
    email: str,
    role: Annotated[Role, typer.Option(help="agent, supervisor, executive, admin, auditor")] = Role.AGENT,
    name: Annotated[str, typer.Option(help="Nombre que ven los demás.")] = "",
) -> None:
    """Create a member of staff, or give them a new password (which ends their sessions)."""
    password = typer.prompt(_texts().say("cli.password"), hide_input=True, confirmation_prompt=True)
    try:
        asyncio.run(_enrol(Settings(), [(email, name or email.split("@")[0], role)], password, again=True))
    except RelevoError as error:
        raise _stop(error) from None


@app.command()
def backup(
    into: Annotated[Path | None, typer.Option(help="Carpeta donde se guarda.")] = None,
) -> None:
    """Make a backup of the database and the customers' files, also while the service runs."""
    from relevo.app.backup import back_up
    from relevo.kit.clock import SystemClock

    settings = Settings()
    try:
        made = asyncio.run(back_up(settings, now=SystemClock().now(), into=into))
    except RelevoError as error:
        raise _stop(error) from None
    _say(_texts().say("cli.backed_up", path=made.path, megabytes=f"{made.size / 2**20:.1f}", files=made.files))


@app.command()
def restore(archive: Annotated[Path, typer.Argument(help="Archivo .tar hecho por relevo backup.")]) -> None:
    """Bring a backup back into an empty data folder and an empty database."""
    from relevo.app.backup import restore as run

    try:
        count = asyncio.run(run(Settings(), archive))
    except RelevoError as error:
        raise _stop(error) from None
    _say(_texts().say("cli.restored", files=count))


@app.command()
def doctor() -> None:
    """Say in plain Spanish what works and what is missing."""
    from relevo.app import diagnose
    from relevo.app.channels import diagnose as diagnose_channels

    texts = _texts()
    good = True
    for part, state in asyncio.run(diagnose(Settings())):
        good = good and state == "ok"
        why = texts.raw(f"error.{state}") if texts.has(f"error.{state}") else state
        _say(texts.say("cli.check_ok" if state == "ok" else "cli.check_bad", part=part, state=why))
    _say(f"\n{texts.say('channels.title')}")
    for channel in asyncio.run(diagnose_channels(Settings())):
        good = good and channel["state"] != "down"
        for line in _channel(channel):
            _say(line)
    raise typer.Exit(0 if good else 1)


@app.command()
def routing() -> None:
    """Say whether the model that recommends agents does better than the rules on the house's own outcomes."""
    from relevo.app.queues import measure_routing

    texts = _texts()
    found = asyncio.run(measure_routing(Settings()))
    _say(texts.say("cli.routing_outcomes", outcomes=found["outcomes"], fewest=found["fewest"]))
    if (measured := found["measured"]) is None:
        _say(texts.say("cli.routing_few"))
        return
    _say(texts.say("cli.routing_held", learnt=measured["learnt_from"], held=measured["held_out"]))
    for name in ("auc", "rules", "agreed_good"):
        value = measured[name]
        shown = "–" if value is None else f"{value:.3f}"
        _say(texts.say(f"cli.routing_{name}", value=shown, agreed=measured["agreed"]))


def _channel(channel: dict[str, Any]) -> Iterator[str]:
    texts = _texts()
    name = " ".join(filter(None, (channel["title"], channel["account"])))
    yield texts.say(f"channels.is_{channel['state']}", name=name)
    for found in channel["findings"]:
        kind = "ok" if found["ok"] else "bad" if found["severe"] else "warning"
        yield texts.say(f"channels.line_{kind}", text=found["text"])
    yield texts.say("channels.passed", came=_shown(channel["last_in"]), left=_shown(channel["last_out"]))
    if channel["last_error"]:
        error = channel["last_error"]
        yield texts.say("channels.trouble", at=_shown(error["at"]), text=error["text"])


def _shown(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else _texts().say("channels.never")


def _serve(settings: Settings, welcome: str | None = None) -> None:
    import uvicorn

    from relevo.adapters.lines.socket import web_sockets
    from relevo.app import build, migrate

    log.configure(level=settings.log_level, json=settings.log_format == "json", personal=settings.log_personal)
    texts = _texts()
    try:
        _say(texts.say("cli.migrating"))
        asyncio.run(migrate(settings))
        _say(texts.say("cli.loading"))
        product = build(settings)
    except RelevoError as error:
        raise _stop(error) from None
    product.when_ready(_spare_the_loaded)
    if welcome is not None:
        product.when_ready(lambda: _welcome(settings, welcome))
    config = uvicorn.Config(
        product.web,
        host=settings.host,
        port=settings.port,
        # Its own would print errors with the rows that a database quotes in them.
        log_config=None,
        log_level=logging.WARNING,
        ws=web_sockets(product.doors),
        # A media frame is a few hundred bytes; a larger one is an attack or a mistake.
        ws_max_size=65_536,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
    )
    uvicorn.Server(config).run()


def _spare_the_loaded() -> None:
    """What is loaded by now stays: to look through it for garbage would stop the media clock for half a second."""
    gc.collect()
    gc.freeze()


def _welcome(settings: Settings, password: str) -> None:
    texts = _texts()
    _say("")
    _say(texts.say("cli.welcome", url=settings.url))
    for email, _name, role in DEMO_STAFF:
        _say(f"    {email:<26} {texts.say(f'cli.role.{role.value}')}")
    _say(texts.say("cli.welcome_password", password=password))
    _say(texts.say("cli.welcome_try", url=settings.url))


def _demo() -> tuple[Settings, str]:
    """Settings of the demo hotel and its users' password. Without a carrier's account it has a loopback one."""
    settings = Settings(demo=True)
    password = settings.demo_password.get_secret_value() or _kept(settings.data_dir, "demo-password", "relevo-")
    if not settings.twilio_auth_token.get_secret_value():
        given = {
            "twilio_account_sid": LOOPBACK_ACCOUNT,
            "twilio_auth_token": SecretStr(_kept(settings.data_dir, "demo-carrier-token", "")),
            "twilio_phone_number": settings.twilio_phone_number or DEMO_NUMBER,
        }
        settings = settings.model_copy(update=given)
    if not settings.whatsapp_meta_token.get_secret_value():
        from relevo.app.whatsapp_meta import loopback_account

        token, key = (_kept(settings.data_dir, f"demo-whatsapp-{what}", "") for what in ("token", "secret"))
        settings = settings.model_copy(update=loopback_account(settings, token=token, secret=key))
    if "appointments" not in settings.model_fields_set:
        settings = settings.model_copy(update={"appointments": "embedded"})
    return settings, password


def _kept(folder: Path, name: str, prefix: str) -> str:
    """Made up once and kept, so that later starts use the one that works."""
    try:
        return kept(folder / name, lambda: f"{prefix}{secrets.token_hex(4 if prefix else 16)}")
    except RelevoError as error:
        raise _stop(error) from None


async def _call_the_hotel(settings: Settings, password: str) -> bool:
    """Call the service that is running, so that the console shows it live; or one started for the occasion."""
    from relevo.adapters.lines import scripted

    url, texts = f"http://localhost:{settings.port}", _texts()
    process = None
    if not await _answers(url):
        _say(texts.say("cli.starting"))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "relevo", "demo-hotel", stdout=asyncio.subprocess.DEVNULL,
            env=os.environ | {"RELEVO_LOG_LEVEL": "WARNING"},
        )  # fmt: skip
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _answers(url):
                if process is not None and process.returncode is not None:
                    _say(texts.say("cli.not_started"))
                    return False
                await asyncio.sleep(0.3)
        good = await scripted.run(
            url,
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            email=DEMO_STAFF[0][0],
            password=password,
            to=settings.twilio_phone_number,
            today=datetime.now(ZoneInfo("America/Argentina/Buenos_Aires")).date(),
            say=_say,
        )
        _say(texts.say("cli.demo_done" if good else "cli.demo_failed", url=url))
        return good
    finally:
        if process is not None and process.returncode is None:
            process.terminate()
            await process.wait()


async def _answers(url: str) -> bool:
    import httpx

    try:
        async with httpx.AsyncClient(timeout=2) as http:
            return (await http.get(f"{url}/health")).is_success
    except httpx.TransportError:
        return False


async def _enrol(settings: Settings, staff: Iterable[tuple[str, str, Role]], password: str, *, again: bool) -> None:
    from relevo.app import enrol

    await enrol(settings, staff, password, again=again)
