"""What a WhatsApp sender of a Twilio account is reached by. It reads no environment."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from relevo.adapters.twilio.rest import API

CHANNEL = "whatsapp_twilio"
PREFIX = "whatsapp:"
WEBHOOK = "/api/whatsapp/webhook"
STATUS = "/api/whatsapp/status"
FILES = "/f"
WINDOW = timedelta(hours=24)
LATE = timedelta(hours=12)
"""What is older when it is found is shown, and not answered as if it had just been said."""


class Settings(BaseModel):
    """One sender of one account."""

    model_config = ConfigDict(extra="forbid")
    account_sid: str = Field(pattern=r"^[A-Za-z0-9]{2,64}$")
    auth_token: SecretStr
    other_token: SecretStr = SecretStr("")
    """The secondary token, while the tokens are being changed."""
    webhook_key: SecretStr = SecretStr("")
    """Shared key of webhooks that are signed with SHA-256."""
    number: str = Field(pattern=r"^\+\d{6,15}$")
    rest_url: str = API
    public_url: str
    keep_media: bool = False
    """Leave what customers sent at Twilio; otherwise it is deleted there a day after we have it."""

    def url(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}{path}"
