"""The demo hotel's desk, set up once: two queues with their results, hours, a team and canned replies.

A house of its own sets up its own desk in the console; where a queue is there already nothing is touched.
"""

from __future__ import annotations

from relevo.app.queues import Waitings
from relevo.desk.clocks import Targets
from relevo.desk.hours import Window
from relevo.desk.queue_rules import Queue, Result
from relevo.desk.queue_store import Hours
from relevo.kit.db import Database
from relevo.people.rules import Action, may
from relevo.texts import Texts

MINUTE = 60
REASONS = ("money", "complaint", "angry")


async def furnish(waitings: Waitings, db: Database, texts: Texts) -> None:
    desk = waitings.administration
    async with db.read() as session:
        known = await desk.json(session)
        staff = [each for each in await waitings.floors.people.all_staff(session) if may(each, Action.ANSWER)]
    if known["queues"] or not staff:
        return

    def say(name: str) -> str:
        return texts.raw(f"demo.desk.{name}")

    leads = {each.id: may(each, Action.TAKE_FROM_COLLEAGUE) for each in staff}
    team = await desk.put_team(None, say("reception"), leads)
    weekdays = tuple(Window(day, 9 * 60, 18 * 60) for day in range(5))
    await desk.put_hours(Hours("", say("office"), weekdays, "AR"))
    reception = await desk.put_queue(
        Queue(
            "", say("reception"), offer_seconds=30, targets=Targets(5 * MINUTE, 10 * MINUTE, 240 * MINUTE),
            result_required=True, teams=(team,),
        )
    )  # fmt: skip
    money = await desk.put_queue(
        Queue("", say("money"), reasons=REASONS, priority=5, targets=Targets(2 * MINUTE, 5 * MINUTE, 120 * MINUTE))
    )
    await desk.put_results(
        reception,
        [
            Result("sold", say("sold"), good=True),
            Result("informed", say("informed")),
            Result("call", say("call"), callback=True),
            Result("lost", say("lost"), needs_note=True, good=False),
            Result("never", say("never"), do_not_call=True),
        ],
    )
    await desk.put_results(
        money, [Result("solved", say("solved"), good=True), Result("refund", say("refund"), needs_note=True)]
    )
    for shortcut, name in (("hola", "hello"), ("sena", "deposit"), ("gracias", "bye")):
        await desk.put_canned(None, shortcut, say(f"{name}_title"), say(name), staff=staff[0])
