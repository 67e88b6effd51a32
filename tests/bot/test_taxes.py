"""Tax numbers of six countries: their check digits, and how they are found in what people write."""

from __future__ import annotations

import pytest

from relevo.bot.rules.taxes import TaxKind, named_kind, read_asked_tax_id, read_tax_id

RIGHT = [
    ("AR", "CUIT 30-50001091-2", TaxKind.CUIT, "30-50001091-2"),
    ("AR", "mi cuil es 20-12345678-6", TaxKind.CUIL, "20-12345678-6"),
    ("AR", "30500010912", TaxKind.CUIT, "30-50001091-2"),
    ("MX", "RFC GODE561231GR8", TaxKind.RFC, "GODE561231GR8"),
    ("MX", "el rfc es xaxx010101000", TaxKind.RFC, "XAXX010101000"),
    ("ES", "NIF 12345678Z", TaxKind.NIF, "12345678Z"),
    ("ES", "mi NIE: X1234567L", TaxKind.NIF, "X1234567L"),
    ("ES", "CIF A58818501", TaxKind.CIF, "A58818501"),
    ("ES", "B12345674", TaxKind.CIF, "B12345674"),
    ("CL", "RUT 12.345.678-5", TaxKind.RUT, "12345678-5"),
    ("CL", "rut 10000013-k", TaxKind.RUT, "10000013-K"),
    ("CO", "NIT 800.197.268-4", TaxKind.NIT, "800197268-4"),
    ("PE", "RUC 20100070970", TaxKind.RUC, "20100070970"),
]
WRONG = [
    ("AR", "CUIT 30-50001091-3"),
    ("AR", "cuit 99-12345678-6"),
    ("MX", "RFC GODE561231GR7"),
    ("ES", "NIF 12345678A"),
    ("ES", "CIF A58818502"),
    ("CL", "RUT 12.345.678-9"),
    ("CO", "NIT 800.197.268-5"),
    ("PE", "RUC 20100070971"),
]


@pytest.mark.parametrize(("country", "text", "kind", "number"), RIGHT)
def test_a_right_number_is_read_and_written_its_countrys_way(
    country: str, text: str, kind: TaxKind, number: str
) -> None:
    found = read_tax_id(text, country)
    assert found is not None
    assert (found.kind, found.number, found.valid) == (kind, number, True)


@pytest.mark.parametrize(("country", "text"), WRONG)
def test_a_wrong_check_digit_is_seen(country: str, text: str) -> None:
    found = read_tax_id(text, country)
    assert found is not None
    assert not found.valid


def test_every_digit_of_a_cuit_counts() -> None:
    right = "30500010912"
    for place in range(11):
        for digit in "0123456789":
            changed = right[:place] + digit + right[place + 1 :]
            found = read_tax_id(f"cuit {changed}", "AR")
            assert found is not None
            assert found.valid is (changed == right), changed


@pytest.mark.parametrize(
    "text",
    ["+54 9 341 555-1234", "11 4555 1234", "del 11 al 13 de diciembre", "RL-4K7Q2", "son 2 personas", "DNI 30111222"],
)
def test_telephones_dates_and_codes_are_no_tax_numbers(text: str) -> None:
    assert read_tax_id(text, "AR") is None


def test_a_number_without_its_name_is_taken_only_where_it_was_asked_for_or_is_right() -> None:
    assert read_tax_id("30-50001091-3", "AR") is None
    found = read_asked_tax_id("30-50001091-3", "AR")
    assert found is not None
    assert not found.valid


def test_the_kind_is_known_by_its_name() -> None:
    assert named_kind("te paso el C.U.I.T.") is TaxKind.CUIT
    assert named_kind("factura A por favor") is None
