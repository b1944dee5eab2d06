"""Of a pulse no set of fewer than five people is told anything (A06), however one adds and takes
away.

The attacker here knows who belongs to which team, function and site, who answered, and all that is
told; he has another way of solving than the product: fractions, and every set of few people.

Seen red with a threshold alone: without a look at what others give away.
"""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.pulse_groups import MINIMUM, Cell, Group, groups_of, sizes_of, tellable

A, B, C = "A", "B", "C"
TEAM, FUNCTION, SITE = 0, 1, 2


def told(counts: dict[Cell, int]) -> list[str]:
    return sorted(group.label for group in tellable(counts))


TABLE: dict[str, tuple[dict[Cell, int], list[str]]] = {
    "nobody": ({}, []),
    "four in all": ({(A,): 4}, []),
    "five in one team": ({(A,): 5}, [A]),
    "two teams of five": ({(A,): 5, (B,): 5}, [A, B]),
    "one team of four is not told, nor what gives it away": ({(A,): 4, (B,): 6, (C,): 5}, [B]),
    "two small ones hide each other": ({(A,): 4, (B,): 3, (C,): 9}, [C]),
    "two small ones of four together hide nothing": ({(A,): 1, (B,): 3, (C,): 9}, []),
    "who belongs to none is given away as well": ({(A,): 9, ("",): 2}, []),
    "five who belong to none hide one another": ({(A,): 9, ("",): 5}, [A]),
    "a team is a site but for two": (
        {("red", "Oslo"): 8, ("blue", "Oslo"): 2, ("blue", "Bodø"): 6},
        ["Bodø", "Oslo"],
    ),
    "two crossings apart by five": (
        {("red", "Oslo"): 8, ("blue", "Oslo"): 5, ("blue", "Bodø"): 6},
        ["Bodø", "Oslo", "blue", "red"],
    ),
    "what nobody answered is not there": ({(A,): 6, (B,): 0}, [A]),
}


@pytest.mark.parametrize("name", TABLE)
def test_no_group_and_no_difference_under_five(name: str) -> None:
    counts, expected = TABLE[name]
    assert told(counts) == sorted(expected)


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["", "A", "B", "C"]),
            st.sampled_from(["", "sale", "build"]),
            st.sampled_from(["", "Oslo", "Bodø"]),
        ),
        st.integers(0, 8),
        max_size=9,
    )
)
@settings(max_examples=120, deadline=None)
def test_an_attacker_who_solves_the_equations_learns_of_no_four_people(
    counts: dict[Cell, int],
) -> None:
    groups = tellable(counts)
    sizes = sizes_of(counts)
    assert all(sizes[group] >= MINIMUM for group in groups)
    cells = [cell for cell, count in counts.items() if count]
    if sum(counts.values()) < MINIMUM:
        assert not groups
        return
    published = [[1] * len(cells)] + [
        [int(group in groups_of(cell)) for cell in cells] for group in groups
    ]
    basis = reduced([[Fraction(n) for n in row] for row in published])
    for size in range(1, MINIMUM):
        for few in combinations(range(len(cells)), size):
            if sum(counts[cells[one]] for one in few) < MINIMUM:
                assert not spans(basis, [Fraction(int(n in few)) for n in range(len(cells))]), [
                    cells[one] for one in few
                ]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_of_teams_alone_as_many_as_can_be_are_told(sizes: list[int]) -> None:
    """It is no answer to tell nothing: with one dimension the best there is is known."""
    counts: dict[Cell, int] = {(f"team {n}",): size for n, size in enumerate(sizes)}
    big = sorted(size for size in sizes if size >= MINIMUM)
    rest = sum(size for size in sizes if size < MINIMUM)
    expected = len(big) - 1 if 0 < rest < MINIMUM else len(big)
    assert len(tellable(counts)) == max(0, expected)


def test_a_large_company_is_answered_soon_and_told_much() -> None:
    counts: dict[Cell, int] = {}
    for person in range(1400):
        cell = (f"team {person % 40}", f"function {person % 7}", f"site {person % 40 % 5}")
        counts[cell] = counts.get(cell, 0) + 1
    groups = tellable(counts)
    assert Group(TEAM, "team 3") in groups
    assert {group.dimension for group in groups} == {TEAM, FUNCTION, SITE}


def reduced(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    basis: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = remainder(basis, row)
        pivot = next((n for n, value in enumerate(left) if value), None)
        if pivot is not None:
            basis.append((pivot, [value / left[pivot] for value in left]))
    return basis


def remainder(basis: list[tuple[int, list[Fraction]]], row: list[Fraction]) -> list[Fraction]:
    left = list(row)
    for pivot, known in basis:
        if times := left[pivot]:
            left = [a - times * b for a, b in zip(left, known, strict=True)]
    return left


def spans(basis: list[tuple[int, list[Fraction]]], row: list[Fraction]) -> bool:
    return not any(remainder(basis, row))
