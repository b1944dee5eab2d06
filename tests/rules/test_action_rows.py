"""The list and the board of actions, by table and by property.

Seen red: what has no date sorted first when sorted backwards, a column too few, a filter that
matches part of an id.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.action_rows import SORTS, Filter, Row, board, chosen, in_order

DAY = date(2027, 2, 3)
ROWS = (
    Row("a", "Velg leverandør", "kari", "Kari", "salg", "Salg", DAY, "30", status="green"),
    Row("b", "Åpne innboksen", "ola", "Ola", "", "", None, "60", status="red"),
    Row("c", "Ring ti kunder", "", "", "salg", "Salg", DAY + timedelta(9), source="risk"),
    Row(
        "d",
        "Skriv kortet",
        "kari",
        "Kari",
        "drift",
        "Drift",
        DAY,
        "30",
        status="done",
        state="closed",
    ),
)


@pytest.mark.parametrize(
    "by, left",
    [
        (Filter(), "abcd"),
        (Filter(owner="kari"), "ad"),
        (Filter(owner="none"), "c"),
        (Filter(team="salg"), "ac"),
        (Filter(team="none"), "b"),
        (Filter(team="sal"), ""),
        (Filter(window="none"), "c"),
        (Filter(window="30", state="open"), "a"),
        (Filter(status="red"), "b"),
        (Filter(status="none"), "c"),
        (Filter(source="risk"), "c"),
        (Filter(text="ÅPNE"), "b"),
        (Filter(owner="kari", team="salg"), "a"),
    ],
)
def test_what_a_filter_leaves(by: Filter, left: str) -> None:
    assert "".join(row.id for row in chosen(ROWS, by)) == left


@pytest.mark.parametrize(
    "sort, backwards, order",
    [
        ("due", False, "adcb"),
        ("due", True, "cdab"),
        ("owner", False, "adbc"),
        ("owner", True, "bdac"),
        ("status", False, "bcad"),
        ("window", True, "bdac"),
        ("team", False, "dacb"),
    ],
)
def test_what_lacks_the_key_stands_last_either_way(sort: str, backwards: bool, order: str) -> None:
    assert "".join(row.id for row in in_order(ROWS, sort, backwards=backwards)) == order


def test_the_board_has_a_column_for_each_window_and_one_for_what_has_none() -> None:
    columns = board(ROWS, ("30", "60", "90"))
    assert [(one.window, len(one.rows), len(one.closed)) for one in columns] == [
        ("30", 1, 1),
        ("60", 1, 0),
        ("90", 0, 0),
        ("", 1, 0),
    ]
    assert [one.window for one in board(ROWS[:1], ("30", "60", "90"))] == ["30", "60", "90"]


some_rows = st.lists(
    st.builds(
        Row,
        st.uuids().map(str),
        st.text(max_size=5),
        owner=st.sampled_from(["", "Kari", "ola"]),
        due=st.one_of(st.none(), st.dates()),
        window=st.sampled_from(["", "30", "60", "90"]),
        status=st.sampled_from(["", "green", "yellow", "red", "done", "replanned"]),
        state=st.sampled_from(["open", "closed", "replanned"]),
    ),
    unique_by=lambda row: row.id,
)


@given(some_rows, st.sampled_from(SORTS), st.booleans())
def test_sorting_loses_and_doubles_nothing(rows: list[Row], sort: str, backwards: bool) -> None:
    found = in_order(rows, sort, backwards=backwards)
    assert sorted(row.id for row in found) == sorted(row.id for row in rows)


@given(some_rows)
def test_every_action_is_on_the_board_once(rows: list[Row]) -> None:
    shown = [row.id for one in board(rows, ("30", "60", "90")) for row in (*one.rows, *one.closed)]
    assert sorted(shown) == sorted(row.id for row in rows)
