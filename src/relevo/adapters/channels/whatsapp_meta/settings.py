"""What the WhatsApp number of one business is reached by, and how fast it may be used. It reads no environment."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

GRAPH = "https://graph.facebook.com"
VERSION = "v23.0"
PATH = "/api/whatsapp/meta/webhook"
"""Where Meta's webhooks come in."""
WINDOW = timedelta(hours=24)
MEDIA_HOSTS = ("fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net")
"""Where Meta keeps what customers send; the token is shown to nobody else."""


class Settings(BaseModel):
    """One number of one WhatsApp business account."""

    model_config = ConfigDict(extra="forbid")
    token: SecretStr
    app_secret: SecretStr
    verify_token: SecretStr = SecretStr("")
    phone_number_id: str = Field(pattern=r"^\d{1,32}$")
    waba_id: str = Field("", pattern=r"^\d{0,32}$")
    url: str = GRAPH
    version: str = Field(VERSION, pattern=r"^v\d{1,3}\.\d$")
    per_second: float = 40.0
    """Messages that leave this number in a second; Meta's own limit begins at 80, in and out together."""
    pair_burst: int = 45
    pair_seconds: float = 6.0
    """To one customer: a message every six seconds, of which a few may be borrowed."""
    late: timedelta = timedelta(hours=12)
    """What is older when it arrives is shown, and not answered as if it had just been said."""
    typing: bool = True
    """Mark as read, and as being answered, what the bot is about to answer."""

    @property
    def base(self) -> str:
        return f"{self.url.rstrip('/')}/{self.version}"

    def is_trusted(self, url: str) -> bool:
        """Whether the token may be shown to the host of ``url``."""
        parts, own = urlsplit(url), urlsplit(self.url)
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return True
        host = (parts.hostname or "").lower()
        return parts.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in MEDIA_HOSTS)
