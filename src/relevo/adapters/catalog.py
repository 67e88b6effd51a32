"""Names to concrete adapters, imported only when asked for: heavy and vendor parts cost nothing until they are used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from relevo.appointments.ports import Calendar
from relevo.bookings.ports import Pms
from relevo.bookings.rules import Business
from relevo.bot.ports import Llm, Pupil, Understander
from relevo.calls.ports import Recognizer, SpeechDetector, TurnEndModel, Voice
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.db import Database
from relevo.kit.errors import Misconfigured
from relevo.kit.ids import Ids, RandomIds
from relevo.kit.live import Live
from relevo.kit.mail import Mailer
from relevo.settings import Settings
from relevo.tours.service import Tours

if TYPE_CHECKING:
    from relevo.adapters.channels.email.oauth import Tokens
    from relevo.adapters.llm.router import Engine as LanguageModel
    from relevo.adapters.llm.router import Router
    from relevo.adapters.speech.cached_voice import CachedVoice
    from relevo.adapters.speech.notes import Notes, SpokenNotes
    from relevo.adapters.speech.smart_turn import SmartTurn
    from relevo.adapters.speech.worker_voice import WorkerVoice
    from relevo.adapters.speech.workers import Pool
    from relevo.adapters.understanding.embedded import Embedded


class Engine(Protocol):
    """Something with processes of its own."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Speech:
    """The engines of live calls, started and stopped with the product."""

    recognizer: Recognizer
    voice: Voice
    detector: SpeechDetector
    engines: tuple[Engine, ...] = ()
    pools: tuple[Pool, ...] = ()
    cache: CachedVoice | None = None
    turn_end: TurnEndModel | None = None
    notes: Notes | None = None
    """Who writes voice notes down; None without PyAV."""
    spoken_notes: SpokenNotes | None = None

    async def start(self) -> None:
        for engine in self.engines:
            await engine.start()

    async def close(self) -> None:
        for engine in self.engines:
            await engine.close()

    async def warm(self, sentences: Iterable[str], *, locale: str) -> None:
        """Make sentences that every call needs before anybody calls; they stay on disk."""
        if self.cache is not None:
            await self.cache.warm(sentences, locale=locale)

    async def check(self) -> str:
        return "ok" if all(pool.pids for pool in self.pools) else "not_ready"


def make_pms(settings: Settings, db: Database, clock: Clock) -> tuple[Pms, Business]:
    """The PMS and the facts of the house. Raises ``Misconfigured`` if they cannot be read."""
    from relevo.adapters.pms import embedded

    if settings.pms == "qloapps":
        return _qloapps(settings, clock)
    given = embedded.Settings(file=settings.hotel_file)
    return embedded.Embedded(given, db), embedded.read_business(given.file)


def check_pms(settings: Settings) -> None:
    """Raises what is wrong with a PMS of somebody else's."""
    if settings.pms == "qloapps":
        _qloapps(settings, SystemClock())


def make_calendar(settings: Settings, db: Database, live: Live, business: Business, clock: Clock) -> Calendar | None:
    """Who has the appointments; None where nobody takes any. Raises ``Misconfigured``."""
    from relevo.adapters.appointments import facts, rest
    from relevo.appointments.service import HouseCalendar

    if settings.appointments == "off":
        return None
    if settings.appointments == "embedded":
        agenda = facts.read_agenda(settings.appointments_file, business)
        return HouseCalendar(db, live, agenda, clock, RandomIds())
    try:
        given = rest.Settings(url=settings.appointments_url, key=settings.appointments_key)
    except ValueError:
        raise Misconfigured("appointments_settings") from None
    return rest.RestCalendar(given, business.timezone, clock)


def make_tours(
    settings: Settings, db: Database, live: Live, business: Business, clock: Clock, ids: Ids
) -> tuple[Tours | None, tuple[dict[str, Any], ...]]:
    """Who sells excursions, None where the house sells none; the first agencies. Raises ``Misconfigured``."""
    from relevo.adapters.tours import facts

    if settings.tours_file is None and settings.hotel_file is not None:
        return None, ()
    given = facts.read_tours(settings.tours_file, business)
    return Tours(db, live, given.catalogue, clock, ids), given.partners


