"""A file that Norwegian Excel opens by itself, and that runs nothing."""

from datetime import UTC, date, datetime

import pytest

from app.outputs.csv_table import Value, csv_table


def test_it_has_its_mark_semicolons_and_the_letters_of_home() -> None:
    found = csv_table([["Tittel", "Eier"], ["Røros; «nå»", "Øyvind"]])
    assert found == '\ufeffTittel;Eier\r\n"Røros; «nå»";Øyvind\r\n'.encode()


@pytest.mark.parametrize(
    "value, written",
    [
        (None, ""),
        (3, "3"),
        (11.0, "11"),
        (-0.8, "-0,8"),
        (1e12, "1000000000000"),
        (0.000001, "0,000001"),
        (date(2026, 2, 3), "2026-02-03"),
        (datetime(2026, 2, 3, 10, 50, tzinfo=UTC), "2026-02-03 10:50"),
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("+47 900 00 000", "'+47 900 00 000"),
        ("-ikke nå", "'-ikke nå"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("a=b", "a=b"),
    ],
)
def test_values_as_a_spreadsheet_takes_them(value: Value, written: str) -> None:
    assert csv_table([["x", value]]).decode("utf-8-sig") == f"x;{written}\r\n"
