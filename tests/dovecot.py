"""A real Dovecot for tests: started once per process in a folder of its own, as whoever runs the tests.

Every user name is somebody's with the password ``clave``; a test takes one that nobody else has.
"""

from __future__ import annotations

import ctypes
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

PASSWORD = "clave"
PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
first_valid_uid = 1
{capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
NO_IDLE = "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS SPECIAL-USE"


@dataclass
class User:
    """A mailbox, and a second way into it."""

    name: str
    port: int

    @property
    def url(self) -> str:
        return f"imap://{self.name}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login(self.name, PASSWORD)
            yield client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.client() as client:
            for mail in mails:
                kind, said = client.append(folder, "", "", mail)
                assert kind == "OK", said

    def all(self, folder: str = "INBOX") -> list[bytes]:
        """Every mail of a folder, untouched."""
        with self.client() as client:
            client.select(folder, readonly=True)
            _, found = client.search(None, "ALL")
            mails = []
            for number in found[0].split():
                _, data = client.fetch(number.decode(), "(BODY.PEEK[])")
                assert isinstance(data[0], tuple)
                mails.append(data[0][1])
            return mails

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        with self.client() as client:
            client.select(folder, readonly=True)
            _, found = client.fetch("1:*", "(FLAGS)")
            return [line for line in found if isinstance(line, bytes)]


class Server:
    def __init__(self, port: int, mails: str) -> None:
        self.port = port
        self.mails = mails
        """The folder of everybody's mails."""
        self._numbers = count(1)

    def user(self) -> User:
        return User(f"u{os.getpid()}x{next(self._numbers)}", self.port)


def program() -> str | None:
    return shutil.which("dovecot", path=PATHS)


@contextmanager
def running(*, idle: bool = True) -> Iterator[Server]:
    found = program()
    if found is None:
        raise RuntimeError("no Dovecot: run tests/system.sh")
    with tempfile.TemporaryDirectory(prefix="relevo-mail-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        own = pwd.getpwuid(os.geteuid())
        # Dovecot opens no mails for root, and lets nobody sign in as root.
        mails = own if own.pw_uid else pwd.getpwnam("nobody")
        inside, login = (own.pw_name, own.pw_name) if own.pw_uid else ("dovecot", "dovenull")
        group = grp.getgrgid(pwd.getpwnam(inside).pw_gid).gr_name
        (Path(folder) / "mail").mkdir()
        os.chown(Path(folder) / "mail", mails.pw_uid, mails.pw_gid)
        Path(folder).chmod(0o755)
        config = Path(folder) / "dovecot.conf"
        config.write_text(
            CONFIG.format(
                folder=folder, port=port, password=PASSWORD, user=inside, group=group, login=login,
                mail_uid=mails.pw_uid, mail_gid=mails.pw_gid, capability="" if idle else NO_IDLE,
            )
        )  # fmt: skip
        server = subprocess.Popen(
            [found, "-F", "-c", config], stderr=subprocess.PIPE, text=True, preexec_fn=_die_with_parent
        )
        assert server.stderr is not None
        # Whatever it says later must not fill the pipe.
        rest = threading.Thread(target=server.stderr.read, name="dovecot log", daemon=True)
        try:
            _wait_until_it_listens(server.stderr)
            rest.start()
            yield Server(port, f"{folder}/mail")
        finally:
            server.terminate()
            server.wait(20)
            if rest.is_alive():
                rest.join(20)
            server.stderr.close()


def _wait_until_it_listens(log: IO[str]) -> None:
    said = []
    for line in log:
        said.append(line)
        if "starting up" in line:
            return
    raise RuntimeError("".join(said) or "Dovecot does not start")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
