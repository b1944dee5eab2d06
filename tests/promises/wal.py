"""Which bytes and tables were written together: write-ahead logs, read as an attacker would."""

import re
import struct
import subprocess
from collections import defaultdict
from pathlib import Path

from tests.support.postgres import programs

_TX = re.compile(r"tx:\s+(\d+),")
_REL = re.compile(r"rel (\d+/\d+/\d+)")


def sqlite_commits(wal: bytes) -> list[bytes]:
    """The pages of each commit that the log still holds, one after the other."""
    if len(wal) < 32:
        return []
    page_size = struct.unpack(">I", wal[8:12])[0]
    salt = wal[16:24]
    commits, pages = [], b""
    for at in range(32, len(wal) - page_size - 24 + 1, 24 + page_size):
        header = wal[at : at + 24]
        if header[8:16] != salt:
            break  # left over from an earlier turn of the log
        pages += wal[at + 24 : at + 24 + page_size]
        if struct.unpack(">I", header[4:8])[0]:
            commits.append(pages)
            pages = b""
    return commits


def postgres_transactions(folder: Path, first: str, last: str) -> dict[int, set[str]]:
    """Transaction → the files of the tables and indexes that it wrote."""
    said = subprocess.run(
        [
            str(programs() / "pg_waldump"),
            *("--path", str(folder / "pg_wal"), "--start", first, "--end", last),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    written: dict[int, set[str]] = defaultdict(set)
    for line in said.splitlines():
        number = _TX.search(line)
        if number:
            written[int(number[1])] |= set(_REL.findall(line))
    return written
