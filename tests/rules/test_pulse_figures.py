"""What answers to a pulse add up to, which measures come first, and when waves are due."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.pulses import VALUES, Form
from app.rules import pulse_measures, pulse_schedule
from app.rules.pulse_figures import Flag, figures, flags, helped
from app.rules.pulse_schedule import Planned, planned

FIVE, TEN, WARNING = Form.FIVE, Form.TEN, Form.WARNING


@pytest.mark.parametrize(
    "form, counts, mean, level",
    [
        (FIVE, {1: 5}, 1, 0),
        (FIVE, {5: 5}, 5, 100),
        (FIVE, {2: 5, 4: 5}, 3, 50),
        (Form.SEVEN, {4: 6}, 4, 50),
        (TEN, {9: 5, 7: 5}, 8, 75),
        (WARNING, {0: 4, 2: 1}, 0.4, 80),
    ],
)
def test_every_form_is_told_in_its_own_figure_and_on_one_scale(
    form: Form, counts: dict[int, int], mean: float, level: float
) -> None:
    found = figures(VALUES[form], counts, form)
    assert found is not None
    assert (found.mean, found.level) == (mean, level)


def test_net_promoters_are_nine_and_ten_less_zero_to_six() -> None:
    found = figures(VALUES[TEN], {10: 3, 9: 2, 8: 2, 7: 1, 6: 1, 0: 1}, TEN)
    assert found is not None
    assert found.score == 30


@given(st.sampled_from(list(Form)), st.dictionaries(st.integers(0, 10), st.integers(0, 3)))
def test_nothing_is_told_of_fewer_than_five(form: Form, counts: dict[int, int]) -> None:
    found = figures(VALUES[form], counts, form)
    answered = sum(count for value, count in counts.items() if value in VALUES[form])
    assert (found is None) == (answered < 5)
    if found is not None:
        assert 0 <= found.level <= 100


def test_flags_name_what_is_low_what_fell_and_what_people_warn_of() -> None:
    good, poor = figures(VALUES[FIVE], {4: 5}, FIVE), figures(VALUES[FIVE], {2: 5}, FIVE)
    warned = figures(VALUES[WARNING], {0: 4, 2: 1}, WARNING)
    assert good
    assert poor
    assert warned
    assert flags(good, None) == ()
    assert flags(poor, None) == (Flag.LOW,)
    assert flags(poor, good) == (Flag.LOW, Flag.FALLING)
    assert flags(warned, None) == (Flag.WARNING,)
    assert helped(poor, good) is True
    assert helped(good, poor) is False
    assert helped(None, good) is None


@dataclass
class Measure:
    title: str
    effect: int
    complexity: int


def test_measures_that_change_much_and_cost_little_come_first() -> None:
    quick, big, poor, other = (
        Measure("Quick", 4, 1), Measure("Big", 5, 5), Measure("Poor", 1, 5), Measure("Other", 5, 2)
    )  # fmt: skip
    found = pulse_measures.ranked([poor, big, other, quick])
    assert [(one.title, placed.worth, placed.place) for one, placed in found] == [
        ("Quick", 20, 1), ("Other", 20, 1), ("Big", 5, 3), ("Poor", 1, 4)
    ]  # fmt: skip


MONDAY = date(2026, 3, 2)


def test_waves_come_every_second_week_and_one_closes_before_the_next_opens() -> None:
    assert planned(None, "weekly", waves=6, open_days=5) == ()
    assert planned(date.max, "weekly", waves=6, open_days=5) == ()
    two = planned(MONDAY, "fortnightly", waves=2, open_days=5)
    assert two == (
        Planned(1, MONDAY, date(2026, 3, 6)),
        Planned(2, date(2026, 3, 16), date(2026, 3, 20)),
    )
    weekly = planned(MONDAY, "weekly", waves=3, open_days=14)
    assert all(one.last < other.first for one, other in itertools.pairwise(weekly))


@pytest.mark.parametrize(
    "first, open_days, last",
    [
        (MONDAY, 1, MONDAY),
        (MONDAY, 5, date(2026, 3, 6)),
        (date(2026, 3, 4), 5, date(2026, 3, 10)),
        (date(2026, 3, 6), 2, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
    ],
)
def test_a_wave_is_open_for_so_many_working_days(first: date, open_days: int, last: date) -> None:
    found = pulse_schedule.last_open_day(first, open_days, lambda day: day.weekday() >= 5)
    assert found == last
    by_plan = planned(
        first, "fortnightly", waves=1, open_days=open_days, is_off=lambda day: day.weekday() >= 5
    )
    assert by_plan[0].last == last


@given(
    first=st.dates(date(2024, 1, 1), date(2035, 1, 1)),
    rhythm=st.sampled_from(sorted(pulse_schedule.WEEKS)),
    open_days=st.integers(1, 14),
    off=st.sets(st.integers(0, 200)),
)
def test_a_wave_opens_on_a_day_on_which_people_work(
    first: date, rhythm: str, open_days: int, off: set[int]
) -> None:
    """Seen red with: on the very day, whatever day it is."""

    def is_off(day: date) -> bool:
        return day.weekday() >= 5 or ((day - first).days in off and day.weekday() != 2)

    waves = planned(first, rhythm, waves=5, open_days=open_days, is_off=is_off)
    assert not any(is_off(one.first) for one in waves)
    assert all(one.first <= one.last for one in waves)
    assert all(one.last < other.first for one, other in itertools.pairwise(waves))


@pytest.mark.parametrize(
    "today, opened, number",
    [
        (date(2026, 3, 1), 0, None),
        (MONDAY, 0, 1),
        (date(2026, 3, 6), 0, 1),  # late, but still within its days
        (date(2026, 3, 7), 0, None),
        (MONDAY, 1, None),
        (date(2026, 3, 16), 0, 2),  # the first was passed over
        (date(2027, 3, 16), 1, None),
    ],
)
def test_the_wave_that_is_due(today: date, opened: int, number: int | None) -> None:
    two = planned(MONDAY, "fortnightly", waves=2, open_days=5)
    found = pulse_schedule.due(two, today, opened)
    assert (found.number if found else None) == number


MIDNIGHT = datetime(2026, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "hours_open, hours_before", [(120, 40), (60, 40), (50, 30), (20, None), (8, None)]
)
def test_one_reminder_the_day_before_the_last_where_there_is_time(
    hours_open: int, hours_before: int | None
) -> None:
    found = pulse_schedule.reminds_at(MIDNIGHT - timedelta(hours=hours_open), MIDNIGHT)
    assert found == (hours_before and MIDNIGHT - timedelta(hours=hours_before))


@pytest.mark.parametrize("questions, fits", [(4, False), (5, True), (8, True), (9, False)])
def test_five_to_eight_questions(questions: int, fits: bool) -> None:
    assert pulse_schedule.enough(questions) is fits
