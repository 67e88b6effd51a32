"""Boot settings, read once from the environment (prefix ``RELEVO_``). Business settings live in the database.

The service refuses to start with a made-up secret when its public address is not this machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from relevo.kit.errors import Misconfigured

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEVELOPMENT_SECRET = "development-only"  # noqa: S105 - refused below for any public address


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RELEVO_", env_nested_delimiter="__", extra="ignore")

    port: int = Field(8000, validation_alias=AliasChoices("RELEVO_PORT", "PORT"))
    """The one port that serves everything."""
    host: str = "127.0.0.1"
    """Address to listen on; ``0.0.0.0`` for all."""
    public_url: str = ""
    """How the outside reaches us (``https://...``); carriers sign it. Empty: http://localhost:{port}."""
    trusted_proxies: str = ""
    """Addresses or networks, with commas, of the reverse proxies whose word about the client's address counts."""
    data_dir: Path = Path("var")
    """Database, recordings, caches."""
    database_url: str = ""
    """SQLAlchemy URL. Empty: SQLite in ``data_dir``."""
    secret: SecretStr = SecretStr("")
    """Signs links and stream tokens. Empty: made once and kept in ``data_dir`` (only for a local address)."""
    node: str = "node-1"
    """Name of this process among several."""
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"
    log_personal: bool = False
    """Keep personal data in logs (debugging only)."""
    locale: str = "es_AR"
    """Language and register of the bot where the customer has shown none."""
    country: str = "AR"
    """Where phone numbers without a country code and public holidays belong."""
    hotel_file: Path | None = None
    """Facts of the business; with a QloApps, those that it does not know. Empty: the demo hotel."""
    pms: Literal["embedded", "qloapps"] = "embedded"
    """Who has the rooms: Relevo itself, or a QloApps."""
    qloapps_url: str = ""
    """Address of the QloApps, with the host and port that it knows itself by."""
    qloapps_backup_url: str = ""
    """Another way to the same QloApps, used while the first is down."""
    qloapps_key: SecretStr = SecretStr("")
    """Key of its web service, 32 characters."""
    qloapps_hotel: int = Field(1, ge=1)
    """Which of its hotels."""
    appointments: Literal["off", "embedded", "rest"] = "off"
    """Who has the appointments: nobody takes any, Relevo itself, or another system of the house."""
    appointments_file: Path | None = None
    """Services, resources, hours and packages of an embedded calendar. Empty: the demo spa."""
    appointments_url: str = ""
    """Address of the other system."""
    appointments_key: SecretStr = SecretStr("")
    """Its bearer token."""
    tours_file: Path | None = None
    """Excursions of the house and its first agencies. Empty: the demo's, where it is the house."""
    demo: bool = False
    """Create the demo users and show the demo page."""
    demo_password: SecretStr = SecretStr("")
    """Password of the demo users; empty: made up and printed."""
    speech: Literal["auto", "local", "fake", "off"] = "auto"
    """Engines for live calls: local models, scripted fakes, or no calls; ``auto`` is local where it is installed."""
    voice: Literal["auto", "pico", "espeak"] = "auto"
    """The bot's voice; ``auto`` takes Pico where it is installed, else espeak-ng."""
    whisper_model: str = ""
    """Folder or hub name of a CTranslate2 Whisper model. Empty: the packaged base model."""
    whisper_workers: int = 1
    """Speech-to-text processes."""
    voice_replies: Literal["off", "mirror", "always"] = "off"
    """Whether the bot's written answers come as a voice note too: never, to a voice note, or always."""
    turn_model: Literal["auto", "smart-turn", "off"] = "auto"
    """Who judges by the sound whether somebody has finished; ``auto`` takes Smart Turn where it is installed."""
    max_calls: int = 50
    """Calls carried at a time; more are told that all lines are busy."""
    voicemail: Literal["message", "hang_up"] = "message"
    """What a mailbox that takes our call gets: ``calls.outbound.voicemail`` after its tone, or nothing."""
    agent_lost: Literal["bot", "queue"] = "bot"
    """Who has a call whose agent lost their connection: the bot, or music and the queue."""
    ice_servers: SecretStr = SecretStr("")
    """STUN and TURN servers for voices in the browser: a JSON list, or stun:host:port,turn:name:password@host:port."""
    turn_secret: SecretStr = SecretStr("")
    """Secret shared with a TURN server that takes credentials made from it."""
    show_listeners: bool = True
    """Whether an agent sees who listens to their call."""
    keep_messages: int = Field(90, ge=1)
    """Days after which what was written and said in a closed conversation is deleted."""
    keep_audio: int = Field(30, ge=1)
    """Days after which a recording is deleted."""
    keep_cancelled: int = Field(365, ge=1)
    """Days after which a booking that came to nothing forgets its guest."""
    keep_shifts: int = Field(1_460, ge=1)
    """Days after which what the staff did when is deleted."""
    push_key: SecretStr = SecretStr("")
    """VAPID private key of Web Push, 32 bytes in base64. Empty: made of the installation's secret."""
    push_contact: str = ""
    """Whom the services of browsers may write to about our pushes: ``mailto:`` or ``https:``. Empty: guessed."""
    push_names: bool = False
    """Say in a push whom it is about; otherwise only what kind of thing happened."""
    push_allow: str = ""
    """Origins, with commas, that a push may go to although they are no public https ones."""
    presence: Literal["auto", "always", "off"] = "auto"
    """Whether only those who say that they are available are rung; ``auto``: once anybody says what they do."""
    pause_reasons: str = "break,meal,meeting,errand,other"
    """What the staff may pause for, with commas: of these, or in words of the house."""
    still_there_hours: float = Field(4, ge=0)
    """Hours without anything done at the desk after which somebody is asked whether they are there; 0: never."""
    still_there_offline: int = Field(0, ge=0)
    """Minutes after that question until whoever did not answer is offline; 0: only a supervisor is told."""
    backups: int = Field(14, ge=0)
    """Daily backups that are kept; 0 for none."""
    backup_dir: Path | None = None
    """Where they go; best another disk. Empty: ``backups`` in ``data_dir``."""
    backup_recordings: bool = False
    """Put the recordings of calls into the backups too."""
    webchat_origins: str = ""
    """Web sites that may show the chat under the key ``default``, with commas: https://www.hotel.example."""
    smtp_url: SecretStr = SecretStr("")
    """Server for outgoing e-mail, ``smtp[s]://user:password@host:port``. Empty: e-mail is off."""
    mail_from: str = ""
    """Who e-mail comes from, ``Hotel <reservas@...>``. Empty: the name and address of the house."""
    imap_url: SecretStr = SecretStr("")
    """Mailbox that customers write to, ``imaps://user:password@host:993/INBOX``. Empty: e-mail is not read."""
    imap_xoauth2_client_id: str = ""
    """Access by token in place of a password (Google Workspace, Microsoft 365): our registration there."""
    imap_xoauth2_client_secret: SecretStr = SecretStr("")
    imap_xoauth2_refresh_token: SecretStr = SecretStr("")
    """What access tokens are made from."""
    imap_xoauth2_token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    """Where they are made."""
    staff_email: str = ""
    """Where alerts and the morning's summary go, addresses with commas. Empty: only to the console."""
    whatsapp_staff_template: str = "aviso_equipo"
    """The approved template, with three parameters, in which alerts go to the telephones of the staff."""
    vip_words: str = ""
    """Words, with commas, by which customers are known whom a person looks after (companies, clubs)."""
    llm: str = ""
    """Language models in the order they are asked: ``ollama:llama3,openrouter:vendor/model``. Empty: none."""
    understanding: Literal["embedded", "rasa", "llm"] = "embedded"
    """Who says what a message wants: Relevo itself, or a Rasa or the language models, with Relevo behind them."""
    rasa_url: str = Field("", validation_alias=AliasChoices("RELEVO_RASA_URL", "RASA_URL"))
    """Where a Rasa with its API enabled listens."""
    rasa_confidence_threshold: float = Field(
        0.70,
        ge=0,
        le=1,
        validation_alias=AliasChoices("RELEVO_RASA_CONFIDENCE_THRESHOLD", "RASA_CONFIDENCE_THRESHOLD"),
    )
    """Below it our own reading counts."""
    rasa_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("RELEVO_RASA_TOKEN", "RASA_TOKEN"))
    """Its token, or a JWT."""
    rasa_intents: str = ""
    """Its names of intents to ours, where they differ: ``disponibilidad=check_availability,precio=get_prices``."""
    llm_reword: bool = True
    """Let the first of them say the bot's written answers more warmly; what they say stays the same."""
    arguments_file: Path | None = None
    """The house's own arguments for customers who hesitate. Empty: those of the demo hotel, where it is the house."""
    ollama_url: str = "http://127.0.0.1:11434"
    """Where Ollama listens."""
    openrouter_key: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("RELEVO_OPENROUTER_KEY", "OPENROUTER_API_KEY")
    )
    openrouter_url: str = "https://openrouter.ai/api/v1"
    openai_url: str = ""
    """Another server that speaks OpenAI's chat completions (vLLM, llama.cpp, LM Studio), for ``openai:<model>``."""
    openai_key: SecretStr = SecretStr("")
    twilio_account_sid: str = Field(
        "", validation_alias=AliasChoices("RELEVO_TWILIO_ACCOUNT_SID", "TWILIO_ACCOUNT_SID")
    )
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("RELEVO_TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN")
    )
    twilio_phone_number: str = Field(
        "", validation_alias=AliasChoices("RELEVO_TWILIO_PHONE_NUMBER", "TWILIO_PHONE_NUMBER")
    )
    twilio_byoc_trunk_sid: str = Field(
        "", validation_alias=AliasChoices("RELEVO_TWILIO_BYOC_TRUNK_SID", "TWILIO_BYOC_TRUNK_SID")
    )
    default_to_phone_number: str = Field(
        "", validation_alias=AliasChoices("RELEVO_DEFAULT_TO_PHONE_NUMBER", "DEFAULT_TO_PHONE_NUMBER")
    )
    whatsapp_meta_token: SecretStr = SecretStr("")
    """Token of a Meta system user for WhatsApp's Cloud API. Empty: WhatsApp by Meta is off."""
    whatsapp_meta_app_secret: SecretStr = SecretStr("")
    """Secret of the Meta app; webhooks that it has not signed are refused."""
    whatsapp_meta_verify_token: SecretStr = SecretStr("")
    """A word of one's own, repeated in Meta's panel where the webhook is set up."""
    whatsapp_meta_phone_number_id: str = ""
    """Id of the number (not the number)."""
    whatsapp_meta_waba_id: str = ""
    """Id of the WhatsApp business account; templates and the doctor need it."""
    whatsapp_meta_url: str = "https://graph.facebook.com"
    """Base of Meta's Graph API; a loopback WhatsApp in tests and demos."""
    whatsapp_meta_version: str = "v23.0"
    """Version of Meta's Graph API."""
    twilio_whatsapp_number: str = Field(
        "", validation_alias=AliasChoices("RELEVO_TWILIO_WHATSAPP_NUMBER", "TWILIO_WHATSAPP_NUMBER")
    )
    """Our WhatsApp sender of a Twilio account, ``+54...``. Empty: WhatsApp by Twilio is off."""
    twilio_other_token: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("RELEVO_TWILIO_OTHER_TOKEN", "TWILIO_OTHER_TOKEN")
    )
    """The secondary token while the tokens are changed: what either has signed is believed."""
    twilio_webhook_key: SecretStr = SecretStr("")
    """Shared key of webhooks that Twilio signs with SHA-256 instead of the token."""
    twilio_keep_media: bool = False
    """Leave the files that customers sent at Twilio; otherwise they are deleted there a day after we have them."""
    twilio_rest_url: str = "https://api.twilio.com"
    """Base of Twilio's REST API; a loopback Twilio in tests and demos."""

    @property
    def url(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_local(self) -> bool:
        return (urlsplit(self.url).hostname or "") in LOCAL_HOSTS

    @property
    def backup_folder(self) -> Path:
        return self.backup_dir or self.data_dir / "backups"

    @property
    def vips(self) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.vip_words.split(",") if word.strip())

    @property
    def pause_reasons_list(self) -> tuple[str, ...]:
        return tuple(reason.strip()[:40] for reason in self.pause_reasons.split(",") if reason.strip())

    @property
    def staff_addresses(self) -> tuple[str, ...]:
        return tuple(address.strip() for address in self.staff_email.split(",") if address.strip())

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'relevo.db'}"

    def signing_secret(self) -> str:
        """The secret to sign with. Raises ``Misconfigured`` where a made-up one would be dangerous."""
        given = self.secret.get_secret_value().strip()
        if given and (given != DEVELOPMENT_SECRET or self.is_local):
            return given
        if not self.is_local:
            raise Misconfigured("secret_missing")
        from relevo.kit.crypto import kept, new_token

        return kept(self.data_dir / "secret", new_token)
