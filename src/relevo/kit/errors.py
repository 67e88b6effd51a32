"""Every way in which Relevo says no, as one small tree. Messages for people come from ``texts`` by ``text_key``.

RelevoError
├── Invalid         422  malformed or impossible input
├── Unauthorized    401  not signed in
├── Forbidden       403  signed in, not allowed; or a bad signature
├── NotFound        404  not there, or not yours to see
├── Conflict        409  the state changed under the request
├── TooLarge        413
├── TooMany         429
└── ProviderError   502  somebody else's system; ``retryable`` says whether waiting helps
    ├── NotReady         503, retryable
    ├── BadCredentials   ask the owner
    └── Misconfigured    stop and say what to change

An error that is none of these is a bug and becomes a 500.
"""

from __future__ import annotations

from datetime import timedelta


class RelevoError(Exception):
    """Base of the tree. ``code`` is stable for clients; ``params`` fill the text's placeholders."""

    status = 500

    def __init__(self, code: str, *, text_key: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.text_key = text_key or f"error.{code}"
        self.params = params


class Invalid(RelevoError):
    status = 422


class Unauthorized(RelevoError):
    status = 401


class Forbidden(RelevoError):
    status = 403


class NotFound(RelevoError):
    status = 404


class Conflict(RelevoError):
    status = 409


class TooLarge(RelevoError):
    status = 413


class TooMany(RelevoError):
    status = 429


class ProviderError(RelevoError):
    """Somebody else's system failed."""

    status = 502
    retryable = False

    def __init__(
        self, code: str, *, text_key: str | None = None, retry_after: timedelta | None = None, **params: object
    ) -> None:
        super().__init__(code, text_key=text_key, **params)
        self.retry_after = retry_after
        """How long they asked us to wait before the next try."""


class NotReady(ProviderError):
    status = 503
    retryable = True


class BadCredentials(ProviderError):
    pass


class Misconfigured(ProviderError):
    pass
