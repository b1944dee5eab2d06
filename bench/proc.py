"""What the kernel knows of a process: memory and processor time (Linux)."""

from __future__ import annotations

import os
import time
from pathlib import Path

QUIET_WINDOW = 0.5
QUIET_SHARE = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


def rss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def cpu_seconds(pid: int) -> float:
    """User and system time of one process, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def wait_for_quiet(*cores: int, within: float = 30.0) -> None:
    """Returns when nobody else uses these cores, or when they do not get quiet in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        before = [core_busy_seconds(core) for core in cores]
        time.sleep(QUIET_WINDOW)
        busy = [core_busy_seconds(core) - was for core, was in zip(cores, before, strict=True)]
        if max(busy) <= QUIET_SHARE * QUIET_WINDOW:
            return


def core_busy_seconds(core: int) -> float:
    """Time that a core has worked for anybody, to tell whether others disturbed a round."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *numbers = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, numbers[:8])
            return (user + nice + system + irq + softirq + steal) / TICKS
    return 0.0
