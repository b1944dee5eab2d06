"""The time in which a started server lives: the test says what time it is, and it goes on from
there."""

import os
from datetime import UTC, datetime
from pathlib import Path

MOVED = Path(__file__).with_name("moved_clock")


class ServerTime:
    """Start the server with `environment`; `is_now` moves it while it runs."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._file = folder / "clock-ahead"
        self.is_now(now)

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(MOVED), os.environ.get("PYTHONPATH")]))
        return {"PYTHONPATH": path, "CLOCK_AHEAD": str(self._file)}

    def is_now(self, now: datetime) -> None:
        ahead = (now - datetime.now(UTC)).total_seconds()
        beside = self._file.with_suffix(".new")
        beside.write_text(str(ahead))
        beside.replace(self._file)  # a server that looks meanwhile finds one or the other
