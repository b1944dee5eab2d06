"""`python -m bench [name ...]`: measures all figures or the named ones and writes RESULTS.md."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from types import ModuleType

from bench.processes import ROOT
from bench.profiler import profile_of
from bench.results import PATH, Line, unmet, write
from bench.rounds import NotMeasurable

FIGURES = (
    "votes",
    "fanout",
    "crowd",
    "joins",
    "first_page",
    "ranking",
    "boards",
    "large_plan",
    "dashboards",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(FIGURES))
    parser.add_argument("--peers", action="store_true", help="the peers alone; writes nothing")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(FIGURES)
    if unknown:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    names = asked.names or FIGURES
    if asked.peers:
        return _peers_alone(names)
    failed: list[Line] = []
    for name in names:
        figure = import_module(f"bench.figures.{name}")
        print(f"\n{figure.TITLE}", flush=True)
        lines = _lines(figure)
        print(*lines, sep="\n", flush=True)
        missed = unmet(lines)
        write(figure.TITLE, lines, profile_of(figure.product_round) if missed else ())
        failed += missed
    print(f"\nWritten to {PATH.relative_to(ROOT)}.")
    for line in failed:
        print(f"Not met: {line.figure}: {line.measured}, bar {line.bar}")
    return 1 if failed else 0


def _lines(figure: ModuleType) -> list[Line]:
    try:
        lines: list[Line] = figure.run()
    except NotMeasurable as why:
        return [Line("not measurable in this run", str(why), met=False)]
    return lines


def _peers_alone(names: tuple[str, ...] | list[str]) -> int:
    for name in names:
        figure = import_module(f"bench.figures.{name}")
        if hasattr(figure, "peers"):
            print(f"\n{figure.TITLE}", flush=True)
            for line in figure.peers():
                print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
