"""Passwords, bearer tokens, sealed secrets and signed links. Secrets never appear in logs, URLs or reprs; links carry a
signature."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, TimestampSigner

from relevo.kit.errors import Misconfigured

T = TypeVar("T")

_hasher = PasswordHasher()
# A hash takes 64 MiB and a core for tens of ms: strangers who guess may not take the threads that calls live on.
_effort = ThreadPoolExecutor(2, thread_name_prefix="password")
_DECOY = _hasher.hash("relevo-no-such-user")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Constant effort: an unknown user costs the same as a wrong password. Blocking (tens of ms): ``apart``."""
    try:
        return _hasher.verify(stored or _DECOY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


async def apart(work: Callable[[], T]) -> T:
    """Run one of the two in the few threads that are for nothing else."""
    return await asyncio.get_running_loop().run_in_executor(_effort, work)


def new_token() -> str:
    """256 random bits, URL-safe. Only ``fingerprint`` of it is stored."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def kept(path: Path, make: Callable[[], str]) -> str:
    """A secret that is made up once and kept in a file of its own. The file is whole or not there at all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(written, path)
        finally:
            Path(written).unlink(missing_ok=True)
    found = path.read_text().strip()
    if not found:
        raise Misconfigured("secret_empty", path=path)
    return found


def _put_in_place(written: str, path: Path) -> None:
    try:
        # A link never replaces: of two processes that start at once the first one's secret is the secret.
        os.link(written, path)
    except FileExistsError:
        return
    except OSError:
        Path(written).replace(path)


class Seal:
    """Keeps what has to be read again (a second factor, a key of ours) unreadable in the database and its backups."""

    def __init__(self, secret: str, *, purpose: str) -> None:
        # The installation's secret is long and random, so one round of a hash makes a key of it.
        key = hashlib.sha256(f"{purpose}\0{secret}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, value: str) -> str:
        return self._fernet.encrypt(value.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """None where it was sealed with another secret, or altered."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


class LinkSigner:
    """Short-lived links: signs an opaque id, answers it back while the signature is fresh."""

    def __init__(self, secret: str, *, salt: str, seconds: int) -> None:
        self._signer = TimestampSigner(secret, salt=salt)
        self.seconds = seconds

    def sign(self, value: str) -> str:
        return self._signer.sign(value).decode()

    def check(self, signed: str) -> str | None:
        try:
            return self._signer.unsign(signed, max_age=self.seconds).decode()
        except (BadSignature, ValueError):
            return None
