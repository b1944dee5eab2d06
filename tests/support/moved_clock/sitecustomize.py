"""Puts the clock of a started server where a test wants it, and makes it look more often.

Python runs this by itself where PYTHONPATH names this folder (`tests/support/server_time.py`).
CLOCK_AHEAD names a file with the seconds by which the server's clock is ahead, read at each look.
"""

import os
from datetime import timedelta
from pathlib import Path

from app import clock

if "CLOCK_AHEAD" in os.environ:
    _file, _now, _now_ms = Path(os.environ["CLOCK_AHEAD"]), clock.now, clock.now_ms

    def _ahead() -> float:
        return float(_file.read_text())

    # Before anything else is imported: models keep the function itself.
    clock.now = lambda: _now() + timedelta(seconds=_ahead())
    clock.now_ms = lambda: _now_ms() + int(1000 * _ahead())

    from app.notify.background import Background
    from app.notify.duty_rounds import DutyRounds

    Background.looks_every_seconds = DutyRounds.looks_every_seconds = 0.3
