"""How each channel is set up, for the console: whether it is on, which settings make it so, where its carrier calls us.

Of a setting only whether it was given is told, never what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from relevo.adapters.channels.whatsapp_meta.settings import PATH as META
from relevo.adapters.channels.whatsapp_twilio.settings import WEBHOOK as TWILIO
from relevo.adapters.lines.twilio import INCOMING, STATUS
from relevo.settings import Settings

PUBLIC = "public_url"


@dataclass(frozen=True, slots=True)
class Needs:
    name: str
    needed: Sequence[str]
    """Settings without which it is off."""
    more: Sequence[str] = ()
    webhooks: Sequence[tuple[str, str]] = ()
    """(what for, path) that the carrier has to be told."""


CHANNELS = (
    Needs("webchat", (), ("webchat_origins", PUBLIC)),
    Needs(
        "whatsapp",
        (
            "whatsapp_meta_token",
            "whatsapp_meta_app_secret",
            "whatsapp_meta_phone_number_id",
            "whatsapp_meta_verify_token",
        ),
        ("whatsapp_meta_waba_id", "whatsapp_staff_template", PUBLIC),
        (("messages", META),),
    ),
    Needs(
        "whatsapp_twilio",
        ("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_number"),
        ("twilio_webhook_key", PUBLIC),
        (("messages", TWILIO),),
    ),
    Needs("email", ("imap_url", "smtp_url", "mail_from"), ("imap_xoauth2_client_id", "imap_xoauth2_refresh_token")),
    Needs(
        "phone",
        ("twilio_account_sid", "twilio_auth_token", "twilio_phone_number"),
        ("twilio_byoc_trunk_sid", PUBLIC),
        (("calls", INCOMING), ("status", STATUS)),
    ),
)


def setup(settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "on": all(_given(settings, name) for name in each.needed),
            "settings": [
                {"name": f"RELEVO_{name.upper()}", "given": _given(settings, name), "needed": name in each.needed}
                for name in (*each.needed, *each.more)
            ],
            "webhooks": [{"what": what, "url": f"{settings.url}{path}"} for what, path in each.webhooks],
            "public": settings.url.startswith("https://"),
        }
        for each in CHANNELS
    ]


def _given(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool((value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")).strip())
