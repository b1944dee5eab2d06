"""Ends what the tests started, however the test run itself ends.

Run as a program by `processes`. Its standard input is a pipe whose other end only the test run
holds, so it closes when the run ends, by itself, by Ctrl-C or by kill -9.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress


def main() -> None:
    groups: set[int] = set()
    folders: set[str] = set()
    for line in sys.stdin:
        verb, what = line.rstrip("\n").split(" ", 1)
        if verb == "group":
            groups.add(int(what))
        elif verb == "ended":
            groups.discard(int(what))
        elif verb == "folder":
            folders.add(what)
    _end(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _end(groups: set[int]) -> None:
    # SIGINT is PostgreSQL's fast shutdown; who does not obey within the second is killed.
    for sent, seconds in ((signal.SIGINT, 1.0), (signal.SIGKILL, 0.2)):
        for group in groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, sent)
        if groups:
            time.sleep(seconds)


if __name__ == "__main__":
    main()
