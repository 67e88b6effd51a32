"""An attempt that goes on after its lease has ended answers nothing that has been answered since."""

from __future__ import annotations

from sqlalchemy import select

from relevo.bot.replying import REPLY
from relevo.conversations.rules import Author
from relevo.kit.work import Job, JobRow
from tests.web.conftest import Site
from tests.web.conftest import settings as settings
from tests.web.conftest import site as site


async def test_a_late_attempt_says_nothing_even_when_the_talk_has_gone_on(site: Site) -> None:
    visitor, product = await site.visitor(), site.product
    await visitor.replies("hola")
    await visitor.replies("a qué hora es el check in?")
    async with product.db.read() as session:
        first = (
            (await session.execute(select(JobRow).where(JobRow.kind == REPLY).order_by(JobRow.id))).scalars().first()
        )
        before = await product.conversations.messages(session, visitor.id)
    assert first is not None
    await product.replying.reply(Job(first.id, first.kind, first.key, first.payload, first.attempts, product.work))
    async with product.db.read() as session:
        after = await product.conversations.messages(session, visitor.id)
    assert [each.text for each in after] == [each.text for each in before]
    replied = [each.meta["reply_to"] for each in after if each.author is Author.BOT and "reply_to" in each.meta]
    assert len(replied) == len(set(replied)) == 2
