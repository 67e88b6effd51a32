"""The health page always answers, and says with its status whether people can be sent here."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from relevo.web import assistant
from tests.web.conftest import Site


async def test_all_is_well(site: Site) -> None:
    answer = await site.http.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_a_database_that_fails_is_told_with_a_body(site: Site) -> None:
    async with site.product.db.write() as tx:
        await tx.session.execute(text("alter table job rename to job_gone"))
    answer = await site.http.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["work"] == "failed"
    async with site.product.db.write() as tx:
        await tx.session.execute(text("alter table job_gone rename to job"))
    assert (await site.http.get("/health")).status_code == 200


async def test_a_check_that_hangs_is_a_check_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant, "CHECK_SECONDS", 0.01)

    async def hangs() -> str:
        await asyncio.Event().wait()
        return "ok"

    assert await assistant._state("database", hangs) == "failed"
