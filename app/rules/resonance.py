"""Whether the day resonates (L12): three statements, whether one would recommend it, and how clear
each core message and priority is; and what of these is to be reworded because an answer falls.

Figures, thresholds and the least number of people are those of the pulses (pulse_figures).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.rules.pulse_figures import Figures, Flag, figures, flags, net_promoters

STATEMENTS = ("goals", "belief", "role")
RECOMMEND = "nps"
AGREEMENT = range(1, 6)  # not at all … fully
LIKELIHOOD = range(11)
CLARITY = range(1, 4)  # unclear, partly, clear
CLEAR = 75  # of a hundred: what is as clear as that is not behind a fall

Judged = Mapping[str, tuple[Flag, ...]]


@dataclass(frozen=True)
class Promoters:
    """9 and 10, 7 and 8, 0 to 6: how many; `score` from −100 to 100."""

    promoters: int
    passives: int
    detractors: int
    score: int


@dataclass(frozen=True)
class Attendance:
    """How many have answered, of those who are here, have joined, and are on the list."""

    answered: int
    here: int
    joined: int
    invited: int

    @property
    def share(self) -> int:
        """Of those here, in per cent."""
        return round(100 * self.answered / self.here) if self.here else 0


def possible(name: str) -> range:
    """What can be answered to a statement, to the recommendation, or of a message."""
    if name == RECOMMEND:
        return LIKELIHOOD
    return AGREEMENT if name in STATEMENTS else CLARITY


def figures_of(name: str, counts: Mapping[int, int]) -> Figures | None:
    """None where too few have answered to be told anything."""
    form = "ten" if name == RECOMMEND else "range"
    return figures(possible(name), counts, form)


def promoters(counts: Mapping[int, int]) -> Promoters | None:
    """None where nobody has answered."""
    total = sum(counts.values())
    if not total:
        return None
    for_it = sum(count for value, count in counts.items() if value >= 9)
    against = sum(count for value, count in counts.items() if value <= 6)
    return Promoters(for_it, total - for_it - against, against, net_promoters(counts))


def attendance(answered: int, *, here: int | None, joined: int, invited: int) -> Attendance:
    """Whoever has answered was here, also where the phone has left since."""
    joined = max(joined, answered)
    return Attendance(answered, max(answered, joined if here is None else here), joined, invited)


def judged(now: Mapping[str, Figures], before: Mapping[str, Figures]) -> Judged:
    """What is low or has fallen, and in which of the two ways; the rest is not named."""
    found = {name: flags(one, before.get(name)) for name, one in now.items()}
    return {name: why for name, why in found.items() if why}


def to_reword(
    messages: Mapping[str, Figures], before: Mapping[str, Figures], fell: Judged
) -> Judged:
    """The messages that are to be reworded, the least clear first: those that are low or have
    fallen themselves; and where a statement falls and none of them does, the least clear of all,
    unless everything is clear."""
    found = dict(judged(messages, before))
    if not found and any(name in STATEMENTS for name in fell):
        least = min((one.level for one in messages.values()), default=CLEAR)
        if least < CLEAR:
            found = {name: () for name, one in messages.items() if one.level == least}
    return {name: found[name] for name in by_level(messages) if name in found}


def by_level(figures_by_name: Mapping[str, Figures]) -> Sequence[str]:
    """The lowest first; in the order given where two are the same."""
    return sorted(figures_by_name, key=lambda name: figures_by_name[name].level)
