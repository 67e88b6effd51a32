"""What outreach needs from outside: somebody who posts letters (the same as for every room below)."""

from __future__ import annotations

from relevo.kit.mail import Mailer, MailFile

__all__ = ["MailFile", "Mailer"]
