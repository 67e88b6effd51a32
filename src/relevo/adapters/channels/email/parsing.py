"""A mail as it came over the wire, read into plain values.

Nobody's word counts: charsets may be wrong, headers huge, parts nested or thousands. What is too much is cut, and said
to be cut; what cannot be read at all raises ``Poisoned`` and goes to quarantine. Nothing here decides who is answered.
"""

from __future__ import annotations

import codecs
import email
import email.header
import email.policy
import email.utils
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from itertools import islice
from typing import Any

from relevo.adapters.channels.email.html import as_text

MAX_MAIL = 25_000_000
"""Bytes of a whole mail; of a larger one only the head is read."""
MAX_HEAD = 256_000
MAX_HEADER = 20_000
MAX_PARAMS = 4_000
"""Characters of one header whose parameters are looked for; the library takes hours for some megabytes of them."""
MAX_LINES = 600_000
"""Twice what a file of 20 MB has; each is an object of its own to the library."""
MAX_BOUNDARIES = 400
MAX_NESTED = 60
"""Lists of parts, in each other or not: every line is compared with all that are open."""
MAX_PARTS = 200
MAX_FILES = 20
MAX_WORDS = 1_000_000
"""Characters of a body that are looked at."""
SMALL_PICTURE = 20_000
"""Pictures inside the text up to this size are logos and smileys."""
KEPT_HEADERS = (
    "auto-submitted", "authentication-results", "content-type", "list-id", "list-unsubscribe", "precedence",
    "return-path", "x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-failed-recipients", "x-loop",
    "x-relevo-loop",
)  # fmt: skip
_NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codecs of Python's that are no charsets; some take a minute for a page."""
_NESTS = re.compile(rb"(?:^|[\r\n])content-type:\s*(?:multipart|message)/", re.IGNORECASE)
"""The library takes a carriage return by itself for the end of a line, too."""
_LINE = re.compile(rb"\r\n?|\n")
_BOUNDARY = re.compile(rb"[\r\n]--\S")
_LIST = re.compile(rb"[\r\n]content-type:\s*multipart/", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,900})>")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[a-z0-9.-]{1,189}", re.IGNORECASE)


