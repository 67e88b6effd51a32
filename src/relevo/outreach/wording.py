"""What a reminder says: sentences from the texts, filled with what is known of the stay and the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relevo.bookings.rules import Booking, Business
from relevo.kit.crypto import LinkSigner
from relevo.outreach.rules import Kind
from relevo.texts import Texts

DAY = 86_400
HIDDEN = "https://…"
FEEDBACK_LINK, STOP_LINK = 60 * DAY, 730 * DAY


class Links:
    """Signed links for letters. Opening one changes nothing: that takes the button on its page."""

    def __init__(self, secret: str, url: str) -> None:
        self.url = url
        self._feedback = LinkSigner(secret, salt="feedback", seconds=FEEDBACK_LINK)
        self._stop = LinkSigner(secret, salt="stop", seconds=STOP_LINK)

    def feedback(self, booking_id: str) -> str:
        return f"{self.url}/api/feedback/{self._feedback.sign(booking_id)}"

    def stop(self, person_id: str) -> str:
        return f"{self.url}/api/stop/{self._stop.sign(person_id)}"

    def booking_of(self, token: str) -> str | None:
        return self._feedback.check(token)

    def person_of(self, token: str) -> str | None:
        return self._stop.check(token)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


class Wording:
    def __init__(self, texts: Texts, business: Business, links: Links) -> None:
        self._texts = texts
        self._business = business
        self._links = links

    def chat(self, kind: Kind, booking: Booking, locale: str | None) -> str:
        texts = self._texts.other(locale)
        say = self._sayer(texts, booking)
        lines = [self._hello(texts, booking)]
        if kind is Kind.FEEDBACK:
            lines.append(say("feedback"))
        else:
            lines += [say(kind.value), self._stay(texts, booking), self._practical(kind, say)]
        return "\n".join([*lines, say("stop_by_chat")])

    def mail(self, kind: Kind, booking: Booking, locale: str | None, *, links: bool = True) -> Letter:
        """``links``: with those that answer for the guest; staff who look at it get none."""
        texts = self._texts.other(locale)
        say = self._sayer(texts, booking)
        parts = [self._hello(texts, booking)]
        if kind is Kind.FEEDBACK:
            link = self._links.feedback(booking.id) if links else HIDDEN
            parts.append(texts.say("outreach.feedback_by_mail", hotel=self._business.name, link=link))
        else:
            parts += [say(kind.value), self._stay(texts, booking), self._practical(kind, say)]
        parts += [
            texts.say("outreach.signature", hotel=self._business.name, phone=self._business.phone),
            texts.say("outreach.stop_by_mail", link=self._links.stop(booking.person_id) if links else HIDDEN),
        ]
        return Letter(say(f"subject.{kind.value}"), "\n\n".join(parts))

    def template(self, kind: Kind, booking: Booking, locale: str | None) -> tuple[str, ...]:
        """What fills a template's places: whose stay, where and when."""
        texts = self._texts.other(locale)
        name = (booking.guest_name or "").split(" ")[0]
        when = texts.day(booking.check_out if kind is Kind.FEEDBACK else booking.check_in)
        return (name or self._business.name, self._business.name, when, booking.code)

    def _hello(self, texts: Texts, booking: Booking) -> str:
        if not booking.guest_name:
            return texts.say("outreach.greeting_nobody")
        return texts.say("outreach.greeting", name=booking.guest_name.split(" ")[0])

    def _stay(self, texts: Texts, booking: Booking) -> str:
        return texts.say(
            "outreach.booking_line",
            type=booking.type_name,
            stay=texts.stay(booking.check_in, booking.check_out),
            nights=texts.count("bot.nights", booking.nights),
            code=booking.code,
        )

    def _practical(self, kind: Kind, say: Callable[[str], str]) -> str:
        return say("arrival_practical" if kind is Kind.ARRIVAL_DAY else "practical")

    def _sayer(self, texts: Texts, booking: Booking) -> Callable[[str], str]:
        house = self._business
        known = {
            "hotel": house.name, "phone": house.phone, "check_in_time": house.check_in,
            "check_out_time": house.check_out, "check_in": booking.check_in,
            "stay": texts.stay(booking.check_in, booking.check_out),
        }  # fmt: skip

        def say(name: str) -> str:
            return texts.say(f"outreach.{name}", **known)

        return say
