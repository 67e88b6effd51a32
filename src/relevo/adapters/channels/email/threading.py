"""Which conversation a mail belongs to, from what its headers claim and what we signed.

Our Message-IDs carry the conversation, the message and a signature, so that nobody can write their way into a
conversation by inventing one. Whether the sender takes part in it is looked at apart: knowing an id is not a right.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_REFERENCES = 20
_TOKEN = re.compile(r"c\.([a-z0-9_]{1,20})\.([a-z0-9_]{1,20})\.([0-9a-f]{20})@[^@\s]+")
_PREFIX = re.compile(
    r"\s*(?:(?:re|rv|fwd?|fw|rta|res|enc|aw|r|resp|respuesta|reenv)\s*(?:\[\d+\])?\s*:|\[(?:externo|external|externa)\])\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    conversation_id: str
    message_id: str


class Signer:
    def __init__(self, secret: str, domain: str) -> None:
        self._key = hashlib.sha256(f"mail threads\0{secret}".encode()).digest()
        self._domain = domain

    def message_id(self, token: Token) -> str:
        """Without angle brackets. The same message always has the same one."""
        return f"c.{token.conversation_id}.{token.message_id}.{self._signature(token)}@{self._domain}"

    def read(self, message_id: str) -> Token | None:
        """What we signed; None for everything else."""
        found = _TOKEN.fullmatch(message_id)
        if found is None:
            return None
        token = Token(found[1], found[2])
        return token if hmac.compare_digest(found[3], self._signature(token)) else None

    def newest(self, message_ids: Sequence[str]) -> Token | None:
        """The last one of ours among them."""
        return next((token for each in reversed(message_ids) if (token := self.read(each))), None)

    def _signature(self, token: Token) -> str:
        said = f"{token.conversation_id}\0{token.message_id}".encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:20]


def named(in_reply_to: Sequence[str], references: Sequence[str]) -> tuple[str, ...]:
    """The mails that a mail says it answers: the thread oldest first, then the one it answers."""
    return tuple(dict.fromkeys([*references[-200:], *in_reply_to[:5]]))


def references_for(references: Sequence[str], message_id: str) -> tuple[str, ...]:
    """What an answer to it carries. Of a long thread the beginning and the end are enough."""
    all_ = [*dict.fromkeys(each for each in references if each != message_id), message_id]
    if len(all_) <= MOST_REFERENCES:
        return tuple(all_)
    return (*all_[:2], *all_[-(MOST_REFERENCES - 2) :])


def answer_subject(subject: str) -> str:
    """Unchanged but for one ``Re:``; Gmail keeps a thread together by it."""
    return subject if re.match(r"\s*re\s*:", subject, re.IGNORECASE) else f"Re: {subject}".strip()


def subject_key(subject: str) -> str:
    """What stays of a subject when every program has put its prefix before it."""
    before = None
    while before != subject:
        before = subject
        subject = _PREFIX.sub("", subject, count=1) if _PREFIX.match(subject) else subject
    plain = unicodedata.normalize("NFKD", subject).casefold()
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())[:200]
