"""No log says who a customer is or what they wrote: not by key, not by an error's text, not by a local variable."""

from __future__ import annotations

import importlib
import logging

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from relevo.kit import log
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.people import store

PHONE = "5493415550101"
WORDS = "me llamo Juana Secreta"


async def test_a_database_error_does_not_quote_what_was_written(db: Database, clock: FixedClock) -> None:
    async with db.write() as tx:
        await store.add_person(tx.session, "per_1", name="Ana", locale=None, at=clock.now())
    with pytest.raises(IntegrityError) as failed:
        async with db.write() as tx:
            await store.add_person(
                tx.session, "per_1", name="Juana Secreta +5493415550101", locale=None, at=clock.now()
            )
    assert "Secreta" not in str(failed.value)


def _fails(words: str) -> None:
    raise ValueError(f"no ({len(words)})\nDETAIL:  Key (value)=(+{PHONE}) already exists.")


def test_tracebacks_show_no_variables_and_no_rows_before_anything_is_configured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.reset_defaults()
    importlib.reload(log)
    try:
        _fails(WORDS)
    except ValueError:
        log.get("test").exception("failed", pii_name=WORDS)
    written = capsys.readouterr().err
    assert "DETAIL: ..." in written
    assert "_fails" in written
    assert "Secreta" not in written
    assert PHONE not in written


def test_the_libraries_logs_quote_no_rows_either(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    try:
        log.configure()
        try:
            _fails("x")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("failed")
        written = capsys.readouterr().err
    finally:
        logging.getLogger().handlers[:] = before
    assert "DETAIL: ..." in written
    assert PHONE not in written