class Poisoned(Exception):  # noqa: N818 - says what happened
    """It cannot be read. ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Party:
    address: str
    """Lower-case."""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    message_id: str | None
    """Without its angle brackets."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """Oldest first."""
    sender: Party | None
    to: tuple[Party, ...]
    subject: str
    at: datetime | None
    """What the sender says."""
    text: str
    html: str | None
    files: tuple[File, ...]
    headers: Mapping[str, tuple[str, ...]]
    """Those of ``KEPT_HEADERS``, first ones first."""
    report: tuple[Mapping[str, str], ...] = ()
    """The fields of a delivery report, per recipient."""
    returned: tuple[str, ...] = ()
    """Message-IDs of what a report gives back."""
    cut: bool = False
    """Something was too much and is missing."""
    refused: tuple[str, ...] = field(default=())
    """Names of files that were not read."""

    def header(self, name: str) -> str:
        return next(iter(self.headers.get(name, ())), "")


class _Letter(Message):
    """A mail, or a part of one, whose long headers are cut before the library looks into them."""

    def get(self, name: str, failobj: Any = None) -> Any:
        value = super().get(name, failobj)
        return value[:MAX_PARAMS] if isinstance(value, str) else value


def head_of(raw: bytes) -> bytes:
    """Everything up to the first empty line."""
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    return raw[: min(ends)] + b"\r\n\r\n" if ends else raw


def read(raw: bytes) -> Mail:
    """Raises ``Poisoned``."""
    head = head_of(raw)
    if len(head) > MAX_HEAD:
        raise Poisoned("headers")
    cut = len(raw) > MAX_MAIL
    if cut:
        raw = head
    else:
        raw, cut = _less(raw, nests=_NESTS.search(head) is not None)
    try:
        return _read(email.message_from_bytes(raw, _Letter, policy=email.policy.compat32), cut)
    except RecursionError as error:
        raise Poisoned("nested") from error
    except Poisoned:
        raise
    except Exception as error:
        raise Poisoned("unreadable") from error


def fallback_id(mail: Mail) -> str:
    """Who a mail without ``Message-ID`` is."""
    said = "\0".join((mail.sender.address if mail.sender else "", str(mail.at), mail.subject, mail.text))
    return f"sha256.{hashlib.sha256(said.encode(errors='replace')).hexdigest()}"


def ids_in(value: str) -> tuple[str, ...]:
    """The Message-IDs of a header, in their order."""
    return tuple(_ID.findall(value[-MAX_HEADER:]))


def parties(values: list[str]) -> tuple[Party, ...]:
    """The people of an address header; what is no address is left out."""
    found = []
    try:
        pairs = email.utils.getaddresses([value[:MAX_HEADER] for value in values])
    except RecursionError:
        return ()
    for name, address in pairs:
        if _ADDRESS.fullmatch(address):
            found.append(Party(address.lower(), one_line(words(name))[:120] or None))
    return tuple(found)


def words(value: str) -> str:
    """A header with its encoded words read."""
    said = []
    for piece, charset in email.header.decode_header(value[:MAX_HEADER]):
        said.append(decode(piece, charset) if isinstance(piece, bytes) else piece)
    return _without_surrogates("".join(said))


def one_line(text: str) -> str:
    """No line breaks, no control characters, no tricks of direction."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def decode(content: bytes, charset: str | None) -> str:
    """As its charset says where that is one and it fits, else as most likely meant."""
    for name in (charset or "", "utf-8"):
        try:
            codec = codecs.lookup(name)
            if codec.name.replace("-", "_") in _NO_TEXT or not codec._is_text_encoding:
                continue
            return content.decode(codec.name)
        except (LookupError, ValueError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


def _less(raw: bytes, *, nests: bool) -> tuple[bytes, bool]:
    """Everything before one line, one boundary or one list of parts too many."""
    limits = [(_LINE, MAX_LINES), *([(_BOUNDARY, MAX_BOUNDARIES), (_LIST, MAX_NESTED)] if nests else [])]
    ends = [found.start() for each, most in limits for found in islice(each.finditer(raw), most, most + 1)]
    return (raw[: min(ends)], True) if ends else (raw, False)


def _read(letter: Message, cut: bool) -> Mail:
    plain: list[str] = []
    html: list[str] = []
    files: list[File] = []
    refused: list[str] = []
    report: list[Mapping[str, str]] = []
    returned: list[str] = []
    for count, part in enumerate(_leaves(letter)):
        if count >= MAX_PARTS:
            cut = True
            break
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            report += _blocks(part)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            returned += _returned(part)
            if kind == "message/rfc822" and letter.get_content_type() != "multipart/report":
                refused.append(_name(part) or "mensaje.eml")
        elif kind in ("text/plain", "text/html") and not _is_file(part):
            (plain if kind == "text/plain" else html).append(_text(part))
        elif len(files) >= MAX_FILES:
            refused.append(_name(part))
        else:
            content = _content(part)
            if not (_is_decoration(part) and len(content) <= SMALL_PICTURE):
                files.append(File(_name(part), content))
    text, page = "\n".join(plain)[:MAX_WORDS], "\n".join(html)[:MAX_WORDS] or None
    if page is not None:
        shown = as_text(page)
        if len(text.strip()) < len(shown) / 10:
            text = shown
    senders = parties(_all(letter, "From"))
    return Mail(
        message_id=next(iter(ids_in(_first(letter, "Message-ID"))), None),
        in_reply_to=ids_in(_first(letter, "In-Reply-To")),
        references=ids_in(_first(letter, "References")),
        sender=senders[0] if senders else None,
        to=parties([*_all(letter, "To"), *_all(letter, "Cc")])[:100],
        subject=one_line(words(_first(letter, "Subject")))[:500],
        at=_date(_first(letter, "Date")),
        text=_without_surrogates(text).replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""),
        html=_without_surrogates(page).replace("\0", "") if page else None,
        files=tuple(files),
        headers={name: tuple(value[:MAX_HEADER] for value in _all(letter, name)) for name in KEPT_HEADERS},
        report=tuple(report),
        returned=tuple(returned),
        cut=cut,
        refused=tuple(one_line(name) for name in refused),
    )


def _leaves(letter: Message) -> Iterator[Message]:
    """Its parts in their order. A mail inside the mail is one part."""
    waiting = [letter]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() != "multipart":
            yield part
        else:
            waiting += reversed(_inside(part))


def _inside(part: Message) -> list[Message]:
    """What it consists of. The library decodes what is no list, by a charset that may be none."""
    inside = part.get_payload() if part.is_multipart() else []
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def _all(letter: Message, name: str) -> list[str]:
    wanted = name.lower()
    given = (str(value) for key, value in letter.raw_items() if key.lower() == wanted)
    return [_without_surrogates(re.sub(r"\r?\n(?=[ \t])", "", value)) for value in given]


def _first(letter: Message, name: str) -> str:
    return next(iter(_all(letter, name)), "")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    return decode(_content(part)[: 4 * MAX_WORDS], part.get_content_charset())


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _is_decoration(part: Message) -> bool:
    return part.get_content_maintype() == "image" and bool(part.get("Content-ID"))


def _name(part: Message) -> str:
    try:
        return one_line(words(part.get_filename() or ""))[:200]
    except (ValueError, TypeError, LookupError, UnicodeError):
        return ""


def _blocks(part: Message) -> list[Mapping[str, str]]:
    return [{key.lower(): str(value)[:1_000] for key, value in block.items()} for block in _inside(part)[:20]]


def _returned(part: Message) -> list[str]:
    for letter in _inside(part):
        return list(ids_in(_first(letter, "Message-ID")))
    given = re.search(r"^Message-ID:\s*(<[^<>\s]+>)", decode(_content(part)[:MAX_HEAD], None), re.I | re.M)
    return list(ids_in(given[1])) if given else []


def _date(value: str) -> datetime | None:
    try:
        at = email.utils.parsedate_to_datetime(value[:200])
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _without_surrogates(text: str) -> str:
    """Bytes that came raw in a header are UTF-8 or Latin."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return decode(text.encode("utf-8", "surrogateescape"), None) if _escaped(text) else _replaced(text)


def _escaped(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in text)


def _replaced(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
