"""Balanced groups: even sizes, functions and levels; late arrivals move nobody."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.groups import Groups, Member, balanced, number_of_groups, place

TRAITS = ("function", "seniority", "site")

crowds = st.lists(
    st.tuples(
        st.sampled_from(["Salg", "Produkt", "IT", "Drift", ""]),
        st.sampled_from(["junior", "senior", "leder"]),
        st.sampled_from(["Oslo", "Bergen", ""]),
    ),
    max_size=40,
).map(lambda rows: [Member(f"{number:02}", *row) for number, row in enumerate(rows)])
numbers = st.integers(1, 9)
lots = st.text(max_size=5)


def counts(groups: Iterable[Sequence[Member]], trait: str) -> list[Counter]:
    return [Counter(getattr(one, trait) for one in group) for group in groups]


def differs(groups: Sequence[Sequence[Member]], trait: str) -> int:
    """By how many people the groups differ at most in one function, level or site."""
    by_group = counts(groups, trait)
    named = {name for group in by_group for name in group}
    return max(
        (max(g[name] for g in by_group) - min(g[name] for g in by_group) for name in named),
        default=0,
    )


def unevenness(groups: Iterable[Sequence[Member]]) -> tuple[int, int]:
    return tuple(
        sum(n * n for group in counts(groups, trait) for n in group.values())
        for trait in ("seniority", "site")
    )


def crowd(*rows: tuple[int, str, str]) -> list[Member]:
    return [
        Member(f"{function}-{level}-{number}", function, level)
        for many, function, level in rows
        for number in range(many)
    ]


@given(crowds, numbers, lots)
def test_everybody_has_one_group_and_sizes_differ_by_one_at_most(people, number, lot) -> None:
    groups = balanced(people, number=number, lot=lot)
    assert len(groups) == number
    assert sorted(one.id for group in groups for one in group) == [one.id for one in people]
    sizes = [len(group) for group in groups]
    assert max(sizes) - min(sizes) <= 1


@given(crowds, numbers, lots)
def test_each_function_is_in_every_group_to_one_person(people, number, lot) -> None:
    assert differs(balanced(people, number=number, lot=lot), "function") <= 1


@given(crowds, numbers, lots)
def test_no_exchange_within_a_function_would_spread_levels_or_sites_better(
    people, number, lot
) -> None:
    groups = [list(group) for group in balanced(people, number=number, lot=lot)]
    least = unevenness(groups)
    for here, there in combinations(groups, 2):
        for i, one in enumerate(here):
            for j, other in enumerate(there):
                if one.function == other.function:
                    here[i], there[j] = other, one
                    assert unevenness(groups) >= least
                    here[i], there[j] = one, other


@given(crowds, numbers, lots)
def test_levels_are_even_to_one_person_where_functions_leave_all_choice(
    people, number, lot
) -> None:
    people = [Member(one.id, "Salg", one.seniority) for one in people]
    assert differs(balanced(people, number=number, lot=lot), "seniority") <= 1


@given(crowds, numbers, lots, st.randoms(use_true_random=False))
def test_the_lot_alone_decides_not_the_order_of_people(people, number, lot, random) -> None:
    shuffled = random.sample(people, len(people))
    groups = balanced(people, number=number, lot=lot)
    assert balanced(shuffled, number=number, lot=lot) == groups


def test_another_lot_mixes_people_another_way() -> None:
    people = crowd((12, "Salg", "junior"), (12, "IT", "senior"))
    mixes = {balanced(people, number=4, lot=lot) for lot in ("one", "two", "three")}
    assert len(mixes) == 3


def test_a_usual_kickoff_is_even_in_everything() -> None:
    people = crowd(
        (10, "Salg", "junior"), (10, "Salg", "senior"), (5, "Salg", "leder"),
        (8, "Produkt", "junior"), (12, "Produkt", "senior"), (4, "Produkt", "leder"),
        (6, "IT", "junior"), (3, "IT", "leder"), (2, "Drift", "senior"),
    )  # fmt: skip
    groups = balanced(people, number=8, lot="kickoff")
    assert {len(group) for group in groups} == {7, 8}
    assert [differs(groups, trait) for trait in TRAITS] == [1, 1, 1]


def test_spelling_does_not_make_another_function() -> None:
    people = [Member("1", "Salg"), Member("2", " salg "), Member("3", "IT"), Member("4", "it")]
    for group in balanced(people, number=2, lot=""):
        assert {one.function.strip().casefold() for one in group} == {"salg", "it"}


def test_more_groups_than_people_leaves_some_empty() -> None:
    groups = balanced([Member("1"), Member("2")], number=3, lot="")
    assert sorted(map(len, groups)) == [0, 1, 1]
    assert balanced([], number=2, lot="") == ((), ())
    with pytest.raises(ValueError, match="need a group"):
        balanced([], number=0, lot="")


@pytest.mark.parametrize(
    "people, of_size, number",
    [(24, 6, 4), (25, 6, 4), (26, 6, 4), (27, 6, 5), (10, 4, 3), (3, 6, 1), (0, 6, 1), (5, 1, 5),
     (7, 6, 1), (2000, 8, 250)],
)  # fmt: skip
def test_groups_of_a_wanted_size(people: int, of_size: int, number: int) -> None:
    assert number_of_groups(people, of_size=of_size) == number


def test_a_group_of_nobody_is_not_wanted() -> None:
    with pytest.raises(ValueError, match="one person at least"):
        number_of_groups(10, of_size=0)


@given(st.integers(0, 3000), st.integers(1, 50))
def test_no_other_number_of_groups_comes_nearer(people: int, of_size: int) -> None:
    number = number_of_groups(people, of_size=of_size)
    off = abs(people / number - of_size)
    assert all(off <= abs(people / other - of_size) for other in range(1, people + 2))


# ---- Who comes late


def arrive(late: Iterable[Member], groups: Groups) -> list[list[Member]]:
    filled = [list(group) for group in groups]
    for person in late:
        filled[place(person, filled)].append(person)
    return filled


@pytest.mark.parametrize(
    "person, number",
    [
        (Member("x", "IT", "junior", "Oslo"), 2),  # the others have somebody from IT
        (Member("x", "Salg", "leder", "Oslo"), 1),  # both have sales, one has a leader
        (Member("x", "Salg", "junior", "Bergen"), 1),
        (Member("x", "Drift", "junior", "Tromsø"), 2),
        (Member("x", "Drift", "ny", "Tromsø"), 1),  # nobody misses them more than others do
    ],
)
def test_late_arrivals_go_where_they_are_missed_most(person: Member, number: int) -> None:
    groups = (
        (Member("1", "Drift"), Member("2", "Drift"), Member("3", "Drift")),
        (Member("4", "Salg", "junior", "Oslo"), Member("5", "IT", "senior", "Oslo")),
        (Member("6", "Salg", "leder", "Bergen"), Member("7", "Salg", "senior", "Bergen")),
    )
    assert place(person, groups) == number


@given(crowds, crowds, numbers, lots)
def test_sizes_stay_even_and_nobody_is_moved(people, late, number, lot) -> None:
    groups = balanced(people, number=number, lot=lot)
    filled = arrive(
        (Member(f"late {one.id}", *map(one.__getattribute__, TRAITS)) for one in late), groups
    )
    sizes = [len(group) for group in filled]
    assert max(sizes) - min(sizes) <= 1
    assert all(now[: len(was)] == list(was) for was, now in zip(groups, filled, strict=True))


@given(crowds, numbers, lots, st.sampled_from(["Salg", "Produkt", "IT", "Drift", "Ny"]))
def test_no_group_as_small_has_fewer_of_their_function(people, number, lot, function) -> None:
    groups = balanced(people, number=number, lot=lot)
    here = groups[place(Member("late", function), groups)]
    smallest = [group for group in groups if len(group) == min(map(len, groups))]
    assert here in smallest
    of_function = [count[function] for count in counts(smallest, "function")]
    assert counts([here], "function")[0][function] == min(of_function)


def test_two_thousand_people_have_groups_while_one_waits() -> None:
    # 0.3 s where it was built; the bound leaves room for a machine that is busy.
    people = [
        Member(str(n), f"function {n % 7}", f"level {n * n % 5}", f"site {n % 3}")
        for n in range(2000)
    ]
    began = process_time()
    groups = balanced(people, number=250, lot="kickoff")
    assert process_time() - began < 3
    assert differs(groups, "function") <= 1
