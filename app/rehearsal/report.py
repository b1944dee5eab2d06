"""What a rehearsal found, as values and as a table for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.rehearsal.judge import Verdict


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of many: the middle, the slow twentieth, the slow hundredth, the slowest."""

    count: int = 0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    most: float = 0.0

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Spread:
        if not milliseconds:
            return cls()
        ordered = sorted(milliseconds)
        return cls(
            len(ordered), _at(ordered, 0.50), _at(ordered, 0.95), _at(ordered, 0.99), ordered[-1]
        )


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """One activity: what was sent to it, and whether the published result holds exactly that."""

    title: str
    sent: int
    acknowledged: int
    refused: int
    unanswered: int
    answered: int | None
    """attendees counted by the published result; None while it is not published"""
    verdict: Verdict | None
    others: int | None = None
    """how many others must have answered; None where the attendees had the room to themselves"""
    did: Counter[str] = field(default_factory=Counter)
    """what was sent, in words: votes, moves, …"""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole rehearsal. `clean` is what its exit code says."""

    attendees: int
    joined: int
    turned_away: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    activities: tuple[ActivityReport, ...] = ()
    refusals: Counter[str] = field(default_factory=Counter)
    joins: Spread = Spread()
    acks: Spread = Spread()
    reconnects: int = 0
    frames: int = 0
    older_frames: int = 0
    views: int = 0
    """different states that the phones showed at the end: 1 when all agree"""

    @property
    def sent(self) -> int:
        return sum(activity.sent for activity in self.activities)

    @property
    def acknowledged(self) -> int:
        return sum(activity.acknowledged for activity in self.activities)

    @property
    def verdict(self) -> Verdict:
        return sum((one.verdict for one in self.activities if one.verdict is not None), Verdict())

    @property
    def in_company(self) -> bool:
        """Whether others may have answered too: then nothing can be said of what is too much."""
        return any(one.others is not None for one in self.activities)

    @property
    def clean(self) -> bool:
        return self.joined == self.attendees and self.verdict.clean and self.older_frames == 0

    def __rich__(self) -> RenderableType:
        tables = [_by_activity(self), *_by_what(self)] if self.activities else []
        return Group(_totals(self), *tables, _sentence(self))


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _totals(report: Report) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    verdict = report.verdict
    rows: list[tuple[str, str]] = [
        ("Attendees joined", f"{report.joined} of {report.attendees}"),
        *(
            (f"  turned away: {why}", str(count))
            for why, count in report.turned_away.most_common(5)
        ),
        ("Join", _milliseconds(report.joins)),
        ("Sent", str(report.sent)),
        ("Acknowledged", str(report.acknowledged)),
        *((f"  refused: {code}", str(count)) for code, count in report.refusals.most_common(5)),
        ("Acknowledgement", _milliseconds(report.acks)),
        ("Lost / doubled / made up", f"{verdict.lost} / {verdict.dup} / {verdict.phantom}"),
        ("Frames, older ones", f"{report.frames}, {report.older_frames}"),
        ("Reconnects", str(report.reconnects)),
        ("Views at the end", str(report.views)),
        ("Time", f"{report.seconds:.1f} s"),
    ]
    for name, value in rows:
        table.add_row(name, value)
    return table


def _by_activity(report: Report) -> Table:
    # In eighty columns the figures stand whole, and the title takes what is left.
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Activity", max_width=24, min_width=10, overflow="fold")
    for name in ("Sent", "Ack", "Refused", "Open", "Counted", "Others", "Lost", "Twice", "Made up"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for one in report.activities:
        verdict = one.verdict
        faults = ["–"] * 3
        if verdict is not None:
            surplus = (verdict.dup, verdict.phantom) if one.others is None else ("–", "–")
            faults = [str(verdict.lost), *map(str, surplus)]
        others = "–" if one.others is None else str(one.others)
        counted = "–" if one.answered is None else str(one.answered)
        numbers = (one.sent, one.acknowledged, one.refused, one.unanswered)
        title = one.title if len(one.title) <= 60 else f"{one.title[:59]}…"
        table.add_row(title, *map(str, numbers), counted, others, *faults)
    return table


def _by_what(report: Report) -> list[Table]:
    """Where one says several things: how often which. Apart, for beside the figures there is no
    room for words."""
    told = [one for one in report.activities if len(one.did) > 1]
    if not told:
        return []
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Activity", max_width=24, no_wrap=True, overflow="ellipsis")
    table.add_column("What was sent", overflow="fold")
    for one in told:
        table.add_row(
            one.title, ", ".join(f"{what} {count}" for what, count in one.did.most_common())
        )
    return [table]


def _sentence(report: Report) -> Text:
    if report.clean and report.in_company:
        return Text(
            "Everything that was acknowledged is counted, as far as results are published. Others"
            " were in the room too: whether anything was counted twice can only be told without"
            " them.",
            style="bold",
        )
    if report.clean and any(one.verdict is None for one in report.activities):
        return Text(
            "Nothing was lost as far as results are published (–: not published).", style="bold"
        )
    if report.clean:
        return Text("Everything that was acknowledged is counted, once.", style="bold green")
    return Text("Something is wrong: see the numbers above.", style="bold red")


def _milliseconds(spread: Spread) -> str:
    if not spread.count:
        return "–"
    named = (("p50", spread.p50), ("p95", spread.p95), ("p99", spread.p99), ("max", spread.most))
    return " · ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in named)
