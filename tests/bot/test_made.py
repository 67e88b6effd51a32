"""What becomes of bookings that are made: whose they are, then the terms, then a yes and nothing less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from talking import NOW, Talk, pesos

from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.bot.ports import Expecting, TakenAs
from relevo.bot.rules.dialogue import Guest, Pending
from relevo.bot.rules.reading import CANCELLING, asks_voucher, bare_code, consents, lost_code
from relevo.kit.errors import Conflict

Pleased = Callable[[], Talk]
CODE = "RL-9H2KM"
PHONE = "+5493415551234"


@pytest.fixture
def booked(pleased: Pleased) -> Callable[..., Talk]:
    """A guest who comes back: a confirmed double from 11 to 13 December, made elsewhere, paid."""

    def make(**changes: object) -> Talk:
        talk = pleased()
        made, talk.hold, talk.dialogue = talk.hold, None, type(talk.dialogue)()
        assert made is not None
        booking = replace(
            made, code=CODE, status=BookingStatus.CONFIRMED, deposit_status=DepositStatus.CONFIRMED,
            guest_name="Ana Gil", guest_phone=PHONE, guest_email="ana@ejemplo.com", **changes,
        )  # fmt: skip
        talk.made.bookings[CODE] = booking
        talk.made.strangers.add(CODE)
        return talk

    return make


@pytest.fixture
def own(booked: Callable[..., Talk]) -> Talk:
    """The same, made in this conversation."""
    talk = booked()
    talk.made.strangers.clear()
    return talk


def booking(talk: Talk) -> Booking:
    return talk.made.bookings[CODE]


def test_who_writes_from_the_guests_telephone_is_not_asked_for_it(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.vouched, talk.guest = True, Guest(phone=PHONE)
    told = talk.says(f"cómo está mi reserva {CODE}?", "consulta_estado", booking_code=CODE)
    assert "Tu reserva RL-9H2KM está confirmada" in told.text


def test_another_telephone_is_asked_and_counts_as_no_guess(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.vouched, talk.guest = True, Guest(phone="+5493415559999")
    asked = talk.says(f"cómo está mi reserva {CODE}?", "consulta_estado", booking_code=CODE)
    assert asked.text == "Para cuidar tus datos, ¿con qué teléfono o mail se hizo la reserva?"
    assert talk.dialogue.misses == 0


def test_a_number_that_nobody_vouches_for_proves_nothing(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.guest = Guest(phone=PHONE)
    asked = talk.says(f"cómo está mi reserva {CODE}?", "consulta_estado", booking_code=CODE)
    assert asked.text == "Para cuidar tus datos, ¿con qué teléfono o mail se hizo la reserva?"


def test_nothing_is_told_before_code_and_contact_belong_together(booked: Callable[..., Talk]) -> None:
    talk = booked()
    assert talk.says("cómo está mi reserva?", "consulta_estado").text == "¿Me decís el código de la reserva?"
    asked = talk.says(CODE, "dar_datos", booking_code=CODE)
    assert asked.text == "Para cuidar tus datos, ¿con qué teléfono o mail se hizo la reserva?"
    assert "Tu reserva RL-9H2KM está confirmada" in talk.says("341 555 1234", "dar_datos", phone=PHONE).text


def test_a_wrong_code_and_a_wrong_contact_get_the_same_answer(booked: Callable[..., Talk]) -> None:
    wrong_code, wrong_phone = booked(), booked()
    for talk, code, phone in ((wrong_code, "RL-ZZZZZ", PHONE), (wrong_phone, CODE, "+5493410000000")):
        asked = talk.says(f"estado de {code}", "consulta_estado", booking_code=code)
        assert "con qué teléfono o mail" in asked.text
        reply = talk.says("es ese", "dar_datos", phone=phone)
        assert reply.text == "No encuentro ninguna reserva con esos datos.\n¿Me decís el código de la reserva?"


def test_guessing_ends_with_a_person(booked: Callable[..., Talk]) -> None:
    talk = booked()
    for guess in ("RL-22222", "RL-33333", "RL-44444"):
        reply = talk.says(guess, "consulta_estado", booking_code=guess, email="ana@ejemplo.com")
    assert "no pruebo más" in reply.text
    assert talk.handoff == "identity"


def test_the_limit_of_the_house_counts_as_well(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.made.tries = 0
    assert "no pruebo más" in talk.says("", "consulta_estado", booking_code=CODE, phone=PHONE).text


def test_a_phone_that_proves_is_not_the_guests_of_another_hold(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.says("estado", "consulta_estado", booking_code=CODE)
    talk.says("341 000 0000", "dar_datos", phone="+5493410000000")
    assert talk.dialogue.guest.phone is None


def test_a_proof_is_good_for_a_while_only(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.says("", "consulta_estado", booking_code=CODE, phone=PHONE)
    assert "está confirmada" in talk.says("", "consulta_estado").text
    talk.now = NOW + timedelta(minutes=31)
    assert "con qué teléfono" in talk.says("", "consulta_estado", booking_code=CODE).text


def test_without_the_code_a_person_helps(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.says("cancelar mi reserva", "cancel_reservation")
    reply = talk.says("no lo tengo a mano", "fuera_de_alcance", sure=0.2)
    assert reply.text.startswith("No te preocupes")
    talk.says("sí", "afirmar")
    assert talk.handoff == "requested"


def test_the_code_may_come_without_its_letters(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.says("estado", "consulta_estado")
    talk.made.bookings["9H2KM"] = booking(talk)
    talk.made.strangers.add("9H2KM")
    assert "con qué teléfono" in talk.says("9h2km", "fuera_de_alcance", sure=0.1).text


def test_several_bookings_are_asked_for_with_buttons(own: Talk) -> None:
    other = replace(booking(own), code="RL-AAAA2", check_in=date(2026, 12, 20), check_out=date(2026, 12, 22))
    own.made.bookings["RL-AAAA2"] = other
    reply = own.says("cancelar mi reserva", "cancel_reservation")
    assert reply.text.startswith("¿Cuál de tus reservas?\n1) RL-9H2KM: Doble, del viernes 11")
    assert "¿Cancelo la reserva RL-AAAA2" in own.says("2", "fuera_de_alcance", sure=0.1).text
    own.says("sí", "afirmar")
    assert own.made.done == ["cancel RL-AAAA2"]


@pytest.mark.parametrize(
    ("refund", "said"),
    [
        (40_800, "se te devuelve toda la seña: $ 40.800"),
        (20_400, "se te devuelven $ 20.400 de los $ 40.800"),
        (0, "la seña de $ 40.800 no se devuelve"),
    ],
)
def test_what_comes_back_is_told_before_cancelling(own: Talk, refund: int, said: str) -> None:
    own.made.refund = pesos(refund)
    reply = own.says("quiero cancelar", "cancel_reservation")
    assert said in reply.text
    assert own.made.done == []
    done = own.says("sí, cancelala", "afirmar").text
    assert own.made.done == [f"cancel {CODE}"]
    assert ("La devolución de" in done) is bool(refund)


@pytest.mark.parametrize("sure", [0.9, 0.2])
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mmm no sé", "fuera_de_alcance"),
        ("lo pienso y te aviso", "afirmar"),
        ("no sé si cancelar", "cancel_reservation"),
        ("no, dejala", "negar"),
        ("sí pero más tarde", "afirmar"),
        ("me arrepentí, no la canceles", "cancel_reservation"),
    ],
)
def test_a_doubt_cancels_nothing_and_a_later_yes_neither(own: Talk, text: str, intent: str, sure: float) -> None:
    own.says("quiero cancelar", "cancel_reservation")
    assert "queda como estaba" in own.says(text, intent, sure=sure).text
    own.says("sí", "afirmar")
    assert own.made.done == []


def test_a_question_beside_it_leaves_the_question_open(own: Talk) -> None:
    own.says("quiero cancelar", "cancel_reservation")
    reply = own.says("¿tienen cochera?", "ask_services", topics=("cochera",))
    assert "¿Cancelo la reserva" in reply.text
    own.says("sí", "afirmar")
    assert own.made.done == [f"cancel {CODE}"]


def test_a_refund_that_moved_is_told_again(own: Talk) -> None:
    own.says("quiero cancelar", "cancel_reservation")
    own.made.refund = pesos(0)
    reply = own.says("sí", "afirmar")
    assert reply.text.startswith("Lo que se devuelve cambió mientras tanto.")
    assert "no se devuelve" in reply.text
    assert own.made.done == []


def test_the_house_may_keep_cancelling_to_itself(own: Talk) -> None:
    own.made.refusal = Conflict("booking_state")
    assert "la tiene que cancelar una persona" in own.says("cancelar", "cancel_reservation").text
    assert own.dialogue.pending is Pending.PERSON


def test_a_hold_that_was_paid_meanwhile_is_asked_about_again(pleased: Pleased) -> None:
    talk = pleased()
    talk.says("cancelar", "cancel_reservation")
    assert talk.hold is not None
    talk.hold = replace(talk.hold, deposit_status=DepositStatus.RECEIVED)
    talk.made.bookings[talk.hold.code] = talk.hold
    assert "se te devuelve toda la seña" in talk.says("sí", "afirmar").text
    assert talk.made.done == []


@pytest.mark.parametrize(
    ("entities", "said"),
    [
        ({"room_type": "triple"}, "Triple, del viernes 11 al domingo 13 de diciembre (2 noches), para 2 personas. "
         "Total $ 178.000; antes $ 136.000.\nSon $ 42.000 más."),
        ({"nights": 1}, "(1 noche), para 2 personas. Total $ 68.000; antes $ 136.000.\nSon $ 68.000 menos."),
        ({"check_in": date(2026, 12, 14), "check_out": date(2026, 12, 16)}, "antes $ 136.000.\nEl precio no cambia."),
    ],
)  # fmt: skip
def test_the_difference_is_told_before_a_change(own: Talk, entities: dict[str, object], said: str) -> None:
    reply = own.says("quiero cambiar mi reserva", "modify_reservation", **entities)
    assert said in reply.text
    assert reply.text.endswith(f"¿Hago el cambio en la reserva {CODE}?")
    assert own.made.done == []
    own.says("dale", "afirmar")
    assert len(own.made.done) == 1


def test_what_is_sold_changes_when_it_is_done(own: Talk) -> None:
    own.made.slowly = True
    own.says("pasame a la triple", "modify_reservation", room_type="triple")
    assert (
        own.says("sí", "afirmar").text == f"Anoté el cambio de la reserva {CODE}. En cuanto quede hecho te lo confirmo."
    )


@pytest.mark.parametrize(
    ("own_thread", "email", "said"),
    [
        (True, "ana@ejemplo.com", "por acá y a tu mail"),
        (True, None, "por acá."),
        (False, "ana@ejemplo.com", "a tu mail"),
        (False, None, "a la conversación en la que la hiciste"),
    ],
)
def test_where_a_voucher_went_is_said(own: Talk, own_thread: bool, email: str | None, said: str) -> None:
    thread = "cnv_1" if own_thread else "cnv_2"
    own.made.bookings[CODE] = replace(booking(own), conversation_id=thread, guest_email=email)
    assert said in own.says("mandame el voucher de nuevo", "consulta_estado").text


def test_an_unverified_receipt_promises_no_sum(pleased: Pleased) -> None:
    talk = pleased()
    assert talk.hold is not None
    talk.hold = replace(talk.hold, deposit_status=DepositStatus.RECEIVED)
    talk.made.bookings[talk.hold.code] = replace(talk.hold, deposit=pesos(0))
    talk.made.refund = pesos(0)
    assert "revisa tu comprobante y ve con vos" in talk.says("cancelar", "cancel_reservation").text


def test_what_is_to_change_is_asked_and_counted_from_the_booking(own: Talk) -> None:
    asked = own.says("quiero cambiar mi reserva", "modify_reservation")
    assert asked.text.startswith("¿Qué cambio de la reserva RL-9H2KM")
    assert "al lunes 14 de diciembre (3 noches)" in own.says("una noche más", "check_availability").text
    assert (
        "para 3 personas" in own.says("y se suma una persona, la triple", "modify_reservation", room_type="triple").text
    )
    own.says("sí, hacelo", "afirmar")
    assert own.made.done == [f"change {CODE} triple 2026-12-11 2026-12-14"]


def test_what_was_wanted_survives_the_check(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.says("pasame a la triple", "modify_reservation", room_type="triple")
    talk.says(CODE, "dar_datos", booking_code=CODE)
    assert "pasaría a: Triple" in talk.says("ana@ejemplo.com", "dar_datos", email="ana@ejemplo.com").text


@pytest.mark.parametrize("text", ["no", "no, dejala así", "lo pienso", "mejor no"])
def test_anything_but_a_yes_leaves_the_stay(own: Talk, text: str) -> None:
    own.says("pasame a la triple", "modify_reservation", room_type="triple")
    own.says(text, "negar" if text.startswith("no") else "fuera_de_alcance")
    own.says("sí", "afirmar")
    assert own.made.done == []
    assert booking(own).room_type == "doble"


def test_a_change_of_mind_is_a_new_question(own: Talk) -> None:
    own.says("pasame a la triple", "modify_reservation", room_type="triple")
    assert "¿Cancelo la reserva" in own.says("mejor cancelala", "cancel_reservation").text
    own.says("no", "negar")
    own.says("sí", "afirmar")
    assert own.made.done == []


def test_a_no_with_another_wish_is_that_wish(own: Talk) -> None:
    own.says("pasame a la triple", "modify_reservation", room_type="triple")
    assert "¿Cancelo la reserva" in own.says("no, mejor cancelala", "negar").text
    assert "¿Qué cambio de la reserva" in own.says("no, mejor cambiala de fecha", "negar").text
    assert own.made.done == []


def test_one_more_guest_is_one_more(own: Talk) -> None:
    reply = own.says(
        "quiero sumar una persona a la reserva, la triple", "modify_reservation", guests=1, room_type="triple"
    )
    assert "Triple, del viernes 11 al domingo 13 de diciembre (2 noches), para 3 personas" in reply.text


def test_an_unwanted_cancellation_is_not_asked_for_again(own: Talk) -> None:
    own.says("quiero cancelar", "cancel_reservation")
    own.says("lo pienso", "negar")
    own.says("me arrepentí, no la canceles", "cancel_reservation")
    assert own.dialogue.pending is Pending.NOTHING


def test_a_full_house_offers_what_comes_nearest_and_keeps_the_booking(own: Talk) -> None:
    own.full = {"triple"}
    reply = own.says("pasame a la triple", "modify_reservation", room_type="triple")
    assert reply.text.startswith("No me queda Triple del viernes 11 al domingo 13 de diciembre; tu reserva RL-9H2KM")
    assert own.dialogue.expecting is Expecting.MENU
    assert "pasaría a: Suite con vista al río" in own.says("2", "fuera_de_alcance", sure=0.1).text
    own.says("Sí, cambiar", "afirmar")
    assert own.made.done == [f"change {CODE} suite 2026-12-11 2026-12-13"]


def test_a_hold_with_money_behind_it_is_changed_and_not_replaced(pleased: Pleased) -> None:
    talk = pleased()
    assert talk.hold is not None
    talk.hold = replace(talk.hold, deposit_status=DepositStatus.RECEIVED)
    talk.made.bookings[talk.hold.code] = talk.hold
    assert "pasaría a" in talk.says("mejor la triple", "modify_reservation", room_type="triple").text


def test_while_nothing_is_sold_a_person_is_promised(talk: Talk) -> None:
    days = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}
    talk.says("", "check_availability", guests=2, **days)
    talk.closed = True
    reply = talk.says("sí", "afirmar")
    assert reply.text.startswith("Ahora no puedo consultar ni tomar reservas.")
    assert talk.handoff == "not_selling"
    assert talk.dialogue.offer is None


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (TakenAs.EXTRA, "ya tiene la seña confirmada"),
        (TakenAs.WITH_STAFF, "ya está viendo una persona"),
        (TakenAs.IN_TIME, "Recibí el comprobante de la reserva RL-4K7Q2"),
        (TakenAs.AGAIN, "Tengo tu comprobante junto a la reserva"),
        (TakenAs.DUPLICATE, "tiene que revisar ese comprobante"),
        (TakenAs.LATE, "me fijo si la habitación sigue libre"),
        (TakenAs.LATE_HELD, "verifica el pago de la reserva RL-4K7Q2"),
        (TakenAs.LATE_LOST, "Tu pago no se pierde"),
    ],
)
def test_a_file_is_laid_beside_the_hold(pleased: Pleased, how: TakenAs, said: str) -> None:
    talk = pleased()
    talk.made.how = how
    reply = talk.says("", "enviar_comprobante", files=("att_1",))
    assert said in reply.text
    assert talk.made.done == ["receipt RL-4K7Q2 att_1"]


def test_a_second_file_is_no_news(pleased: Pleased) -> None:
    talk = pleased()
    assert talk.hold is not None
    talk.hold = replace(talk.hold, deposit_status=DepositStatus.RECEIVED)
    assert talk.says("", "enviar_comprobante", files=("att_2",)).text.startswith("Tengo tu comprobante")


def test_a_file_of_nobody_knows_what_waits_for_its_booking(booked: Callable[..., Talk]) -> None:
    talk = booked()
    reply = talk.says("te mando el comprobante", "enviar_comprobante", files=("att_1",))
    assert reply.text == "Recibí tu archivo. ¿Me decís el código de la reserva?"
    talk.says(CODE, "dar_datos", booking_code=CODE)
    talk.says("ana@ejemplo.com", "dar_datos", email="ana@ejemplo.com")
    assert talk.made.done == [f"receipt {CODE} att_1"]
    assert talk.dialogue.files == ()


def test_a_file_is_kept_whoever_else_answers(pleased: Pleased) -> None:
    talk = pleased()
    talk.says("ahí va, y quiero hablar con una persona", "hablar_con_humano", files=("att_1",))
    assert talk.made.done == ["receipt RL-4K7Q2 att_1"]
    assert talk.handoff == "requested"


def test_a_file_that_is_no_paper_is_asked_for_again(pleased: Pleased) -> None:
    assert "como foto o PDF" in pleased().says("", "enviar_comprobante", unread=True).text


def test_paid_and_no_file_asks_for_it_and_claims_nothing(pleased: Pleased) -> None:
    talk = pleased()
    assert "Enviá el comprobante por este chat" in talk.says("ya transferí", "enviar_comprobante").text
    assert talk.hold is not None
    talk.hold = replace(talk.hold, deposit_status=DepositStatus.RECEIVED)
    assert talk.says("ya transferí", "enviar_comprobante").text.startswith("Tu comprobante ya está en manos del equipo")


def test_paid_after_the_hold_ran_out_hurries_the_file(pleased: Pleased) -> None:
    talk = pleased()
    assert talk.hold is not None
    talk.made.bookings["RL-4K7Q2"], talk.hold = talk.hold, None
    talk.now = NOW + timedelta(minutes=30)
    assert "Tu bloqueo RL-4K7Q2 venció a las 09:20" in talk.says("ya transferí", "enviar_comprobante").text


def test_a_voucher_is_sent_again_to_its_guest_only(booked: Callable[..., Talk]) -> None:
    talk = booked()
    assert "código" in talk.says("no me llegó el voucher", "consulta_estado").text
    talk.says(CODE, "dar_datos", booking_code=CODE)
    assert "por acá y a tu mail" in talk.says("ana@ejemplo.com", "dar_datos", email="ana@ejemplo.com").text
    assert talk.made.done == [f"voucher {CODE}"]


def test_a_voucher_before_its_time(pleased: Pleased) -> None:
    reply = pleased().says("mandame el voucher", "consulta_estado")
    assert "a la espera de la seña" in reply.text
    assert "El voucher te llega cuando la reserva queda confirmada." in reply.text


def test_on_a_call_the_same_is_said(booked: Callable[..., Talk]) -> None:
    talk = booked()
    talk.spoken = True
    talk.says("cambiar mi reserva a la triple", "modify_reservation", room_type="triple", booking_code=CODE)
    reply = talk.says("tres cuatro uno...", "dar_datos", phone=PHONE)
    assert reply.spoken_text is not None
    assert "Son $ 42.000 más." in reply.spoken_text
    assert "Tu código sigue siendo RL-9H2KM" in (talk.says("sí", "afirmar").spoken_text or "")
    assert len(talk.made.done) == 1


@pytest.mark.parametrize("text", ["sí", "dale", "sí, cancelala", "cancelala por favor", "confirmo", "ok anulala"])
def test_consent(text: str) -> None:
    assert consents(text, CANCELLING)


@pytest.mark.parametrize(
    "text",
    ["", "sí?", "no", "lo pienso", "sí pero no", "si cancelo me devuelven?", "capaz", "después te digo", "gracias",
     "quiero saber cuánto pierdo", "cancelar mi turno con el dentista"],
)  # fmt: skip
def test_no_consent(text: str) -> None:
    assert not consents(text, CANCELLING)


def test_words_about_codes_and_vouchers() -> None:
    assert bare_code("es el 4k7q2 creo") == "4K7Q2"
    assert bare_code("somos cinco") is None
    assert lost_code("no me acuerdo")
    assert not lost_code("RL-4K7Q2")
    assert asks_voucher("me podés mandar el voucher de nuevo")
    assert not asks_voucher("cuánto sale la doble")
