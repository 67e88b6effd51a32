"""Structured logs. Messages are static; personal values travel only under keys that start with ``pii_``.

Outside debug mode those keys are dropped before anything is written. Importing this module is enough for tracebacks
without local variables; a command line sets the rest with ``configure``. Rows that a database quotes in its errors are
cut out of every log.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_QUOTED_ROW = re.compile(r"^(\W*(?:DETAIL|CONTEXT|HINT):).*$", re.M)
"""PostgreSQL says which values were in its way."""


def drop_personal(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    for key in [key for key in event if key.startswith("pii_")]:
        del event[key]
    return event


def cut_rows(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exception"] = _QUOTED_ROW.sub(r"\1 ...", event["exception"])
    return event


class _Formatter(logging.Formatter):
    """For the libraries' own logs, which quote the same errors."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        return _QUOTED_ROW.sub(r"\1 ...", super().formatException(ei))


def configure(*, level: str = "INFO", json: bool = False, personal: bool = False) -> None:
    """Set up logging for the process. ``personal`` keeps ``pii_`` keys (debugging on a developer's machine)."""
    _configure(level=level, json=json, personal=personal)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _configure(*, level: str = "INFO", json: bool = False, personal: bool = False) -> None:
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        cut_rows,
    ]
    if not personal:
        processors.append(drop_personal)
    processors.append(structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(room=name)
    return logger


_configure()
