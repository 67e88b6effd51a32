"""What a recording is called, how it is searched and drawn, and what of the talk belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.calls.rules.recordings import (
    Marker,
    Peaks,
    Sentence,
    clean_name,
    file_name,
    folded,
    pauses,
    pooled,
    sentence,
    transcript,
)
from relevo.kit.errors import Invalid
from relevo.web.recordings import disposition, moment

AT = datetime(2025, 11, 22, 14, 30, 25, tzinfo=UTC)


def test_the_name_is_the_one_of_the_pattern() -> None:
    assert file_name("llamada", 1, "Juan García", AT, "wav") == "llamada_001_Juan García_20251122_143025.wav"
    assert (
        file_name("llamada", 1_234, "+5493415550101", AT, "opus") == "llamada_1234_+5493415550101_20251122_143025.opus"
    )
    assert file_name("llamada", None, "", AT, "wav") == "llamada_000_20251122_143025.wav"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("..\\..\\windows\\system32", "windows system32"),
        ("C:\\con", "C con"),
        ("/etc/shadow", "etc shadow"),
        ("Ana\x00.exe", "Ana.exe"),
        ("Ana\r\nSet-Cookie: a=b", "Ana Set-Cookie a=b"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("A\u200bn\u200da\ufeff\u2066", "Ana"),
        ("  Ana   \t María  ", "Ana María"),
        ('Ana "la" <b>|?*', "Ana la b"),
        ("...", ""),
        (" . ", ""),
        ("José Ñandú 李", "José Ñandú 李"),
        ("Jose\u0301", "José"),
    ],
)
def test_a_name_separates_hides_and_turns_nothing_around(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_name_is_no_longer_than_file_systems_take() -> None:
    for long in ("a" * 5_000, "ñ" * 5_000, "😀" * 5_000, "a " * 5_000):
        name = file_name("llamada", 7, long, AT, "wav")
        assert len(name.encode()) < 200
        assert name.endswith("_20251122_143025.wav")
        assert "�" not in name


def test_the_header_says_the_name_twice() -> None:
    name = 'llamada_001_Juan García "x"\r\n_1.wav'
    header = disposition(name, attachment=True)
    assert header.startswith('attachment; filename="llamada_001_Juan Garc_a _x____1.wav"; ')
    assert header.endswith("filename*=UTF-8''llamada_001_Juan%20Garc%C3%ADa%20%22x%22%0D%0A_1.wav")
    assert header.isascii()
    assert "\n" not in header
    assert disposition("a.wav", attachment=False).startswith("inline; ")


def test_a_day_of_a_search_is_the_day_where_the_business_is() -> None:
    zone = ZoneInfo("America/Argentina/Cordoba")
    assert moment("2026-11-21", zone) == datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert moment("2026-11-21", zone, end=True) == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert moment("2026-11-21T10:00:00Z", zone) == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert moment("2026-11-21T10:00:00", zone) == datetime(2026, 11, 21, 13, tzinfo=UTC)
    assert moment("", zone) is None
    for wrong in ("yesterday", "2026-13-01", "2026-02-30", "9999-12-31"):
        with pytest.raises(Invalid):
            moment(wrong, zone, end=True)


def test_searching_folds_case_and_accents() -> None:
    assert folded("  Habitación\n DOBLE, Ñandú ") == "habitacion doble, nandu"


def test_fewer_points_keep_the_loudest() -> None:
    assert pooled((0.1, 0.9, 0.2, 0.3, 0.0), 2) == (0.9, 0.3)
    assert pooled((0.1, 0.2), 5) == (0.1, 0.2)
    assert pooled((), 5) == ()
    peaks = Peaks(tuple(at / 1_000 for at in range(1_000)), (0.0,) * 1_000).at_most(7)
    assert len(peaks.customer) == len(peaks.ours) == 7
    assert peaks.customer[-1] == 0.999


def test_pauses_begin_and_end_and_may_last_to_the_end() -> None:
    marks = [Marker("hold", 5), Marker("resume", 8), Marker("pause", 10), Marker("resume", 20), Marker("pause", 90)]
    assert pauses(marks, 100) == [(10, 20), (90, 100)]


def test_the_transcript_is_what_is_on_the_recording() -> None:
    def said(at: int, end: int, text: str) -> Sentence:
        return Sentence(at, end, "customer", None, text)

    parts = [said(5_000, 6_000, "c"), said(0, 900, "a"), said(1_500, 2_500, "4242"), said(2_100, 2_100, "7"),
             said(99_000, 99_000, "after")]  # fmt: skip
    marks = [Marker("pause", 2_000), Marker("resume", 4_000)]
    assert [part.text for part in transcript(parts, marks, 6_000)] == ["a", "c"]


def test_a_sentence_is_what_was_heard_when_it_was_heard() -> None:
    def made(text: str, **meta: object) -> Sentence | None:
        return sentence(author="bot", name=None, text=text, meta=meta, at=AT + timedelta(seconds=3), began=AT)

    assert made("Hola, soy", at_ms=40, end_ms=900, spoken_text="Hola") == Sentence(40, 900, "bot", None, "Hola")
    assert made("Nadie lo oyó", heard=False, spoken_text="", at_ms=None) is None
    assert made("9", key="9") == Sentence(3_000, 3_000, "bot", None, "9")
