"""Whether a figure is on its line (F4): straight from its baseline on the first day to its target
on the last. More than the tolerance behind the line is a deviation, which wants an action."""

from dataclasses import dataclass
from datetime import date

from app.rules.okr import Way, position

# How much of the whole way a figure may be behind its line: a tenth.
TOLERANCE = 0.10


@dataclass(frozen=True)
class Course:
    """`expected` is the figure that the line has today; `share` and `expected_share` are parts of
    the way gone, and to be gone by today. `missing` names what there is no line without."""

    missing: tuple[str, ...] = ()
    value: float | None = None
    expected: float | None = None
    share: float | None = None
    expected_share: float | None = None

    @property
    def behind(self) -> float | None:
        """How much of the way is missing; below 0 it is ahead."""
        if self.share is None or self.expected_share is None:
            return None
        return self.expected_share - self.share

    @property
    def deviates(self) -> bool:
        return self.behind is not None and self.behind > TOLERANCE + 1e-9


def course(
    way: Way, value: float | None, *, starts: date | None, ends: date | None, today: date
) -> Course:
    """Where a figure is and should be today. Before the first day it is to be at its baseline, from
    the last on at its target."""
    parts = (
        ("baseline", way.baseline),
        ("target", way.target),
        ("value", value),
        ("starts", starts),
        ("ends", ends),
    )
    missing = tuple(name for name, part in parts if part is None)
    if missing or way.baseline is None or way.target is None or starts is None or ends is None:
        return Course(missing, value)
    gone = _gone(starts, ends, today)
    expected = way.baseline + gone * (way.target - way.baseline)
    # A level that is held is to be held on every day.
    due = 1.0 if way.target == way.baseline else gone
    return Course((), value, expected, position(way, value), due)


def _gone(starts: date, ends: date, today: date) -> float:
    """The part of the time that has passed."""
    if today >= ends:
        return 1.0
    return max(0.0, (today - starts).days / (ends - starts).days) if ends > starts else 0.0
