"""The thread that reads a mailbox, against a real Dovecot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from relevo.adapters.channels.email.mailbox import HEAD, Fetched, Mailbox, Settings
from relevo.adapters.channels.email.oauth import Settings as OAuth
from relevo.adapters.channels.email.oauth import Tokens
from relevo.adapters.channels.email.store import Cursor
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady
from tests.dovecot import Server, User
from tests.email.letters import letter

PATIENCE = 20


class Notebook:
    """Keeps cursors and mails in memory; fails when it is told to."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}
        self.mails: asyncio.Queue[Fetched] = asyncio.Queue()
        self.looks: asyncio.Queue[str] = asyncio.Queue()
        self.fails: Callable[[Fetched], bool] = lambda mail: False

    async def cursor(self, folder: str) -> Cursor | None:
        return self.cursors.get(folder)

    async def begin(self, folder: str, at: Cursor) -> None:
        self.cursors[folder] = at

    async def take(self, mail: Fetched) -> None:
        if self.fails(mail):
            raise RuntimeError("nothing can be kept")
        self.cursors[mail.folder] = Cursor(mail.uidvalidity, mail.uid, mail.at)
        self.mails.put_nowait(mail)

    async def retry_due(self) -> None:
        pass

    async def looked(self, *, mode: str | None, error: str | None) -> None:
        self.looks.put_nowait(error or mode or "")

    async def next(self) -> Fetched:
        return await asyncio.wait_for(self.mails.get(), PATIENCE)

    async def look(self) -> str:
        return await asyncio.wait_for(self.looks.get(), PATIENCE)


@asynccontextmanager
async def reading(user: User, notebook: Notebook, *, url: str = "", idle: float = 30) -> AsyncIterator[Mailbox]:
    given = Settings(url=SecretStr(url or user.url), idle=idle, poll=0.1, pauses=(0.05,))
    mailbox = Mailbox(given, notebook)
    mailbox.start()
    try:
        yield mailbox
    finally:
        begun = time.monotonic()
        await mailbox.close()
        assert time.monotonic() - begun < 5


