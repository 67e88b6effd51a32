"""Everything about a mail that can be found out without writing anything: read, its quotes taken off, its page made
safe. Blocking, and of the whole channel the only part that takes noticeable time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from relevo.adapters.channels.email import html, parsing, store
from relevo.adapters.channels.email.mailbox import Fetched
from relevo.adapters.channels.email.parsing import Mail, Poisoned
from relevo.adapters.channels.email.quoting import Said, without_quotes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail, and what is made of it before anything is written."""

    mail: Mail
    said: Said
    page: str | None

    @property
    def message_id(self) -> str:
        return (self.mail.message_id or parsing.fallback_id(self.mail))[:1000]

    @property
    def key(self) -> str:
        """A stranger who uses somebody's Message-ID does not make their mail a duplicate."""
        return store.hashed(self.message_id, self.mail.sender.address if self.mail.sender else "")


def prepare(fetched: Fetched) -> Prepared:
    """Blocking. Raises ``Poisoned``."""
    if fetched.raw is None:
        raise Poisoned("not_given")
    mail = parsing.read(fetched.raw)
    if not fetched.whole:
        mail = replace(mail, cut=True, files=(), refused=(*mail.refused, *(file.name for file in mail.files)))
    return Prepared(mail, without_quotes(mail.text), html.safe(mail.html) if mail.html else None)
