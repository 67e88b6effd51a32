"""Reading aloud: what a guest hears is words, and codes and telephones digit by digit."""

from __future__ import annotations

import pytest

from relevo.texts.spoken import before_noun, hour, number, spoken

CASES = [
    ("$ 136.000", "ciento treinta y seis mil pesos"),
    ("$ 1.250,50", "mil doscientos cincuenta pesos con cincuenta centavos"),
    ("$ 1.000.000", "un millón de pesos"),
    ("$ 1.000.100", "un millón cien pesos"),
    ("$ 21.000", "veintiún mil pesos"),
    ("$ 1", "un peso"),
    ("US$ 21", "veintiún dólares"),
    ("45 €", "cuarenta y cinco euros"),
    ("El 15/03/2026", "El quince de marzo de dos mil veintiséis"),
    ("el 1/2", "el primero de febrero"),
    ("2026-12-24", "veinticuatro de diciembre de dos mil veintiséis"),
    ("el 31/31", "el treinta y uno por treinta y uno"),
    ("a las 21:30 h", "a las nueve y media de la noche"),
    ("desde las 14:00", "desde las dos de la tarde"),
    ("hasta las 10:00.", "hasta las diez de la mañana."),
    ("a las 12:00", "a las doce del mediodía"),
    ("a las 13:15", "a las una y cuarto de la tarde"),
    ("código RL-4K7Q2", "código erre, ele. cuatro, ka, siete, cu, dos"),
    ("+54 341 400-0000", "más cinco cuatro tres, cuatro uno cuatro, cero cero cero, cero cero cero"),
    ("CBU 123456789", "ce be u uno dos tres, cuatro cinco seis, siete ocho nueve"),
    ("30 %", "treinta por ciento"),
    ("2,5 horas", "dos coma cinco horas"),
    ("1 noche y 21 noches", "una noche y veintiuna noches"),
    ("21 días, 1 persona", "veintiún días, una persona"),
    ("200 personas", "doscientas personas"),
    ("hasta 8 kg", "hasta ocho kilos"),
    ("hab. 204", "habitación doscientos cuatro"),
    ("Av. San Martín 1234", "avenida San Martín mil doscientos treinta y cuatro"),
    ("ana.ruiz@gmail.com", "ana punto ruiz arroba gmail punto com"),
    ("**Doble**\nSuite", "Doble. Suite"),
    ("$ 68.000/noche", "sesenta y ocho mil pesos por noche"),
]


@pytest.mark.parametrize(("written", "said"), CASES)
def test_written_becomes_spoken(written: str, said: str) -> None:
    assert spoken(written, "es_AR") == said


@pytest.mark.parametrize(("written", "said"), CASES)
def test_nothing_but_words_is_left(written: str, said: str) -> None:
    assert not any(char.isdigit() or char in "$€@%" for char in said)
    assert spoken(said, "es_AR") == said


def test_a_bare_dollar_sign_is_the_countrys_money() -> None:
    assert spoken("$ 500", "es_MX") == "quinientos pesos"
    assert spoken("500", "es_ES") == "quinientos"
    assert spoken("S/ 20", "es_PE") == "veinte soles"


def test_every_number_has_a_name() -> None:
    names = [number(value) for value in range(2_100)]
    assert len(set(names)) == len(names)
    assert number(1_001) == "mil uno"
    assert number(999_999) == "novecientos noventa y nueve mil novecientos noventa y nueve"
    assert before_noun(101) == "ciento un"
    assert before_noun(541, feminine=True) == "quinientas cuarenta y una"


def test_every_minute_of_the_day_can_be_said() -> None:
    said = {hour(hours, minutes) for hours in range(24) for minutes in range(60)}
    assert len(said) == 24 * 60
