"""A table of people is understood as spreadsheets in Norway have it."""

import pytest

from app.rules.people_table import delimiter_of, table_of


def cells(text: str) -> list[dict[str, str]]:
    table = table_of(text, most=100)
    assert not table.more
    return [line.cells for line in table.lines]


def used(text: str) -> list[tuple[str, str]]:
    return [(column.title, column.field) for column in table_of(text, most=100).columns]


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
    lines = table_of("Navn\nÅse\n\nOla", most=100).lines
    assert [(line.number, line.cells["name"]) for line in lines] == [(2, "Åse"), (4, "Ola")]


def test_a_table_is_cut_off_and_says_so() -> None:
    table = table_of("\n".join("abc"), most=2)
    assert (len(table.lines), table.more) == (2, True)


def test_two_columns_never_become_one_field() -> None:
    text = "Navn;Rolle;Avdeling;Team;Gruppe\nÅse;Selger;Salg;A;B"
    assert used(text) == [
        ("Navn", "name"), ("Rolle", "seniority"), ("Avdeling", "function"), ("Team", "team"),
        ("Gruppe", ""),
    ]  # fmt: skip
    assert cells(text) == [{"name": "Åse", "seniority": "Selger", "function": "Salg", "team": "A"}]
    assert used("Navn;Rolle\nÅse;Selger")[1] == ("Rolle", "function")
    taken = used("Navn;Rolle;Avdeling;Nivå\nÅse;Selger;Salg;Senior")
    assert taken[1] == ("Rolle", "")
    halves = used("Navn;Fornavn;Etternavn\nÅse Å;Åse;Å")
    assert halves == [("Navn", "name"), ("Fornavn", ""), ("Etternavn", "")]


def test_what_is_left_out_is_told_and_what_holds_nothing_is_not() -> None:
    assert used("Navn;Skostørrelse;\nÅse;42;") == [("Navn", "name"), ("Skostørrelse", "")]
    assert used("Åse;a@x.no;;;;;mer") == [("", "name"), ("", "email"), ("", "")]
