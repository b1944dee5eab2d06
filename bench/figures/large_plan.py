"""A plan of 5,000 records is listed, searched and drawn within 200 ms a page, and the largest
spreadsheet keeps nobody waiting.

On SQLite; on another database with its address in BENCH_DATABASE_URL (an empty one).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.load.plan_pages import FILES
from bench.processes import generate
from bench.product import kickoff, logged
from bench.results import Line
from bench.rounds import Round, measured

TITLE = "i. A plan of 5,000 records"
TIMES = 20  # each page, after two to warm up
MS = 200
LAG_MS = 100
SECONDS_AT_MOST = 1_800
SLOWEST = 10  # pages that are printed


@dataclass(frozen=True)
class Page:
    """The median of what the server took for it, by its own log."""

    group: str
    name: str
    ms: float


def run() -> list[Line]:
    found = product_round()
    pages = sorted(found.found["pages"], key=lambda one: -one.ms)
    for page in pages[:SLOWEST]:
        print(f"  {page.ms:6.1f} ms  {page.name}", flush=True)
    note = f"{found.found['records']:,} records, others ≤ {found.foreign:.0%} of the core"
    return [*_lines(pages, note), *_of_sheets(found.found["sheets"])]


def product_round() -> Round:
    with (
        tempfile.TemporaryDirectory() as folder,
        kickoff(Path(folder), database_url=os.environ.get("BENCH_DATABASE_URL", "")) as product,
    ):
        found = measured(
            product.server,
            lambda: generate(
                "large_plan",
                seconds_at_most=SECONDS_AT_MOST,
                base=product.address.base,
                api_token=product.api_token,
                sign_in_url=product.sign_in_url,
                times=TIMES,
            ),
        )
        pages = list(_timed(found.found["asked"], logged(product.server)))
    return Round({**found.found, "pages": pages}, found.foreign, found.server_cpu)


def _timed(asked: Sequence[Mapping[str, Any]], logged: Mapping[str, float]) -> Iterator[Page]:
    for one in asked:
        yield Page(one["group"], one["name"], median(logged[id] for id in one["requests"]))


def _lines(pages: Sequence[Page], note: str) -> Iterator[Line]:
    barred = [page for page in pages if page.group != FILES]
    slowest = barred[0]
    yield Line(
        f"{len(barred)} pages and answers, the slowest of their medians of {TIMES}",
        f"{slowest.ms:.0f} ms ({slowest.name})",
        f"≤ {MS} ms",
        slowest.ms <= MS,
        note,
    )
    for group in dict.fromkeys(page.group for page in barred):
        within = [page for page in barred if page.group == group]
        middle = median(page.ms for page in within)
        yield Line(
            group,
            f"{middle:.0f} ms, slowest {within[0].ms:.0f} ms ({within[0].name})",
            note=f"{len(within)} pages",
        )
    for page in pages:
        if page.group == FILES:
            yield Line(f"{page.name}, the whole file", f"{page.ms:.0f} ms")


def _of_sheets(sheets: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    quiet, *exchanged = sheets
    worst = max(exchanged, key=lambda one: float(one["worst_ms"]))
    took = ", ".join(f"{one['name']} {one['seconds']:.1f} s" for one in exchanged)
    yield Line(
        "longest wait for the event loop while a workbook of 2,000 rows goes in and out",
        f"{worst['worst_ms']:.0f} ms ({worst['name']})",
        f"≤ {LAG_MS} ms",
        worst["worst_ms"] <= LAG_MS,
        f"{took}; {quiet['worst_ms']:.0f} ms while nothing happens",
    )
