"""Guests make, look up and cancel appointments by chat, judged on what is in the calendar when they have gone.

It is Saturday 21 November 2026, 9:00 at the house; the spa opens 10-13 and 16-21, on Saturdays 10-20.
"""

from __future__ import annotations

from sqlalchemy import text

from relevo.appointments.rules import Appointment, Purchase, Status
from tests.web.conftest import Site
from tests.web.conftest import settings as settings
from tests.web.conftest import site as site


async def talk(site: Site, *says: str) -> tuple[str, list[str], list[Purchase]]:
    """Everything that was answered, the guest's appointments as the scenarios write them down, and purchases."""
    visitor = await site.visitor()
    heard = [await visitor.replies(text) for text in says]
    product = site.product
    async with product.db.read() as session:
        person = (await product.conversations.get(session, visitor.id)).person_id
    assert product.calendar is not None
    made = sorted(await product.calendar.of(person), key=lambda each: each.start)
    return "\n---\n".join(heard), [told(site, each) for each in made], list(await product.calendar.bought(person))


def told(site: Site, made: Appointment) -> str:
    local = made.start.astimezone(site.product.bookings.business.timezone)
    return f"{made.status.value} {made.service} {local:%m-%d %H:%M} {made.name or '-'}"


TALKS = [
    (["quiero un masaje el lunes a las 5 de la tarde", "sí"], ["booked masaje 11-23 17:00 -"]),
    (["quiero sacar un turno", "1", "el martes a las 10", "dale"], ["booked masaje 11-24 10:00 -"]),
    (["hola, puedo reservar un masaje?", "el lunes", "1", "sí, reservar"], ["booked masaje 11-23 10:00 -"]),
    (["un masaje para el lunes a las 5", "no, mejor a las 6", "sí"], ["booked masaje 11-23 18:00 -"]),
    (["tenés lugar para yoga el martes a la tarde?", "2", "si"], ["booked yoga 11-24 17:00 -"]),
    (["quiero un facial mañana", "1", "si"], ["booked facial 11-23 10:00 -"]),
    (["circuito de aguas el martes a las 11", "si", "cancelar mi cita", "sí"], ["cancelled circuito 11-24 11:00 -"]),
    (["circuito de aguas hoy a las 11", "si", "cancelar mi cita", "sí"], ["booked circuito 11-21 11:00 -"]),
    (["masaje el lunes a las 17", "sí", "cancelar mi turno de masaje", "no, dejala"], ["booked masaje 11-23 17:00 -"]),
    (["masaje el lunes a las 17", "lo voy a pensar"], []),
    (["masaje el lunes a las 17", "no gracias"], []),
    (["masaje el lunes a las 3 de la mañana", "1", "sí"], ["booked masaje 11-23 10:00 -"]),
    (["masaje ayer"], []),
]


async def test_talking_about_appointments(site: Site) -> None:
    for says, appointments in TALKS:
        heard, made, _ = await talk(site, *says)
        assert made == appointments, heard
        async with site.product.db.write() as tx:
            for table in ("appointment_cell", "appointment"):
                await tx.session.execute(text(f"delete from {table}"))


async def test_price_and_code_are_told_before_and_after(site: Site) -> None:
    heard, made, _ = await talk(site, "quiero un masaje el lunes a las 17hs", "sí")
    assert "Masaje descontracturante, lunes 23 de noviembre a las 17:00 (50 minutos): $ 32.000." in heard
    assert "Código CT-" in heard.split("---")[1]
    assert "24 horas antes" in heard
    assert len(made) == 1


async def test_history_tells_appointments_and_packages(site: Site) -> None:
    heard, _, bought = await talk(
        site, "qué paquetes tienen?", "Paquete relax", "sí, lo quiero", "masaje el lunes a las 17", "sí", "mi historial"
    )
    assert [(each.package, each.paid) for each in bought] == [("relax", False)]
    last = heard.split("---")[-1]
    assert "Masaje descontracturante, lunes 23 de noviembre a las 17:00: reservada" in last
    assert "Paquete relax, $ 109.000: pendiente de pago" in last


async def test_a_room_is_still_a_room(site: Site) -> None:
    heard, made, _ = await talk(site, "quiero una doble del 4 al 6 de diciembre para 2 personas", "sí")
    assert made == []
    assert "Te bloqueé: Doble" in heard


async def test_who_was_found_to_be_the_same_has_one_calendar(site: Site) -> None:
    first, second = await site.visitor(), await site.visitor()
    product = site.product
    await first.replies("quiero un masaje el lunes a las 17hs")
    await first.replies("sí")
    async with product.db.read() as session:
        one, two = [(await product.conversations.get(session, each.id)).person_id for each in (first, second)]
    assert product.calendar is not None
    (made,) = await product.calendar.of(one)
    async with product.db.write() as tx:
        (admin, *_) = await product.people.all_staff(tx.session)
        await product.people.merge(tx, two, one, by=admin)
    await second.replies("cancelar mi turno de masaje")
    await second.replies("sí")
    found = await product.calendar.find(made.code)
    assert found is not None
    assert found.status is Status.CANCELLED
