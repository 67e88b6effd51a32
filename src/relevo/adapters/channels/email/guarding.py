"""Mails that are never answered by a machine, and mails that say that another one did not arrive (RFC 3834, 3464).

When in doubt there is no answer: a person sees the mail all the same. Two machines that answer each other are worse
than a guest who waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from relevo.adapters.channels.email.parsing import Mail, ids_in

MOST_PER_HOUR = 5
"""Automatic answers to one sender."""
MOST_PER_DAY = 10
"""Automatic answers in one conversation."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|no[._-]?reply|do[._-]?not[._-]?reply|no[._-]?responder|nao[._-]?responda|bounces?|"
    r"notifications?|notificaciones|alerts?|newsletter|abuse|root)(?:[+._=-].*)?",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\s*(?:re:\s*)?(?:respuesta autom[aá]tica|automatic reply|auto(?:matic)?[- ]?reply|autoreply|"
    r"fuera de (?:la )?oficina|out of (?:the )?office|resposta autom[aá]tica|ausente|ausencia|aus[eê]ncia)\b",
    re.IGNORECASE,
)
_UNDELIVERED = re.compile(
    r"undeliver|delivery status notification|mail delivery (?:failed|subsystem)|returned mail|failure notice|"
    r"no se (?:pudo|ha podido) entregar|mensaje no entregado|n[aã]o (?:foi )?entregue|delivery (?:has )?failed",
    re.IGNORECASE,
)
_FAILED = re.compile(r"\bdmarc=(?:fail|reject|quarantine)\b", re.IGNORECASE)
_NO_DMARC = re.compile(r"\bdmarc=(?:pass|none|bestguesspass)\b", re.IGNORECASE)
_BOTH = (re.compile(r"\bspf=(?:hard)?fail\b", re.IGNORECASE), re.compile(r"\bdkim=fail\b", re.IGNORECASE))


class Why(StrEnum):
    """Why a mail gets no automatic answer."""

    OURS = "ours"
    AUTOMATIC = "automatic"
    LIST = "list"
    MACHINE = "machine"
    BOUNCE = "bounce"
    NOBODY = "nobody"
    """It has no sender that could be answered."""
    SPOOFED = "spoofed"
    """Our own mail server says that it is not from whom it says."""
    STRANGER = "stranger"
    """It goes into a conversation in which its sender takes no part."""
    MANY = "many"
    OLD = "old"
    JUNK = "junk"


SHOWN = frozenset({Why.SPOOFED, Why.STRANGER, Why.MANY, Why.OLD})
"""A person has to look; the others are nobody's words."""


@dataclass(frozen=True, slots=True)
class Bounce:
    returned: tuple[str, ...]
    """Message-IDs of what did not arrive, newest last."""
    permanent: bool
    status: str
    """Such as ``5.1.1``; empty where it is not said."""
    recipient: str | None
    detail: str


def why_not(mail: Mail, ours: Collection[str]) -> Why | None:
    """None: it may be answered, as far as the mail itself goes."""
    if mail.sender is None:
        return Why.NOBODY
    if _is_report(mail) or _is_daemon(mail.sender.address) or mail.header("return-path").strip() == "<>":
        return Why.BOUNCE
    if mail.sender.address in ours or mail.header("x-relevo-loop"):
        return Why.OURS
    submitted = mail.header("auto-submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no") or _AWAY.match(mail.subject):
        return Why.AUTOMATIC
    if any(mail.header(name) for name in ("x-autoreply", "x-autorespond", "x-loop")):
        return Why.AUTOMATIC
    suppressed = re.split(r"[,\s]+", mail.header("x-auto-response-suppress").lower())
    if {"all", "autoreply", "oof"} & set(suppressed):
        return Why.AUTOMATIC
    precedence = mail.header("precedence").strip().lower()
    if mail.header("list-id") or mail.header("list-unsubscribe") or precedence in ("bulk", "junk", "list"):
        return Why.LIST
    if precedence == "auto_reply":
        return Why.AUTOMATIC
    if _MACHINES.fullmatch(mail.sender.address.partition("@")[0]):
        return Why.MACHINE
    return Why.SPOOFED if _is_spoofed(mail) else None


def bounce(mail: Mail) -> Bounce | None:
    """What a report says about one of our mails; None where it is none, or only a delay."""
    daemon = mail.sender is None or _is_daemon(mail.sender.address) or mail.header("return-path").strip() == "<>"
    if not _is_report(mail) and not (
        daemon and (_UNDELIVERED.search(mail.subject) or mail.header("x-failed-recipients"))
    ):
        return None
    fields = next((each for each in mail.report if "action" in each), {})
    action, status = fields.get("action", "failed").strip().lower(), fields.get("status", "").strip()[:20]
    if action != "failed" or status.startswith(("2", "4")):
        return None
    recipient = (
        fields.get("final-recipient", "").partition(";")[2].strip() or mail.header("x-failed-recipients").strip()
    )
    returned = mail.returned or tuple(ids_in(f"{mail.text[:20_000]}"))
    return Bounce(
        returned=(*mail.references, *mail.in_reply_to, *returned),
        permanent=True,
        status=status,
        recipient=recipient[:254].lower() or None,
        detail=fields.get("diagnostic-code", "")[:300],
    )


def _is_daemon(address: str) -> bool:
    return address.partition("@")[0] in ("mailer-daemon", "postmaster")


def _is_report(mail: Mail) -> bool:
    return mail.header("content-type").strip().lower().startswith("multipart/report")


def _is_spoofed(mail: Mail) -> bool:
    """By the first of these headers, which our own server wrote; those below it anybody may have written."""
    said = mail.header("authentication-results")
    if _FAILED.search(said):
        return True
    return not _NO_DMARC.search(said) and all(test.search(said) for test in _BOTH)
