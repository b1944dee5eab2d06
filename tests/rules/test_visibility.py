"""How often somebody was seen: planned, held, missed, and how long ago."""

from datetime import date

import pytest

from app.rules.visibility import Seen, seen

TODAY = date(2027, 2, 1)
BEFORE, YESTERDAY, TOMORROW, LATER = (
    date(2027, 1, 10),
    date(2027, 1, 31),
    date(2027, 2, 2),
    date(2027, 3, 1),
)


@pytest.mark.parametrize(
    "times, expected",
    [
        ([], Seen(0, 0, 0, None, None)),
        ([(BEFORE, BEFORE), (YESTERDAY, TODAY)], Seen(2, 2, 0, 0, None)),
        ([(BEFORE, YESTERDAY), (YESTERDAY, None), (LATER, None)], Seen(3, 1, 1, 1, LATER)),
        ([(TODAY, None), (TOMORROW, None), (None, None)], Seen(3, 0, 0, None, TODAY)),
        # Held tomorrow is not held yet.
        ([(TOMORROW, TOMORROW)], Seen(1, 0, 0, None, TOMORROW)),
    ],
)
def test_what_was_held_what_was_missed_and_what_comes(
    times: list[tuple[date | None, date | None]], expected: Seen
) -> None:
    assert seen(times, TODAY) == expected
