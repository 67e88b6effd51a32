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
    ("el 31/31", "el treinta y uno o treinta y uno"),
    ("a las 21:30 h", "a las nueve y media de la noche"),
    ("desde las 14:00", "desde las dos de la tarde"),
    ("hasta las 10:00.", "hasta las diez de la mañana."),
    ("a las 12:00", "a las doce del mediodía"),
    ("a las 13:15", "a la una y cuarto de la tarde"),
    ("código RL-4K7Q2", "código erre, ele. cuatro, ka, siete, cu, dos"),
    ("+54 341 400-0000", "más cinco cuatro, tres cuatro uno, cuatro cero cero, cero cero cero cero"),
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
    ("$136000", "ciento treinta y seis mil pesos"),
    ("$ 1.136.000.", "un millón ciento treinta y seis mil pesos."),
    ("$ 2.000.000", "dos millones de pesos"),
    ("$ 0,50", "cincuenta centavos"),
    ("$ 21,01", "veintiún pesos con un centavo"),
    ("ARS 5.000 o 5.000 ARS", "cinco mil pesos o cinco mil pesos"),
    ("USD 101", "ciento un dólares"),
    ("U$S 1.500", "mil quinientos dólares"),
    ("US$ 1", "un dólar"),
    ("€ 1", "un euro"),
    ("S/ 21", "veintiún soles"),
    ("R$ 30", "treinta reales"),
    (
        "Total $ 272.000, seña $ 81.600.",
        "Total doscientos setenta y dos mil pesos, seña ochenta y un mil seiscientos pesos.",
    ),
    ("entre $ 9.000 y $ 12.000", "entre nueve mil pesos y doce mil pesos"),
    ("el 15/3", "el quince de marzo"),
    ("el 05/03/26", "el cinco de marzo de dos mil veintiséis"),
    ("15-03-2026", "quince de marzo de dos mil veintiséis"),
    ("del 12 al 15 de junio", "del doce al quince de junio"),
    ("el viernes 1 de mayo", "el viernes primero de mayo"),
    ("el 1º de mayo", "el primero de mayo"),
    ("30/02/2026", "treinta o cero dos o dos mil veintiséis"),
    ("a las 13:00 y a las 01:00", "a la una de la tarde y a la una de la madrugada"),
    ("desde las 7:00 hasta las 10:30", "desde las siete de la mañana hasta las diez y media de la mañana"),
    ("de 12:00 a 15:00", "de doce del mediodía a tres de la tarde"),
    ("a las 0:30", "a las doce y media de la noche"),
    ("a las 20.30 hs", "a las ocho y media de la noche"),
    ("a las 9:45", "a las diez menos cuarto de la mañana"),
    ("a las 8:30 p.m.", "a las ocho y media de la noche"),
    ("a las 12:15 am", "a las doce y cuarto de la noche"),
    ("las 24 horas", "las veinticuatro horas"),
    ("abierto 24/7", "abierto las veinticuatro horas, todos los días"),
    ("a las 25:70", "a las veinticinco:setenta"),
    ("12,5 %", "doce coma cinco por ciento"),
    ("2,05", "dos coma cero cinco"),
    ("1.234", "mil doscientos treinta y cuatro"),
    ("1 noche, 1 adulto y 1 menor", "una noche, un adulto y un menor"),
    ("1 de ellos", "uno de ellos"),
    ("31 habitaciones", "treinta y una habitaciones"),
    ("21.000 personas", "veintiuna mil personas"),
    ("la habitación 201 tiene vista", "la habitación doscientos uno tiene vista"),
    ("la opción 1 incluye desayuno", "la opción uno incluye desayuno"),
    ("habitación 101", "habitación ciento uno"),
    ("hasta 3 personas", "hasta tres personas"),
    ("2 a 3 noches", "dos a tres noches"),
    ("30 m² y 1 km", "treinta metros cuadrados y un kilómetro"),
    ("20 °C", "veinte grados"),
    ("14 hs", "catorce horas"),
    ("3er piso", "tercer piso"),
    ("1.º piso, 2ª puerta", "primer piso, segunda puerta"),
    ("piso 1°", "piso primero"),
    ("tu código es RL-7Q2M9.", "tu código es erre, ele. siete, cu, dos, eme, nueve."),
    ("código 4K7Q2", "código cuatro, ka, siete, cu, dos"),
    ("(0341) 400-1234", "cero tres cuatro uno, cuatro cero cero, uno dos tres cuatro"),
    ("11 5532-4891", "uno uno, cinco cinco tres dos, cuatro ocho nueve uno"),
    ("+5493414001234", "más cinco cuatro nueve tres, cuatro uno cuatro, cero cero uno, dos tres cuatro"),
    (
        "CBU 0000003100010000000001, alias mirador.rio.demo",
        "ce be u cero cero cero cero, cero cero tres, uno cero cero, cero uno cero, cero cero cero, cero cero cero,"
        " cero cero uno, alias mirador punto rio punto demo",
    ),
    ("CUIT 30-71234567-9", "cuit tres cero, siete uno, dos tres cuatro, cinco seis siete, nueve"),
    ("DNI 30.123.456", "de ene i treinta millones ciento veintitrés mil cuatrocientos cincuenta y seis"),
    ("titular Mirador del Río S.A.", "titular Mirador del Río sociedad anónima."),
    ("Mirador del Río S.A. Gracias", "Mirador del Río sociedad anónima. Gracias"),
    ("el Sr. Pérez y la Dra. Sosa", "el señor Pérez y la doctora Sosa"),
    ("n.º 5, nº 6", "número cinco, número seis"),
    ("Wi-Fi y TV", "wifi y te ve"),
    ("check-in a las 14:00", "chequín a las dos de la tarde"),
    ("por WhatsApp o e-mail", "por guasap o correo"),
    ("reservas_2@mirador-rio.com.ar", "reservas guion bajo dos arroba mirador guion rio punto com punto ar"),
    ("www.mirador.com/ofertas", "tres doble ve punto mirador punto com barra ofertas"),
    ("adultos y/o menores", "adultos y o menores"),
    ("doble/triple", "doble o triple"),
    ("$ 500 / persona", "quinientos pesos por persona"),
    ("¡Listo! 🎉 • Doble", "¡Listo! Doble"),
    ("IVA incluido, CVC", "iva incluido, ce uve ce"),
    ("Suite & Spa", "Suite y Spa"),
    ("007", "cero cero siete"),
    ("", ""),
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
    assert spoken("$ 1,250.50", "es_MX") == "mil doscientos cincuenta pesos con cincuenta centavos"
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
