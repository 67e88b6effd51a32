"""Names, telephones, e-mail, booking codes, choices and topics, typed and dictated."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.bot.ports import Entities, Expecting, ReadingContext

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))


def said(text: str, asked: Expecting = Expecting.NOTHING, country: str = "AR") -> Entities:
    return read_entities(text, ReadingContext(NOW, asked), country)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a nombre de Juan Pérez", "Juan Pérez"),
        ("sí, a nombre de juan pérez", "Juan Pérez"),
        ("Sí, ponela a nombre de María de los Ángeles Gómez, gracias", "María de los Ángeles Gómez"),
        ("me llamo Lucía Fernández y mi mail es lucia@ejemplo.com", "Lucía Fernández"),
        ("mi nombre es Carlos Alberto Ruiz, cel 341 555 1234", "Carlos Alberto Ruiz"),
        ("soy Ana Gil", "Ana Gil"),
        ("Hola soy Pedro O'Connor del 5 al 8", "Pedro O'Connor"),
        ("reserva a nombre de Sofía Ledesma del 10 al 12", "Sofía Ledesma"),
        ("Nombre: Jorge Luis Borges", "Jorge Luis Borges"),
        ("haceme la reserva a nombre de Laura Giménez por favor", "Laura Giménez"),
        ("soy celíaca", None),
        ("soy de Rosario", None),
        ("somos dos", None),
        ("quiero reservar", None),
    ],
)
def test_names_said_by_themselves(text: str, name: str | None) -> None:
    assert said(text).guest_name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Juan Pérez", "Juan Pérez"),
        ("juan perez", "Juan Perez"),
        ("JUAN CARLOS PÉREZ", "Juan Carlos Pérez"),
        ("soy ana gil", "Ana Gil"),
        ("Ana Gil, ana@ejemplo.com", "Ana Gil"),
        ("Ramón de la Cruz, 3415551234", "Ramón de la Cruz"),
        ("es María José", "María José"),
        ("sí, Martín Fierro", "Martín Fierro"),
        ("no", None),
        ("¿para qué?", None),
        ("quiero hablar con alguien", None),
        ("¿tienen cochera?", None),
        ("jajaja", None),
        ("mejor cancelalo", None),
        ("del 5 al 8", None),
    ],
)
def test_names_that_were_asked_for(text: str, name: str | None) -> None:
    assert said(text, Expecting.GUEST_NAME).guest_name == name


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("mi celular es 341 555-1234", "AR", "+5493415551234"),
        ("+54 9 341 555 1234", "AR", "+5493415551234"),
        ("cel 3415551234", "AR", "+5493415551234"),
        ("mi whatsapp es el 612 345 678", "ES", "+34612345678"),
        ("mi número es 55 1234 5678", "MX", "+525512345678"),
        ("tres cuatro uno cinco cinco cinco uno dos tres cuatro es mi celular", "AR", "+5493415551234"),
        ("mi teléfono es tres cuarenta y uno quinientos", "AR", None),
        ("mi dni es 30123456", "AR", None),
        ("del 12/10/2026 al 15/10/2026", "AR", None),
        ("transferí 20400 pesos", "AR", None),
    ],
)
def test_telephones(text: str, country: str, phone: str | None) -> None:
    assert said(text, country=country).phone == phone


def test_a_telephone_that_was_asked_for_needs_no_word() -> None:
    answer = said("341 5551234", Expecting.CONTACT)
    assert answer.phone == "+5493415551234"
    assert answer.guests is answer.check_in is answer.nights is None


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mi mail es Ana.Gil@Ejemplo.com.ar", "ana.gil@ejemplo.com.ar"),
        ("juan arroba gmail punto com", "juan@gmail.com"),
        ("mi correo es juan punto perez arroba hotmail punto com punto ar", "juan.perez@hotmail.com.ar"),
        ("ana guion bajo gil arroba yahoo punto es", "ana_gil@yahoo.es"),
        ("no tengo mail", None),
    ],
)
def test_email(text: str, email: str | None) -> None:
    assert said(text).email == email


@pytest.mark.parametrize(
    ("text", "asked", "code"),
    [
        ("RL-4K7Q2", False, "RL-4K7Q2"),
        ("estado de la reserva rl-4k7q2", False, "RL-4K7Q2"),
        ("mi código es RL 4K7Q2", False, "RL-4K7Q2"),
        ("reserva AB12CD", False, "AB-12CD"),
        ("rl4k7q2", True, "RL-4K7Q2"),
        ("erre ele cuatro ka siete cu dos", True, "RL-4K7Q2"),
        ("el código es erre ele guion cuatro ka siete cu dos", False, "RL-4K7Q2"),
        ("R L 4 K 7 Q 2", True, "RL-4K7Q2"),
        ("habitación del 5 al 8", False, None),
        ("reserva del 2 de enero de 2027", False, None),
        ("mi reserva es para 2 adultos y 1 nene", False, None),
        ("no tengo el código", True, None),
        ("ex-novio", False, None),
    ],
)
def test_booking_codes(text: str, asked: bool, code: str | None) -> None:
    expecting = Expecting.BOOKING_CODE if asked else Expecting.NOTHING
    assert said(text, expecting).booking_code == code


@pytest.mark.parametrize(
    ("text", "choice"),
    [("2", 2), ("la segunda", 2), ("opción 3", 3), ("la 1 por favor", 1), ("el primero", 1), ("dos", 2),
     ("2 personas", None), ("del 5 al 8", None), ("ninguna", None), ("15", None)],
)  # fmt: skip
def test_choices_of_a_menu(text: str, choice: int | None) -> None:
    assert said(text, Expecting.MENU).choice == choice


def test_a_number_is_a_choice_only_of_a_menu() -> None:
    assert said("2").choice is None


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("¿tienen wifi y cochera?", ("wifi", "cochera")),
        ("se puede ir con perro?", ("mascotas",)),
        ("¿hay alberca?", ("pileta",)),
        ("¿A qué hora es el check in?", ("check_in",)),
        ("¿puedo hacer early check in?", ("early_check_in",)),
        ("¿hasta qué hora puedo dejar la habitación?", ("check_out",)),
        ("¿cuál es la política de cancelación?", ("cancelacion",)),
        ("si cancelo me devuelven la seña?", ("cancelacion",)),
        ("¿los nenes pagan?", ("menores",)),
        ("¿hacen factura A?", ("facturacion",)),
        ("¿me buscan en el aeropuerto?", ("traslado",)),
        ("¿dónde quedan?", ("ubicacion",)),
        ("¿aceptan tarjeta?", ("pago",)),
        ("¿se puede fumar?", ("fumar",)),
        ("hay acceso en silla de ruedas?", ("accesibilidad",)),
        ("tienen gym?", ("gimnasio",)),
        ("¿se puede cenar ahí?", ("restaurante",)),
        ("doble con desayuno del 5 al 8", ("desayuno",)),
        ("quiero cancelar mi reserva", ()),
        ("somos 2 adultos y un bebé", ()),
        ("quiero reservar para dos", ()),
        ("sí, dale", ()),
    ],
)
def test_topics(text: str, topics: tuple[str, ...]) -> None:
    assert said(text).topics == topics
