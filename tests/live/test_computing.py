"""Results of one look: what raises, hangs or swells is missing, the rest is there in time."""

import threading
from collections.abc import Iterator
from time import monotonic

import pytest

from app.live import computing
from app.live.activities.open_text import OpenTextResult, TextItem
from app.live.activity import BaseResult

SOUND = (BaseResult(answered=3), None, None)


@pytest.fixture(autouse=True)
def soon_rested(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Patience is the room's own and more: a thread that a busy machine lets wait does not hang.
    monkeypatch.setattr(computing, "PATIENCE", 0.5)
    monkeypatch.setattr(computing, "REST", 0.3)
    computing._resting.clear()
    yield
    computing._resting.clear()


def raising() -> computing.Results:
    raise ZeroDivisionError


def swelling() -> computing.Results:
    return (OpenTextResult(answered=1, texts=[TextItem(id="1", text="x" * 5_000_000)]), None, None)


def test_what_raises_or_swells_is_missing() -> None:
    jobs = [("a", raising), ("b", lambda: SOUND), ("c", swelling), ("d", lambda: SOUND)]
    assert computing.results(jobs) == {"b": SOUND, "d": SOUND}


def test_what_hangs_is_left_behind_and_rests() -> None:
    release, calls = threading.Event(), []

    def hanging() -> computing.Results:
        calls.append(1)
        release.wait(10)
        return SOUND

    jobs = [("a", lambda: SOUND), ("b", hanging), ("c", hanging), ("d", lambda: SOUND)]
    began = monotonic()
    assert computing.results(jobs) == {"a": SOUND, "d": SOUND}
    assert monotonic() - began < 5, "far from the ten seconds that they hang"
    for _ in range(20):
        assert computing.results(jobs) == {"a": SOUND, "d": SOUND}
    assert len(calls) == 2, "one thread for each that hangs, however often one looks"
    release.set()
    for thread, _ in list(computing._resting.values()):
        thread.join(2)
    began = monotonic()
    while len(computing.results(jobs)) < 4:
        assert monotonic() - began < 30, "once it can, it is asked again"


def test_nothing_to_compute_is_nothing() -> None:
    assert computing.results([]) == {}