def make_mailer(settings: Settings, business: Business, clock: Clock) -> Mailer:
    """Who posts letters. Raises ``Misconfigured`` for a server or sender that cannot be one."""
    from relevo.adapters.channels import smtp

    if not settings.smtp_url.get_secret_value().strip():
        return smtp.NoMail()
    sender = settings.mail_from.strip() or f"{business.name} <{business.email}>"
    return smtp.Smtp(smtp.Settings(url=settings.smtp_url, sender=sender), clock, make_mail_tokens(settings))


def make_mail_tokens(settings: Settings) -> Tokens | None:
    """Access to mailbox and mail server by token. Raises ``Misconfigured`` where half of it is said."""
    secrets = (settings.imap_xoauth2_client_secret, settings.imap_xoauth2_refresh_token)
    given = [settings.imap_xoauth2_client_id, *(each.get_secret_value() for each in secrets)]
    if not any(given):
        return None
    if not all(given):
        raise Misconfigured("imap_settings")
    from relevo.adapters.channels.email import oauth

    return oauth.Tokens(
        oauth.Settings(
            client_id=settings.imap_xoauth2_client_id,
            client_secret=settings.imap_xoauth2_client_secret,
            refresh_token=settings.imap_xoauth2_refresh_token,
            token_url=settings.imap_xoauth2_token_url,
        )
    )


def _qloapps(settings: Settings, clock: Clock) -> tuple[Pms, Business]:
    from relevo.adapters.pms import embedded, qloapps
    from relevo.kit.failover import Failover, FailoverTransport

    if settings.hotel_file is None and not settings.demo:
        # The demo hotel's policies and bank are nobody else's.
        raise Misconfigured("pms_settings")
    try:
        given = qloapps.Settings(url=settings.qloapps_url, key=settings.qloapps_key, hotel=settings.qloapps_hotel)
    except ValueError:
        raise Misconfigured("pms_settings") from None
    house = qloapps.read_house(
        given,
        embedded.read_business(settings.hotel_file),
        clock.now().date(),
        kept=settings.data_dir / "cache" / "qloapps.json",
        named=embedded.read_types_of_pms(settings.hotel_file),
    )
    transport = None
    if settings.qloapps_backup_url:
        transport = FailoverTransport(
            Failover("pms", settings.qloapps_url, settings.qloapps_backup_url, clock), qloapps.pooled()
        )
    return qloapps.QloApps(given, house, transport=transport, now=clock.now), house.business


def make_understander(settings: Settings, clock: Clock, llm: Llm | None) -> Understander:
    """Who understands; ``llm`` may be asked. Raises ``Misconfigured`` for an engine that cannot be."""
    from relevo.adapters.understanding.embedded import Embedded

    embedded = Embedded(country=settings.country, cache_dir=understanding_cache(settings))
    return with_opinion(settings, embedded, clock, llm)


def with_opinion(settings: Settings, embedded: Embedded, clock: Clock, llm: Llm | None) -> Understander:
    """The embedded engine with the one that the settings put before it. Raises ``Misconfigured``."""
    if settings.understanding == "embedded":
        return embedded
    from relevo.adapters.understanding import language_model, rasa
    from relevo.adapters.understanding.second_opinion import SecondOpinion

    if settings.understanding == "llm":
        if llm is None:
            raise Misconfigured("understanding_llm")
        return SecondOpinion(embedded, language_model.LanguageModel(llm, embedded.intents), clock)
    try:
        given = rasa.Settings(
            url=settings.rasa_url,
            token=settings.rasa_token,
            threshold=settings.rasa_confidence_threshold,
            intents=rasa.named(settings.rasa_intents),
        )
    except ValueError:
        raise Misconfigured("rasa_settings") from None
    return SecondOpinion(embedded, rasa.Rasa(given, embedded.intents), clock)


def make_pupil(settings: Settings, understander: Understander) -> Pupil | None:
    """The engine that can be taught, alone or beneath another one; None where there is none."""
    from relevo.adapters.understanding.embedded import Embedded
    from relevo.adapters.understanding.retraining import Retraining

    embedded = getattr(understander, "embedded", understander)
    return Retraining(embedded, understanding_cache(settings)) if isinstance(embedded, Embedded) else None


