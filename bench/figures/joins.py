"""2,000 full joins a second: page, participant, socket, first state."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.processes import generate
from bench.product import kickoff, open_poll
from bench.results import Line
from bench.rounds import Round, measured, rounds_of

TITLE = "e. Full joins"
PHONES = 2_000
AT_ONCE = 50
PER_SECOND = 400


def run() -> list[Line]:
    found = rounds_of({"kickoff": product_round})["kickoff"]
    rate, p99 = found.middle("joins_per_second"), found.middle("join_p99_ms")
    return [
        Line(
            f"{PHONES:,} full joins, {AT_ONCE} at a time",
            f"{rate:,.0f} joins/s, p99 {p99:.0f} ms",
            f"≥ {PER_SECOND} joins/s",
            rate >= PER_SECOND,
            found.note,
        )
    ]


def product_round() -> Round:
    with tempfile.TemporaryDirectory() as folder, kickoff(Path(folder)) as product:
        open_poll(product)
        return measured(
            product.server,
            lambda: generate(
                "joins",
                base=product.address.base,
                code=product.address.code,
                phones=PHONES,
                at_once=AT_ONCE,
            ),
        )
