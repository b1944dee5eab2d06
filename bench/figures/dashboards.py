"""Dashboards of an organisation with 50 kickoffs, 5,000 actions and 100,000 answers to pulses open
within 300 ms, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.load.dashboards import DASHBOARD, FOLLOW_UP, LIST, REST
from bench.load.organisation import ACTIONS, ANSWERS, KICKOFFS
from bench.processes import generate
from bench.product import kickoff, logged
from bench.results import Line
from bench.rounds import Round, measured
from tests.support.postgres import Postgres

TITLE = "j. Dashboards of 50 kickoffs"
TIMES = 40  # each page, after three to warm up
MS = 300
SECONDS_AT_MOST = 900
SLOWEST = 8  # pages that are printed
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@dataclass(frozen=True)
class Page:
    """What the server took for it, by its own log: in the middle, and for 38 of 40."""

    group: str
    name: str
    ms: float
    most: float


def run() -> list[Line]:
    lines: list[Line] = []
    for name in (SQLITE, POSTGRES):
        found = product_round(name)
        pages: Sequence[Page] = sorted(found.found["pages"], key=lambda one: -one.ms)
        for page in pages[:SLOWEST]:
            print(f"  {name} {page.ms:6.1f} ms, 95 % {page.most:6.1f} ms  {page.name}", flush=True)
        lines += _lines(name, pages, f"others ≤ {found.foreign:.0%} of the core")
    return lines


def product_round(name: str = SQLITE) -> Round:
    with (
        tempfile.TemporaryDirectory() as folder,
        _database(name, Path(folder)) as url,
        kickoff(Path(folder), database_url=url) as product,
    ):
        found = measured(
            product.server,
            lambda: generate(
                "dashboards",
                seconds_at_most=SECONDS_AT_MOST,
                base=product.address.base,
                database_url=url,
                sign_in_url=product.sign_in_url,
                times=TIMES,
            ),
        )
        took = logged(product.server)
    pages = [
        Page(one["group"], one["name"], *_of([took[id] for id in one["requests"]]))
        for one in found.found["asked"]
    ]
    return Round({"pages": pages}, found.foreign, found.server_cpu)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == SQLITE:
        yield f"sqlite:///{folder / 'kickoff.db'}"
    else:
        server = Postgres()
        server.start()
        try:
            with server.database() as url:
                yield url
        finally:
            server.stop()


def _of(ms: Sequence[float]) -> tuple[float, float]:
    return median(ms), sorted(ms)[len(ms) * 95 // 100 - 1]


def _lines(database: str, pages: Sequence[Page], note: str) -> Iterator[Line]:
    size = f"{KICKOFFS} kickoffs, {ACTIONS:,} actions, {ANSWERS:,} answers; {note}"
    for group in (DASHBOARD, LIST, FOLLOW_UP, REST):
        within = [page for page in pages if page.group == group]
        slowest = within[0]
        which = f" ({slowest.name})" if len(within) > 1 else ""
        yield Line(
            f"{database}: {group}" + (", the slowest" if which else ""),
            f"{slowest.ms:.0f} ms, 95 % within {slowest.most:.0f} ms{which}",
            f"≤ {MS} ms",
            slowest.ms <= MS,
            size if group == DASHBOARD else "",
        )
