"""Who needs a person, why, and how much it hurries; and that the bot wastes nobody's messages."""

from __future__ import annotations

import pytest
from talking import Talk

from relevo.bot.rules.escalation import PRIORITIES, Reason, angry, priority, special, trouble, unsure_again
from relevo.conversations.rules import Priority
from relevo.texts import Texts

ANGRY = [
    "Esto es INACEPTABLE!!",
    "estoy muy enojada con ustedes",
    "ya me tienen harto",
    "son unos ladrones",
    "me están tomando el pelo",
    "qué porquería de lugar",
    "los voy a denunciar en defensa del consumidor",
    "nunca más reservo acá",
    "la peor atención que tuve",
    "hablen con mi abogado",
]
CALM = [
    "¿tienen cochera?",
    "no quiero molestar, una consulta",
    "no estoy enojado, solo pregunto",
    "soy abogada y viajo por trabajo",
    "quedé encantada con la atención",
    "es una locura lo linda que es la pileta",
    "nunca fui a Rosario",
    "MUCHAS GRACIAS!!!",
    "¡¡SÍ, RESERVALA!!",
    "quiero cancelar la reserva",
]
SPECIAL = [
    "soy cliente vip",
    "Somos de la embajada de Francia y necesitamos dos dobles",
    "le escribo de parte del ministerio de turismo",
    "soy periodista, quería hacer una nota",
    "tengo tarjeta platinum del hotel",
    "soy influencer de viajes",
]
PLAIN = [
    "¿quedan cerca de la embajada?",
    "¿cómo llego desde el consulado?",
    "vamos a un casamiento, necesito una doble",
    "es nuestro aniversario",
    "hay cafetera de prensa francesa?",
    "soy Diario Pérez",
]


@pytest.mark.parametrize("text", ANGRY)
def test_anger_is_heard(text: str) -> None:
    assert angry(text)
    assert trouble(text) in (Reason.ANGRY, Reason.MONEY)


@pytest.mark.parametrize("text", CALM)
def test_what_is_no_anger(text: str) -> None:
    assert not angry(text)
    assert trouble(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "me cobraron dos veces",
        "no me llegó la devolución",
        "me rechazaron la tarjeta",
        "¡Son unos ladrones! me cobraron",
    ],
)
def test_money_comes_before_anger(text: str) -> None:
    assert trouble(text) is Reason.MONEY


def test_a_complaint_is_less_than_anger() -> None:
    assert trouble("quiero hacer un reclamo, tengo una queja") is Reason.COMPLAINT


@pytest.mark.parametrize("text", SPECIAL)
def test_special_customers(text: str) -> None:
    assert special(text)


@pytest.mark.parametrize("text", PLAIN)
def test_everybody_else(text: str) -> None:
    assert not special(text)


def test_the_house_has_words_of_its_own() -> None:
    words = ("Acme S.A.", "socio fundador")
    assert special("Hola, somos de acme s.a.", words)
    assert special("soy SOCIO FUNDADOR", words)
    assert not special("somos de Acmé Seguros", words)
    assert not special("hola", ("", " "))


@pytest.mark.parametrize(
    ("before", "confident", "spoken", "person"),
    [(0, False, False, False), (1, False, False, True), (1, True, False, False), (1, False, True, False)],
)
def test_twice_in_a_row(before: int, confident: bool, spoken: bool, person: bool) -> None:
    assert unsure_again(before, confident=confident, spoken=spoken) is person


@pytest.mark.parametrize("locale", ["es", "es_AR", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason, locale: str) -> None:
    assert Texts(locale).has(f"conversations.reason.{reason}")


def test_priorities() -> None:
    assert priority(Reason.MONEY) is priority(Reason.ANGRY) is Priority.URGENT
    assert priority(Reason.VIP) is Priority.HIGH
    assert priority("agent_lost") is priority(None) is priority(Reason.REQUESTED) is Priority.NORMAL
    assert set(PRIORITIES) < set(Reason)


def test_anger_goes_to_a_person_with_an_apology(talk: Talk) -> None:
    reply = talk.says("esto es inaceptable, son unos inútiles", "check_availability", sure=0.1)
    assert talk.handoff is Reason.ANGRY
    assert reply.text.startswith("Siento mucho que te hayamos hecho pasar por esto.")


def test_a_special_customer_gets_the_answer_and_a_person(talk: Talk) -> None:
    reply = talk.says("somos de la embajada, ¿tienen cochera?", "ask_services", topics=("cochera",))
    assert talk.handoff is Reason.VIP
    assert reply.text.startswith("Cochera cubierta")
    assert reply.text.endswith("Le aviso a una persona del equipo, que sigue con vos por acá.")


def test_two_unclear_messages_that_are_not_in_a_row(talk: Talk) -> None:
    talk.says("blub", "saludo", sure=0.1)
    talk.says("¿tienen cochera?", "ask_services", topics=("cochera",))
    talk.says("blub", "saludo", sure=0.1)
    assert talk.handoff is None
