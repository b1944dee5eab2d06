"""What is shown of groups that are too many together: never more than there is room for, and never
nothing of a group. Seen red against a fold that leaves out the smallest group whole."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.folding import shown_of_each

groups = st.dictionaries(st.integers(0, 60), st.integers(1, 900), max_size=40)
rooms = st.integers(0, 400)


@given(groups, rooms)
def test_no_group_is_left_out_and_none_has_more_than_it_has(
    counts: dict[int, int], most: int
) -> None:
    shown = shown_of_each(counts, most)
    assert shown.keys() == counts.keys()
    assert all(1 <= shown[group] <= count for group, count in counts.items())


@given(groups, rooms)
def test_together_they_are_no_more_than_there_is_room_for(
    counts: dict[int, int], most: int
) -> None:
    assert sum(shown_of_each(counts, most).values()) <= max(most, len(counts))


@given(groups, rooms)
def test_where_there_is_room_all_are_shown(counts: dict[int, int], spare: int) -> None:
    assert shown_of_each(counts, sum(counts.values()) + spare) == counts


@given(groups, rooms)
def test_the_room_is_used(counts: dict[int, int], most: int) -> None:
    shown = shown_of_each(counts, most)
    assert sum(shown.values()) >= min(most, sum(counts.values()))


@given(groups, rooms)
def test_who_is_left_out_of_has_no_less_than_another(counts: dict[int, int], most: int) -> None:
    shown = shown_of_each(counts, most)
    cut = [shown[group] for group, count in counts.items() if shown[group] < count]
    whole = [count for group, count in counts.items() if shown[group] == count]
    assert not cut or max(whole, default=0) <= min(cut) + 1
