"""Alerts to the telephones of the staff, wired: an approved WhatsApp template, since nobody of the staff wrote first.

The template has three parameters: what it is about, what happened, and the address where it is settled.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from relevo.desk.service import Alerts
from relevo.desk.telling import TELL, Telling
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Misconfigured
from relevo.kit.mail import Mailer
from relevo.kit.work import Work
from relevo.outreach.ports import Templates
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts

LONGEST = 500
"""Characters of a parameter; a template as a whole has room for about a thousand."""


class TemplateMessages:
    def __init__(self, templates: Callable[[], Templates | None], template: str, locale: str) -> None:
        self._templates = templates
        self._template = template
        self._locale = locale

    @property
    def on(self) -> bool:
        return bool(self._template) and self._templates() is not None

    async def send(self, *, to: str, title: str, text: str, link: str, key: str) -> None:
        templates = self._templates()
        if templates is None:
            raise Misconfigured("no_templates")
        if await templates.find(key) is not None:
            return
        # Carriers refuse a parameter with a line break or with many spaces in it.
        params = [" ".join(each.split())[:LONGEST] for each in (title, text, link)]
        await templates.send(to=to, template=self._template, locale=self._locale, params=params, key=key)


def wire(
    settings: Settings,
    db: Database,
    work: Work,
    people: People,
    mailer: Mailer,
    clock: Clock,
    texts: Texts,
    alerts: Alerts,
    timezone: ZoneInfo,
    templates: Callable[[], Templates | None],
) -> Telling:
    telling = Telling(db, work, people, mailer, clock, texts, timezone)
    telling.messages = TemplateMessages(templates, settings.whatsapp_staff_template, settings.locale)
    alerts.telling = telling
    telling.theirs = alerts.theirs
    work.handle(TELL, alerts.tell_job)
    return telling
