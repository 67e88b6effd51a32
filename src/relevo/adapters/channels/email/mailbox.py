"""One mailbox, read by one thread: connect, read what is new, wait until the server says that there is more.

The mailbox is opened for reading only, so that whoever reads it with a mail program sees it as it was. Whatever is
wrong with one mail stays with that mail: it is handed over as unreadable and the next one is read. A cursor is moved by
whoever takes the mails, together with what they keep of it, so that nothing is lost between the two.
"""

from __future__ import annotations

import asyncio
import imaplib
import random
import re
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import imap_tools
from imap_tools.errors import ImapToolsError
from pydantic import BaseModel, ConfigDict, SecretStr

from relevo.adapters.channels.email import imap
from relevo.adapters.channels.email.parsing import MAX_MAIL
from relevo.adapters.channels.email.store import Cursor
from relevo.adapters.channels.smtp import Tokens
from relevo.kit import log
from relevo.kit.errors import NotReady, RelevoError

_log = log.get("mailbox")

T = TypeVar("T")

IDLE = 60.0
"""Seconds after which the other folder is looked at, though nothing was announced in the first."""
POLL = 30.0
"""Seconds between two looks where the server announces nothing."""
TAKE = 300.0
"""Seconds for what we do with one mail."""
PAUSES = (5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
HEAD = 200_000
"""Bytes that are read of a mail that is too large: its head and, mostly, its words."""
OVERLAP = timedelta(days=2)
STUBBORN = 3
"""A mail that ended the connection so often is not asked for again."""
AT_ONCE = 200
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


class Settings(BaseModel):
    """``imaps://user:password@host:port/INBOX``."""

    model_config = ConfigDict(extra="forbid")
    url: SecretStr
    idle: float = IDLE
    poll: float = POLL
    pauses: tuple[float, ...] = PAUSES


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server has it."""

    folder: str
    sent: bool
    """It is from the folder of what was sent."""
    uidvalidity: int
    uid: int
    at: datetime
    size: int
    raw: bytes | None
    """None: the server would not give it."""
    whole: bool = True


class Reader(Protocol):
    """Who takes the mails. Called in the loop's thread, one after another."""

    async def cursor(self, folder: str) -> Cursor | None: ...

    async def begin(self, folder: str, at: Cursor) -> None: ...

    async def take(self, mail: Fetched) -> None:
        """Keep it and move the cursor, whatever the mail is like. Raises only where nothing can be kept."""
        ...

    async def retry_due(self) -> None:
        """Try again what could not be taken."""
        ...

    async def looked(self, *, mode: str | None, error: str | None) -> None: ...


class Mailbox:
    def __init__(self, settings: Settings, reader: Reader, tokens: Tokens | None = None) -> None:
        """``tokens``: where the address has no password. Raises ``Misconfigured``."""
        self.account = imap.Account(settings.url.get_secret_value(), tokens)
        self._folder = self.account.address.folder
        self.settings = settings
        self._reader = reader
        self._turn = asyncio.Lock()
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._box: imap_tools.BaseMailBox | None = None
        self._stubborn: dict[tuple[str, int, int], int] = {}

    @property
    def address(self) -> imap.Address:
        return self.account.address

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        self._stop.set()
        self._hang_up()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, imap.TIMEOUT)

    async def has_sent(self, message_id: str) -> bool:
        """Whether the folder of what was sent has this mail. Raises ``NotReady``, ``BadCredentials``."""

        def look(box: imap_tools.BaseMailBox) -> bool:
            folder = imap.sent_folder(box)
            if folder is None:
                return False
            box.folder.set(folder, readonly=True)
            return bool(box.uids(f'HEADER Message-ID "{message_id}"'))

        return await self._alone(look)

    async def keep_sent(self, letter: bytes, message_id: str) -> None:
        """Put a copy where mail programs show what was sent, unless it is there. Raises like ``has_sent``."""

        def keep(box: imap_tools.BaseMailBox) -> None:
            folder = imap.sent_folder(box)
            if folder is None:
                return
            box.folder.set(folder, readonly=True)
            if not box.uids(f'HEADER Message-ID "{message_id}"'):
                box.append(letter, folder, flag_set=[imap_tools.MailMessageFlags.SEEN])

        await self._alone(keep)

    async def _alone(self, ask: Callable[[imap_tools.BaseMailBox], T]) -> T:
        """On a connection of its own, one at a time: servers take only so many of one account."""
        async with self._turn:
            return await asyncio.to_thread(self._ask, ask)

    def _ask(self, ask: Callable[[imap_tools.BaseMailBox], T]) -> T:
        try:
            with self.account.connected() as box:
                return ask(box)
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise NotReady("mail_unavailable") from error

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                with self.account.connected() as box:
                    self._box = box
                    for mode in self._serve(box):
                        failures = 0
                        self._in_loop(self._reader.looked(mode=mode, error=None))
            except RelevoError as error:
                self._failed(error.code)
            except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
                if not self._stop.is_set():
                    _log.warning("the mailbox is out of reach; it is tried again", error=type(error).__name__)
                self._failed("mail_unavailable")
            except Exception:
                if not self._stop.is_set():
                    _log.exception("the mailbox cannot be read; it is tried again")
                self._failed("mail_unavailable")
            finally:
                self._box = None
            pauses = self.settings.pauses
            self._stop.wait(pauses[min(failures, len(pauses) - 1)] * random.uniform(0.8, 1.2))  # noqa: S311
            failures += 1

    def _failed(self, code: str) -> None:
        if self._stop.is_set():
            return
        try:
            self._in_loop(self._reader.looked(mode=None, error=code))
        except Exception:
            _log.exception("cannot note that the mailbox is out of reach")

    def _serve(self, box: imap_tools.BaseMailBox) -> Iterator[str]:
        """Read and wait until something breaks. Yields how it waits, after each look."""
        sent = imap.sent_folder(box)
        # Asked again: some servers say it only to those who have signed in.
        _, able = box.client.capability()
        idles = b"IDLE" in (able[-1] or b"").upper().split()
        while not self._stop.is_set():
            # First what people answered themselves: the bot need not any more.
            if sent is not None and sent != self._folder:
                self._look(box, sent, sent=True)
            new = self._look(box, self._folder, sent=False)
            self._in_loop(self._reader.retry_due())
            yield "idle" if idles else "poll"
            if new or len(box.client.untagged_responses.get("EXISTS", ())) > 1:
                # More may have come meanwhile, or was announced already and will not be again.
                continue
            if idles:
                self._wait_for_news(box)
            else:
                self._stop.wait(self.settings.poll)

    def _look(self, box: imap_tools.BaseMailBox, folder: str, *, sent: bool) -> int:
        """Hand over everything that is new in a folder, oldest first. Returns how many that is."""
        box.folder.set(folder, readonly=True)
        uidvalidity = imap.number(box, "UIDVALIDITY")
        cursor = self._in_loop(self._reader.cursor(folder))
        if cursor is None:
            # Years of old mail are nobody's to answer.
            newest = imap.number(box, "UIDNEXT") - 1
            if newest < 0:
                newest = max(map(int, box.uids("ALL")), default=0)
            self._in_loop(self._reader.begin(folder, Cursor(uidvalidity, newest, None)))
            return 0
        criteria = f"UID {cursor.last_uid + 1}:*"
        if cursor.uidvalidity != uidvalidity:
            since = (cursor.last_at or datetime.now(UTC)) - OVERLAP
            criteria = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
            cursor = Cursor(uidvalidity, 0, cursor.last_at)
            self._in_loop(self._reader.begin(folder, cursor))
        uids = sorted(uid for uid in map(int, box.uids(criteria)) if uid > cursor.last_uid)
        for first in range(0, len(uids), AT_ONCE):
            for uid, size, at in self._sizes(box, uids[first : first + AT_ONCE]):
                if self._stop.is_set():
                    return len(uids)
                self._one(box, Fetched(folder, sent, uidvalidity, uid, at, size, None))
        return len(uids)

    def _one(self, box: imap_tools.BaseMailBox, mail: Fetched) -> None:
        which = (mail.folder, mail.uidvalidity, mail.uid)
        whole = mail.size <= MAX_MAIL
        raw: bytes | None = None
        if self._stubborn.get(which, 0) < STUBBORN:
            self._stubborn[which] = self._stubborn.get(which, 0) + 1
            with suppress(imap.Refused):
                raw = imap.body(box, mail.uid, "" if whole else f"<0.{HEAD}>")
        self._in_loop(
            self._reader.take(
                Fetched(mail.folder, mail.sent, mail.uidvalidity, mail.uid, mail.at, mail.size, raw, whole)
            )
        )
        self._stubborn.pop(which, None)

    def _sizes(self, box: imap_tools.BaseMailBox, uids: list[int]) -> list[tuple[int, int, datetime]]:
        kind, data = box.client.uid("fetch", ",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)")
        if kind != "OK":
            raise imaplib.IMAP4.error("fetch")
        found = {}
        for line in data:
            said = line if isinstance(line, bytes) else b" ".join(line) if isinstance(line, tuple) else b""
            uid, size = _UID.search(said), _SIZE.search(said)
            if uid and size:
                found[int(uid[1])] = (int(uid[1]), int(size[1]), imap.internal_date(said))
        return [found[uid] for uid in uids if uid in found]

    def _wait_for_news(self, box: imap_tools.BaseMailBox) -> None:
        """The folder that was looked at last is still the open one."""
        box.idle.start()  # type: ignore[no-untyped-call]
        if not imap.something_waits(box):
            box.idle.poll(timeout=self.settings.idle)
        if not self._stop.is_set():
            box.idle.stop()  # type: ignore[no-untyped-call]

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            raise RuntimeError("a mailbox is started in a loop")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TAKE)

    def _hang_up(self) -> None:
        """Wake the thread that waits for the server."""
        box = self._box
        if box is not None:
            with suppress(OSError):
                box.client.sock.shutdown(socket.SHUT_RDWR)
