"""A rule of the plan check: a stable id, where what it finds is mended, and how it measures."""

from collections.abc import Callable
from dataclasses import dataclass

from app.rules.findings import Finding
from app.rules.frames import Frame
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.measures import Measured

BEFORE, ON_THE_DAY, AFTER = PHASES = ("before", "day", "after")


@dataclass(frozen=True)
class Rule:
    """`part` is where the plan is mended: the last part of an address below the kickoff's, ""
    where the product has no such part yet. `phase` is when it can be met."""

    id: str
    part: str
    measure: Callable[[Facts], Measured]
    phase: str = BEFORE


@dataclass(frozen=True)
class Checked:
    """What a rule said of a plan: `have` of `want`, and what is missing where."""

    id: str
    section: str
    phase: str
    part: str
    state: str
    have: int = 0
    want: Frame | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def where(self) -> tuple[str, ...]:
        """The records that it is about, each once."""
        return tuple(dict.fromkeys(found.where for found in self.findings if found.where))