async def test_old_mails_stay_old_and_new_ones_come_in_order_untouched(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    user.put(letter(Subject="vieja"))
    async with reading(user, notebook):
        assert await notebook.look() == "idle"
        await asyncio.to_thread(user.put, *(letter(Subject=f"nueva {number}") for number in range(3)))
        found = [await notebook.next() for _ in range(3)]
    assert [mail.uid for mail in found] == [2, 3, 4]
    assert b"nueva 0" in (found[0].raw or b"")
    assert notebook.mails.empty()
    assert not any(b"Seen" in flags for flags in user.flags())


async def test_without_idle_it_asks_now_and_then(plain_server: Server) -> None:
    user, notebook = plain_server.user(), Notebook()
    async with reading(user, notebook):
        assert await notebook.look() == "poll"
        await asyncio.to_thread(user.put, letter())
        assert (await notebook.next()).uid == 1


async def test_what_was_sent_is_read_too(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook, idle=0.1):
        await notebook.look()
        await asyncio.to_thread(user.put, letter(), folder="Sent")
        assert (await notebook.next()).sent


async def test_a_stop_between_two_mails_loses_none(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook):
        await notebook.look()
    user.put(letter(Subject="mientras tanto"))
    async with reading(user, notebook):
        assert b"mientras tanto" in ((await notebook.next()).raw or b"")


async def test_a_renumbered_folder_is_looked_through_again(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    with user.client() as client:
        client.create("Reservas")
    url = user.url.replace("INBOX", "Reservas")
    async with reading(user, notebook, url=url):
        await notebook.look()
        await asyncio.to_thread(user.put, letter(Subject="primera"), folder="Reservas")
        first = await notebook.next()
    with user.client() as client:
        client.delete("Reservas")
        client.create("Reservas")
    user.put(letter(Subject="primera"), letter(Subject="segunda"), folder="Reservas")
    async with reading(user, notebook, url=url):
        again = [await notebook.next() for _ in range(2)]
    assert first.uidvalidity != again[0].uidvalidity
    assert [mail.uid for mail in again] == [1, 2]


async def test_of_a_mail_of_thirty_megabytes_only_the_beginning_comes(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook):
        await notebook.look()
        await asyncio.to_thread(user.put, letter("Hola\r\n" + ("x" * 900 + "\r\n") * 33_000))
        mail = await notebook.next()
    assert not mail.whole
    assert mail.size > 25_000_000
    assert len(mail.raw or b"") == HEAD


async def test_what_could_not_be_kept_is_handed_over_again(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    failures = iter([True, True])
    notebook.fails = lambda mail: next(failures, False)
    async with reading(user, notebook):
        await notebook.look()
        await asyncio.to_thread(user.put, letter())
        assert (await notebook.next()).raw is not None
    assert notebook.mails.empty()


async def test_a_connection_that_breaks_is_made_again(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook) as mailbox:
        assert await notebook.look() == "idle"
        for number in range(2):
            mailbox._hang_up()
            while await notebook.look() != "idle":
                pass
            await asyncio.to_thread(user.put, letter(Subject=f"después {number}"))
            assert f"después {number}".encode() in ((await notebook.next()).raw or b"")
            while await notebook.look() != "idle":
                pass


async def test_a_mail_that_the_server_cannot_give_stops_no_other(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook):
        await notebook.look()
    user.put(letter(Subject="rota"), letter(Subject="sana"))
    files = (Path(mail_server.mails) / user.name).glob("*/*,S=*")
    next(path for path in files if b"rota" in path.read_bytes()).chmod(0)
    async with reading(user, notebook):
        broken, sound = await notebook.next(), await notebook.next()
    assert broken.raw is None
    assert b"sana" in (sound.raw or b"")


async def test_a_wrong_password_is_said_and_a_right_one_is_taken(mail_server: Server) -> None:
    user, notebook = mail_server.user(), Notebook()
    async with reading(user, notebook, url=user.url.replace("clave", "otra")) as mailbox:
        assert await notebook.look() == "mailbox_credentials"
        with pytest.raises(BadCredentials):
            await asyncio.to_thread(mailbox.account.look)
    async with reading(user, notebook) as mailbox:
        await asyncio.to_thread(mailbox.account.look)


async def test_a_server_that_is_away_is_tried_again() -> None:
    user, notebook = User("ana", 1), Notebook()
    async with reading(user, notebook) as mailbox:
        assert [await notebook.look(), await notebook.look()] == ["mail_unavailable"] * 2
        with pytest.raises(NotReady):
            await asyncio.to_thread(mailbox.account.look)


async def test_what_was_sent_is_found_and_kept_once(mail_server: Server) -> None:
    user = mail_server.user()
    mailbox = Mailbox(Settings(url=SecretStr(user.url)), Notebook())
    sent = letter(Message_ID="<c.1.2.3@mirador.example>")
    assert not await mailbox.has_sent("c.1.2.3@mirador.example")
    for _ in range(2):
        await mailbox.keep_sent(sent, "c.1.2.3@mirador.example")
    assert await mailbox.has_sent("c.1.2.3@mirador.example")
    assert len(user.all("Sent")) == 1


@pytest.mark.parametrize(
    "url", ["", "imap.gmail.com", "http://a:b@host", "imaps://host/INBOX", "imaps://a@host/INBOX", "imaps://a:b@host:x"]
)
def test_an_address_that_cannot_be_one(url: str) -> None:
    with pytest.raises(Misconfigured):
        Mailbox(Settings(url=SecretStr(url)), Notebook())


def test_an_address_in_full() -> None:
    tokens = Tokens(OAuth(client_id="a", client_secret=SecretStr("b"), refresh_token=SecretStr("c")))
    at = Mailbox(Settings(url=SecretStr("imaps://hotel%40gmail.com@imap.gmail.com")), Notebook(), tokens).address
    assert (at.host, at.port, at.user, at.folder, at.tls) == ("imap.gmail.com", 993, "hotel@gmail.com", "INBOX", True)
    at = Mailbox(Settings(url=SecretStr("imap://u:p%2F%3A@h:1143/Reservas")), Notebook()).address
    assert (at.port, at.password, at.folder, at.tls) == (1143, "p/:", "Reservas", False)
    tokens.close()
