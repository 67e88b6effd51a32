from __future__ import annotations

import re
import string
from datetime import date, time

import pytest

from relevo.kit.money import Money
from relevo.texts import Texts, entries, layers, locales

FIELDS = string.Formatter()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in FIELDS.parse(text) if name}


def test_overlays_fall_back_to_spanish() -> None:
    rioplatense = Texts("es_AR")
    assert rioplatense.say("bot.ask.book") == "¿Querés reservar?"
    assert Texts("es").say("bot.ask.book") == "¿Quieres reservar?"
    assert rioplatense.say("bot.ask.dates") == Texts("es").say("bot.ask.dates")
    assert layers("es_AR") == ("es", "es_AR")


@pytest.mark.parametrize("locale", ["es-AR", "es_AR"])
def test_both_ways_to_write_a_locale(locale: str) -> None:
    assert Texts(locale).say("bot.ask.book") == "¿Querés reservar?"


def test_unknown_locale_is_spanish_and_reaches_no_other_folder() -> None:
    assert Texts("xx_YY").say("bot.fine") == Texts("es").say("bot.fine")
    assert entries("../bot") == {}


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("es").say("bot.no_such_sentence")


def test_other_locale() -> None:
    texts = Texts("es_AR")
    assert texts.other(None) is texts
    assert texts.other("es-AR") is texts
    assert texts.other("en").say("bot.ask.book") == "Would you like to book?"


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (13_600_000, "ARS", "$ 136.000"),
        (50, "ARS", "$ 0,50"),
        (-4_500_000, "ARS", "-$ 45.000"),
        (123_456_789, "USD", "US$ 1.234.567,89"),
        (45_000, "CLP", "$ 45.000"),
        (100, "XYZ", "XYZ 1"),
    ],
)
def test_money(amount: int, currency: str, written: str) -> None:
    assert Texts("es_AR").money(Money(amount, currency)) == written


def test_money_in_english() -> None:
    assert Texts("en").money(Money(13_600_050, "ARS")) == "$ 136,000.50"


def test_days_and_stays() -> None:
    texts = Texts("es_AR")
    assert texts.day(date(2026, 6, 12)) == "viernes 12 de junio"
    assert texts.day(date(2026, 6, 12), weekday=False, year=True) == "12 de junio de 2026"
    assert texts.stay(date(2026, 6, 12), date(2026, 6, 15)) == "del 12 al 15 de junio"
    assert texts.stay(date(2026, 6, 30), date(2026, 7, 2)) == "del 30 de junio al 2 de julio"
    assert texts.stay(date(2026, 12, 30), date(2027, 1, 2)) == "del 30 de diciembre de 2026 al 2 de enero de 2027"
    assert texts.stay(date(2026, 6, 12), date(2026, 6, 15), weekdays=True) == "del viernes 12 al lunes 15 de junio"
    english = Texts("en").stay(date(2026, 6, 12), date(2026, 6, 15), weekdays=True)
    assert english == "from Friday 12 June to Monday 15 June"


def test_values_are_written_the_way_of_the_locale() -> None:
    texts = Texts("es_AR")
    said = texts.say("bot.other", type="Triple", total=Money(17_800_000, "ARS"))
    assert said == "Triple (total $ 178.000)"
    assert texts.time(time(9, 5)) == "09:05"
    assert texts.count("bot.nights", 1) == "1 noche"
    assert texts.count("bot.nights", 3) == "3 noches"


def test_a_guests_braces_are_text() -> None:
    assert Texts("es").say("bot.thanks", name="{cbu} {0.__class__}") == "Gracias, {cbu} {0.__class__}."


@pytest.mark.parametrize("locale", locales())
def test_every_translation_uses_known_keys_and_placeholders(locale: str) -> None:
    source = entries("es")
    for key, text in entries(locale).items():
        assert key in source, f"{locale}: {key} is not in Spanish"
        known = source[key]
        if isinstance(text, str) and isinstance(known, str):
            assert placeholders(text) <= placeholders(known), f"{locale}: {key} asks for what nobody gives"
        else:
            assert len(text) == len(known)


def test_english_says_everything_the_bot_says() -> None:
    missing = {key for key in entries("es") if key.startswith("bot.") and not re.search(r"\.(fact|topic)$", key)}
    assert missing - set(entries("en")) == set()


def test_voseo_and_tuteo_do_not_mix() -> None:
    voseo = re.compile(r"\b(querés|tenés|podés|preferís|decís|dejás|vos|elegí|enviá)\b", re.IGNORECASE)
    tuteo = re.compile(r"\b(quieres|tienes|puedes|prefieres|dices|dejas|contigo|elige|envía)\b", re.IGNORECASE)
    for key, text in entries("es").items():
        assert not voseo.search(str(text)), key
    argentine = Texts("es_AR")
    for key in entries("es"):
        if key.startswith("bot."):
            assert not tuteo.search(argentine.raw(key)), key


def test_a_day_far_away_is_named_with_its_year_once() -> None:
    today = date(2026, 11, 21)
    spanish, english = Texts("es").on(today), Texts("en").on(today)
    assert spanish.day(date(2027, 2, 3)) == "miércoles 3 de febrero"
    assert spanish.day(date(2027, 11, 13)) == "sábado 13 de noviembre de 2027"
    assert spanish.stay(date(2027, 2, 3), date(2027, 2, 5)) == "del 3 al 5 de febrero"
    assert spanish.stay(date(2027, 11, 13), date(2027, 11, 15)) == "del 13 al 15 de noviembre de 2027"
    assert spanish.other("es_AR").stay(date(2027, 11, 29), date(2027, 12, 2)).count("2027") == 1
    assert english.stay(date(2027, 11, 13), date(2027, 11, 15)).count("2027") == 1
    assert spanish.day(date(2025, 6, 1), weekday=False) == "1 de junio de 2025"
