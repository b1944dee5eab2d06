"""`kickoff rehearse`: a crowd in a room over the public protocol, with progress while it runs and a
report after.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.rehearsal.address import DEFAULT_SERVER, RoomAddress
from app.rehearsal.client import Phone
from app.rehearsal.crowd import Crowd
from app.rehearsal.journal import Operation, Outcome
from app.rehearsal.judge import Verdict, beside, judge_among_others, judge_result
from app.rehearsal.people import Imagine, by_shape
from app.rehearsal.published import Published
from app.rehearsal.report import ActivityReport, Report, Spread
from app.rehearsal.several import judge_several, takes_several

SETTLE_SECONDS = 5.0
"""the judge's span after the last change"""

LOOK_SECONDS = 0.25


async def rehearse(
    target: str,
    attendees: int,
    *,
    server: str = DEFAULT_SERVER,
    duration: float | None = None,
    within: float | None = None,
    pace: float = 1.0,
    seed: int = 1,
    token: str | None = None,
    imagine: Imagine = by_shape,
    watch: Callable[[Crowd], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Report:
    """Fills the room until it ends, `duration` seconds are over or `stop` is set; then judges what
    it counted.

    `token` is an API token, for results that are not published to everybody. `watch` is called
    while it runs.
    """
    address = RoomAddress.parse(target, server=server)
    crowd = Crowd(
        address,
        attendees,
        imagine=imagine,
        within=min(60.0, 5.0 + attendees / 40) if within is None else within,
        pace=pace,
        seed=seed,
    )
    before = await Published.read(address, token=token)
    company = Company(before)
    began = monotonic()
    shown: dict[str, Mapping[str, Any]] = {}
    entering = asyncio.create_task(crowd.arrive())
    try:
        while not _over(crowd, began, duration, stop):
            await asyncio.sleep(LOOK_SECONDS)
            _note(crowd, shown)
            company.look(crowd)
            if watch is not None:
                watch(crowd)
        await _settle(crowd)
        _note(crowd, shown)
        after = await Published.read(address, crowd.journal.activities(), token=token)
        company.count(crowd, after)
        return _report(crowd, shown, before, after, company, monotonic() - began)
    finally:
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        await crowd.leave()


def main(
    target: str,
    attendees: int,
    *,
    server: str = DEFAULT_SERVER,
    minutes: float | None = None,
    within: float | None = None,
    pace: float = 1.0,
    seed: int = 1,
    token: str | None = None,
    imagine: Imagine = by_shape,
    console: Console | None = None,
) -> int:
    """The command: 0 when all joined and everything acknowledged is counted once, 1 when not, 2 for
    a bad address.
    """
    console = console or Console()
    try:
        RoomAddress.parse(target, server=server)
    except ValueError as fault:
        console.print(str(fault), style="red", markup=False)
        return 2
    with _Bars(attendees, console) as bars:
        report = uvloop.run(
            _interruptible(
                lambda stop: rehearse(
                    target,
                    attendees,
                    server=server,
                    duration=None if minutes is None else minutes * 60,
                    within=within,
                    pace=pace,
                    seed=seed,
                    token=token,
                    imagine=imagine,
                    watch=bars.show,
                    stop=stop,
                )
            )
        )
    console.print(report)
    return 0 if report.clean else 1


async def _interruptible(work: Callable[[asyncio.Event], Any]) -> Report:
    """The first Ctrl-C ends the rehearsal with its report, the second at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        if stop.is_set():
            sys.exit(130)
        stop.set()

    loop.add_signal_handler(signal.SIGINT, interrupted)
    report: Report = await work(stop)
    return report


class _Bars:
    """Arrived and acknowledged, while it runs."""

    def __init__(self, attendees: int, console: Console) -> None:
        columns = (
            TextColumn("{task.description:14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._joined = self._progress.add_task("joined", total=attendees)
        self._acknowledged = self._progress.add_task("acknowledged", total=None)

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, crowd: Crowd) -> None:
        operations = crowd.journal.operations
        acknowledged = sum(1 for operation in operations if operation.outcome is Outcome.OK)
        self._progress.update(self._joined, completed=len(crowd.joined))
        self._progress.update(
            self._acknowledged, completed=acknowledged, total=len(operations) or None
        )


def _over(crowd: Crowd, began: float, duration: float | None, stop: asyncio.Event | None) -> bool:
    if stop is not None and stop.is_set():
        return True
    if duration is not None and monotonic() - began >= duration:
        return True
    return crowd.ended or len(crowd.turned_away) == crowd.attendees


async def _settle(crowd: Crowd) -> None:
    """Nobody starts anything new; what is under way may still be answered."""
    for person in crowd.people:
        person.stop_thinking()
    for _ in range(round(SETTLE_SECONDS / LOOK_SECONDS)):
        await asyncio.sleep(LOOK_SECONDS)
        if crowd.quiet:
            break


def _note(crowd: Crowd, shown: dict[str, Mapping[str, Any]]) -> None:
    """Each activity as phones saw it last."""
    phone = next(iter(crowd.joined), None)
    for activity in (phone.state or {}).get("activities", ()) if phone else ():
        shown[activity["id"]] = activity


def _report(
    crowd: Crowd,
    shown: Mapping[str, Mapping[str, Any]],
    before: Published,
    after: Published,
    company: Company,
    seconds: float,
) -> Report:
    operations = crowd.journal.operations
    phones = crowd.joined
    by_activity = {
        name: list(crowd.journal.of_activity(name)) for name in crowd.journal.activities()
    }
    return Report(
        attendees=crowd.attendees,
        joined=len(phones),
        turned_away=Counter(crowd.turned_away),
        seconds=seconds,
        activities=tuple(
            _activity_report(name, shown.get(name, {}), sent, before, after, alone=company.alone)
            for name, sent in by_activity.items()
        ),
        refusals=Counter(operation.code for operation in operations if operation.code is not None),
        joins=Spread.of(
            [phone.joined_after * 1000 for phone in phones if phone.joined_after is not None]
        ),
        acks=Spread.of(
            [ms for operation in operations if (ms := operation.latency_ms) is not None]
        ),
        reconnects=sum(phone.link.connections - 1 for phone in phones),
        frames=sum(phone.link.frames_received for phone in phones),
        older_frames=sum(phone.link.older_received for phone in phones),
        views=_views(phones),
    )


def _views(phones: Iterable[Phone]) -> int:
    """How many different pictures there are where there should be one: a working group's phones are
    shown what no other's are."""
    of_group: dict[str, set[str]] = {}
    for phone in phones:
        of_group.setdefault(phone.link.me.get("group_id") or "", set()).add(phone.view[2])
    return max((len(each) for each in of_group.values()), default=0)


def _activity_report(
    name: str,
    shown: Mapping[str, Any],
    sent: list[Operation],
    before: Published,
    after: Published,
    *,
    alone: bool,
) -> ActivityReport:
    outcomes = Counter(operation.outcome for operation in sent)
    result = after.results.get(name)
    return ActivityReport(
        title=shown.get("title") or shown.get("kind") or name,
        sent=len(sent),
        acknowledged=outcomes[Outcome.OK],
        refused=outcomes[Outcome.FAIL],
        unanswered=outcomes[Outcome.INFO],
        answered=None if result is None else int(result["answered"]),
        verdict=None
        if result is None
        else _verdict(name, sent, result, before, stage=shown.get("stage"), alone=alone),
        others=None if result is None or alone else beside(sent, result),
        did=Counter(operation.what for operation in sent),
    )


def _verdict(
    name: str,
    sent: list[Operation],
    result: Mapping[str, Any],
    before: Published,
    *,
    stage: str | None,
    alone: bool,
) -> Verdict:
    """A facilitator may hide what somebody wrote, so texts are judged by how many answered."""
    alone = alone and not before.may_hide(name)
    if takes_several(sent, result):
        return judge_several(sent, result, stage=stage, alone=alone)
    if not alone:
        return judge_among_others(sent, result)
    return judge_result(sent, result, before=before.results.get(name), texts=False)


class Company:
    """Whether the crowd had the room to itself: only then is what is counted beside its answers a
    fault. In doubt it had not, for a rehearsal must not cry wolf."""

    def __init__(self, before: Published) -> None:
        self.alone = before.participants == 0

    def look(self, crowd: Crowd) -> None:
        """While it runs: somebody else may come, answer, and be taken out again."""
        shown = (phone.state for phone in crowd.joined[-3:])
        present = max((state["participants"] for state in shown if state), default=0)
        self.alone = self.alone and present <= len(crowd.people)

    def count(self, crowd: Crowd, after: Published) -> None:
        ours = sum(1 for person in crowd.people if person.phone.participant_id is not None)
        self.alone = self.alone and after.participants == ours
