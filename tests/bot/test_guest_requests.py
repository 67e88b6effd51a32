"""Specialists that take something down for the house: what each takes, what it leaves to others, what it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from talking import NOW, Talk, pesos

from relevo.bookings.rules import Booking, BookingStatus, Loyalty
from relevo.bot.ports import Entities, Expecting, Understanding
from relevo.bot.rules import asking, steps
from relevo.bot.rules.dialogue import Form, Guest, Pending
from relevo.bot.rules.knowledge import knowledge_of
from relevo.bot.rules.steps import Scene
from relevo.bot.specialists import area, groups, invoicing, loyalty, special_needs, specialists, transport
from relevo.desk.rules import RequestKind

Pleased = Callable[[], Talk]
DAYS = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}


def scene(talk: Talk, text: str, intent: str = "fuera_de_alcance", **entities: object) -> Scene:
    heard = Understanding(text, intent, 0.9, intents=(intent,), entities=Entities(**entities))
    return Scene(heard, talk.dialogue, talk.business, talk.knowledge, talk.texts, NOW)


@pytest.fixture
def near(talk: Talk) -> Talk:
    """A house that says what is near and what it gives who comes again."""
    talk.business = replace(
        talk.business,
        area={"restaurantes": "Hay parrillas a 300 metros.", "playas": "La playa queda a 7 km."},
        loyalty=Loyalty(5, 10, "Desde la quinta estadía, 10 % de descuento."),
        extras=("cochera",),
    )
    talk.knowledge = knowledge_of(talk.business)
    return talk


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("necesito un traslado desde el aeropuerto", True),
        ("quisiera coordinar un transfer", True),
        ("me gustaría que nos busquen en la terminal", True),
        ("cuánto sale el traslado?", False),
        ("tienen transfer?", False),
        ("quiero saber si hay traslado", False),
        ("quiero una doble para 2", False),
        ("ya hice la transferencia", False),
    ],
)
def test_a_transfer_is_taken_where_one_is_wanted(talk: Talk, text: str, *, taken: bool) -> None:
    assert transport.starts(scene(talk, text)) is taken


@pytest.mark.parametrize(
    ("text", "entities", "taken"),
    [
        ("somos 30 personas", {"guests": 30}, True),
        ("somos 10", {"guests": 10}, True),
        ("somos 9", {"guests": 9}, False),
        ("necesito 4 habitaciones", {"rooms": 4}, True),
        ("necesito 2 habitaciones", {"rooms": 2}, False),
        ("queremos hacer nuestro casamiento en el hotel", {}, True),
        ("vamos a un casamiento ese finde", {}, False),
        ("tienen sala de reuniones?", {}, True),
        ("es una reunión familiar, somos 4", {"guests": 4}, False),
        ("buscamos alojamiento para un viaje de egresados", {}, True),
        ("yo fui al colegio con tu hermano", {}, False),
        ("somos un grupo de 4 amigas", {"guests": 4}, False),
    ],
)
def test_a_group_is_ten_people_three_rooms_or_an_event(
    talk: Talk, text: str, entities: dict[str, object], *, taken: bool
) -> None:
    assert groups.starts(scene(talk, text, **entities)) is taken


def test_a_group_is_never_quoted(talk: Talk) -> None:
    reply = talk.says("precio para 12 del 11 al 13 de diciembre", "get_prices", guests=12, **DAYS)
    assert "$" not in reply.text
    assert not any(isinstance(each, steps.FindRooms | steps.PriceStay) for each in talk.asked)
    assert talk.dialogue.form == Form(
        "groups",
        (("event", "event_group"), ("arrival", "2026-12-11"), ("departure", "2026-12-13"), ("people", "12")),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("soy celíaca", ("need_diet",)),
        ("mi hijo es alérgico al maní", ("need_allergy",)),
        ("viajo con mi bebé, necesito una cuna", ("need_cot",)),
        ("si puede ser planta baja, mi papá usa bastón", ("need_mobility",)),
        ("necesito planta baja", ("need_ground_floor",)),
        ("estoy embarazada de 7 meses", ("need_pregnancy",)),
        ("llegamos de madrugada", ("need_late",)),
        ("tienen menú vegano?", ()),
        ("hay cunas?", ()),
        ("es accesible para silla de ruedas?", ()),
        ("llego el viernes", ()),
        ("quiero la triple", ()),
    ],
)
def test_a_need_is_what_somebody_has_not_what_somebody_asks_about(
    talk: Talk, text: str, found: tuple[str, ...]
) -> None:
    assert tuple(need for need, _ in special_needs.needs(scene(talk, text))) == found


def test_a_need_is_noted_once_with_the_hold_and_promised_to_nobody(pleased: Pleased) -> None:
    talk = pleased()
    for _ in range(2):
        reply = talk.says("somos celíacos", "fuera_de_alcance")
    assert "Anoté la dieta junto a la reserva RL-4K7Q2" in reply.text
    assert "te lo confirma una persona" in reply.text
    (noted,) = talk.made.requests.values()
    assert (noted.kind, noted.booking_code, noted.details["need"]) == (
        RequestKind.SPECIAL_NEEDS,
        "RL-4K7Q2",
        "need_diet",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("qué restaurantes hay cerca?", ("restaurantes",)),
        ("me recomendás un lugar para cenar?", ("restaurantes",)),
        ("qué se puede visitar?", ("paseos",)),
        ("hay playas?", ("playas",)),
        ("cómo va a estar el clima ese fin de semana?", ("clima",)),
        ("dónde hay una farmacia?", ("farmacias",)),
        ("tienen restaurante?", ()),
        ("qué tengo que hacer para cancelar?", ()),
        ("qué hay que hacer para reservar?", ()),
        ("a qué hora se puede cenar?", ()),
        ("quiero cambiar la reserva", ()),
        ("aceptan dólares?", ()),
    ],
)
def test_the_area_is_what_lies_around_not_the_house(near: Talk, text: str, found: tuple[str, ...]) -> None:
    assert area.asked(scene(near, text)) == found


def test_the_area_says_what_is_written_down_names_its_topic_and_knows_no_weather(near: Talk) -> None:
    reply = near.says("qué restaurantes hay cerca?", "fuera_de_alcance")
    assert reply.text == "Sobre dónde comer: Hay parrillas a 300 metros."
    assert [topic["key"] for topic in reply.meta["topics"]] == ["zona_restaurantes"]
    assert "pronóstico" in near.says("cómo va a estar el clima?", "fuera_de_alcance").text
    unknown = near.says("qué se puede visitar por la zona?", "fuera_de_alcance").text
    assert "Sobre qué visitar no tengo datos." in unknown
    assert "dónde comer, playas" in unknown


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("necesito factura A", True),
        ("haceme la factura a nombre de Acme SRL", True),
        ("mi cuit es 30-50001091-2", True),
        ("30-50001091-2", True),
        ("hacen factura A?", False),
        ("necesito factura, la hacen?", False),
        ("mi teléfono es 3415551234", False),
    ],
)
def test_an_invoice_is_taken_where_one_is_wanted(talk: Talk, text: str, *, taken: bool) -> None:
    assert invoicing.starts(scene(talk, text)) is taken


def test_a_tax_number_is_no_telephone_of_the_guest(pleased: Pleased) -> None:
    talk = pleased()
    talk.says("cuit 30-50001091-2", "dar_datos", phone="+5430500010912")
    assert talk.dialogue.guest.phone is None
    assert talk.dialogue.form == Form("invoicing", (("tax_id", "CUIT 30-50001091-2"),))


def test_a_wrong_digit_twice_brings_a_person(pleased: Pleased) -> None:
    talk = pleased()
    talk.says("necesito factura A", "ask_policies")
    assert "no coincide" in talk.says("30-50001091-3", "dar_datos").text
    talk.says("30-50001091-4", "dar_datos")
    assert talk.made.requests == {}
    assert talk.handoff == "no_progress"


def stay(talk: Talk, days: int, status: BookingStatus = BookingStatus.CONFIRMED) -> Booking:
    first = NOW.date() + timedelta(days=days)
    talk.says("", "check_availability", guests=2, room_type="doble", **DAYS)
    talk.says("dale", "afirmar")
    made, talk.hold = talk.hold, None
    assert made is not None
    return replace(made, code=f"RL-{abs(days):05}", status=status, check_in=first, check_out=first + timedelta(days=1))


def test_stays_are_counted_when_they_are_over_and_nothing_is_given(near: Talk) -> None:
    past = tuple(stay(near, -day) for day in (40, 30, 20, 10))
    near.dialogue = type(near.dialogue)()
    near.made.stays = (*past, stay(near, -5, BookingStatus.CANCELLED), stay(near, 9))
    near.dialogue = type(near.dialogue)()
    reply = near.says("soy cliente frecuente, tengo descuento?", "fuera_de_alcance")
    assert "Tenés 4 estadías con nosotros y 1 estadía por delante." in reply.text
    (asked,) = near.made.requests.values()
    assert (asked.kind, asked.details) == (RequestKind.LOYALTY, {"stays": "4", "percent": "10 %"})
    assert "lo confirma una persona" in reply.text


def test_nobody_is_told_of_stays_that_are_not_proven_theirs(near: Talk) -> None:
    reply = near.says("soy cliente frecuente, qué beneficios tengo?", "fuera_de_alcance")
    assert near.dialogue.expecting is Expecting.BOOKING_CODE
    assert "estadías con nosotros" not in reply.text
    assert not loyalty.wants(scene(near, "quiero un descuento"))


def test_something_better_is_offered_once_and_a_plain_yes_changes_nothing(pleased: Pleased) -> None:
    talk = pleased()
    said = talk.says("Ana Gil, ana@ejemplo.com", "dar_datos", guest_name="Ana Gil", email="ana@ejemplo.com").text
    assert "Suite con vista al río está libre esos días por $ 134.000 más (total $ 270.000)" in said
    assert talk.dialogue.pending is Pending.UPGRADE
    assert "¿Querés que cambie tu reserva por esta?" in talk.says("sí, dale", "afirmar").text
    assert talk.hold is not None
    assert talk.hold.room_type == "doble"
    assert "Dale" in talk.says("no, dejá", "negar").text
    assert talk.hold.total == pesos(136_000)
    again = talk.says("anotá mi teléfono 3415551234", "actualizar_perfil", phone="+5493415551234").text
    assert "está libre esos días" not in again


def test_nothing_better_is_offered_to_who_asks_or_where_nothing_is_free(pleased: Pleased) -> None:
    talk = pleased()
    talk.full = {"suite"}
    said = talk.says("Ana Gil, ana@ejemplo.com", "dar_datos", guest_name="Ana Gil", email="ana@ejemplo.com").text
    assert "está libre" not in said
    other = pleased()
    asks = "Ana Gil, ana@ejemplo.com, ¿tienen cochera?"
    said = other.says(asks, "dar_datos", guest_name="Ana Gil", email="ana@ejemplo.com", topics=("cochera",)).text
    assert "está libre" not in said


def test_what_was_asked_already_is_told(talk: Talk) -> None:
    talk.guest = Guest("Ana Gil", "+5493415551234")
    talk.says(
        "necesito un traslado desde el aeropuerto el 11 de diciembre a las 15:30 para 2", "agendar_cita", guests=2,
        check_in=date(2026, 12, 11),
    )  # fmt: skip
    talk.says("dale", "afirmar")
    assert [type(each) for each in talk.asked][-1] is asking.AskHouse
    assert "lo tiene el equipo" in talk.says("mi traslado está confirmado?", "consulta_estado").text


def test_nobody_else_takes_the_answers_to_a_form(talk: Talk) -> None:
    talk.says("necesito un traslado desde el aeropuerto", "fuera_de_alcance")
    talk.says("el 12 de diciembre", "check_availability", check_in=date(2026, 12, 12))
    assert talk.dialogue.draft.check_in is None
    assert talk.dialogue.form == Form("transport", (("day", "2026-12-12"), ("from_where", "desde el aeropuerto")))
    reply = talk.says("y cuánto sale la doble del 11 al 13 para 2?", "get_prices", guests=2, room_type="doble", **DAYS)
    assert "Total $ 136.000" in reply.text


def test_every_one_of_them_says_what_it_must_know_and_may_do() -> None:
    named = {each.name: each for each in specialists()}
    for name in ("transport", "groups", "special_needs", "loyalty", "invoicing", "upselling"):
        assert named[name].slots, name
        assert asking.AskHouse in named[name].tools
