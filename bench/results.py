"""What was found, as lines of a table; RESULTS.md is written from it and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.machine import described
from bench.processes import ROOT

PATH = ROOT / "bench" / "RESULTS.md"
HEAD = "| figure | measured | bar | | circumstances |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One measured figure. `met` is None where there is no bar, as for the peers."""

    figure: str
    measured: str
    bar: str = ""
    met: bool | None = None
    note: str = ""

    def __str__(self) -> str:
        verdict = {None: "", True: "met", False: "**not met**"}[self.met]
        return f"| {self.figure} | {self.measured} | {self.bar} | {verdict} | {self.note} |"


def write(title: str, lines: Sequence[Line], more: Sequence[str] = ()) -> None:
    """Replaces one section; the others keep their date. `more` stands below the table."""
    kept = _read()
    kept[title] = "\n".join([*_circumstances(), "", HEAD, *map(str, lines), *more])
    text = "# Results of `make bench`\n\nWritten by the command; do not edit.\n"
    for name, body in sorted(kept.items()):
        text += f"\n## {name}\n{body}\n"
    PATH.write_text(text)


def unmet(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.met is False]


def _circumstances() -> list[str]:
    return [" · ".join(described())]


def _read() -> dict[str, str]:
    if not PATH.exists():
        return {}
    parts = re.split(r"^## (.+)$", PATH.read_text(), flags=re.MULTILINE)
    return {name: body.strip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}
