"""The top five: Borda's points, the tie rule, and what a merge does to a ballot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.ranking import PLACES, Ranked, merged_ballot, points_of, ranked, stands_for

ENTRIES = tuple("abcdefgh")

Ballot = Sequence[str]
ballots = st.lists(st.lists(st.sampled_from(ENTRIES), max_size=PLACES, unique=True), max_size=25)


@st.composite
def merges(draw: st.DrawFn) -> dict[str, str]:
    """Chains of any length, never a circle: each goes into one made before it."""
    gone = draw(st.sets(st.sampled_from(ENTRIES[1:])))
    return {entry: draw(st.sampled_from(ENTRIES[: ENTRIES.index(entry)])) for entry in sorted(gone)}


def ranks_of(ballot: Ballot) -> list[tuple[str, int]]:
    return [(entry, place) for place, entry in enumerate(ballot, start=1)]


def counts_of(ballots: Iterable[Ballot], into: Mapping[str, str] | None = None) -> Counter:
    return Counter(
        rank for ballot in ballots for rank in merged_ballot(ranks_of(ballot), into or {})
    )


def order(*ballots: str, entries: str = "abc") -> list[tuple[str, int | None]]:
    return [(one.entry_id, one.place) for one in ranked(list(entries), counts_of(ballots))]


def by_id(result: Iterable[Ranked]) -> dict[str, Ranked]:
    return {one.entry_id: one for one in result}


def test_the_first_of_five_is_worth_five_and_the_fifth_one() -> None:
    result = ranked("abcdef", counts_of(["abcde"]))
    assert [(one.entry_id, one.points, one.place) for one in result] == [
        ("a", 5, 1), ("b", 4, 2), ("c", 3, 3), ("d", 2, 4), ("e", 1, 5), ("f", 0, None),
    ]  # fmt: skip
    assert result[1].counts_by_place == (0, 1, 0, 0, 0)


@pytest.mark.parametrize(
    "ballots, expected",
    [
        pytest.param(["ab", "ba", "ca"], [("a", 1), ("b", 2), ("c", 3)], id="more points"),
        pytest.param(["bac", "cab"], [("b", 1), ("c", 1), ("a", 3)], id="8 each, a never first"),
        pytest.param(["ab", "ba"], [("a", 1), ("b", 1), ("c", None)], id="equal share the place"),
        pytest.param(["b", "a", "c"], [("a", 1), ("b", 1), ("c", 1)], id="all share the first"),
        pytest.param(["ca", "cb"], [("c", 1), ("a", 2), ("b", 2)], id="the second is shared"),
        pytest.param([], [("a", None), ("b", None), ("c", None)], id="nobody has ranked"),
    ],
)
def test_the_tie_rule(ballots: list[str], expected: list[tuple[str, int | None]]) -> None:
    assert order(*ballots) == expected


def test_second_places_decide_where_first_places_are_equal() -> None:
    # Both have 12 points and one first place: 5 + 4 + 3 against 5 + 3 + 3 + 1.
    counts = {("x", 1): 1, ("x", 3): 2, ("x", 5): 1, ("y", 1): 1, ("y", 2): 1, ("y", 3): 1}
    assert [(one.entry_id, one.points, one.place) for one in ranked(["x", "y"], counts)] == [
        ("y", 12, 1), ("x", 12, 2),
    ]  # fmt: skip


def test_equals_and_the_unranked_stand_in_the_order_they_were_made() -> None:
    assert order("cb", "bc", entries="dcbae") == [
        ("c", 1), ("b", 1), ("d", None), ("a", None), ("e", None),
    ]  # fmt: skip


def test_what_is_no_entry_or_beyond_the_places_counts_nothing() -> None:
    assert ranked(["a"], {("gone", 1): 3, ("a", 6): 2, ("a", 0): 1}) == (
        Ranked("a", 0, None, (0, 0, 0, 0, 0)),
    )


def test_three_places_are_worth_three_two_and_one() -> None:
    assert [points_of(place, places=3) for place in (1, 2, 3)] == [3, 2, 1]
    result = ranked("abcd", counts_of(["abcd"]), places=3)
    assert [one.points for one in result] == [3, 2, 1, 0]


@given(ballots)
def test_all_points_given_are_somebodys(cast: list[Ballot]) -> None:
    given_out = sum(points_of(place) for ballot in cast for _, place in ranks_of(ballot))
    result = ranked(ENTRIES, counts_of(cast))
    assert sum(one.points for one in result) == given_out
    assert sorted(one.entry_id for one in result) == sorted(ENTRIES)


@given(ballots)
def test_a_place_is_one_more_than_the_number_of_those_who_are_better(cast: list[Ballot]) -> None:
    result = ranked(ENTRIES, counts_of(cast))
    merits = [(one.points, *one.counts_by_place) for one in result]
    assert merits == sorted(merits, reverse=True)
    for one, merit in zip(result, merits, strict=True):
        better = sum(other > merit for other in merits)
        assert one.place == (better + 1 if one.points else None)


@given(ballots, st.randoms(use_true_random=False))
def test_the_order_of_ballots_means_nothing(cast: list[Ballot], random) -> None:
    shuffled = random.sample(cast, len(cast))
    assert ranked(ENTRIES, counts_of(shuffled)) == ranked(ENTRIES, counts_of(cast))


@given(ballots, st.permutations(ENTRIES))
def test_names_mean_nothing(cast: list[Ballot], names: list[str]) -> None:
    other = dict(zip(ENTRIES, names, strict=True))
    renamed = [[other[entry] for entry in ballot] for ballot in cast]
    expected = [
        Ranked(other[one.entry_id], one.points, one.place, one.counts_by_place)
        for one in ranked(ENTRIES, counts_of(cast))
    ]
    assert list(ranked([other[entry] for entry in ENTRIES], counts_of(renamed))) == expected


@given(ballots, st.sampled_from(ENTRIES))
def test_one_more_first_place_never_lowers_an_entry(cast: list[Ballot], entry: str) -> None:
    before = ranked(ENTRIES, counts_of(cast))
    after = ranked(ENTRIES, counts_of([*cast, [entry]]))
    was, now = by_id(before)[entry], by_id(after)[entry]
    assert now.place is not None
    assert was.place is None or now.place <= was.place
    assert after.index(now) <= before.index(was)


@given(ballots, st.sampled_from(ENTRIES), st.data())
def test_who_is_raised_on_one_ballot_never_falls(
    cast: list[Ballot], entry: str, data: st.DataObject
) -> None:
    ballot = data.draw(st.permutations(ENTRIES).map(lambda all: all[:PLACES]))
    if entry not in ballot[1:]:
        ballot = [*ballot[: PLACES - 1], entry] if entry not in ballot else ballot[::-1]
    at = ballot.index(entry)
    raised = [*ballot[: at - 1], entry, ballot[at - 1], *ballot[at + 1 :]]
    was = by_id(ranked(ENTRIES, counts_of([*cast, ballot])))[entry].place
    now = by_id(ranked(ENTRIES, counts_of([*cast, raised])))[entry].place
    assert was is not None
    assert now is not None
    assert now <= was


# ---- Merges


@pytest.mark.parametrize(
    "ballot, into, expected",
    [
        pytest.param("abc", {}, [("a", 1), ("b", 2), ("c", 3)], id="nothing merged"),
        pytest.param("abc", {"b": "d"}, [("a", 1), ("d", 2), ("c", 3)], id="one takes its place"),
        pytest.param("abc", {"a": "b"}, [("b", 1), ("c", 3)], id="the better place, and a gap"),
        pytest.param("abc", {"b": "a"}, [("a", 1), ("c", 3)], id="the same the other way round"),
        pytest.param("abcd", {"a": "b", "b": "c"}, [("c", 1), ("d", 4)], id="a chain"),
        pytest.param("ab", {"a": "a"}, [("a", 1), ("b", 2)], id="into itself is no merge"),
    ],
)
def test_who_ranked_both_keeps_the_better_place(
    ballot: str, into: dict[str, str], expected: list[tuple[str, int]]
) -> None:
    assert merged_ballot(ranks_of(ballot), into) == expected


def test_a_circle_of_merges_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        stands_for("a", {"a": "b", "b": "c", "c": "a"})


@given(ballots, merges())
def test_a_merged_entry_gets_the_best_place_of_its_parts(
    cast: list[Ballot], into: dict[str, str]
) -> None:
    for ballot in cast:
        best: dict[str, int] = {}
        for entry, place in reversed(ranks_of(ballot)):
            best[stands_for(entry, into)] = place
        assert dict(merged_ballot(ranks_of(ballot), into)) == best


@given(ballots, merges())
def test_a_merge_changes_the_points_of_what_was_merged_alone(
    cast: list[Ballot], into: dict[str, str]
) -> None:
    before = by_id(ranked(ENTRIES, counts_of(cast)))
    after = by_id(ranked(ENTRIES, counts_of(cast, into)))
    for entry in set(ENTRIES) - set(into):
        parts = [before[one].points for one in ENTRIES if stands_for(one, into) == entry]
        assert max(parts) <= after[entry].points <= sum(parts)
    assert all(after[entry].points == 0 for entry in into)


@given(ballots, merges(), st.data())
def test_one_merge_after_the_other_is_as_both_at_once(
    cast: list[Ballot], into: dict[str, str], data: st.DataObject
) -> None:
    first = data.draw(st.sets(st.sampled_from(sorted(into)))) if into else set()
    for ballot in cast:
        once = merged_ballot(ranks_of(ballot), {one: into[one] for one in first})
        assert merged_ballot(once, into) == merged_ballot(ranks_of(ballot), into)