def understanding_cache(settings: Settings) -> Path:
    return settings.data_dir / "cache" / "understanding"


def make_llm(settings: Settings, clock: Clock) -> Router | None:
    """The language models the settings name; None without any. Raises ``Misconfigured`` for one that cannot be."""
    from relevo.adapters.llm.router import Router

    named = [name.strip() for name in settings.llm.split(",") if name.strip()]
    return Router([_language_model(settings, *name.partition(":")[::2]) for name in named], clock) if named else None


def _language_model(settings: Settings, engine: str, model: str) -> LanguageModel:
    from relevo.adapters.llm import ollama, openai_compatible

    try:
        if engine == "ollama":
            return ollama.Ollama(ollama.Settings(url=settings.ollama_url, model=model))
        where = {
            "openrouter": (settings.openrouter_url, settings.openrouter_key),
            "openai": (settings.openai_url, settings.openai_key),
        }[engine]
        given = openai_compatible.Settings(url=where[0], key=where[1], model=model, name=engine)
    except (KeyError, ValueError):
        raise Misconfigured("llm_settings") from None
    return openai_compatible.OpenAiCompatible(given)


def make_speech(settings: Settings) -> Speech | None:
    """The engines the settings name; None when live calls are off. Raises ``Misconfigured`` for what is missing."""
    if settings.speech == "off":
        return None
    if settings.speech == "fake":
        from relevo.adapters.speech import fake

        said = fake.ToneVoice()
        notes, spoken_notes = _notes(fake.ScriptedRecognizer(), said)
        return Speech(
            fake.ScriptedRecognizer(), said, fake.EnergyDetector(), engines=(notes,) if notes else (), notes=notes,
            spoken_notes=spoken_notes,
        )  # fmt: skip
    if find_spec("ctranslate2") is None or find_spec("onnxruntime") is None:
        if settings.speech == "auto":
            return None
        raise Misconfigured("speech_not_installed")
    from relevo.adapters.speech import cached_voice, silero, whisper, workers

    given = whisper.Settings(
        model=settings.whisper_model,
        workers=settings.whisper_workers,
        cache=settings.data_dir / "cache" / "models",
    )
    heard = whisper.Whisper(given)
    voice = _voice(settings)
    kept = cached_voice.CachedVoice(voice, cached_voice.Settings(folder=settings.data_dir / "cache" / "voice"))
    turn_end = make_turn_end(settings)
    # Notes are never heard by the processes that live calls wait for.
    modest = whisper.Whisper(given.model_copy(update={"workers": 1}), nice=workers.NICE, rest=workers.REST_SECONDS)
    notes, spoken_notes = _notes(modest, kept)
    return Speech(
        heard,
        kept,
        silero.Silero(),
        engines=tuple(engine for engine in (heard, kept, turn_end, notes) if engine is not None),
        pools=(heard.pool, voice.pool),
        cache=kept,
        turn_end=turn_end,
        notes=notes,
        spoken_notes=spoken_notes,
    )


def _notes(recognizer: Recognizer, voice: Voice) -> tuple[Notes | None, SpokenNotes | None]:
    """Who hears voice notes and who speaks them; nobody where files of sound cannot be read."""
    from relevo.adapters.speech import note_files, notes

    if not note_files.installed():
        return None, None
    files = notes.Files()
    return notes.Notes(files, recognizer), notes.SpokenNotes(files, voice)


def make_turn_end(settings: Settings) -> SmartTurn | None:
    """The model that hears whether somebody is done; ``auto`` takes it where it is installed."""
    if settings.turn_model == "off":
        return None
    from relevo.adapters.speech.smart_turn import SmartTurn

    try:
        return SmartTurn()
    except Misconfigured:
        if settings.turn_model == "auto":
            return None
        raise


def _voice(settings: Settings) -> WorkerVoice:
    from relevo.adapters.speech import espeak, pico

    if settings.voice == "pico" or (settings.voice == "auto" and pico.installed()):
        return pico.Pico()
    return espeak.Espeak()
