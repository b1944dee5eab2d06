"""What a room answered by team: nobody on the wall is one of fewer than five, nor by taking away.

Seen red: with every team of five or more told.
"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.pulse_groups import MINIMUM
from app.rules.team_figures import Said, told


def room(**teams: int) -> Counter[Said]:
    """So many of each team, who all answered 3 to `goals`; `none` are in no team."""
    return Counter(
        {Said("" if team == "none" else team, "goals", 3): n for team, n in teams.items() if n}
    )


def teams_told(said: Counter[Said]) -> set[str]:
    return {one.team for one in told(said)}


@pytest.mark.parametrize(
    "teams, expected",
    [
        ({"drift": 5, "salg": 6}, {"drift", "salg"}),
        ({"drift": 4, "salg": 6}, set()),  # the room less one would be the other
        ({"drift": 4, "salg": 6, "nett": 5}, {"salg"}),
        ({"drift": 4, "salg": 6, "none": 1}, {"salg"}),  # five are left
        ({"drift": 5, "none": 4}, set()),
        ({"drift": 5, "none": 5}, {"drift"}),
        ({"drift": 9}, {"drift"}),
        ({"drift": 2, "salg": 3, "nett": 8}, {"nett"}),
        ({"none": 40}, set()),
        ({}, set()),
    ],
)
def test_which_teams_are_told(teams: dict[str, int], expected: set[str]) -> None:
    assert teams_told(room(**teams)) == expected


def test_who_said_nothing_of_an_entry_is_not_among_its_people() -> None:
    said = room(drift=5, salg=5) + Counter({Said("drift", "a", 1): 5, Said("salg", "a", 1): 4})
    found = told(said)
    assert {one.entry_id for one in found} == {"goals"}


@given(
    st.dictionaries(
        st.sampled_from(["", "a", "b", "c", "d", "e", "f", "g"]), st.integers(0, 12), max_size=8
    ),
    st.data(),
)
def test_taking_the_told_from_all_never_leaves_one_to_four(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    said: Counter[Said] = Counter()
    for team, size in sizes.items():
        for _ in range(size):
            said[Said(team, "goals", data.draw(st.integers(1, 5)))] += 1
    found = told(said)
    by_team: Counter[str] = Counter()
    for one, count in found.items():
        by_team[one.team] += count
        assert said[one] == count
    left = sum(sizes.values()) - by_team.total()
    assert all(count >= MINIMUM for count in by_team.values())
    assert not found or left == 0 or left >= MINIMUM, "nothing at all is told of fewer than five"
    assert "" not in by_team
