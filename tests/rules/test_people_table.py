"""A table of people is understood as spreadsheets in Norway have it."""

import pytest

from app.rules.people_table import delimiter_of, lines_of


def cells(text: str) -> list[dict[str, str]]:
    lines, more = lines_of(text, most=100)
    assert not more
    return [line.cells for line in lines]


@pytest.mark.parametrize(
    "text, mark",
    [("a\tb;c", "\t"), ("a;b,c", ";"), ("a,b", ","), ("navn\na;b", ";"), ("a", ";")],
)
def test_the_delimiter_is_the_strongest_of_the_first_line_that_has_one(
    text: str, mark: str
) -> None:
    assert delimiter_of(text) == mark


def test_a_header_in_any_order_and_language_names_the_columns() -> None:
    expected = [{"team": "Drift", "name": "Åse", "email": "a@x.no"}]
    assert cells("Gruppe;Navn;E-post\nDrift;Åse;a@x.no") == expected
    assert cells("Team\tName\tE-mail\nDrift\tÅse\ta@x.no") == expected


def test_first_and_last_name_become_one() -> None:
    assert cells("Etternavn;Fornavn;Sted\nBråten;Åse;Bodø") == [
        {"name": "Åse Bråten", "site": "Bodø"}
    ]


def test_without_a_header_the_columns_have_their_order() -> None:
    assert cells("Åse;a@x.no;Drift") == [{"name": "Åse", "email": "a@x.no", "function": "Drift"}]


def test_unknown_columns_and_empty_lines_are_left_out() -> None:
    assert cells("Navn;Skostørrelse\n\nÅse;42\n;;\n") == [{"name": "Åse"}]


def test_quotes_hold_what_would_part_cells() -> None:
    assert cells('"Bråten; Åse";a@x.no')[0]["name"] == "Bråten; Åse"


def test_lines_count_as_the_spreadsheet_counts() -> None:
    lines, _ = lines_of("Navn\nÅse\n\nOla", most=100)
    assert [(line.number, line.cells["name"]) for line in lines] == [(2, "Åse"), (4, "Ola")]


def test_a_table_is_cut_off_and_says_so() -> None:
    lines, more = lines_of("\n".join("abc"), most=2)
    assert (len(lines), more) == (2, True)
