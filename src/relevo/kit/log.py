"""Structured logs. Messages are static; personal values travel only under keys that start with ``pii_``.

Outside debug mode those keys are dropped before anything is written.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger


def drop_personal(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    for key in [key for key in event if key.startswith("pii_")]:
        del event[key]
    return event


def configure(*, level: str = "INFO", json: bool = False, personal: bool = False) -> None:
    """Set up logging for the process. ``personal`` keeps ``pii_`` keys (debugging on a developer's machine)."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if not personal:
        processors.append(drop_personal)
    processors.append(structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


def get(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(room=name)
    return logger
