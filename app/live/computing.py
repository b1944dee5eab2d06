"""Results of activities, each kept from harming the others: an error, a hang or a heap stays where
it arose.

Python cannot stop a thread. So the kinds of one look compute in a thread of their own; whoever
waits
for it longer than `PATIENCE` at one activity leaves the thread behind, lets that activity rest, and
goes on with a new thread.
"""

import threading
from collections.abc import Callable, Sequence

from app import clock
from app.live import faults
from app.live.activity import BaseResult

PATIENCE = 0.25  # seconds; the dearest result of ten thousand ballots takes a hundredth of it
REST = 5.0  # seconds after a hang before an activity is tried again
LARGEST = 1024 * 1024  # bytes of one result, as JSON

Results = tuple[BaseResult | None, ...]
Job = tuple[str, Callable[[], Results]]

_resting: dict[str, tuple[threading.Thread, float]] = {}


def results(jobs: Sequence[Job]) -> dict[str, Results]:
    """Each activity's results by its id; those that failed are missing. Blocks."""
    found: dict[str, Results] = {}
    waiting = [job for job in jobs if not _rests(job[0])]
    while waiting:
        run = _Run(waiting)
        hung_at = run.watch()
        found.update(run.found)
        if hung_at is None:
            break
        activity_id = waiting[hung_at][0]
        _resting[activity_id] = (run.thread, clock.monotonic() + REST)
        faults.note("activity.result_hangs", activity=activity_id)
        waiting = waiting[hung_at + 1 :]
    return found


def _rests(activity_id: str) -> bool:
    thread, until = _resting.get(activity_id, (None, 0.0))
    if thread is None:
        return False
    if thread.is_alive() or clock.monotonic() < until:
        return True
    del _resting[activity_id]
    return False


class _Run:
    """One thread through a list of jobs."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.found: dict[str, Results] = {}
        self._jobs = jobs
        self._at = 0
        self._left_behind = False
        self._done = threading.Event()
        # A daemon: a thread that hangs must not keep the process from stopping.
        self.thread = threading.Thread(target=self._run, name="results", daemon=True)
        self.thread.start()

    def watch(self) -> int | None:
        """Wait for the end; the place of the job that hangs, if one does."""
        seen = -1
        while not self._done.wait(PATIENCE):
            if self._at == seen:
                self._left_behind = True
                return seen
            seen = self._at
        return None

    def _run(self) -> None:
        for number, (activity_id, compute) in enumerate(self._jobs):
            self._at = number
            try:
                made = compute()
                _demand_small(made)
            except Exception as error:
                faults.note(
                    "activity.result_failed", activity=activity_id, error=type(error).__name__
                )
            else:
                if not self._left_behind:
                    self.found[activity_id] = made
            if self._left_behind:
                return
        self._done.set()


class ResultTooLarge(Exception):
    """More than any view could show."""


def _demand_small(made: Results) -> None:
    for result in made:
        if result is not None and len(result.model_dump_json()) > LARGEST:
            raise ResultTooLarge
