"""Purses: what may be sent now, and how many purses are kept."""

import pytest

from app import clock
from app.errors import Invalid
from app.live import submissions
from app.live.submissions import Credits, of_form


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, as a test likes it."""
    moment = [0.0]
    monkeypatch.setattr(clock, "monotonic", lambda: moment[0])
    return moment


def test_a_purse_fills_by_the_second_up_to_the_burst(now: list[float]) -> None:
    purse = Credits(per_second=2, burst=3).of("one")
    assert [purse.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 1.0
    assert [purse.take() for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert [purse.take() for _ in range(4)] == [True, True, True, False]


def test_purses_that_are_full_again_are_not_kept_and_others_are(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "_FEW", 10)
    credits = Credits(per_second=1, burst=2)
    for number in range(9):
        credits.of(f"early {number}").take()
    now[0] = 50.0
    late = credits.of("late")
    assert late.take()
    credits.of("one more")
    assert credits.of("late") is late
    assert len(credits._purses) == 2


def test_half_a_character_from_a_form_is_refused_as_from_a_socket() -> None:
    with pytest.raises(Invalid):
        of_form(id="a" * 20, seq=1, activity="a", data={"text": "\ud800"})
