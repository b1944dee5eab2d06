"""What a cell means, however it was written."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.table_cells import (
    NotUnderstood,
    day_of,
    figure_of,
    folded,
    hour_of,
    names_in,
    text_of,
    whole_of,
    word_of,
    yes_of,
)


@pytest.mark.parametrize(
    "text",
    ["31.12.2026", "31.12.26", "2026-12-31", "31/12/2026", "31. desember 2026", "31. des. 2026",
     "31 December 2026", " 31.12.2026 ", "2026-12-31 00:00", "31 dec 2026"],
)  # fmt: skip
def test_a_date_is_a_date_however_it_is_written(text: str) -> None:
    assert day_of(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["31.02.2026", "12.31.2026", "i morgen", "2026", "31.13.26", "45"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUnderstood, match="date"):
        day_of(text)


@pytest.mark.parametrize(
    "text, figure",
    [("1 203,5", 1203.5), ("1\xa0203,5", 1203.5), ("1.203,5", 1203.5), ("1,203.5", 1203.5),
     ("−0,125", -0.125), ("-3", -3.0), ("1e6", 1e6), ("", None), (",5", 0.5), ("1.5", 1.5)],
)  # fmt: skip
def test_a_figure_is_read_as_norwegians_and_others_write_it(
    text: str, figure: float | None
) -> None:
    assert figure_of(text) == figure


@pytest.mark.parametrize("text", ["mye", "12 %", "1,2,3", "--1", "nan", "inf", "=1+1", "0x10"])
def test_what_is_no_figure_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUnderstood, match="figure"):
        figure_of(text)


def test_whole_numbers_and_hours() -> None:
    assert (whole_of("30"), whole_of("1 000"), whole_of("30,0"), whole_of("")) == (
        30,
        1000,
        30,
        None,
    )
    assert (hour_of("9:30"), hour_of("09.30"), hour_of("11:00:00"), hour_of(" ")) == (
        "09:30",
        "09:30",
        "11:00",
        None,
    )
    for wrong in ("1,5", "x"):
        with pytest.raises(NotUnderstood, match="whole"):
            whole_of(wrong)
    for wrong in ("24:00", "9", "kl. 9"):
        with pytest.raises(NotUnderstood, match="time"):
            hour_of(wrong)


def test_yes_no_and_chosen_words() -> None:
    assert [yes_of(text) for text in ("Ja", "x", "TRUE", "1")] == [True] * 4
    assert [yes_of(text) for text in ("", "nei", "No", "0")] == [False] * 4
    with pytest.raises(NotUnderstood, match="yes"):
        yes_of("kanskje")
    assert word_of(" DELMÅL ", {"delmål": "sub_goal"}) == "sub_goal"
    assert word_of("", {}) is None
    with pytest.raises(NotUnderstood, match="word"):
        word_of("annet", {"delmål": "sub_goal"})


def test_names_are_told_apart_also_where_one_holds_a_comma() -> None:
    known = {folded("Ærø, Kari"), folded("Drift, salg, IT")}
    assert names_in("Ola; Ærø, Kari", known) == ["Ola", "Ærø, Kari"]
    assert names_in("ærø, kari, Ola\nPer,,Ola", known) == ["ærø, kari", "Ola", "Per"]
    assert names_in("Drift, salg, IT, Drift", known) == ["Drift, salg, IT", "Drift"]
    assert names_in(" ;, \n", known) == []


def test_what_our_own_files_guard_is_read_as_it_was() -> None:
    assert text_of("'=1+1") == "=1+1"
    assert text_of("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert (text_of(3.0), text_of(0.1), text_of(True), text_of(None)) == ("3", "0.1", "1", "")
    assert (text_of(datetime(2026, 2, 3)), text_of(time(9, 30))) == ("2026-02-03", "09:30")  # noqa: DTZ001


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_comes_back(day: date) -> None:
    assert day_of(text_of(day)) == day
    assert day_of(f"{day:%d.%m}.{day.year}") == day


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_figure_comes_back(figure: float) -> None:
    assert figure_of(text_of(figure)) == figure


@given(st.text(), st.sampled_from([day_of, figure_of, whole_of, hour_of, yes_of]))
def test_whatever_a_cell_holds_is_understood_or_refused(
    text: str, read: Callable[[str], Any]
) -> None:
    with suppress(NotUnderstood):
        read(text)
    assert all(name == " ".join(name.split()) != "" for name in names_in(text, set()))
