"""Where a server's time goes, sampled from outside by py-spy, for figures that miss their bar."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.processes import LOAD_CORE, Server, pinned

SHOWN = 15


class Profile:
    """Counts samples by the function that was running and by the file it stands in."""

    def __init__(self) -> None:
        self.functions: Counter[str] = Counter()
        self.files: Counter[str] = Counter()

    def read(self, raw: str) -> None:
        """py-spy's raw format: frames from the outside in, parted by semicolons, and a count."""
        for line in raw.splitlines():
            stack, _, count = line.rpartition(" ")
            leaf = stack.rpartition(";")[2]
            self.functions[leaf] += int(count)
            self.files[leaf.rpartition("(")[2].partition(":")[0].rstrip(")")] += int(count)

    def table(self) -> list[str]:
        """Markdown lines; empty when nothing was sampled."""
        total = sum(self.functions.values())
        if not total:
            return []
        lines = ["", "Where the server's time goes (own time of each function):", ""]
        lines += ["| share | function |", "|---|---|"]
        for name, count in self.functions.most_common(SHOWN):
            lines.append(f"| {count / total:.1%} | `{name}` |")
        files = [f"{name} {count / total:.0%}" for name, count in self.files.most_common(8)]
        return [*lines, "", f"By file: {', '.join(files)}."]


def profile_of(run: Callable[[], Any]) -> list[str]:
    """Runs one more round with the profiler attached, and tells what it saw."""
    if _program() is None:
        return ["", "No profile: py-spy is not installed."]
    profile = Profile()
    _wanted.append(profile)
    try:
        run()
    finally:
        _wanted.remove(profile)
    return profile.table()


@contextmanager
def watched(server: Server) -> Iterator[None]:
    """Around a load: samples the server if `profile_of` is waiting for it."""
    program = _program()
    if not _wanted or program is None:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        command = [program, "record", "--pid", str(server.pid), "--format", "raw", "--function"]
        command += ["--nonblocking", "--rate", "200", "--output", str(raw)]
        sampler = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=pinned(LOAD_CORE),
        )
        try:
            yield
        finally:
            sampler.send_signal(signal.SIGINT)
            sampler.wait(timeout=30)
            if raw.exists():
                _wanted[-1].read(raw.read_text())


_wanted: list[Profile] = []


def _program() -> str | None:
    beside = Path(sys.executable).with_name("py-spy")
    return str(beside) if beside.exists() else shutil.which("py-spy")
