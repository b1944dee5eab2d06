"""The few ways in which a plan is measured: how many, each of them, all of a kind."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from app.rules.findings import Finding
from app.rules.frames import Frame

MET, SHORT, NOT_BEGUN = "met", "short", "not_begun"
TOO_FEW, TOO_MANY = "too_few", "too_many"


class HasId(Protocol):
    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=HasId)


@dataclass(frozen=True)
class Measured:
    """`have` of `want`; `findings` say what is missing, where, and are there when it is short."""

    state: str
    have: int = 0
    want: Frame | None = None
    findings: tuple[Finding, ...] = ()


def counted(have: int, want: Frame) -> Measured:
    """How many there are, against the frame. None at all is not begun."""
    if have == 0:
        return Measured(NOT_BEGUN, 0, want)
    found = tuple(_out_of(want, have))
    return Measured(SHORT if found else MET, have, want, found)


def share(have: int, of: int, want: Frame) -> Measured:
    """How many per cent, rounded down: 89.9 are not yet 90."""
    return counted(100 * have // of, want) if have else Measured(NOT_BEGUN, 0, want)


def each(records: Sequence[One], lacking: Callable[[One], Iterable[str]]) -> Measured:
    """Whether each record has what is asked. `lacking` names what one of them lacks."""
    found = tuple(Finding(code, where=one.id) for one in records for code in lacking(one))
    return from_findings(found, records)


def from_findings(findings: Iterable[Finding], records: Collection[HasId]) -> Measured:
    """What was found about these records, whoever found it."""
    if not records:
        return Measured(NOT_BEGUN)
    found = tuple(findings)
    right = len({one.id for one in records} - {finding.where for finding in found})
    return Measured(SHORT if found else MET, right, (len(records), len(records)), found)


def counted_for_each(
    records: Sequence[One], counts: Mapping[str | None, int], want: Frame
) -> Measured:
    """How many each record has, against the frame. Nothing for any of them is not begun."""
    if not any(counts.get(one.id) for one in records):
        return Measured(NOT_BEGUN, 0, (len(records), len(records)) if records else None)
    found = (finding for one in records for finding in _out_of(want, counts.get(one.id, 0), one.id))
    return from_findings(found, records)


def all_of(wanted: Sequence[str], there: Collection[str | None]) -> Measured:
    """Whether each of the wanted codes is there; what is missing is found by its own code."""
    missing = tuple(Finding(code) for code in wanted if code not in there)
    want = (len(wanted), len(wanted))
    if len(missing) == len(wanted):
        return Measured(NOT_BEGUN, 0, want)
    return Measured(SHORT if missing else MET, len(wanted) - len(missing), want, missing)


def lacks(*names: str) -> Callable[[Any], list[str]]:
    """The names of the fields that say nothing; a figure of nought says something."""
    return lambda record: [name for name in names if is_empty(getattr(record, name))]


def is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", [], ())


def _out_of(want: Frame, have: int, where: str = "") -> Iterable[Finding]:
    fewest, most = want
    if have < fewest:
        yield Finding(TOO_FEW, have, want, where)
    elif have > most:
        yield Finding(TOO_MANY, have, want, where)
